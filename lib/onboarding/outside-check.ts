import { randomBytes } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import { z } from 'zod';
import { clock } from '#lib/core/clock.ts';
import { singleton } from '#lib/core/singleton.ts';
import { db } from '#lib/db/client.ts';
import type { Container } from '#lib/docker/client.ts';
import { lastLines } from '#lib/docker/last-lines.ts';

// Addresses that are nobody's outside: this machine, its networks, Docker's, and what carriers use behind their NAT.
const inside = new BlockList();
for (const [net, bits] of [['10.0.0.0', 8], ['172.16.0.0', 12], ['192.168.0.0', 16], ['127.0.0.0', 8], ['169.254.0.0', 16], ['100.64.0.0', 10], ['0.0.0.0', 8]] as const) inside.addSubnet(net, bits, 'ipv4');
for (const [net, bits] of [['::1', 128], ['fc00::', 7], ['fe80::', 10]] as const) inside.addSubnet(net, bits, 'ipv6');

/** True where a request with this source address came from another network than the host's own. */
export function isOutside(address: string, ownAddresses: readonly string[]): boolean {
  const family = isIP(address);
  return family !== 0 && !ownAddresses.includes(address) && !inside.check(address, family === 4 ? 'ipv4' : 'ipv6');
}

/** A request with the token, as the proxy's access log has it: who sent it and what was answered. Any release's format (facts 9). */
export function requestIn(line: string, token: string): { address: string; status: number } | undefined {
  // The token is part of the request line; anywhere else (a referrer, a name) it proves nothing.
  const request = new RegExp(`"GET [^" ]*[?&]check=${token}(?:[& ][^"]*)?" (\\d{3})\\b`).exec(line);
  if (!request) return undefined;
  const address = line.slice(0, request.index).split(/[\s\t,]+/).map((part) => part.replace(/^::ffff:/, '')).find((part) => isIP(part) !== 0);
  return address ? { address, status: Number(request[1]) } : undefined;
}

const storedSchema = z.object({ token: z.string().regex(/^[a-z0-9]{16}$/), seen: z.object({ at: z.number(), address: z.string(), status: z.number() }).optional(), refused: z.object({ at: z.number(), address: z.string(), status: z.number() }).optional(), inside: z.object({ at: z.number(), address: z.string() }).optional() });
/** `seen`: a request from outside that was answered with 200; `refused`: one that wasn't; `inside`: the latest one that came from this network. Times in ms. */
export type OutsideCheck = z.infer<typeof storedSchema>;

/** A proof of reachability is no news for ever: firewalls and addresses change (ms). */
export const OUTSIDE_VALID_MS = 24 * 60 * 60_000;
/** Lines read when nothing was read before, and since the last look: a proxy under load writes thousands in a few seconds. */
const FIRST_TAIL = 2000;
const MOST_LINES = 10_000;

const row = (dir: string, url: string) => `outside-check:${dir}:${url}`;

async function stored(key: string): Promise<OutsideCheck> {
  const found = await db().setting.findUnique({ where: { key } });
  const known = storedSchema.safeParse(found && safeJson(found.value));
  if (known.success) return known.data;
  // Two pages at once see no row: both must show the token that is stored.
  const made = singleton('onboarding.outside-made', () => new Map<string, OutsideCheck>());
  const fresh = made.get(key) ?? { token: randomBytes(8).toString('hex') };
  made.set(key, fresh);
  await save(key, fresh);
  return fresh;
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function save(key: string, check: OutsideCheck): Promise<void> {
  const value = JSON.stringify(check);
  await db().setting.upsert({ where: { key }, create: { key, value }, update: { value } });
}

/**
 * Whether somebody outside has reached this host's public address: a request with a token that only the page shows, found
 * in the proxy's own access log. Reads what the log has had since the last look; the panel never sends such a request.
 * `url`: PUBLIC_URL, so that another address begins anew.
 */
export function outsideCheck(dir: string, url: string, proxy: Pick<Container, 'id' | 'tty'> | undefined, ownAddresses: readonly string[]): Promise<OutsideCheck> {
  const key = row(dir, url);
  if (!proxy) return stored(key);
  // One look at a time: two would each write what they have found over what the other has.
  const running = singleton('onboarding.outside-running', () => new Map<string, Promise<OutsideCheck>>());
  const found = running.get(key) ?? look(key, url, proxy, ownAddresses).finally(() => running.delete(key));
  running.set(key, found);
  return found;
}

async function look(key: string, url: string, proxy: Pick<Container, 'id' | 'tty'>, ownAddresses: readonly string[]): Promise<OutsideCheck> {
  const check = await stored(key);
  const looked = singleton('onboarding.outside-looked', () => new Map<string, number>());
  const before = looked.get(key);
  // A second of overlap: a line is found twice rather than never. After a clock that was set back everything is looked at again.
  const lines = await lastLines(proxy, before === undefined || before > clock.now() ? { tail: FIRST_TAIL } : { tail: MOST_LINES, since: before - 1000 });
  // As far as the log was read, which may be less than all of it.
  const last = lines.findLast(({ at }) => Number.isFinite(at));
  if (last) looked.set(key, last.at);
  const requests = lines.flatMap(({ at, line }) => {
    const request = requestIn(line, check.token);
    return request ? [{ at, ...request }] : [];
  });
  if (requests.length === 0) return check;
  const own = [...ownAddresses, ...(await addressesOf(url))];
  let found = check;
  for (const { at, address, status } of requests) {
    if (!isOutside(address, own)) found = { ...found, inside: { at, address } };
    else found = { ...found, [status === 200 ? 'seen' : 'refused']: { at, address, status } };
  }
  await save(key, found);
  return found;
}

/** Behind a NAT the public address is on no interface of this machine, and its router shows our own requests with it. */
export async function addressesOf(publicUrl: string): Promise<string[]> {
  const name = URL.canParse(publicUrl) ? new URL(publicUrl).hostname.replace(/^\[|\]$/g, '') : '';
  if (!name || isIP(name) !== 0) return name ? [name] : [];
  return (await lookup(name, { all: true }).catch(() => [])).map(({ address }) => address);
}

/** What is opened from outside: the api's public status through the proxy, with the token. */
export const outsideUrl = (publicUrl: string, token: string): string => `${publicUrl.replace(/\/+$/, '')}/v1/status?check=${token}`;
