import { existsSync } from 'node:fs';
import os from 'node:os';
import { clock } from '#lib/core/clock.ts';
import { isPanelError } from '#lib/core/errors.ts';
import { composeConfigurationOf } from '#lib/deployment/deployment.ts';
import type { Deployment } from '#lib/deployment/schema.ts';
import { portVariables, wantedPorts, type WantedPort } from '#lib/deployment/wanted-ports.ts';
import { composeVersion } from '#lib/docker/compose.ts';
import { type EngineInfo, readEngineInfo } from '#lib/docker/engine-info.ts';
import type { EngineSnapshot } from '#lib/docker/engine-watch.ts';
import { clockSync } from '#lib/host/clock-sync.ts';
import { cpuFacts, dockerArch } from '#lib/host/cpu.ts';
import { hostGpus } from '#lib/host/gpus.ts';
import { diskKind } from '#lib/host/disk-kind.ts';
import { defaultInterface, linkSpeed, seesHostNetwork } from '#lib/host/host-network.ts';
import { type Listener, listeners } from '#lib/host/listeners.ts';
import { nvidiaHook } from '#lib/host/nvidia-hook.ts';
import { pathFacts } from '#lib/host/paths.ts';
import { portsFact } from './ports-fact.ts';
import type { DiskPlace, Fact, PrerequisiteFacts, Room } from './prerequisite-facts.ts';

/** The ports that the deployment publishes; undefined while compose can't say. */
export type HostFacts = Omit<PrerequisiteFacts, 'seeds' | 'exposed' | 'newestBlock'> & { wanted?: WantedPort[]; heard?: Listener[] };

/** Asks this machine, its engine and its cards. Reads only; never throws; each part fails alone. */
export async function hostFacts(deployment: Deployment | undefined, { engine, containers, at }: EngineSnapshot, inContainer = existsSync('/.dockerenv')): Promise<HostFacts> {
  const now = clock.now();
  const [info, cpu, gpus, hook, sync, compose, heard] = await Promise.all([
    engine.state === 'ok' ? readEngineInfo().catch(expected) : undefined,
    cpuFacts(),
    hostGpus(),
    nvidiaHook({ inContainer }),
    clockSync(),
    composeVersion(deployment?.dir ?? os.tmpdir()),
    seesHostNetwork({ inContainer }).then((sees) => (sees ? listeners() : undefined)),
  ]);
  const [link, disk] = await Promise.all([linkOf(), deployment && diskKind(deployment.dir)]);
  const mlService = deployment?.services.find(({ role, active }) => role === 'mlnode' && active);
  const wanted = deployment && (await wantedBy(deployment));
  const docker = { source: 'Docker', at };
  const here = { source: os.hostname(), at: now };
  return {
    now, inContainer,
    cpu: info ? { ...docker, value: { cores: info.cores, arch: dockerArch(info.machine), ...(cpu.adx === undefined ? {} : { adx: cpu.adx }) } } : { ...here, value: cpu },
    memoryBytes: info ? { ...docker, value: info.memoryBytes } : { ...here, value: os.totalmem() },
    disks: await Promise.all(places(info, deployment).map(async ({ place, path }) => ({ place, ...(path ? { path } : {}), room: await roomAt(path, place === 'docker' ? info !== undefined : deployment !== undefined, here) }))),
    gpus: { ...gpus, at: now },
    toolkit: toolkitFact(info, hook, here),
    engine: { ...engine, at },
    compose: compose ? { source: 'docker compose version', at: now, value: compose } : { source: 'docker compose version', at: now, why: 'absent' },
    clock: 'why' in sync ? { source: 'timedatectl', at: now, why: inContainer ? 'container' : sync.why } : { source: 'timedatectl', at: now, value: sync },
    ports: portsFact({ project: deployment?.project.name, engineKnown: engine.state === 'ok', containers, wanted, heard, at: now }),
    ...(link ? { link } : {}), ...(disk ? { disk } : {}),
    ...(deployment?.release ? { release: deployment.release } : {}),
    ...(mlService ? { mlImage: mlService.image } : {}),
    ...(wanted ? { wanted } : {}), ...(heard ? { heard } : {}),
  };
}

async function linkOf(): Promise<PrerequisiteFacts['link']> {
  const card = await defaultInterface();
  const mbits = card && (await linkSpeed(card));
  return card && mbits ? { card, mbits } : undefined;
}

/** A failure in the house's own words counts as "can't be asked"; anything else is a defect. */
function expected(error: unknown): undefined {
  if (!isPanelError(error)) throw error;
}

async function wantedBy(deployment: Deployment): Promise<WantedPort[] | undefined> {
  const [config, variables] = await Promise.all([composeConfigurationOf(deployment), portVariables(deployment.project.dir, deployment.project.files)]);
  return config && wantedPorts(config, deployment.services, variables);
}

function places(info: EngineInfo | undefined, deployment: Deployment | undefined): { place: DiskPlace; path?: string }[] {
  const hf = deployment?.values.HF_HOME;
  return [{ place: 'docker', ...(info?.imagesDir ? { path: info.imagesDir } : {}) }, { place: 'deploy', ...(deployment ? { path: deployment.dir } : {}) }, { place: 'hf', ...(hf?.startsWith('/') ? { path: hf } : {}) }];
}

async function roomAt(path: string | undefined, known: boolean, here: { source: string; at: number }): Promise<Fact<Room>> {
  if (!path) return { ...here, why: known ? 'not_set' : 'not_chosen' };
  const found = await pathFacts(path);
  if ('unknown' in found) return { ...here, why: found.unknown === 'container' ? 'container' : 'unreadable' };
  const { freeBytes, totalBytes, inodes } = found;
  return { ...here, value: { freeBytes, totalBytes, ...(inodes ? { inodes } : {}) } };
}

function toolkitFact(info: EngineInfo | undefined, hook: boolean | undefined, here: { source: string; at: number }): PrerequisiteFacts['toolkit'] {
  if (!info) return { ...here, why: 'engine' };
  const base = { source: 'Docker', at: here.at };
  if (info.runtimes.includes('nvidia')) return { ...base, value: 'runtime' };
  if (info.devices.some((id) => id.startsWith('nvidia.com/gpu'))) return { ...base, value: 'cdi' };
  // An engine that knows no such runtime can still have found the hook in its own PATH; from a container that isn't seen.
  return hook === undefined ? { ...base, why: 'container' } : { ...base, value: hook ? 'hook' : 'none' };
}
