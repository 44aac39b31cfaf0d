/** The network's rule on collateral and a host's deposit, asked of the stand-in network. */
import { expect, test } from 'vitest';
import { watchedSeed } from '../../e2e/network/watched-seed.ts';

const ADDRESS = 'gonka1flzn7lvnpyvl7nagp8udpxymdqrk5kh3g4knj7';
const net = watchedSeed('0.2.14');
const found = async () => {
  const { state, value, source } = await net.watch.collateralOf(ADDRESS);
  return [state, value?.rule.since, value?.deposit, source];
};

test('none, then a deposit, by the own node', async () => {
  await net.ownNode();
  expect(await found()).toEqual(['ok', 181, 0n, 'own node']);
  net.seed.change({ collateral: { [ADDRESS]: '5000000000' } });
  net.pass(20_000);
  await net.watch.snapshot();
  expect(await found()).toEqual(['ok', 181, 5_000_000_000n, 'own node']);
});

test.each([['garbage', { garbage: true }], ['cut off', { truncated: true }], ['404', { status: 404 }], ['a web page', { html: true }]])('%s is unknown, never "no deposit"', async (_name, faults) => {
  const own = await net.ownNode();
  own.setFaults({ ...faults, only: '/chain-api/productscience/inference/collateral' });
  expect(await found()).toEqual(['ok', 181, undefined, 'own node']);
});

test('without an own node it is unknown, and no seed is asked for it', async () => {
  await net.watch.snapshot();
  expect(await found()).toEqual(['unknown', undefined, undefined, undefined]);
  expect(net.seed.requests.filter(({ path }) => path.includes('collateral'))).toEqual([]);
});
