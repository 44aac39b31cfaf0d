/**
 * What a starting chain node is doing, read from its own log lines. Pure: `readLines` folds lines into a `SyncRead`.
 * The lines and their order: measured, "Log lines" (state sync on node) and 15; facts 9 (meaningful lines).
 */
export type SyncLine = { time: string; line: string };

export type SyncStage = 'unseen' | 'initialising' | 'starting' | 'signer' | 'discovering' | 'restoring' | 'verifying' | 'restored' | 'blocks';

export type SyncTrouble =
  | { code: 'variable_missing'; params: { variable: string } }
  | { code: 'host_unresolved'; params: { host: string } }
  | { code: 'command_failed'; params: { command: string; exit: number } }
  | { code: 'signer_absent'; params: Record<string, never> }
  | { code: 'consensus_failure' | 'no_signing_info' | 'disk_full' | 'illegal_instruction'; params: Record<string, never> }
  | { code: 'upgrade_needed'; params: { name: string } }
  | { code: 'panic'; params: { line: string } };

export type SyncRead = {
  stage: SyncStage;
  /** ms: when the stage began; when something last moved (a stage, a chunk, a height). By the log's own time. */
  since?: number;
  moved?: number;
  /** The `CMD>` line of the first run that ran last. */
  command?: string;
  /** How often "Discovering snapshots for 15s" was said in a row, and whether no seed could be reached meanwhile. */
  tries: number;
  noSeeds: boolean;
  snapshot?: { height?: number; chunks?: number; applied: number; rejected: number };
  height?: number;
  /** The first height of this start: where the way to the newest block began. */
  from?: number;
  /** Heights with their time, oldest first, for the rate: at most one a second, two minutes of them. */
  heights: { at: number; height: number }[];
  /** The highest block that the peers offer, as the node says it while it catches up. */
  peersHeight?: number;
  trouble?: SyncTrouble;
};

export const NOTHING_READ: SyncRead = { stage: 'unseen', tries: 0, noSeeds: false, heights: [] };

