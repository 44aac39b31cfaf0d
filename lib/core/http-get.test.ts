/** What a name resolves to decides, at the moment of the connection. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeEach, expect, test, vi } from 'vitest';
import { httpGet } from './http-get.ts';

const answers: { address: string; family: number }[][] = [];
const asked: string[] = [];
vi.mock('node:dns', () => ({
  lookup: (name: string, _options: unknown, callback: (error: Error | null, all: { address: string; family: number }[]) => void) => {
    asked.push(name);
    callback(null, answers.shift() ?? []);
  },
}));

let hits = 0;
const server = createServer((_, response) => {
  hits += 1;
  response.end('{}');
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const port = (server.address() as AddressInfo).port;
afterAll(() => server.close());
beforeEach(() => {
  hits = 0;
  asked.length = answers.length = 0;
});

const get = () => httpGet(new URL(`http://seed.example:${port}/`), { timeoutMs: 1_000, maxBytes: 1_000 });
const v4 = (address: string) => ({ address, family: 4 });

test('a name that leads to link-local or metadata addresses is refused', async () => {
  for (const all of [[v4('169.254.169.254')], [{ address: '::ffff:169.254.169.254', family: 6 }], [v4('127.0.0.1'), v4('169.254.1.1')], [v4('0.0.0.0')], []]) {
    answers.push(all);
    expect(await get()).toEqual({ kind: 'refused' });
  }
  expect(hits).toBe(0);
});

test('a name is resolved once for a connection, and that address is used', async () => {
  answers.push([v4('127.0.0.1')], [v4('169.254.169.254')]);
  expect(await get()).toMatchObject({ kind: 'answer', status: 200 });
  expect(asked.length).toBe(1);
  // The flip comes with the next connection, and is caught there.
  expect(await get()).toEqual({ kind: 'refused' });
  expect(hits).toBe(1);
});
