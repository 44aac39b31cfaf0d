/** No new block for this long: the heights are frozen, and everything derived from them is stale (setup-report rule). */
export const FROZEN_MS = 60_000;

/** Most blocks that the seconds per block are measured over. */
export const MEASURE_BLOCKS = 1_000;
/** Where one header is asked to measure at once: well inside the window, so that it stays there for a while. */
export const MEASURE_BACK = 750;
const FEWEST_BLOCKS = 5;
const SPACING = 10;

export type Sighting = {
  height: number;
  /** Milliseconds of the block: stated by its header, else when this height was first seen. */
  at: number;
  /** What shows that the chain moves: a fresh block time, a height that grew before our eyes, or nothing yet. */
  evidence: 'block-time' | 'growth' | 'none';
  frozen: boolean;
};

type Source = { height: number; firstSeen: number; grewAt?: number };
type Point = { height: number; time: number };

/**
 * Remembers heights and block times in memory. A source that repeats one height is frozen, whatever it is asked;
 * a machine whose clock is wrong still sees a moving chain by its growth.
 */
export class HeightWatch {
  readonly #sources = new Map<string, Source>();
  #points: Point[] = [];

  /**
   * Notes that `source` said `height` at `now`. `blockTime` is the header's of this very height; `hint` a time near it
   * (of a neighbouring block), which is evidence of a moving chain but no measurement.
   */
  see(source: string, height: number, now: number, times: { blockTime?: number; hint?: number } = {}): Sighting {
    let known = this.#sources.get(source);
    if (!known || height < known.height - MEASURE_BLOCKS) {
      known = { height, firstSeen: now };
      this.#sources.set(source, known);
    } else if (height > known.height) {
      known.height = height;
      known.firstSeen = now;
      known.grewAt = now;
    }
    const { blockTime } = times;
    if (blockTime !== undefined) this.point(height, blockTime);

    const timely = (time: number | undefined): time is number => time !== undefined && Math.abs(now - time) <= FROZEN_MS;
    const growing = known.grewAt !== undefined && now - known.grewAt <= FROZEN_MS;
    if (timely(blockTime)) return { height, at: Math.min(blockTime, now), evidence: 'block-time', frozen: false };
    if (growing) return { height, at: known.firstSeen, evidence: 'growth', frozen: false };
    // The same height for a minute is frozen, whatever a neighbour's block time says.
    const repeated = now - known.firstSeen > FROZEN_MS;
    if (!repeated && timely(times.hint)) return { height, at: Math.min(times.hint, now), evidence: 'block-time', frozen: false };
    const at = Math.min(blockTime ?? times.hint ?? known.firstSeen, known.firstSeen);
    return { height, at, evidence: 'none', frozen: now - at > FROZEN_MS };
  }

  /** Adds the header time of a block (any source of the same chain). */
  point(height: number, time: number): void {
    if (height <= 0) return;
    const near = this.#points.find((point) => point.height === height);
    if (near) near.time = time;
    else this.#points.push({ height, time });
    this.#points.sort((a, b) => a.height - b.height);
    const newest = this.#points.at(-1)?.height ?? 0;
    // What lies beyond the window goes: last month's blocks are no estimate of the next hour. Of the rest one in ten stays.
    let kept = Number.NEGATIVE_INFINITY;
    this.#points = this.#points.filter((each) => {
      if (newest - each.height > MEASURE_BLOCKS || (each.height - kept < SPACING && each.height !== newest)) return false;
      kept = each.height;
      return true;
    });
  }

  /** Seconds per block and over how many blocks; undefined (unknown, not 6) until two blocks far enough apart are known. */
  secondsPerBlock(): { seconds: number; over: number } | undefined {
    const first = this.#points[0];
    const last = this.#points.at(-1);
    if (!first || !last) return undefined;
    const over = last.height - first.height;
    const seconds = (last.time - first.time) / 1000 / over;
    return over >= FEWEST_BLOCKS && seconds > 0 && Number.isFinite(seconds) ? { seconds, over } : undefined;
  }

  /** Forgets everything (another chain). */
  clear(): void {
    this.#sources.clear();
    this.#points = [];
  }
}
