/**
 * Nodes of real hosts as a seed sees them: whoever connects is a peer (`is_outbound: false`), reachable from outside or not;
 * `is_outbound: true` once the seed has called the node's own address and found that node there.
 */
import { connect } from 'node:net';
import type { World } from './world.ts';

export type Peer = { id: string; listenAddr: string; remoteIp: string; seenAt: number; dialled: boolean; calledAt: number };

const GONE_AFTER_MS = 8000;
const CALL_EVERY_MS = 2000;
const CALL_TIMEOUT_MS = 1500;

/** True when the node with this id answers at the address: ours says its id to whoever calls. */
function answers(address: string, id: string): Promise<boolean> {
  const url = URL.parse(address.replace(/^(\w+:\/\/)?/, 'http://'));
  if (!url) return Promise.resolve(false);
  return new Promise((resolve) => {
    const socket = connect({ host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port || 80), timeout: CALL_TIMEOUT_MS });
    let said = '';
    const end = () => { socket.destroy(); resolve(said.trim() === id); };
    socket.on('data', (chunk) => { said += chunk; }).on('end', end).on('timeout', end).on('error', end);
  });
}

export class Peers {
  #all = new Map<string, Peer>();

  /** A node says that it is connected; now and then it is called back. */
  connected(world: World, peer: { id: string; listenAddr: string; remoteIp: string }): void {
    const now = Date.now();
    const known: Peer = { dialled: false, calledAt: 0, ...this.#all.get(peer.id), ...peer, seenAt: now };
    this.#all.set(peer.id, known);
    if (now - known.calledAt < CALL_EVERY_MS) return;
    known.calledAt = now;
    const address = known.listenAddr.replace(/^\w+:\/\//, '');
    void answers(world.reach[address] ?? address, known.id).then((found) => { (this.#all.get(peer.id) ?? known).dialled = found; });
  }

  list(world: World): Peer[] {
    return [...this.#all.values()].filter((peer) => Date.now() - peer.seenAt < GONE_AFTER_MS && (peer.dialled || world.inboundPeers));
  }
}
