/** One HTTP answer of the network, and what it is made from. */
import type { Ledger } from '../ledger.ts';
import type { World } from '../world.ts';

export type View = { world: World; ledger: Ledger; now: number };
export type Answer = { status: number; type: string; body: unknown };

const GO_ESCAPES: Record<string, string> = { '<': '\\u003c', '>': '\\u003e', '&': '\\u0026', '\u2028': '\\u2028', '\u2029': '\\u2029' };

/** Text of JSON as Go's encoder leaves it: never a bare < > &. */
export const goEscaped = (json: string): string => json.replace(/[<>&\u2028\u2029]/g, (c) => GO_ESCAPES[c] ?? c);

/** JSON as Go writes it: 64-bit numbers stay whole (the seeds of facts 4.5 are beyond 2^53). */
export function toJson(value: unknown, indent?: number): string {
  const raw = (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON;
  return goEscaped(JSON.stringify(value, (_key, item: unknown) => (typeof item === 'bigint' ? raw(String(item)) : item), indent));
}

/** The bytes of an answer; echo ends its JSON with a newline, the chain doesn't. */
export function bodyOf(answer: Answer): string {
  if (typeof answer.body === 'string') return answer.body;
  return toJson(answer.body);
}

/** RFC 3339 with nine digits, as Go prints a block's time. */
export function blockTime(ms: number): string {
  return new Date(ms).toISOString().replace(/\.(\d{3})Z$/, (_, millis: string) => `.${millis}${String(Math.floor((ms % 1) * 1e6)).padStart(3, '0').slice(0, 3)}167Z`);
}
