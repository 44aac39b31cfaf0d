/** Who signs with a consensus key, asked of the stand-in network: of an own node, of seeds, of answers that say nothing. */
import { expect, test } from 'vitest';
import { watchedSeed } from '../../e2e/network/watched-seed.ts';
import { signerOf } from './own-standing.ts';

const ADDRESS = 'gonka1flzn7lvnpyvl7nagp8udpxymdqrk5kh3g4knj7';
const PUBKEY = 'Ajhq4Y6+lokQ7QIAW01RCoTM7kqe0U+5FXmqKn95SMz+';
const KEY = 'OSQ/YZTpAUNX0UbdV0yI7V55ZFgIQkDFIPGSlaiw/Aw=';
const net = watchedSeed('0.2.14');
const asked = async (after?: number) => signerOf(await net.watch.signaturesOf(KEY, after));

/** In the set from the next epoch on. */
function join(): void {
  net.seed.register({ address: ADDRESS, url: 'http://203.0.113.7:8000', validator_key: KEY, pub_key: PUBKEY });
  net.pass(15_000);
  net.seed.reportParticipation({ address: ADDRESS, epoch: 201, nodes: [{ id: 'node1', model: 'Qwen/Qwen2.5-7B-Instruct' }] });
  net.pass(360_000);
}

/** Its own tmkms signed this block. */
const signs = (height: number) => fetch(`${net.seed.url}/standin/signed`, { method: 'POST', body: JSON.stringify({ validatorKey: KEY, height }) });

test('the own node: nobody, the host itself until it stopped, another signer', async () => {
  join();
  await net.ownNode();
  expect(await asked()).toEqual({ state: 'known', newest: net.seed.height(), gapUnread: false });
  net.pass(180_000);
  const last = net.seed.height() - 5;
  await signs(last);
  await net.watch.snapshot();
  net.pass(7_000);
  await net.watch.snapshot();
  expect(await asked(last)).toMatchObject({ state: 'known', last });
  net.seed.change({ signsElsewhere: [KEY] });
  net.pass(6_000);
  await net.watch.snapshot();
  expect(await asked(last)).toMatchObject({ state: 'known', last: net.seed.height(), newest: net.seed.height() });
});

test('a signature right above an old signing state is found, however long ago it was made', async () => {
  join();
  await net.ownNode();
  net.pass(180_000);
  const state = net.seed.height() - 40;
  await signs(state + 2);
  await net.watch.snapshot();
  net.pass(7_000);
  await net.watch.snapshot();
  expect(await asked(state)).toMatchObject({ last: state + 2, gapUnread: false });
  expect(await asked(state + 2)).not.toHaveProperty('last');
});

test('without an own node the seeds say it, with few requests', async () => {
  join();
  net.seed.change({ signsElsewhere: [KEY] });
  await net.watch.snapshot();
  net.pass(61_000);
  const before = net.seed.requests.length;
  expect(await asked(net.seed.height() - 60)).toMatchObject({ state: 'known', last: net.seed.height(), newest: net.seed.height() });
  expect(net.seed.requests.slice(before).filter(({ path }) => path.startsWith('/chain-rpc/commit')).length).toBeLessThanOrEqual(4);
});

test.each([['garbage', { garbage: true }], ['cut off', { truncated: true }], ['404', { status: 404 }], ['a web page', { html: true }], ['another chain', { wrongChain: true }], ['a chain that stands still', { frozenHeight: true }]])('%s is unknown, never "nobody signs"', async (_name, faults) => {
  join();
  await net.watch.snapshot();
  net.seed.setFaults(faults);
  net.pass(61_000);
  await net.watch.snapshot();
  net.pass(61_000);
  expect((await asked()).state).toBe('unknown');
});
