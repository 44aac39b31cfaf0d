/** The order of seeds, against the stand-in network; both sides' clocks are moved together. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { startSeed, type Door, type Seed } from '../../e2e/network/seed.ts';
import { ChainGateway } from './client.ts';
import { HeightWatch } from './height-watch.ts';
import { Seeds } from './seeds.ts';

let seed: Seed;
let second: Door;
const pass = (ms: number) => vi.setSystemTime(Date.now() + ms);

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  vi.setSystemTime(1_800_000_000_000);
  seed = await startSeed({ host: '127.0.0.1', epochSeconds: 360, release: '0.2.8', now: Date.now() });
  second = await seed.openDoor({ host: '127.0.0.1' });
});
afterEach(async () => {
  await seed.stop();
  vi.useRealTimers();
});

const name = (door: Door) => new URL(door.url).hostname;
function make(urls = [seed.url, second.url]) {
  const heights = new HeightWatch();
  return { heights, seeds: new Seeds(urls, new ChainGateway(), heights) };
}
const asked = (door: Door) => door.requests.filter(({ path }) => path.startsWith('/v1/epochs')).length;

test('the first seed answers; the second is not bothered', async () => {
  const { seeds } = make();
  const epoch = await seeds.epoch();
  expect(epoch).toMatchObject({ source: name(seed), value: { latest: { latestEpoch: 200 }, sighting: { frozen: false, evidence: 'block-time' } } });
  const set = await seeds.activeSet();
  expect(set.value).toMatchObject({ epoch: 200, unread: 0, chainId: 'gonka-mainnet' });
  expect(second.requests.length).toBe(0);
  expect(seeds.statuses().map(({ state }) => state)).toEqual(['ok', 'unknown']);
});

describe.each([
  ['down', { down: true }, 'down'],
  ['with garbage', { garbage: true }, 'malformed'],
  ['a web page', { html: true }, 'malformed'],
  ['cut off', { truncated: true }, 'down'],
  ['rate limiting', { rateLimited: true }, 'rate-limited'],
  ['failing', { status: 500 }, 'unknown'],
  ['of another chain', { wrongChain: true }, 'wrong-chain'],
] as const)('the first seed is %s', (_, faults, state) => {
  test('the next one answers, is remembered, and the first is named for what it is', async () => {
    seed.setFaults(faults);
    const { seeds } = make();
    const epoch = await seeds.epoch();
    expect(epoch.problem).toBeUndefined();
    expect(epoch.value?.latest.latestEpoch).toBe(200);
    expect(seeds.statuses().map((each) => each.state)).toEqual([state, 'ok']);
    const before = seed.requests.length;
    pass(25_000);
    await seeds.epoch();
    expect(seed.requests.length).toBe(before);
    expect(asked(second)).toBe(2);
  });
});

test('a seed whose height stands still is left for one that moves', async () => {
  const { seeds } = make();
  await seeds.epoch();
  seed.setFaults({ frozenHeight: true });
  let last = await seeds.epoch();
  for (let i = 0; i < 8; i += 1) {
    pass(20_000);
    last = await seeds.epoch();
  }
  expect(last.value?.sighting.frozen).toBe(false);
  expect(seeds.statuses()[0]).toMatchObject({ state: 'frozen', error: { code: 'chain_frozen' } });
  expect(asked(second)).toBeGreaterThan(0);
});

test('all of them frozen: the answer is kept, and called frozen, with the age of its block', async () => {
  seed.change({ halted: true });
  const { seeds } = make();
  const first = await seeds.epoch();
  expect(first.value).toBeDefined();
  for (let i = 0; i < 6; i += 1) {
    pass(20_000);
    await seeds.epoch();
  }
  const last = await seeds.epoch();
  expect(last.problem?.error.code).toBe('chain_frozen');
  expect(last.value?.sighting.frozen).toBe(true);
  expect(last.value?.sighting.at).toBe(first.value?.sighting.at);
});

test('all of them gone: the last value stays with its age, and why', async () => {
  const { seeds } = make();
  const { at } = await seeds.epoch();
  seed.setFaults({ down: true });
  second.setFaults({ html: true });
  pass(60_000);
  const last = await seeds.epoch();
  expect(last).toMatchObject({ at, problem: { kind: 'down' }, value: { latest: { latestEpoch: 200 } } });
});

test('after ten minutes the preferred seed gets another chance', async () => {
  seed.setFaults({ down: true });
  const { seeds } = make();
  await seeds.epoch();
  seed.setFaults({});
  pass(11 * 60_000);
  await seeds.epoch();
  expect(seeds.statuses()[0]?.state).toBe('ok');
});

test('the own node\'s chain is the one that counts', async () => {
  const { seeds } = make();
  seeds.expectChain('gonka-testnet-3');
  expect((await seeds.epoch()).value).toBeUndefined();
  expect(seeds.statuses().map(({ state }) => state)).toEqual(['wrong-chain', 'wrong-chain']);
  seeds.expectChain('gonka-mainnet');
  pass(11 * 60_000);
  expect((await seeds.epoch()).value).toBeDefined();
});

test('the PoC that everybody failed, and records of participants', async () => {
  const { seeds } = make();
  const known = seed.ledger.hosts[1]?.address ?? '';
  expect((await seeds.participant(known)).value).toMatchObject({ address: known });
  await seeds.epoch();
  expect((await seeds.participant('gonka1qqyc9gsld2666kpunherra8rx2efwg4v8wafg3')).value).toBe(false);
});

test('a seed of another chain, or of one that it doesn\'t name, said of a participant that it is there or isn\'t, and was believed', async () => {
  const nobody = 'gonka1qqyc9gsld2666kpunherra8rx2efwg4v8wafg3';
  const silent = make([seed.url]).seeds;
  seed.setFaults({ status: 404, only: '/chain-rpc' });
  await silent.epoch();
  expect(await silent.participant(nobody)).toMatchObject({ problem: { kind: 'status' } });
  // A record that is there is no better evidence than one that isn't.
  const somebody = seed.ledger.hosts[1]?.address ?? '';
  expect({ value: undefined, ...(await silent.participant(somebody)) }).toMatchObject({ value: undefined, problem: { error: { code: 'chain_id_unseen' } } });
  // The header of the active set names the chain as well.
  await silent.activeSet();
  expect((await silent.participant(somebody)).value).toMatchObject({ address: somebody });
  expect((await silent.participant(nobody)).value).toBe(false);
  const foreign = make([second.url]).seeds;
  second.setFaults({ wrongChain: true });
  await foreign.epoch();
  expect(await foreign.participant(nobody)).toMatchObject({ problem: { error: { code: 'chain_wrong_chain' } } });
});

test('a seed of another chain was believed again as soon as a later answer of it failed or named no chain', async () => {
  const { seeds } = make([seed.url]);
  seed.setFaults({ wrongChain: true });
  await seeds.epoch();
  seed.setFaults({ status: 500, only: '/v1/epochs' });
  await seeds.activeSet();
  const wrong = { value: undefined, problem: { error: { code: 'chain_wrong_chain' } } };
  const account = seed.ledger.hosts[1]?.address ?? '';
  for (const said of [await seeds.participant(account), await seeds.governanceModels(), await seeds.peers(), await seeds.grants(account, account)]) expect({ value: undefined, ...said }).toMatchObject(wrong);
  expect(seeds.statuses()).toMatchObject([{ state: 'wrong-chain', error: { code: 'chain_wrong_chain' } }]);
  // Until it names the right one.
  seed.setFaults({});
  pass(11 * 60_000);
  await seeds.epoch();
  expect((await seeds.participant(account)).value).toMatchObject({ address: account });
  expect(seeds.statuses()).toMatchObject([{ state: 'ok' }]);
});

test('a frozen seed’s grants were believed, because another source moved', async () => {
  const account = seed.ledger.hosts[1]?.address ?? '';
  const moving = make();
  expect((await moving.seeds.grants(account, account)).value).toBeDefined();
  seed.setFaults({ frozenHeight: true });
  pass(5 * 60_000);
  const { seeds } = make([seed.url]);
  expect(await seeds.grants(account, account)).toMatchObject({ problem: { error: { code: 'chain_frozen' } } });
  const both = make();
  expect(await both.seeds.grants(account, account)).toMatchObject({ source: name(second), value: [] });
});

test('ten minutes of polling: the pace is measured and no host is asked more than 6 times in any minute', async () => {
  const { seeds, heights } = make();
  for (let s = 0; s < 600; s += 3) {
    const [epoch] = await Promise.all([seeds.epoch(), seeds.epoch(), seeds.activeSet(s % 60 < 30), seeds.participant(seed.ledger.hosts[1]?.address ?? '')]);
    expect(Date.now() - (epoch.at ?? 0)).toBeLessThan(45_000);
    pass(3_000);
  }
  expect(heights.secondsPerBlock()?.seconds).toBeCloseTo(6, 1);
  expect(heights.secondsPerBlock()?.over).toBeGreaterThan(500);
  expect(seed.requests.length).toBeGreaterThan(30);
  // Its own budget is no reason to go to another.
  expect(second.requests.length).toBe(0);
  for (const { at } of seed.requests) expect(seed.requests.filter((other) => other.at > at - 60_000 && other.at <= at).length).toBeLessThanOrEqual(6);
});
