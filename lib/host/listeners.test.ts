import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { listeners } from './listeners.ts';

async function listening(host: string) {
  const server = createServer();
  server.listen(0, host);
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, close: () => new Promise((done) => server.close(done)) };
}

it('sees a real socket with its address and its program, and not after it is closed', async () => {
  const one = await listening('127.0.0.1');
  const found = (await listeners())?.filter(({ port }) => port === one.port);
  expect(found).toEqual([{ protocol: 'tcp', address: '127.0.0.1', port: one.port, process: expect.any(String) }]);
  await one.close();
  expect((await listeners())?.filter(({ port, protocol }) => port === one.port && protocol === 'tcp')).toEqual([]);
});

it('IPv6 and every address', async () => {
  for (const [host, address] of [['::1', '::1'], ['0.0.0.0', '0.0.0.0'], ['::', '::']] as const) {
    const one = await listening(host);
    expect((await listeners())?.find(({ port }) => port === one.port)).toMatchObject({ address, protocol: 'tcp' });
    await one.close();
  }
});

it('a UDP socket that waits, not one that talks to somebody', async () => {
  const [waiting, talking] = [createSocket('udp4'), createSocket('udp4')];
  waiting.bind(0, '127.0.0.1');
  await once(waiting, 'listening');
  talking.connect(waiting.address().port, '127.0.0.1');
  await once(talking, 'connect');
  const udp = (await listeners())?.filter(({ protocol }) => protocol === 'udp').map(({ port }) => port);
  expect(udp).toContain(waiting.address().port);
  expect(udp).not.toContain(talking.address().port);
  waiting.close();
  talking.close();
});

it('a process that can not be seen is left out, the port is not', async () => {
  const proc = mkdtempSync(path.join(tmpdir(), 'proc-'));
  mkdirSync(path.join(proc, 'net'));
  expect(await listeners(proc)).toBeUndefined();
  writeFileSync(path.join(proc, 'net/tcp'), '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n   0: 3500007F:0035 00000000:0000 0A 00000000:00000000 00:00000000 00000000   101        0 4242 1 0000000000000000 100 0 0 10 0\n   1: 0100007F:1F90 0200007F:C000 01 00000000:00000000 00:00000000 00000000     0        0 4243 1 0\n');
  expect(await listeners(proc)).toEqual([{ protocol: 'tcp', address: '127.0.0.53', port: 53 }]);
  rmSync(proc, { recursive: true });
});
