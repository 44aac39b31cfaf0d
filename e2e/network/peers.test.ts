import { createServer, type AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { startSeed } from './seed.ts';

type Listed = { node_info: { id: string }; is_outbound: boolean };

test('a node that calls is a peer; called back by the seed only where that very node answers', async () => {
  const seed = await startSeed({ host: '127.0.0.1', rateLimit: false });
  const door = await seed.openDoor({ host: '127.0.0.1', rateLimit: false });
  const node = createServer((socket) => void socket.on('error', () => {}).end('id1\n'));
  await new Promise<void>((resolve) => { node.listen(0, '127.0.0.1', resolve); });
  const { port } = node.address() as AddressInfo;
  const seen = async (id: string, listenAddr: string, at = seed.url) => {
    await fetch(`${seed.url}/standin/peer`, { method: 'POST', body: JSON.stringify({ id, listenAddr }) });
    const { result } = (await (await fetch(`${at}/chain-rpc/net_info`)).json()) as { result: { peers: Listed[] } };
    return result.peers.find((peer) => peer.node_info.id === id)?.is_outbound;
  };
  expect(await seen('id0', 'tcp://127.0.0.1:9'), 'a closed port').toBe(false);
  await expect.poll(() => seen('id1', `tcp://127.0.0.1:${port}`)).toBe(true);
  expect(await seen('id1', `tcp://127.0.0.1:${port}`, door.url), 'at every door').toBe(true);
  await seen('id2', `tcp://127.0.0.1:${port}`);
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(await seen('id2', `tcp://127.0.0.1:${port}`), 'another node at that address').toBe(false);
  seed.change({ reach: { '203.0.113.7:5000': `127.0.0.1:${port}` } });
  await expect.poll(() => seen('id1', 'tcp://203.0.113.7:5000')).toBe(true);
  seed.change({ inboundPeers: false });
  expect([await seen('id0', 'tcp://127.0.0.1:9'), await seen('id1', 'tcp://203.0.113.7:5000')]).toEqual([undefined, true]);
  await new Promise((resolve) => { node.close(resolve); });
  await seed.stop();
});
