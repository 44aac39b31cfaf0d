import type { KnownCard, TypedServer } from './models-data.ts';

/** One server typed by hand: so many cards of one kind. `kind` is a known one, or `NNGB` for any other card. */
export type WhatIfServer = { count: number; kind: string; ramGiB?: number };

/** The address has one of them as `s=8xH100` or `s=8xH100@1500` (RAM in GiB). */
export const SERVER_PARAM = 's';
export const MOST_SERVERS = 16;
export const MOST_CARDS = 64;
const MOST_RAM = 65_536;
const MOST_GB = 1_000;

/** GB of a kind such as `48GB`; undefined for a name. */
export function typedGb(kind: string): number | undefined {
  const gb = Number(/^(\d{1,4})GB$/.exec(kind)?.[1]);
  return gb >= 1 && gb <= MOST_GB ? gb : undefined;
}

/** What the address says; parts that mean nothing are left out. Kinds are only known with the panel's answer: they are checked in `typedServers`. */
export function readWhatIf(params: URLSearchParams): WhatIfServer[] {
  return params.getAll(SERVER_PARAM).slice(0, MOST_SERVERS).flatMap((text): WhatIfServer[] => {
    const match = /^(\d{1,2})x([\w ]{1,40})(?:@(\d{1,6}))?$/.exec(text);
    const [count, ram] = [Number(match?.[1]), Number(match?.[3] ?? 0)];
    if (!match || count < 1 || count > MOST_CARDS) return [];
    return [{ count, kind: (match[2] as string).trim(), ...(ram >= 1 && ram <= MOST_RAM ? { ramGiB: ram } : {}) }];
  });
}

/** `?s=8xH100&s=…` with what else stands in the address; empty when there is nothing. */
export function writeWhatIf(servers: readonly WhatIfServer[], others: URLSearchParams = new URLSearchParams()): string {
  const params = new URLSearchParams(others);
  params.delete(SERVER_PARAM);
  for (const { count, kind, ramGiB } of servers) params.append(SERVER_PARAM, `${count}x${kind}${ramGiB ? `@${ramGiB}` : ''}`);
  const text = params.toString();
  return text ? `?${text}` : '';
}

/** The same as a question; a kind that nobody knows is left out. `name(N)` names server N, from 1. */
export function typedServers(servers: readonly WhatIfServer[], cards: readonly KnownCard[], name: (number: number) => string): TypedServer[] {
  return servers.flatMap(({ count, kind, ramGiB }, i): TypedServer[] => {
    const known = cards.find((card) => card.kind === kind);
    const gb = typedGb(kind);
    if (!known && gb === undefined) return [];
    const card = known ? { name: known.name, totalMiB: known.totalMiB } : { name: kind, totalMiB: (gb as number) * 1024 };
    return [{ name: name(i + 1), gpus: Array.from({ length: count }, () => card), ...(ramGiB ? { ramGiB } : {}) }];
  });
}
