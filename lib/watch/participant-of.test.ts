/** Whether an account has a host on chain, asked of the stand-in network. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startSeed, type Seed } from '../../e2e/network/seed.ts';
import { ChainGateway } from '#lib/chain/client.ts';
import type { OwnAddresses } from '#lib/chain/own-node.ts';
import { NetworkWatch } from './network-watch.ts';

const ADDRESS = 'gonka1flzn7lvnpyvl7nagp8udpxymdqrk5kh3g4knj7';
const CONSENSUS = 'OSQ/YZTpAUNX0UbdV0yI7V55ZFgIQkDFIPGSlaiw/Aw=';
let seed: Seed;
let watch: NetworkWatch;
let addresses: OwnAddresses;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  vi.setSystemTime(1_800_000_000_000);
  seed = await startSeed({ host: '127.0.0.1', epochSeconds: 360, release: '0.2.8', now: Date.now() });
  addresses = {};
  watch = new NetworkWatch({ now: () => Date.now(), seedUrls: [seed.url], gateway: new ChainGateway(), addresses: async () => addresses, accountPubkey: async () => undefined });
});
afterEach(async () => {
  watch.close();
  await seed.stop();
  vi.useRealTimers();
});
const register = () => {
  seed.register({ address: ADDRESS, url: 'http://203.0.113.7:8000', validator_key: CONSENSUS, pub_key: 'Ajhq4Y6+lokQ7QIAW01RCoTM7kqe0U+5FXmqKn95SMz+' });
  vi.setSystemTime(Date.now() + 15_000); // in one of the next blocks
};

test('a seed says that there is none, or which host it is', async () => {
  expect(await watch.participantOf(ADDRESS)).toMatchObject({ state: 'ok', value: false, source: '127.0.0.1' });
  register();
  vi.setSystemTime(Date.now() + 150_000);
  expect(await watch.participantOf(ADDRESS)).toMatchObject({ state: 'ok', value: { url: 'http://203.0.113.7:8000', validatorKey: CONSENSUS } });
});

test('a caught-up own node is asked instead', async () => {
  const door = await seed.openDoor({ host: '127.0.0.1', rateLimit: false });
  addresses = { rpc: `${door.url}/chain-rpc`, rest: `${door.url}/chain-api`, api: door.url };
  register();
  await watch.snapshot();
  vi.setSystemTime(Date.now() + 7_000);
  await watch.snapshot();
  expect(await watch.participantOf(ADDRESS)).toMatchObject({ state: 'ok', source: 'own node', value: { validatorKey: CONSENSUS } });
});

test('thirty addresses asked in a minute keep to the budget, and the rest is unknown', async () => {
  const said = await Promise.all(Array.from({ length: 30 }, (_, i) => watch.participantOf(`gonka1${String(i).padStart(38, 'q')}`)));
  expect(seed.requests.length).toBeLessThanOrEqual(6);
  expect(said.filter((one) => one.value === undefined).length).toBeGreaterThan(20);
  expect(said.filter((one) => one.value === undefined).every((one) => one.state === 'unknown' && one.error !== undefined)).toBe(true);
});

test('no seed answers: unknown, never "none"', async () => {
  await seed.stop();
  const said = await watch.participantOf(ADDRESS);
  expect(said).toMatchObject({ state: 'unknown' });
  expect(said.value).toBeUndefined();
  seed = await startSeed({ host: '127.0.0.1', epochSeconds: 360, release: '0.2.8', now: Date.now() });
});
