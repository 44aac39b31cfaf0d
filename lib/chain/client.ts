import { createHash } from 'node:crypto';
import { clock } from '#lib/core/clock.ts';
import { isPanelError } from '#lib/core/errors.ts';
import { singleton } from '#lib/core/singleton.ts';
import { budgetKey, checkedUrl } from './address-rules.ts';
import { httpGet } from '#lib/core/http-get.ts';
import type { ReadingError } from './reading.ts';
import { parseJson } from './schema.ts';

/** At most this many requests to one foreign host in any 60 seconds (a polite guest; measured 38). */
export const REQUESTS_PER_MINUTE = 6;
const MINUTE = 60_000;
const TIMEOUT_MS = 5_000;
const MAX_BYTES = 1024 * 1024;
const RATE_LIMIT_FIRST = 30_000;
const RATE_LIMIT_MOST = 15 * MINUTE;
const RETRY_AFTER_MOST = 60 * MINUTE;
const DOWN_FIRST = 10_000;
const DOWN_MOST = MINUTE;
/** Answers kept; the oldest goes first. */
const CACHED_URLS = 128;

export type ProblemKind = 'rate-limited' | 'waiting' | 'down' | 'timeout' | 'malformed' | 'status' | 'redirect' | 'too-large' | 'refused';
export type Problem = { kind: ProblemKind; error: ReadingError; /** Of kind `status`. */ status?: number; /** ms; nothing is asked before. */ until?: number };
/** The last good value of a URL with its time, and what went wrong since, if something did. */
export type Fetched<T> = { value?: T; at?: number; problem?: Problem };

export type GetOptions<T> = {
  /**
   * Turns status and JSON (undefined when the body is none) into the value; undefined = this status is no answer.
   * A throw counts as malformed.
   */
  read: (status: number, json: unknown) => T | undefined;
  /** A cached value of at most this age is given without asking. */
  maxAgeMs: number;
  /** How long a failed attempt is not repeated (default: as `maxAgeMs`). */
  retryMs?: number;
  /** The own node at its container: no politeness budget, and 503 is its own failure, not a limit. */
  own?: boolean;
  timeoutMs?: number;
  maxBytes?: number;
  /** Of the host's budget this many requests must be left for what matters more (default 0). */
  spare?: number;
};

type Entry = { value?: unknown; at?: number; /** Of the body that `value` was read from. */ digest?: string; problem?: Problem; triedAt: number; flight?: Promise<void> };
type Host = { sent: number[]; limits: number; limitedUntil: number; failures: number; quietUntil: number; /** Why it was last down. */ down?: Problem };

/** The one way out to chain HTTP: shares answers and flights over all callers, and keeps to each host's budget. */
export class ChainGateway {
  readonly #entries = new Map<string, Entry>();
  readonly #hosts = new Map<string, Host>();