const ESCAPES = /\u001b\[[0-9;?]*[A-Za-z]/g;
const WINDOW = 120_000;
/** The first start prints the genesis on lines of any length (measured 15); what is looked for stands in front. */
const LONGEST = 2_000;

export const plainLine = (line: string): string => line.slice(0, LONGEST).replace(ESCAPES, '');

const num = (line: string, name: string): number | undefined => {
  const found = new RegExp(`(?:^|\\s)${name}=(\\d{1,15})(?:\\s|$)`).exec(line);
  return found ? Number(found[1]) : undefined;
};

/** A new reading with `lines` folded in, oldest first. Lines of several starts are fine: a new start begins again. */
export function readLines(before: SyncRead, lines: readonly SyncLine[]): SyncRead {
  if (lines.length === 0) return before;
  const read: SyncRead = { ...before, heights: [...before.heights], snapshot: before.snapshot && { ...before.snapshot } };
  for (const { time, line } of lines) {
    const at = Date.parse(time);
    if (Number.isFinite(at)) readLine(read, plainLine(line), at);
  }
  return read;
}

function enter(read: SyncRead, stage: SyncStage, at: number) {
  if (read.stage !== stage) {
    read.stage = stage;
    read.since = at;
  }
  read.moved = at;
}

function begin(read: SyncRead, stage: SyncStage, at: number) {
  Object.assign(read, { tries: 0, noSeeds: false, snapshot: undefined, heights: [], height: undefined, from: undefined, peersHeight: undefined, trouble: undefined, command: undefined });
  enter(read, stage, at);
}

function readLine(read: SyncRead, line: string, at: number) {
  // The set-up script says each command twice: traced (`+ …`, also of words that only would be said) and as `CMD>`.
  if (line.startsWith('+')) {
    if (read.stage === 'unseen' || read.stage === 'blocks') begin(read, 'initialising', at);
    return;
  }
  if (line.startsWith('CMD> ')) {
    if (read.stage !== 'initialising') begin(read, 'initialising', at);
    read.command = line.slice(5, 165);
    read.trouble = undefined;
    read.moved = at;
    return;
  }
  read.trouble = troubleOf(line, read.command) ?? read.trouble;
  if (line.includes('starting node with ABCI CometBFT')) return begin(read, 'starting', at);
  if (line.includes('SignerListener: Blocking for connection')) return enter(read, 'signer', at);
  if (line.includes('SignerListener: Connected')) {
    if (read.stage === 'signer') enter(read, 'starting', at);
    if (read.trouble?.code === 'signer_absent') read.trouble = undefined;
    return;
  }
  if (/committed state|finalized block|indexed block events/.test(line)) return readHeight(read, num(line, 'height'), at);
  if (line.includes('Block Sync Rate')) {
    read.peersHeight = num(line, 'max_peer_height') ?? read.peersHeight;
    return readHeight(read, num(line, 'height'), at);
  }
  readSnapshot(read, line, at);
}

function readHeight(read: SyncRead, height: number | undefined, at: number) {
  if (height === undefined || height <= (read.height ?? 0)) return;
  read.height = height;
  read.from ??= read.snapshot?.height ?? height;
  enter(read, 'blocks', at);
  const last = read.heights.at(-1);
  if (!last || at - last.at >= 1_000) read.heights.push({ at, height });
  while (read.heights[0] && at - read.heights[0].at > WINDOW) read.heights.shift();
}

function readSnapshot(read: SyncRead, line: string, at: number) {
  if (line.includes("Couldn't connect to any seeds")) {
    read.noSeeds = true;
    return;
  }
  if (line.includes('Starting state sync')) return enter(read, 'discovering', at);
  if (line.includes('Discovering snapshots for')) {
    const since = read.stage === 'discovering' ? read.moved : at;
    enter(read, 'discovering', at);
    read.moved = since; // asking again is no progress
    read.tries += 1;
    return;
  }
  read.snapshot ??= { applied: 0, rejected: 0 };
  const { snapshot } = read;
  if (line.includes('Discovered new snapshot')) {
    read.noSeeds = false;
    snapshot.height ??= num(line, 'height');
    return enter(read, read.stage === 'restoring' ? 'restoring' : 'discovering', at);
  }
  if (/Offering snapshot to ABCI app|Snapshot accepted, restoring/.test(line)) {
    read.noSeeds = false;
    const height = num(line, 'height');
    if (height !== undefined && height !== snapshot.height) Object.assign(snapshot, { height, applied: 0, chunks: undefined });
    return enter(read, 'restoring', at);
  }
  if (/Fetching snapshot chunk|Applied snapshot chunk/.test(line)) {
    snapshot.chunks = num(line, 'total') ?? snapshot.chunks;
    snapshot.height = num(line, 'height') ?? snapshot.height;
    const chunk = num(line, 'chunk');
    if (line.includes('Applied') && chunk !== undefined) snapshot.applied = Math.max(snapshot.applied, chunk + 1);
    return enter(read, 'restoring', at);
  }
  if (/Snapshot rejected|rejected snapshot|snapshot was rejected|Snapshot senders rejected|Retrying snapshot/.test(line)) {
    Object.assign(snapshot, { applied: 0, rejected: snapshot.rejected + 1 });
    return enter(read, 'discovering', at);
  }
  if (line.includes('Verified ABCI app')) return enter(read, 'verifying', at);
  if (line.includes('Snapshot restored')) return enter(read, 'restored', at);
  if (snapshot.applied === 0 && snapshot.height === undefined && snapshot.rejected === 0) read.snapshot = undefined;
}

/** A line that says why the node can't go on; undefined for all others. */
function troubleOf(line: string, command: string | undefined): SyncTrouble | undefined {
  const variable = /Environment variable (\w+) is required/.exec(line);
  if (variable) return { code: 'variable_missing', params: { variable: variable[1] ?? '' } };
  const rc = /(?:^|\D)RC = ([1-9]\d*)$/.exec(line);
  if (rc) return { code: 'command_failed', params: { command: command ?? '', exit: Number(rc[1]) } };
  // Said of itself at start it ends the node (measured 31); said of a seed it is a failed dial, and goes on.
  const host = line.includes('Error dialing') ? null : /error looking up host \(([^)]{1,200})\)/.exec(line);
  if (host) return { code: 'host_unresolved', params: { host: host[1] ?? '' } };
  if (/endpoint connection timed out|SignerListener: Ping timeout|error with private validator socket client/.test(line)) return { code: 'signer_absent', params: {} };
  if (line.includes('no validator signing info found')) return { code: 'no_signing_info', params: {} };
  if (/no space left on device/i.test(line)) return { code: 'disk_full', params: {} };
  if (/Caught SIGILL|SIGILL: illegal instruction/.test(line)) return { code: 'illegal_instruction', params: {} };
  if (line.includes('CONSENSUS FAILURE')) return { code: 'consensus_failure', params: {} };
  const upgrade = /UPGRADE "([^"]{1,80})" NEEDED/.exec(line);
  if (upgrade) return { code: 'upgrade_needed', params: { name: upgrade[1] ?? '' } };
  return line.startsWith('panic: ') ? { code: 'panic', params: { line: line.slice(0, 200) } } : undefined;
}

/** Blocks a second over the last two minutes of heights; undefined below two heights or 2 s. */
export function blockRate(heights: SyncRead['heights']): number | undefined {
  const first = heights[0];
  const last = heights.at(-1);
  if (!first || !last || last.at - first.at < 2_000) return undefined;
  return ((last.height - first.height) * 1000) / (last.at - first.at);
}
