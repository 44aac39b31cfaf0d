/** What the account key allows the ML operational key, and who holds a consensus key, asked of the stand-in network. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startSeed, type Seed } from '../../e2e/network/seed.ts';
import { ChainGateway } from '#lib/chain/client.ts';
import type { OwnAddresses } from '#lib/chain/own-node.ts';
import { judgePermissions, neededPermissions, permissionsVerdict } from '#lib/chain/permissions.ts';
import { NetworkWatch } from './network-watch.ts';

const GRANTER = 'gonka1flzn7lvnpyvl7nagp8udpxymdqrk5kh3g4knj7';
const GRANTEE = 'gonka1rsk4j9wqjk3q3spjlsvhw6ztd0ydjrxwuh6ufc';
const KEY = 'OSQ/YZTpAUNX0UbdV0yI7V55ZFgIQkDFIPGSlaiw/Aw=';
let seed: Seed;
let watch: NetworkWatch;
let addresses: OwnAddresses;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  vi.setSystemTime(1_800_000_000_000);
  seed = await startSeed({ host: '127.0.0.1', epochSeconds: 360, release: '0.2.14', now: Date.now() });
  addresses = {};
  watch = new NetworkWatch({ now: () => Date.now(), seedUrls: [seed.url], gateway: new ChainGateway(), addresses: async () => addresses, accountPubkey: async () => undefined });
});
afterEach(async () => {
  watch.close();
  await seed.stop();
  vi.useRealTimers();
});
const pass = (ms: number) => vi.setSystemTime(Date.now() + ms);
const verdict = async () => {
  const { value, state } = await watch.grantsOf(GRANTER, GRANTEE);
  return value ? [state, permissionsVerdict(judgePermissions(neededPermissions('0.2.14'), value, Date.now())), value.length] : [state];
};
async function ownNode() {
  const door = await seed.openDoor({ host: '127.0.0.1', rateLimit: false });
  addresses = { rpc: `${door.url}/chain-rpc`, rest: `${door.url}/chain-api`, api: door.url };
  await watch.snapshot();
  pass(7_000);
  await watch.snapshot();
  return door;
}

test('the own node: none, a part, all on small pages, taken back, expired', async () => {
  await ownNode();
  expect(await verdict()).toEqual(['ok', 'missing', 0]);
  seed.grant(GRANTER, GRANTEE, { without: ['/inference.inference.MsgSubmitSeed'] });
  pass(3_000);
  expect(await verdict()).toEqual(['ok', 'missing', 19]);
  seed.change({ grantsPage: 6 });
  seed.grant(GRANTER, GRANTEE);
  pass(3_000);
  expect(await verdict()).toEqual(['ok', 'complete', 20]);
  seed.revoke(GRANTER, GRANTEE, ['/inference.inference.MsgClaimRewards']);
  pass(3_000);
  expect(await verdict()).toEqual(['ok', 'missing', 19]);
  seed.grant(GRANTER, GRANTEE, { expiration: new Date(Date.now() + 60_000).toISOString() });
  pass(3_000);
  expect(await verdict()).toEqual(['ok', 'complete', 20]);
});

test.each([['garbage', { garbage: true }], ['cut off', { truncated: true }], ['404', { status: 404 }], ['a web page', { html: true }], ['nothing', { down: true }]])('%s from a seed is unknown, never "missing"', async (_name, faults) => {
  seed.grant(GRANTER, GRANTEE);
  await watch.snapshot();
  seed.setFaults({ ...faults, only: '/chain-api' });
  expect(await verdict()).toEqual(['unknown']);
});

test('a seed on another chain is not believed', async () => {
  seed.grant(GRANTER, GRANTEE);
  seed.setFaults({ wrongChain: true });
  await watch.snapshot();
  expect(await verdict()).toEqual(['unknown']);
});

test('a seed answers for the own node, and asking it often keeps to the budget', async () => {
  seed.grant(GRANTER, GRANTEE);
  expect(await verdict()).toEqual(['ok', 'complete', 20]);
  for (let i = 0; i < 20; i += 1) {
    pass(2_000);
    await verdict();
  }
  const since = Date.now() - 60_000;
  expect(seed.requests.filter(({ at }) => at > since).length).toBeLessThanOrEqual(6);
});

test('another account with our consensus key is found though it is not in the active set', async () => {
  await ownNode();
  expect(await watch.holdersOf(KEY)).toMatchObject({ state: 'ok', value: { addresses: [], of: 'all' } });
  seed.register({ address: GRANTER, url: 'http://203.0.113.9:8000', validator_key: KEY, pub_key: 'Ajhq4Y6+lokQ7QIAW01RCoTM7kqe0U+5FXmqKn95SMz+' });
  pass(20_000);
  await watch.snapshot();
  pass(3_000);
  await watch.snapshot();
  expect(await watch.holdersOf(KEY)).toMatchObject({ state: 'ok', value: { addresses: [GRANTER], of: 'all' } });
});

test('without an own node only the active set is looked through, and it says so', async () => {
  await watch.snapshot();
  expect(await watch.holdersOf(KEY)).toMatchObject({ value: { addresses: [], of: 'active' } });
});
