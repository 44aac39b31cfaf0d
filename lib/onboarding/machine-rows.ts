import type { DiskPlace, Fact, PrerequisiteFacts, PrerequisiteRow, Room } from './prerequisite-facts.ts';

const GB = 1e9;
/** The quickstart's server: 16 cores, 64 GB, 1 TB (facts 10.3). */
const CORES = 16;
const MEMORY_GB = 64;
/** What a disk sold as 1 TB has left once it is formatted. */
const DISK_BYTES = 900 * GB;
/** Least room, low and empty, in GB: images of an ML node, a chain that grows, weights of the smallest model (facts 10.3: 230 GB for a large one). */
const LEAST: Record<DiskPlace, { low: number; out: number }> = { docker: { low: 60, out: 10 }, deploy: { low: 100, out: 10 }, hf: { low: 230, out: 20 } };
const INODES_LOW = 0.05;
/** The ADX instructions are needed from this release on (facts 10.3). */
const ADX_SINCE = [0, 2, 16] as const;
/** Clocks of validators differ a little; more than this isn't that. */
const AHEAD_MS = 5_000;

/** What there is to measure only once a directory is chosen and filled in: an empty server lacks nothing by that. */
const LATER = ['not_chosen', 'not_set'];

/** A row that can't be judged, with the reason. */
export function unknownRow(id: string, rule: PrerequisiteRow['rule'], fact: { at: number; source: string; why?: string }, of?: string, params: PrerequisiteRow['params'] = {}): PrerequisiteRow {
  return { id, ...(of ? { of } : {}), state: 'unknown', params, said: `why_${fact.why ?? 'unread'}`, rule, source: fact.source, at: fact.at, ...(LATER.includes(fact.why ?? '') ? { apart: true as const } : {}) };
}

/** Processor, memory, room on disk, clock. */
export function machineRows(facts: PrerequisiteFacts): PrerequisiteRow[] {
  return [...cpuRows(facts), ...memoryRows(facts), ...facts.disks.flatMap(({ place, path, room }) => diskRows(place, path, room)), ...diskKindRow(facts), clockRow(facts)];
}

function cpuRows({ cpu, release }: PrerequisiteFacts): PrerequisiteRow[] {
  if (!cpu.value) return [unknownRow('cpu_cores', 'guide', cpu), unknownRow('cpu_arch', 'guide', cpu)];
  const { cores, arch, adx } = cpu.value;
  const base = { source: cpu.source, at: cpu.at };
  const rows: PrerequisiteRow[] = [
    { id: 'cpu_cores', ...base, state: cores >= CORES ? 'ok' : 'attention', params: { cores }, said: 'cores', rule: 'guide', ...(cores >= CORES ? {} : { fix: { code: 'more_cores', commands: [['nproc']] } }) },
    { id: 'cpu_arch', ...base, state: arch === 'amd64' ? 'ok' : 'broken', params: { arch }, said: 'arch', rule: 'guide', ...(arch === 'amd64' ? {} : { breaks: 'start' as const, fix: { code: 'other_machine', commands: [] } }) },
  ];
  if (arch !== 'amd64') return rows;
  if (adx === undefined) return [...rows, unknownRow('cpu_adx', 'docs', { ...base, why: 'unread' })];
  const needed = sinceRelease(release, ADX_SINCE);
  const row: PrerequisiteRow = { id: 'cpu_adx', ...base, state: adx ? 'ok' : needed ? 'broken' : 'attention', params: {}, said: adx ? 'adx' : 'no_adx', rule: 'docs' };
  return [...rows, adx ? row : { ...row, ...(needed ? { breaks: 'start' as const } : {}), fix: { code: 'adx', commands: [['grep', '-c', 'adx', '/proc/cpuinfo']] } }];
}

/** True for this release and every later one; false when it isn't known. */
function sinceRelease(release: string | undefined, since: readonly [number, number, number]): boolean {
  const parts = /^v?(\d+)\.(\d+)\.(\d+)/.exec(release ?? '')?.slice(1).map(Number);
  if (!parts) return false;
  for (const [index, least] of since.entries()) {
    const have = parts[index] ?? 0;
    if (have !== least) return have > least;
  }
  return true;
}

