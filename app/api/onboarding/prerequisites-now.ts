import { clock } from '#lib/core/clock.ts';
import { singleton } from '#lib/core/singleton.ts';
import type { Deployment } from '#lib/deployment/schema.ts';
import type { EngineSnapshot } from '#lib/docker/engine-watch.ts';
import { defaultInterface } from '#lib/host/host-network.ts';
import { type HostFacts, hostFacts } from '#lib/onboarding/host-facts.ts';
import type { ExposedPort, PrerequisiteFacts } from '#lib/onboarding/prerequisite-facts.ts';
import { type PrerequisiteRow, prerequisiteRows } from '#lib/onboarding/prerequisite-rows.ts';
import type { NetworkSnapshot } from '#lib/watch/network-readings.ts';
import { INTERNAL_SERVICE_PORTS, openPorts } from '#lib/watch/open-ports.ts';

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
  const rows = prerequisiteRows({
    ...host, now: clock.now(), seeds: network?.seeds ?? [],
    exposed: exposedFact(deployment, engine, wanted, heard, await defaultInterface()),
    ...(newest ? { newestBlock: newest } : {}),
  });
  return { rows, at };
}

/** By what runs now (the engine), by what the compose files would publish, and by the kernel's listeners where they can be seen. */
function exposedFact(deployment: Deployment | undefined, { engine, containers, at }: EngineSnapshot, wanted: HostFacts['wanted'], heard: HostFacts['heard'], card: string | undefined): PrerequisiteFacts['exposed'] {
  if (!deployment) return { source: 'docker compose config', at, why: 'not_chosen' };
  if (!wanted && engine.state !== 'ok') return { source: 'Docker', at, why: 'engine' };
  const ours = containers.filter(({ project }) => project === deployment.project.name);
  const open = openPorts(ours, deployment.release);
  const ports = new Map<number, ExposedPort>();
  const add = (port: number, service: string, how: Partial<ExposedPort>) => ports.set(port, { port, service, open: false, planned: false, ...ports.get(port), ...how });
  for (const { service, container, address, port } of wanted ?? []) {
    if (port !== undefined && address === undefined && INTERNAL_SERVICE_PORTS.some((one) => one.service === service && one.port === container)) add(port, service, { planned: true });
  }
  if (open.admin) add(9200, 'api', { open: true });
  for (const port of open.others) add(port, ports.get(port)?.service ?? '', { open: true });
  // Docker that can't be asked says nothing of what runs: the kernel still does.
  const everywhere = (address: string) => address === '0.0.0.0' || address === '::';
  if (engine.state !== 'ok') for (const one of ports.values()) if (heard?.some(({ port, protocol, address }) => port === one.port && protocol === 'tcp' && everywhere(address))) one.open = true;
  return { source: engine.state === 'ok' ? `docker compose config, Docker ${engine.version}` : 'docker compose config, /proc/net', at, value: { ports: [...ports.values()], leaks: open.leaks, ...(card ? { card } : {}) } };
}
