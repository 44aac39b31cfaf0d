import { realpath } from 'node:fs/promises';
import type { Orphan, ServiceContainer, ServicesNow, Witness } from '#components/services/services-data.ts';
import { requireSession } from '#lib/access/session.ts';
import type { Container } from '#lib/docker/client.ts';
import { engineWatch } from '#lib/docker/engine-watch.ts';
import { networkSnapshot } from '#lib/watch/network-snapshot.ts';
import { deploymentNow } from '../deployment-now.ts';

const WITNESS_MS = 400;

/** The deployment's services and their containers. Engine and directory fail separately; nothing secret is in it. */
export async function GET(): Promise<Response> {
  await requireSession();
  const [snapshot, read, said] = await Promise.all([engineWatch().snapshot(), deploymentNow(), witness()]);
  const { deployment } = read;
  const ours = snapshot.containers.filter((c) => deployment && c.project === deployment.project.name);
  const known = new Set(deployment?.services.map((s) => s.name));
  const body: ServicesNow = {
    at: snapshot.at,
    engine: snapshot.engine,
    deployment: deployment ? { dir: deployment.dir, release: deployment.release, project: deployment.project.name, problems: deployment.problems } : null,
    deploymentError: read.error,
    witness: said,
    elsewhere: deployment && (await otherDirectory(ours, deployment.project.dir)),
    services: (deployment?.services ?? []).map(({ name, role, group, image, profiles, dependsOn, variables, active }) => {
      const container = newest(ours.filter((c) => c.service === name && !c.oneOff));
      return { name, role, group, image, profiles, dependsOn, variables, enabled: active, container: container && shown(container) };
    }),
    orphans: ours.filter((c) => c.oneOff || !c.service || !known.has(c.service)).map((c): Orphan => ({ ...shown(c), service: c.service, oneOff: c.oneOff })),
  };
  return Response.json(body);
}

/** What node and api answer, if that is known at once: the page doesn't wait for them. */
async function witness(): Promise<Witness | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), WITNESS_MS);
  });
  const network = await Promise.race([networkSnapshot().catch(() => undefined), late]);
  clearTimeout(timer);
  if (!network) return undefined;
  const { state, at, source, error, value } = network.ownNode;
  return { node: { state, at, source, error, value: value && { height: value.height, catchingUp: value.catchingUp, synced: value.synced } }, api: network.ownApi };
}

/** Two clones of upstream's repository have the same project name; their containers can't be told apart by it. */
async function otherDirectory(ours: Container[], dir: string): Promise<string | undefined> {
  const real = (at: string) => realpath(/*turbopackIgnore: true*/ at).catch(() => at);
  const here = await real(dir);
  for (const there of new Set(ours.map((c) => c.workingDir))) if (there && (await real(there)) !== here) return there;
  return undefined;
}

/** While a container is being recreated there are two: the running one counts. */
function newest(containers: Container[]): Container | undefined {
  return containers.toSorted((a, b) => Number(b.state === 'running') - Number(a.state === 'running') || (b.startedAt ?? '').localeCompare(a.startedAt ?? ''))[0];
}

function shown(c: Container): ServiceContainer {
  return {
    id: c.id, name: c.name, image: c.image, imageId: c.imageId, state: c.state, health: c.health, exitCode: c.exitCode, startedAt: c.startedAt, finishedAt: c.finishedAt,
    restarts: c.restartCount, error: c.error, outOfMemory: c.outOfMemory, networks: c.networks, ports: c.ports,
  };
}
