/** Stages of an epoch, as blocks (facts 7). */
export type EpochBlocks = { pocValidationEnd: number; setNewValidators: number; nextPocStart: number };

/** What the gate has to know of the epoch clock. `at`: ms of the block that says so; `secondsPerBlock` is absent while the pace hasn't been measured. */
export type GateClock = {
  phase: string;
  epoch: number;
  at: number;
  /** Absent in releases without confirmation PoC. */
  confirmationPocActive?: boolean;
  /** Last block of the confirmation PoC that is under way, where its event says when it began. */
  confirmationPocEnd?: number;
  /** The chain's parameters of confirmation PoC, read live; absent: they couldn't be read. `safetyWindow`: so many blocks before a PoC none comes; absent before 0.2.11. */
  confirmation?: { expected?: number; safetyWindow?: number };
  blocksToNextPoc?: number;
  secondsPerBlock?: number;
  /** Of the epoch under way, and the one that follows. */
  stages?: Partial<EpochBlocks> & Pick<EpochBlocks, 'setNewValidators' | 'nextPocStart'>;
  next?: EpochBlocks;
};

/** Blocks `from` to `until` (both in) in which an operation may begin; `at`: about when `from` comes (ms), where the pace is known and it isn't there yet. */
export type SafeWindow = { from: number; until: number; at?: number };

/**
 * Seconds after which a service that was interrupted surely works again: an ML node loads its model for up to 20 minutes
 * (facts 11.2), chain and API node are back in a minute or two.
 */
const OUTAGE: Record<string, number> = { tmkms: 60, inference: 60, node: 120, api: 120 };
const ML_OUTAGE = 20 * 60;
export const outageOf = (role: string): number => OUTAGE[role] ?? ML_OUTAGE;
/** Up to so many seconds any moment without a confirmation PoC will do (facts 11.1: "short restarts"). */
const SHORT_OUTAGE = 120;
/** What a block takes at least on the real chain (s), while nobody has measured it: a long outage needs as many more blocks. */
const QUICK_BLOCK = 5;
/** Blocks before a PoC that count as near then, however short the outage. */
const FEW_BLOCKS = 20;

/** Blocks since the knowledge was read: it may be a minute old, and the chain has gone on. */
export function blocksSince({ at, secondsPerBlock: pace }: GateClock, now: number): number {
  return pace !== undefined && pace > 0 ? Math.max(0, now - at) / 1000 / pace : 0;
}

/**
 * How long before the next PoC an outage has to begin, in blocks. However long it is, never more than the last third of
 * the epoch's inference stretch counts: on a chain with short epochs everything would be near otherwise, and there would
 * be no better moment to wait for.
 */
export function blocksNeeded(outage: number, { secondsPerBlock: pace }: GateClock, { setNewValidators, nextPocStart }: Pick<EpochBlocks, 'setNewValidators' | 'nextPocStart'>): number {
  const third = (nextPocStart - setNewValidators) / 3;
  return Math.min(pace !== undefined && pace > 0 ? outage / pace : Math.max(FEW_BLOCKS, outage / QUICK_BLOCK), third);
}

/** Whether an outage of so many seconds may meet a confirmation PoC that nobody has announced. Only who stands in the set is asked to confirm. */
export function needsSafetyWindow(outage: number, clock: GateClock, inSet: boolean): boolean {
  return inSet && outage > SHORT_OUTAGE && clock.confirmationPocActive !== undefined && clock.confirmation?.expected !== 0;
}

/** The blocks of one epoch in which an outage may begin; undefined when there are none, or nobody can tell. */
function windowIn(epoch: EpochBlocks, outage: number, clock: GateClock, inSet: boolean): SafeWindow | undefined {
  const until = Math.floor(epoch.nextPocStart - blocksNeeded(outage, clock, epoch));
  if (!needsSafetyWindow(outage, clock, inSet)) return { from: epoch.pocValidationEnd, until };
  const window = clock.confirmation?.safetyWindow;
  return window === undefined ? undefined : { from: Math.max(epoch.pocValidationEnd, epoch.nextPocStart - window), until };
}

/**
 * The next blocks in which an outage of so many seconds may begin: in Inference, ended before the next PoC, not in a
 * confirmation PoC, and if it is long, not where an unannounced one may come (facts 7). Undefined: none in the two epochs
 * that are known, or nobody can tell.
 */
export function nextSafeWindow(outage: number, clock: GateClock, inSet: boolean, now: number): SafeWindow | undefined {
  const { stages, next, blocksToNextPoc, secondsPerBlock: pace, confirmationPocActive, confirmationPocEnd } = clock;
  if (stages?.pocValidationEnd === undefined || blocksToNextPoc === undefined) return undefined;
  // Nobody knows when it ends.
  if (confirmationPocActive && confirmationPocEnd === undefined) return undefined;
  const height = stages.nextPocStart - blocksToNextPoc + blocksSince(clock, now);
  for (const epoch of [stages as EpochBlocks, ...(next ? [next] : [])]) {
    const found = windowIn(epoch, outage, clock, inSet);
    if (!found) continue;
    const from = confirmationPocActive && confirmationPocEnd !== undefined ? Math.max(found.from, confirmationPocEnd + 1) : found.from;
    if (from > found.until || found.until < height) continue;
    return { from, until: found.until, ...(pace !== undefined && pace > 0 && from > height ? { at: Math.round(now + (from - height) * pace * 1000) } : {}) };
  }
  return undefined;
}
