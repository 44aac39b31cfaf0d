import { clock } from '#lib/core/clock.ts';
import { singleton } from '#lib/core/singleton.ts';
import type { Deployment } from '#lib/deployment/schema.ts';
import type { EngineSnapshot } from '#lib/docker/engine-watch.ts';
import { defaultInterface } from '#lib/host/host-network.ts';
import { lastProbes } from '#lib/onboarding/container-probes.ts';
import { type HostFacts, hostFacts } from '#lib/onboarding/host-facts.ts';
import { type PrerequisiteRow, prerequisiteRows } from '#lib/onboarding/prerequisite-rows.ts';
import type { NetworkSnapshot } from '#lib/watch/network-readings.ts';
import { exposedPorts } from './exposed-ports.ts';

/** A look at the whole machine serves all who ask within this time: `nvidia-smi` isn't cheap. */
const SHARED_MS = 15_000;

type Asked = { deployment: Deployment | undefined; engine: EngineSnapshot; network: NetworkSnapshot | undefined; again: boolean };
type Look = { key: string; at: number; facts: Promise<HostFacts> };

/** Every prerequisite, judged; `again` measures anew. Foreign hosts are asked nothing: seeds are read from what the house knows. */
export async function prerequisitesNow({ deployment, engine, network, again }: Asked): Promise<{ rows: PrerequisiteRow[]; at: number }> {
  const box = singleton('onboarding.look', (): { look?: Look } => ({}));
  const key = JSON.stringify([deployment?.dir, deployment?.release, engine.engine.state]);
  const now = clock.now();
  if (again || !box.look || box.look.key !== key || Math.abs(now - box.look.at) > SHARED_MS) {
    const look: Look = { key, at: now, facts: hostFacts(deployment, engine) };
    box.look = look;
    look.facts.catch(() => {
      if (box.look === look) box.look = undefined;
    });
  }
  const { at, facts } = box.look;
  const { wanted, heard, ...host } = await facts;
  const node = network?.ownNode;
  const newest = node?.state === 'ok' && node.value?.latestBlockTime !== undefined ? { time: node.value.latestBlockTime, source: node.source ?? 'own node' } : undefined;
  const probes = lastProbes(deployment?.dir);
  const rows = prerequisiteRows({
    ...host, now: clock.now(), ...(probes ? { gpuProbe: probes.gpu, seedProbe: probes.seed } : {}), seeds: network?.seeds ?? [],
    exposed: exposedPorts({ deployment, engine, wanted, heard, card: await defaultInterface() }),
    ...(newest ? { newestBlock: newest } : {}),
  });
  return { rows, at };
}
