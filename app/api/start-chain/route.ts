import type { ChainStart } from '#components/start-chain/chain-data.ts';
import type { ServiceContainer } from '#components/services/services-data.ts';
import { requireSession } from '#lib/access/session.ts';
import { clock } from '#lib/core/clock.ts';
import type { Container } from '#lib/docker/client.ts';
import { engineWatch } from '#lib/docker/engine-watch.ts';
import { networkSnapshot } from '#lib/watch/network-snapshot.ts';
import { deploymentNow } from '../deployment-now.ts';

const OWN = 'own node';

/** What is known of tmkms, node and the chain while it starts: containers, the own RPC, a seed's height. Each part fails alone. */
export async function GET(): Promise<Response> {
  await requireSession();
  const [engine, read, network] = await Promise.all([engineWatch().snapshot(), deploymentNow(), networkSnapshot().catch(() => undefined)]);
  const { deployment } = read;
  const ours = engine.containers.filter((c) => deployment && c.project === deployment.project.name && !c.oneOff);
  const service = (role: 'tmkms' | 'node') => {
    const found = deployment?.services.find((s) => s.role === role);
    const mine = ours.filter((c) => c.service === found?.name);
    const container = mine.find((c) => c.state === 'running') ?? mine[0];
    return found && { name: found.name, container: container && shown(container) };
  };
  const own = network?.ownNode;
  const epoch = network?.epoch;
  const newest = network?.seeds.filter((s) => s.height !== undefined && s.state !== 'wrong-chain').sort((a, b) => (b.at ?? 0) - (a.at ?? 0))[0];
  const fromSeed = epoch?.value && epoch.value.source !== OWN;
  const body: ChainStart = {
    at: clock.now(),
    engine: engine.engine,
    deployment: deployment ? { dir: deployment.dir, release: deployment.release, problems: deployment.problems } : null,
    deploymentError: read.error,
    tmkms: service('tmkms'),
    node: service('node'),
    ownNode: own
      ? { state: own.state, at: own.at, source: own.source, error: own.error, value: own.value && pick(own.value) }
      : { state: 'unknown' },
    seed:
      fromSeed && epoch.value
        ? { state: epoch.state, at: epoch.value.at, source: epoch.value.source, error: epoch.error, value: { height: epoch.value.height, secondsPerBlock: epoch.value.secondsPerBlock } }
        : newest?.height !== undefined && newest.at !== undefined
          ? { state: newest.state === 'ok' ? 'ok' : 'stale', at: newest.at, source: newest.host, error: newest.error, value: { height: newest.height, secondsPerBlock: epoch?.value?.secondsPerBlock } }
          : { state: 'unknown', error: epoch?.error },
  };
  return Response.json(body);
}

const pick = ({ height, catchingUp, synced, peers, latestBlockTime, seedHeight, chainId }: NonNullable<ChainStart['ownNode']['value']>) => ({ height, catchingUp, synced, peers, latestBlockTime, seedHeight, chainId });

function shown(c: Container): ServiceContainer {
  const { id, name, image, imageId, state, health, exitCode, startedAt, finishedAt, error, outOfMemory, networks, ports } = c;
  return { id, name, image, imageId, state, health, exitCode, startedAt, finishedAt, restarts: c.restartCount, error, outOfMemory, networks, ports };
}
