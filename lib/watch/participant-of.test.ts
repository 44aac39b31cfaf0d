/** Whether an account has a host on chain, asked of the stand-in network. */
import { expect, test } from 'vitest';
import { watchedSeed } from '../../e2e/network/watched-seed.ts';

const ADDRESS = 'gonka1flzn7lvnpyvl7nagp8udpxymdqrk5kh3g4knj7';
const CONSENSUS = 'OSQ/YZTpAUNX0UbdV0yI7V55ZFgIQkDFIPGSlaiw/Aw=';
const net = watchedSeed('0.2.8');
const register = () => {
  net.seed.register({ address: ADDRESS, url: 'http://203.0.113.7:8000', validator_key: CONSENSUS, pub_key: 'Ajhq4Y6+lokQ7QIAW01RCoTM7kqe0U+5FXmqKn95SMz+' });
  net.pass(15_000); // in one of the next blocks
};

test('a seed says that there is none, or which host it is', async () => {
  expect(await net.watch.participantOf(ADDRESS)).toMatchObject({ state: 'ok', value: false, source: '127.0.0.1' });
  register();
  net.pass(150_000);
  expect(await net.watch.participantOf(ADDRESS)).toMatchObject({ state: 'ok', value: { url: 'http://203.0.113.7:8000', validatorKey: CONSENSUS } });
});

test('a caught-up own node is asked instead', async () => {
  register();
  await net.ownNode();
  expect(await net.watch.participantOf(ADDRESS)).toMatchObject({ state: 'ok', source: 'own node', value: { validatorKey: CONSENSUS } });
});

test('thirty addresses asked in a minute keep to the budget, and the rest is unknown', async () => {
  const said = await Promise.all(Array.from({ length: 30 }, (_, i) => net.watch.participantOf(`gonka1${String(i).padStart(38, 'q')}`)));
  expect(net.seed.requests.length).toBeLessThanOrEqual(6);
  expect(said.filter((one) => one.value === undefined).length).toBeGreaterThan(20);
  expect(said.filter((one) => one.value === undefined).every((one) => one.state === 'unknown' && one.error !== undefined)).toBe(true);
});

test('no seed answers: unknown, never "none"', async () => {
  await net.seed.stop();
  const said = await net.watch.participantOf(ADDRESS);
  expect(said).toMatchObject({ state: 'unknown' });
  expect(said.value).toBeUndefined();
});
