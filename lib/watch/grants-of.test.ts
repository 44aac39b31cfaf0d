/** What the account key allows the ML operational key, and who holds a consensus key, asked of the stand-in network. */
import { expect, test } from 'vitest';
import { watchedSeed } from '../../e2e/network/watched-seed.ts';
import { judgePermissions, neededPermissions, permissionsVerdict } from '#lib/chain/permissions.ts';

const GRANTER = 'gonka1flzn7lvnpyvl7nagp8udpxymdqrk5kh3g4knj7';
const GRANTEE = 'gonka1rsk4j9wqjk3q3spjlsvhw6ztd0ydjrxwuh6ufc';
const KEY = 'OSQ/YZTpAUNX0UbdV0yI7V55ZFgIQkDFIPGSlaiw/Aw=';
const net = watchedSeed('0.2.14');
const verdict = async () => {
  const { value, state } = await net.watch.grantsOf(GRANTER, GRANTEE);
  return value ? [state, permissionsVerdict(judgePermissions(neededPermissions('0.2.14'), value, Date.now())), value.length] : [state];
};

test('the own node: none, a part, all on small pages, taken back, expired', async () => {
  await net.ownNode();
  expect(await verdict()).toEqual(['ok', 'missing', 0]);
  net.seed.grant(GRANTER, GRANTEE, { without: ['/inference.inference.MsgSubmitSeed'] });
  net.pass(3_000);
  expect(await verdict()).toEqual(['ok', 'missing', 19]);
  net.seed.change({ grantsPage: 6 });
  net.seed.grant(GRANTER, GRANTEE);
  net.pass(3_000);
  expect(await verdict()).toEqual(['ok', 'complete', 20]);
  net.seed.revoke(GRANTER, GRANTEE, ['/inference.inference.MsgClaimRewards']);
  net.pass(3_000);
  expect(await verdict()).toEqual(['ok', 'missing', 19]);
  net.seed.grant(GRANTER, GRANTEE, { expiration: new Date(Date.now() + 60_000).toISOString() });
  net.pass(3_000);
  expect(await verdict()).toEqual(['ok', 'complete', 20]);
});

test.each([['garbage', { garbage: true }], ['cut off', { truncated: true }], ['404', { status: 404 }], ['a web page', { html: true }], ['nothing', { down: true }]])('%s from a seed is unknown, never "missing"', async (_name, faults) => {
  net.seed.grant(GRANTER, GRANTEE);
  await net.watch.snapshot();
  net.seed.setFaults({ ...faults, only: '/chain-api' });
  expect(await verdict()).toEqual(['unknown']);
});

test('a seed on another chain is not believed', async () => {
  net.seed.grant(GRANTER, GRANTEE);
  net.seed.setFaults({ wrongChain: true });
  await net.watch.snapshot();
  expect(await verdict()).toEqual(['unknown']);
});

test('what a seed said had been allowed once counted as allowed now, though its chain stood still', async () => {
  net.seed.grant(GRANTER, GRANTEE);
  net.seed.setFaults({ frozenHeight: true });
  expect(await verdict()).toEqual(['ok', 'complete', 20]);
  net.pass(180_000);
  expect(await net.watch.grantsOf(GRANTER, GRANTEE)).toMatchObject({ state: 'stale', error: { code: 'chain_frozen' } });
  net.seed.setFaults({});
  net.pass(60_000);
  expect(await verdict()).toEqual(['ok', 'complete', 20]);
});

test('a seed answers for the own node, and asking it often keeps to the budget', async () => {
  net.seed.grant(GRANTER, GRANTEE);
  expect(await verdict()).toEqual(['ok', 'complete', 20]);
  for (let i = 0; i < 20; i += 1) {
    net.pass(2_000);
    await verdict();
  }
  const since = Date.now() - 60_000;
  expect(net.seed.requests.filter(({ at }) => at > since).length).toBeLessThanOrEqual(6);
});

test('another account with our consensus key is found though it is not in the active set', async () => {
  await net.ownNode();
  expect(await net.watch.holdersOf(KEY)).toMatchObject({ state: 'ok', value: { addresses: [], of: 'all' } });
  net.seed.register({ address: GRANTER, url: 'http://203.0.113.9:8000', validator_key: KEY, pub_key: 'Ajhq4Y6+lokQ7QIAW01RCoTM7kqe0U+5FXmqKn95SMz+' });
  net.pass(20_000);
  await net.watch.snapshot();
  net.pass(3_000);
  await net.watch.snapshot();
  expect(await net.watch.holdersOf(KEY)).toMatchObject({ state: 'ok', value: { addresses: [GRANTER], of: 'all' } });
});

test('without an own node only the active set is looked through, and it says so', async () => {
  await net.watch.snapshot();
  expect(await net.watch.holdersOf(KEY)).toMatchObject({ value: { addresses: [], of: 'active' } });
});
