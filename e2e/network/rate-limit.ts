/** nginx's limit_req with nodelay: a bucket per client that leaks at a steady rate and holds `burst` requests. */
export type RateLimit = { perMinute: number; burst: number };

/** The proxy's defaults since 0.2.8 (measured 38). */
export const PROXY_LIMITS: Limits = { api: { perMinute: 10, burst: 600 }, chain: { perMinute: 20, burst: 200 } };
export type Limits = { api: RateLimit; chain: RateLimit };

export class Bucket {
  #levels = new Map<string, { level: number; at: number }>();
  #limit: RateLimit;

  constructor(limit: RateLimit) {
    this.#limit = limit;
  }

  /** Whether one more request of `client` passes at `now` (ms). A refused one doesn't fill the bucket. */
  passes(client: string, now: number): boolean {
    const last = this.#levels.get(client);
    const leaked = last ? Math.max(0, last.level - ((now - last.at) / 60_000) * this.#limit.perMinute + 1) : 0;
    if (leaked > this.#limit.burst) return false;
    this.#levels.set(client, { level: leaked, at: now });
    return true;
  }
}