function memoryRows({ memoryBytes, gpus }: PrerequisiteFacts): PrerequisiteRow[] {
  if (memoryBytes.value === undefined) return [unknownRow('memory', 'guide', memoryBytes)];
  const bytes = memoryBytes.value;
  const base = { source: memoryBytes.source, at: memoryBytes.at };
  const enough = bytes >= MEMORY_GB * GB;
  const rows: PrerequisiteRow[] = [{ id: 'memory', ...base, state: enough ? 'ok' : 'attention', params: { gb: Math.floor(bytes / GB) }, said: 'memory', rule: 'guide', ...(enough ? {} : { fix: { code: 'more_memory', commands: [['free', '-h']] } }) }];
  const vram = gpus.state === 'read' ? gpus.gpus.reduce((sum, { totalMiB = 0 }) => sum + totalMiB * 1024 ** 2, 0) : 0;
  if (vram === 0) return rows;
  const fits = bytes >= 1.5 * vram;
  rows.push({ id: 'memory_vram', ...base, state: fits ? 'ok' : 'attention', params: { gb: Math.floor(bytes / GB), vram: Math.round(vram / GB), needed: Math.ceil((1.5 * vram) / GB) }, said: 'memory_vram', rule: 'guide', ...(fits ? {} : { fix: { code: 'more_memory', commands: [['free', '-h']] } }) });
  return rows;
}

function diskRows(place: DiskPlace, path: string | undefined, room: Fact<Room>): PrerequisiteRow[] {
  const of = place;
  if (!path || !room.value) return [unknownRow('disk', 'guide', room, of, { place, path: path ?? '', low: LEAST[place].low })];
  const { freeBytes, totalBytes, inodes } = room.value;
  const base = { of, source: room.source, at: room.at };
  const params = { place, path, free: Math.floor(freeBytes / GB), total: Math.round(totalBytes / GB), low: LEAST[place].low };
  const fix = { code: `disk_${place}`, commands: place === 'docker' ? [['docker', 'system', 'df'], ['df', '-h', path]] : [['df', '-h', path], ['sudo', 'du', '-xh', '--max-depth=1', path]] };
  const rows: PrerequisiteRow[] = [];
  if (freeBytes < LEAST[place].out * GB) rows.push({ id: 'disk', ...base, state: 'broken', params, said: 'disk_out', rule: 'panel', breaks: place === 'hf' ? 'ml' : 'disk', fix });
  else if (freeBytes < LEAST[place].low * GB) rows.push({ id: 'disk', ...base, state: 'attention', params, said: 'disk_low', rule: 'panel', fix });
  // The chain's own disk is what the guide's 1 TB is about.
  else if (place === 'deploy' && totalBytes < DISK_BYTES) rows.push({ id: 'disk', ...base, state: 'attention', params, said: 'disk_small', rule: 'guide', fix });
  else rows.push({ id: 'disk', ...base, state: 'ok', params, said: 'disk', rule: place === 'deploy' ? 'guide' : 'panel' });
  if (inodes && inodes.free < INODES_LOW * inodes.total) {
    const none = inodes.free === 0;
    rows.push({ id: 'inodes', ...base, state: none ? 'broken' : 'attention', params: { place, path, free: inodes.free }, said: 'inodes_low', rule: 'panel', ...(none ? { breaks: 'disk' as const } : {}), fix: { code: 'inodes', commands: [['df', '-i', path]] } });
  }
  return rows;
}

/** The quickstart's NVMe: a chain that writes all the time falls behind on a rotating disk. Before a directory is chosen there is nothing to look at. */
function diskKindRow({ disk, disks, now }: PrerequisiteFacts): PrerequisiteRow[] {
  const path = disks.find(({ place }) => place === 'deploy')?.path;
  if (!path) return [];
  const base = { id: 'disk_kind', rule: 'guide' as const, source: '/sys/dev/block', at: now, params: { path } };
  const fix = { code: 'disk_kind', commands: [['lsblk', '-o', 'NAME,TYPE,ROTA,TRAN,SIZE,MOUNTPOINTS'], ['df', path]] };
  if (!disk) return [{ ...base, state: 'unknown', said: 'disk_kind_unknown', apart: true, fix }];
  if (disk === 'nvme') return [{ ...base, state: 'ok', said: 'disk_nvme' }];
  return [{ ...base, state: 'attention', said: disk === 'ssd' ? 'disk_ssd' : 'disk_rotating', fix }];
}

function clockRow({ clock, newestBlock, now }: PrerequisiteFacts): PrerequisiteRow {
  const commands = [['sudo', 'timedatectl', 'set-ntp', 'true'], ['timedatectl', 'status']];
  const ahead = newestBlock ? newestBlock.time - now : 0;
  if (newestBlock && ahead > AHEAD_MS) {
    return { id: 'clock', state: 'broken', params: { seconds: Math.round(ahead / 1000) }, said: 'clock_behind', rule: 'panel', source: newestBlock.source, at: now, breaks: 'start', fix: { code: 'clock', commands } };
  }
  if (!clock.value) return { ...unknownRow('clock', 'panel', clock), fix: { code: 'clock', commands } };
  const { synced, service } = clock.value;
  return { id: 'clock', state: synced ? 'ok' : 'attention', params: {}, said: synced ? 'clock_synced' : service ? 'clock_not_yet' : 'clock_alone', rule: 'panel', source: clock.source, at: clock.at, ...(synced ? {} : { fix: { code: 'clock', commands } }) };
}
