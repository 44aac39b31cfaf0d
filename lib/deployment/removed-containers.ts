import { z } from 'zod';
import { singleton } from '#lib/core/singleton.ts';
import { db } from '#lib/db/client.ts';
import type { Container } from '#lib/docker/client.ts';

/** What compose has written on a container of how it was started. */
export type StartedAs = Pick<Container, 'service' | 'project' | 'workingDir' | 'configFiles' | 'oneOff'>;

/** `by`: the operation that took them away; what went together is believed together. */
const removals = z.array(z.object({ by: z.string(), containers: z.array(z.object({ service: z.string(), project: z.string(), workingDir: z.string(), configFiles: z.array(z.string()), oneOff: z.literal(false) })) }));
export type Removals = z.infer<typeof removals>;

const key = (dir: string) => `deployment.removed:${dir}`;
/** Read once a process: every look at the deployment needs it. */
const known = () => singleton('deployment.removed-containers', () => new Map<string, Removals>());

/** How the containers were started that the panel has taken away from the deployment in `dir` (real path). */
export async function removalsOf(dir: string): Promise<Removals> {
  const cached = known().get(dir);
  if (cached) return cached;
  const row = await db().setting.findUnique({ where: { key: key(dir) } });
  const read = (row && removals.safeParse(JSON.parse(row.value)).data) ?? [];
  known().set(dir, read);
  return read;
}

/**
 * Remembers, before they go, how the containers were started that an operation takes away: overlays, profiles and the project's
 * name that were given by hand stand nowhere else. One that was cut off and goes on still knows what it took away before.
 */
export async function rememberRemoved(dir: string, by: string, containers: readonly StartedAs[]): Promise<void> {
  const going = containers.flatMap(({ service, project, workingDir, configFiles, oneOff }) => (service && project && workingDir && !oneOff ? [{ service, project, workingDir, configFiles: configFiles ?? [], oneOff: false as const }] : []));
  if (going.length === 0) return;
  const among = (one: { service: string }) => going.some(({ service }) => service === one.service);
  const earlier = await removalsOf(dir);
  const mine = (earlier.find((one) => one.by === by)?.containers ?? []).filter((one) => !among(one));
  const next = [...earlier.filter((one) => one.by !== by && !one.containers.some(among)), { by, containers: [...mine, ...going] }];
  const value = JSON.stringify(next);
  await db().setting.upsert({ where: { key: key(dir) }, create: { key: key(dir), value }, update: { value } });
  known().set(dir, next);
}
