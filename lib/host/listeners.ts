import { readdir, readFile, readlink } from 'node:fs/promises';
import path from 'node:path';

/** A port of this machine that somebody listens on. `process`: the program's name; undefined when it can't be seen, which isn't "nobody". */
export type Listener = { protocol: 'tcp' | 'udp'; /** As written in an address: `0.0.0.0`, `127.0.0.1`, `::1`. */ address: string; port: number; process?: string };

/** TCP_LISTEN; a UDP socket that waits for anyone is "closed" to the kernel (proc(5), include/net/tcp_states.h). */
const WAITING = { tcp: '0A', udp: '07' };

/**
 * Who listens, from `/proc/net`: the network that this process is in. In the panel's container (host network) these are
 * the host's sockets, whose processes can't be seen from there. Undefined when the kernel doesn't say at all.
 */
export async function listeners(proc = '/proc'): Promise<Listener[] | undefined> {
  const found: (Listener & { inode: string })[] = [];
  let readable = false;
  for (const protocol of ['tcp', 'udp'] as const) {
    for (const version of ['', '6']) {
      const text = await readFile(/*turbopackIgnore: true*/ path.join(proc, 'net', protocol + version), 'utf8').catch(() => undefined);
      if (text === undefined) continue;
      if (protocol === 'tcp') readable = true;
      for (const line of text.split('\n').slice(1)) {
        const [, local = '', remote = '', state, , , , , , inode = ''] = line.trim().split(/\s+/);
        const [address = '', port = ''] = local.split(':');
        if (state !== WAITING[protocol] || (protocol === 'udp' && !/:0000$/.test(remote))) continue;
        found.push({ protocol, address: readAddress(address), port: Number.parseInt(port, 16), inode });
      }
    }
  }
  if (!readable) return undefined;
  const owners = await socketOwners(new Set(found.map((one) => one.inode)), proc);
  return found
    .map(({ inode, ...one }) => ({ ...one, ...(owners.has(inode) ? { process: owners.get(inode) as string } : {}) }))
    .sort((a, b) => a.port - b.port || a.protocol.localeCompare(b.protocol) || a.address.localeCompare(b.address));
}

/** The kernel prints addresses as 32-bit words in the machine's byte order, which is little-endian here. */
function readAddress(hex: string): string {
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((word) => [...Buffer.from(word, 'hex')].reverse());
  if (bytes.length === 4) return bytes.join('.');
  if (bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255) return bytes.slice(12).join('.');
  const words = Array.from({ length: 8 }, (_, i) => (((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0)).toString(16));
  // The URL parser writes IPv6 in its shortest form.
  return new URL(`http://[${words.join(':')}]`).hostname.slice(1, -1);
}

/** Program names by socket, as far as this process may look. */
async function socketOwners(inodes: Set<string>, proc: string): Promise<Map<string, string>> {
  const owners = new Map<string, string>();
  const pids = (await readdir(/*turbopackIgnore: true*/ proc).catch(() => [] as string[])).filter((name) => /^\d+$/.test(name));
  for (const pid of pids) {
    const held = await readdir(/*turbopackIgnore: true*/ path.join(proc, pid, 'fd')).catch(() => [] as string[]);
    const targets = await Promise.all(held.map((fd) => readlink(/*turbopackIgnore: true*/ path.join(proc, pid, 'fd', fd)).catch(() => '')));
    const mine = targets.flatMap((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? []).filter((inode) => inodes.has(inode) && !owners.has(inode));
    if (mine.length === 0) continue;
    const name = (await readFile(/*turbopackIgnore: true*/ path.join(proc, pid, 'comm'), 'utf8').catch(() => '')).trim();
    if (name) for (const inode of mine) owners.set(inode, name);
  }
  return owners;
}
