import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { CALL_TIMEOUT, engine, engineError } from './engine.ts';

const listed = z.array(z.object({ Names: z.array(z.string()).nullish(), State: z.string(), Mounts: z.array(z.object({ Type: z.string(), Source: z.string().nullish() })).nullish() }));
const UP: readonly string[] = ['running', 'restarting', 'paused', 'removing'];

const resolved = (place: string): Promise<string> => realpath(/*turbopackIgnore: true*/ place).catch(() => path.resolve(/*turbopackIgnore: true*/ place));

/**
 * Names of the containers, of any project, that are up and have this folder of the host mounted, or something in it. A
 * mount of a parent doesn't count: a monitor that mounts `/`, the panel that mounts the deployment. Throws engine_*.
 */
export async function containersUsing(folder: string): Promise<string[]> {
  let raw: unknown;
  try {
    raw = await engine().listContainers({ all: true, abortSignal: AbortSignal.timeout(CALL_TIMEOUT) } as never);
  } catch (error) {
    throw engineError(error);
  }
  const top = await resolved(folder);
  const found: string[] = [];
  for (const { Names, State, Mounts } of listed.parse(raw)) {
    if (!UP.includes(State)) continue;
    const sources = await Promise.all((Mounts ?? []).filter((one) => one.Type === 'bind' && one.Source).map((one) => resolved(one.Source as string)));
    if (sources.some((source) => source === top || source.startsWith(top + path.sep))) found.push((Names?.[0] ?? '?').replace(/^\//, ''));
  }
  return found.sort();
}
