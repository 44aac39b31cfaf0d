import { readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import path from 'node:path';

type Where = { proc?: string; inContainer?: boolean };

/**
 * Whether this process is in the machine's own network: outside a container always, inside one when it sees Docker's
 * bridges. Otherwise its listeners say nothing about the host.
 */
export async function seesHostNetwork({ proc = '/proc', inContainer = existsSync('/.dockerenv') }: Where = {}): Promise<boolean> {
  if (!inContainer) return true;
  const text = await readFile(/*turbopackIgnore: true*/ path.join(proc, 'net/dev'), 'utf8').catch(() => '');
  return /^\s*(?:docker\d+|br-[0-9a-f]{12}):/m.test(text);
}

/** The network card that the default IPv4 route goes through; undefined when there is none or it isn't the host's. */
export async function defaultInterface({ proc = '/proc', inContainer }: Where = {}): Promise<string | undefined> {
  if (!(await seesHostNetwork({ proc, inContainer }))) return undefined;
  const text = await readFile(/*turbopackIgnore: true*/ path.join(proc, 'net/route'), 'utf8').catch(() => '');
  const [name] = text.split('\n').map((line) => line.trim().split(/\s+/)).find((fields) => fields[1] === '00000000' && fields[7] === '00000000') ?? [];
  return name && /^[\w.@:-]{1,15}$/.test(name) ? name : undefined;
}

/** Speed of a network card's link in Mbit/s, which no line through it can exceed; undefined for virtual cards, which don't say. */
export async function linkSpeed(card: string, sys = '/sys'): Promise<number | undefined> {
  const text = await readFile(/*turbopackIgnore: true*/ path.join(sys, 'class/net', card, 'speed'), 'utf8').catch(() => '');
  const mbits = Number(text);
  return Number.isInteger(mbits) && mbits > 0 ? mbits : undefined;
}
