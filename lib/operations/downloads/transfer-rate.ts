/** The rate is that of this last while (ms): a line that has become slow shows it, a short pause doesn't. */
const WINDOW = 20_000;
/** A rate from less than this (ms) is a guess. */
const LEAST = 2_000;

/** Bytes a second over a sliding window, and what is left at that rate. */
export class TransferRate {
  readonly #seen: { at: number; done: number }[] = [];

  /** `done` so far; one that is smaller than before (a part begins anew) starts the window again. */
  take(done: number, total: number | undefined, now: number): { perSecond?: number; secondsLeft?: number } {
    const seen = this.#seen;
    if (done < (seen.at(-1)?.done ?? 0)) seen.length = 0;
    seen.push({ at: now, done });
    // One older than the window stays, so that the window is always whole.
    while (seen.length > 2 && (seen[1]?.at ?? now) <= now - WINDOW) seen.shift();
    const first = seen[0] as { at: number; done: number };
    if (now - first.at < LEAST) return {};
    const perSecond = ((done - first.done) / (now - first.at)) * 1000;
    return { perSecond, ...(perSecond > 0 && total !== undefined ? { secondsLeft: Math.max(0, total - done) / perSecond } : {}) };
  }
}
