import { afterAll, beforeAll, expect, test } from 'vitest';
import { newAccountKey } from './addresses.ts';
import { Bucket } from './rate-limit.ts';
import { startSeed, type Door, type Seed } from './seed.ts';

let seed: Seed;
beforeAll(async () => { seed = await startSeed({ host: '127.0.0.1', epochSeconds: 600 }); });
afterAll(() => seed.stop());

const get = async (door: Door, path: string) => {
  const response = await fetch(`${door.url}${path}`);
  return { status: response.status, type: response.headers.get('content-type'), body: await response.text() };
};
const LATEST = '/v1/epochs/latest';
const open = () => seed.openDoor({ host: '127.0.0.1', rateLimit: false });

test('validators come in pages of 30, at most 100', async () => {
  const door = await open();
  const page = async (query: string) => (JSON.parse((await get(door, `/chain-rpc/validators${query}`)).body) as { result?: { count: string; total: string }; error?: { data: string } });
  expect((await page('')).result).toMatchObject({ count: '30', total: '40' });
  expect((await page('?page=2')).result).toMatchObject({ count: '10', total: '40' });
  expect((await page('?per_page=1000')).result).toMatchObject({ count: '40' });
  expect((await page('?page=3')).error?.data).toBe('page should be within [1, 2] range, given 3');
});

test('every fault shows at its door only', async () => {
  const door = await open();
  const other = await open();
  door.setFaults({ down: true });
  await expect(get(door, LATEST)).rejects.toThrow();
  door.setFaults({ status: 500 });
  expect((await get(door, LATEST)).status).toBe(500);
  door.setFaults({ html: true });
  expect((await get(door, LATEST)).type).toBe('text/html');
  door.setFaults({ garbage: true });
  const garbage = await get(door, LATEST);
  expect(() => JSON.parse(garbage.body)).toThrow();
  door.setFaults({ truncated: true });
  await expect(get(door, LATEST)).rejects.toThrow();
  door.setFaults({ wrongChain: true });
  expect(JSON.parse((await get(door, '/chain-rpc/status')).body).result.node_info.network).toBe('gonka-testnet-3');
  door.setFaults({ status: 500, only: '/chain-api' });
  expect((await get(door, LATEST)).status).toBe(200);
  door.setFaults({ slowMs: 300 });
  const before = Date.now();
  expect((await get(door, LATEST)).status).toBe(200);
  expect(Date.now() - before).toBeGreaterThan(290);
  expect((await get(other, LATEST)).status).toBe(200);
});

test('a frozen door stays behind while the chain goes on', async () => {
  const fast = await startSeed({ host: '127.0.0.1', epochSeconds: 6, rateLimit: false });
  const door = await fast.openDoor({ host: '127.0.0.1', rateLimit: false });
  door.setFaults({ frozenHeight: true });
  const height = async (of: Door) => JSON.parse((await get(of, LATEST)).body).block_height as number;
  const frozen = await height(door);
  await new Promise((resolve) => setTimeout(resolve, 400));
  expect(await height(door)).toBe(frozen);
  expect(await height(fast)).toBeGreaterThan(frozen);
  await fast.stop();
});

test('the limit: a burst, then 503 with a web page until it has leaked', async () => {
  const bucket = new Bucket({ perMinute: 60, burst: 2 });
  expect([0, 0, 0, 0].map(() => bucket.passes('a', 0))).toEqual([true, true, true, false]);
  expect(bucket.passes('b', 0)).toBe(true);
  expect(bucket.passes('a', 1000)).toBe(true);
  expect(bucket.passes('a', 1000)).toBe(false);

  const door = await seed.openDoor({ host: '127.0.0.1', rateLimit: { api: { perMinute: 10, burst: 3 }, chain: { perMinute: 20, burst: 1 } } });
  const statuses: number[] = [];
  for (let i = 0; i < 6; i++) statuses.push((await get(door, LATEST)).status);
  expect(statuses).toEqual([200, 200, 200, 200, 503, 503]);
  expect(await get(door, LATEST)).toMatchObject({ status: 503, type: 'text/html' });
  expect((await get(door, '/chain-rpc/status')).status).toBe(200);
  expect(door.requests.filter((request) => request.status === 503).length).toBeGreaterThan(2);
});

