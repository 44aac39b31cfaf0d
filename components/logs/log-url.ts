import { type Level, levels } from './level.ts';

/** What the address says: everything of the view that is worth sharing. */
export type LogAddress = {
  /** Empty: the usual ones. */
  services: string[];
  q: string;
  /** Empty: all. */
  levels: Level[];
  /** A length of time back from now ("15m", "6h") or an RFC 3339 time. */
  since?: string;
  /** Lines of each service to begin with. */
  tail?: number | 'all';
  /** Permalink to a time (RFC 3339): the view stands there. */
  at?: string;
};

export const tails = [200, 1000, 10_000, 100_000, 'all'] as const;
export const sinces = ['5m', '15m', '1h', '6h', '24h', '7d'] as const;
export const DEFAULT_TAIL = 1000;
/** The server gives this many by number; beyond it everything. */
const MOST_TAIL = 100_000;
/** A permalink shows this much of what came before. */
const BEFORE_MS = 120_000;

const UNIT: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const time = (text: string | null): string | undefined => (text && /^\d{4}-\d\d-\d\d/.test(text) && Number.isFinite(Date.parse(text)) ? text : undefined);

export function readLogAddress(params: URLSearchParams): LogAddress {
  const tail = params.get('tail');
  const since = params.get('since') ?? '';
  return {
    services: [...new Set(params.getAll('service').filter((name) => name !== '' && name.length <= 200))],
    q: (params.get('q') ?? '').slice(0, 500),
    levels: levels.filter((level) => params.getAll('level').includes(level)),
    since: /^\d{1,6}[smhd]$/.test(since) ? since : time(since),
    tail: tail === 'all' || Number(tail) > MOST_TAIL ? 'all' : tail && /^\d{1,7}$/.test(tail) && Number(tail) > 0 ? Number(tail) : undefined,
    at: time(params.get('at')),
  };
}

export function writeLogAddress(address: LogAddress): string {
  const params = new URLSearchParams();
  for (const service of address.services) params.append('service', service);
  if (address.q) params.set('q', address.q);
  for (const level of address.levels) params.append('level', level);
  if (address.since) params.set('since', address.since);
  if (address.tail !== undefined) params.set('tail', String(address.tail));
  if (address.at) params.set('at', address.at);
  const text = params.toString();
  return text ? `?${text}` : '';
}

/** The same as a question to `/api/logs/stream` or `/api/logs/download`: lengths of time become times. */
export function streamQuery(address: Pick<LogAddress, 'since' | 'tail' | 'at'>, services: readonly string[], now: number): string {
  const params = new URLSearchParams();
  for (const service of services) params.append('service', service);
  let since = address.since;
  const length = since ? /^(\d+)([smhd])$/.exec(since) : null;
  if (length) since = new Date(now - Number(length[1]) * (UNIT[length[2] as string] as number)).toISOString();
  if (address.at) since = new Date(Date.parse(address.at) - BEFORE_MS).toISOString();
  if (since) params.set('since', since);
  params.set('tail', String(address.at ? 'all' : (address.tail ?? (since ? 'all' : DEFAULT_TAIL))));
  return params.toString();
}