  /** Never throws: what can't be had is a `problem` beside the last good value. */
  async get<T>(rawUrl: string, options: GetOptions<T>): Promise<Fetched<T>> {
    let url: URL;
    try {
      url = checkedUrl(rawUrl);
    } catch (error) {
      if (!isPanelError(error)) throw error;
      return { problem: { kind: 'refused', error: { code: error.code, params: error.params } } };
    }
    const entry = this.#entry(url.href);
    if (entry.flight) await entry.flight;
    else if (this.#due(entry, options)) {
      const held = options.own ? undefined : this.#held(url, options.spare ?? 0);
      if (held) return { ...given<T>(entry), problem: held };
      entry.flight = this.#ask(url, entry, options).finally(() => {
        entry.flight = undefined;
      });
      await entry.flight;
    }
    return given<T>(entry);
  }

  /** Until when a foreign host is left alone because it said 429 or 503; 0 when it isn't. */
  limitedUntil(rawUrl: string): number {
    const until = URL.canParse(rawUrl) ? (this.#hosts.get(budgetKey(new URL(rawUrl)))?.limitedUntil ?? 0) : 0;
    return until > clock.now() ? until : 0;
  }

  #entry(key: string): Entry {
    const known = this.#entries.get(key);
    const entry = known ?? { triedAt: 0 };
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    for (const [old, { flight }] of this.#entries) {
      if (this.#entries.size <= CACHED_URLS) break;
      if (!flight) this.#entries.delete(old);
    }
    return entry;
  }

  #due<T>(entry: Entry, options: GetOptions<T>): boolean {
    if (entry.triedAt === 0) return true;
    const age = clock.now() - entry.triedAt;
    // A clock set back must not freeze the cache.
    return age < 0 || age >= (entry.problem ? (options.retryMs ?? options.maxAgeMs) : options.maxAgeMs);
  }

  #host(url: URL): Host {
    const key = budgetKey(url);
    let host = this.#hosts.get(key);
    if (!host) {
      host = { sent: [], limits: 0, limitedUntil: 0, failures: 0, quietUntil: 0 };
      this.#hosts.set(key, host);
    }
    return host;
  }

  /** The reason not to ask this host now, or undefined after having booked one request of its budget. */
  #held(url: URL, spare: number): Problem | undefined {
    const host = this.#host(url);
    const now = clock.now();
    if (host.limitedUntil > now) return rateLimited(url, host.limitedUntil);
    if (host.quietUntil > now && host.down) return { ...host.down, until: host.quietUntil };
    host.sent = host.sent.filter((at) => at > now - MINUTE && at <= now);
    const oldest = host.sent[0];
    if (host.sent.length + spare >= REQUESTS_PER_MINUTE && oldest !== undefined) {
      return { kind: 'waiting', error: { code: 'chain_polite_wait', params: { host: url.hostname } }, until: oldest + MINUTE };
    }
    host.sent.push(now);
    return undefined;
  }

  async #ask<T>(url: URL, entry: Entry, options: GetOptions<T>): Promise<void> {
    const answer = await httpGet(url, { timeoutMs: options.timeoutMs ?? TIMEOUT_MS, maxBytes: options.maxBytes ?? MAX_BYTES });
    const now = clock.now();
    entry.triedAt = now;
    const host = options.own ? undefined : this.#host(url);
    const name = url.hostname;
    const fail = (kind: ProblemKind, code: string, params: ReadingError['params'] = {}, status?: number): void => {
      entry.problem = { kind, error: { code, params: { host: name, ...params } }, ...(status === undefined ? {} : { status }) };
    };

    if (answer.kind === 'down' || answer.kind === 'timeout') {
      if (host) {
        host.failures += 1;
        host.quietUntil = now + Math.min(DOWN_FIRST * 2 ** (host.failures - 1), DOWN_MOST);
      }
      if (answer.kind === 'down') fail('down', 'chain_host_down', { why: answer.why });
      else fail('timeout', 'chain_host_slow');
      if (host && entry.problem) host.down = entry.problem;
      return;
    }
    if (host) host.failures = 0;
    if (answer.kind === 'redirect') return fail('redirect', 'chain_host_redirects');
    if (answer.kind === 'too-large') return fail('too-large', 'chain_answer_too_large');
    if (answer.kind === 'encoded') return fail('malformed', 'chain_answer_malformed');
    if (answer.kind === 'refused') return fail('refused', 'chain_url_refused', { why: 'address not allowed' });

    if (host && (answer.status === 429 || answer.status === 503)) {
      host.limits += 1;
      const wait = Math.min(RATE_LIMIT_FIRST * 2 ** (host.limits - 1), RATE_LIMIT_MOST);
      host.limitedUntil = now + Math.max(wait, retryAfter(answer.retryAfter, now));
      entry.problem = rateLimited(url, host.limitedUntil);
      return;
    }
    if (host) host.limits = 0;

    // A set of thousands of hosts is the same answer for a whole epoch: it is read once.
    const digest = `${answer.status} ${createHash('sha256').update(answer.body).digest('base64')}`;
    if (entry.value !== undefined && entry.digest === digest) {
      entry.at = now;
      entry.problem = undefined;
      return;
    }
    let json: unknown;
    let isJson = true;
    try {
      json = parseJson(answer.body);
    } catch {
      isJson = false;
    }
    const good = answer.status >= 200 && answer.status < 300;
    if (good && !isJson) return fail('malformed', 'chain_answer_malformed');
    let value: T | undefined;
    try {
      value = options.read(answer.status, json);
    } catch {
      return good ? fail('malformed', 'chain_answer_malformed') : fail('status', 'chain_http_status', { status: answer.status }, answer.status);
    }
    if (value === undefined) return fail('status', 'chain_http_status', { status: answer.status }, answer.status);
    entry.value = value;
    entry.digest = digest;
    entry.at = now;
    entry.problem = undefined;
  }
}

function given<T>(entry: Entry): Fetched<T> {
  return { value: entry.value as T | undefined, at: entry.at, problem: entry.problem };
}

function rateLimited(url: URL, until: number): Problem {
  return { kind: 'rate-limited', error: { code: 'chain_rate_limited', params: { host: url.hostname } }, until };
}

/** Milliseconds of a Retry-After header (seconds or a date); 0 when it is absent or nonsense, an hour at most. */
function retryAfter(header: string | undefined, now: number): number {
  if (!header) return 0;
  const ms = /^\d{1,9}$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), RETRY_AFTER_MOST) : 0;
}

/** The process's gateway. */
export function chainGateway(): ChainGateway {
  return singleton('chain-gateway', () => new ChainGateway());
}

/** `base` (with or without a path or trailing slash) and `path` as one URL. */
export function endpoint(base: string, path: string): string {
  return base.replace(/\/+$/, '') + path;
}