test('the whole network: a phase held, confirmation PoC, a PoC that fails for all, a halt', async () => {
  const own = await startSeed({ host: '127.0.0.1', epochSeconds: 60, release: '0.2.8', rateLimit: false });
  const latest = async () => JSON.parse((await get(own, LATEST)).body) as { phase: string; block_height: number; is_confirmation_poc_active: boolean; latest_epoch: { index: number } };
  own.change({ phase: 'PoCValidate' });
  expect((await latest()).phase).toBe('PoCValidate');
  const held = (await latest()).latest_epoch.index;
  expect(held).toBe(201);
  own.change({ phase: false });
  expect(await latest()).toMatchObject({ phase: 'Inference', latest_epoch: { index: held } });
  own.change({ confirmationPoc: true });
  expect((await latest()).is_confirmation_poc_active).toBe(true);
  own.change({ pocFails: true, moveTo: 25 });
  const failed = await get(own, '/v1/epochs/current/participants');
  expect(failed.status).toBe(404);
  expect(JSON.parse(failed.body)).toEqual({ error: 'No active participants found for the specified epoch. Looks like PoC failed!' });
  expect(JSON.parse((await get(own, '/chain-rpc/validators')).body).result.total).toBe('40');
  own.change({ halted: true });
  const height = (await latest()).block_height;
  own.change({ halted: false });
  expect((await latest()).block_height).toBeGreaterThanOrEqual(height);
  await own.stop();
});

test('containers get the world once, and again when something changed', async () => {
  const ask = async (since = '') => (await (await fetch(`${seed.url}/standin/world?since=${since}`)).json()) as { revision: string; world?: unknown };
  const first = await ask();
  expect(first.world).toBeDefined();
  expect(await ask(first.revision)).toEqual({ revision: first.revision });
  await fetch(`${seed.url}/standin/world`, { method: 'POST', body: JSON.stringify({ flood: { service: 'node', linesPerSecond: 10 } }) });
  expect(await ask(first.revision)).toMatchObject({ world: { flood: { service: 'node' } } });
});

test('grants come in pages', async () => {
  const door = await open();
  seed.grant('gonka1granter', 'gonka1grantee');
  seed.change({ grantsPage: 10 });
  const page = async (key = '') => JSON.parse((await get(door, `/chain-api/cosmos/authz/v1beta1/grants?granter=gonka1granter&grantee=gonka1grantee&pagination.limit=200&pagination.key=${encodeURIComponent(key)}`)).body) as { grants: unknown[]; pagination: { next_key: string | null; total: string } };
  const first = await page();
  const second = await page(first.pagination.next_key!);
  const third = await page(second.pagination.next_key!);
  expect([first.pagination.total, first.grants.length, second.grants.length, third.grants.length, third.pagination.next_key]).toEqual(['24', 10, 10, 4, null]);
});

test('registrations: ignored, refused by a panic, later on chain, and on chain but unseen', async () => {
  const door = await open();
  const key = newAccountKey();
  const post = () => fetch(`${door.url}/v1/participants`, { method: 'POST', body: JSON.stringify({ address: key.address, url: 'http://203.0.113.7:8000', validator_key: 'k', pub_key: key.pubKey }) });
  const onChain = async () => (await get(door, `/chain-api/productscience/inference/inference/participant/${key.address}`)).status;
  const seen = async () => (await get(door, `/v1/participants/${key.address}`)).status;
  seed.change({ registration: { answer: 'ignored' } });
  expect([(await post()).status, await onChain()]).toEqual([200, 404]);
  seed.change({ registration: { answer: 'panics' } });
  const panicked = await post();
  expect([panicked.status, await panicked.text()]).toEqual([500, '{"error":"rpc error: code = Unknown desc = runtime error: invalid memory address or nil pointer dereference: panic"}']);
  seed.change({ registration: { unseen: true, afterBlocks: 5 } });
  expect((await post()).status).toBe(200);
  expect([await onChain(), await seen()]).toEqual([404, 404]);
  seed.ledger.hosts.at(-1)!.joinHeight = 1;
  expect([await onChain(), await seen()]).toEqual([200, 404]);
  seed.change({ registration: {} });
  expect(await seen()).toBe(200);
});
