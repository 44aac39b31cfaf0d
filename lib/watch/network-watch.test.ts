/** The shared snapshot against the stand-in network; the clocks of both are moved together. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { startSeed, type Door, type Seed } from '../../e2e/network/seed.ts';
import { ChainGateway } from '#lib/chain/client.ts';
import type { OwnAddresses } from '#lib/chain/own-node.ts';
import { apiReading } from './network-readings.ts';
import { NetworkWatch } from './network-watch.ts';

const KEY = 'Ajhq4Y6+lokQ7QIAW01RCoTM7kqe0U+5FXmqKn95SMz+';
const ADDRESS = 'gonka1flzn7lvnpyvl7nagp8udpxymdqrk5kh3g4knj7';
let seed: Seed;
let ownDoor: Door;
let watch: NetworkWatch;
let addresses: OwnAddresses;
let pubkey: string | undefined;

const pass = (ms: number) => vi.setSystemTime(Date.now() + ms);
const own = (): OwnAddresses => ({ rpc: `${ownDoor.url}/chain-rpc`, rest: `${ownDoor.url}/chain-api`, api: ownDoor.url });
/** Asks until the answers that one refresh starts have arrived. */
async function look(after = 3_500) {
  pass(after);
  await watch.snapshot();
  pass(3_500);
  return watch.snapshot();
}

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  vi.setSystemTime(1_800_000_000_000);
  seed = await startSeed({ host: '127.0.0.1', epochSeconds: 360, release: '0.2.8', now: Date.now() });
  ownDoor = await seed.openDoor({ host: '127.0.0.1', rateLimit: false });
  addresses = {};
  pubkey = KEY;
  watch = new NetworkWatch({ now: () => Date.now(), seedUrls: [seed.url], gateway: new ChainGateway(), addresses: async () => addresses, accountPubkey: async () => pubkey });
});
afterEach(async () => {
  watch.close();
  await seed.stop();
  vi.useRealTimers();
});

describe('from the seeds alone', () => {
  test('epoch, set, own place and registration, each with source and time', async () => {
    const snapshot = await watch.snapshot();
    expect(snapshot.epoch).toMatchObject({ state: 'ok', source: '127.0.0.1', value: { epoch: 200, phase: 'Inference' } });
    expect(snapshot.ribbon.length).toBeGreaterThan(5);
    expect(snapshot.participants).toMatchObject({ state: 'ok', value: { epoch: 200, unread: 0 } });
    expect(snapshot.participants.value?.totalWeight).toBeGreaterThan(0);
    expect(snapshot.own).toMatchObject({ state: 'ok', value: { address: ADDRESS, registered: false, inSet: false } });
    expect((await watch.leaving(false)).registered).toBe(false);
    expect(snapshot.ownNode.state).toBe('unknown');
    expect(snapshot.seeds).toMatchObject([{ state: 'ok', chainId: 'gonka-mainnet' }]);
  });

  test('100 pages for ten minutes: never more than 6 requests a minute', async () => {
    for (let s = 0; s < 600; s += 2) {
      await Promise.all(Array.from({ length: 100 }, () => watch.snapshot()));
      pass(2_000);
    }
    expect(seed.requests.length).toBeGreaterThan(30);
    for (const { at } of seed.requests) expect(seed.requests.filter((other) => other.at > at - 60_000 && other.at <= at).length).toBeLessThanOrEqual(6);
    const last = await watch.snapshot();
    expect(last.epoch.state).toBe('ok');
    expect(last.epoch.value?.secondsPerBlock).toBeCloseTo(6, 1);
    // The epoch changed meanwhile, and the set with it.
    expect(last.epoch.value?.epoch).toBe(201);
    expect(last.participants).toMatchObject({ state: 'ok', value: { epoch: 201 } });
  });

  test('registered, then in the set with a weight and a rank', async () => {
    seed.register({ address: ADDRESS, url: 'http://203.0.113.7:8000', validator_key: 'OSQ/YZTpAUNX0UbdV0yI7V55ZFgIQkDFIPGSlaiw/Aw=', pub_key: KEY });
    pass(15_000); // registration is in one of the next blocks
    expect((await watch.snapshot()).own.value).toMatchObject({ registered: true, inSet: false, record: { url: 'http://203.0.113.7:8000' } });
    seed.reportParticipation({ address: ADDRESS, epoch: 201, nodes: [{ id: 'node1', model: 'Qwen/Qwen2.5-7B-Instruct' }] });
    pass(360_000);
    let snapshot = await look();
    for (let i = 0; i < 4 && snapshot.own.value?.inSet !== true; i += 1) snapshot = await look(20_000);
    expect(snapshot.own.value).toMatchObject({ inSet: true, active: { weight: 40 } });
    expect(snapshot.own.value?.rank).toBeGreaterThan(0);
    expect(snapshot.own.value?.of).toBe(snapshot.participants.value?.list.length);
  });

  test('rate limited: the last values stay, with their age, and are called so', async () => {
    const before = await watch.snapshot();
    seed.setFaults({ rateLimited: true });
    const after = await look(90_000);
    expect(after.epoch).toMatchObject({ state: 'rate-limited', at: before.epoch.at, error: { code: 'chain_rate_limited' } });
    expect(after.participants).toMatchObject({ state: 'rate-limited', value: { epoch: 200 } });
    expect(after.seeds[0]?.state).toBe('rate-limited');
    expect(after.own.value?.inSet).toBeUndefined();
  });

  test.each([['down', { down: true }], ['garbage', { garbage: true }], ['html', { html: true }], ['500', { status: 500 }]])('%s from the start: unknown, neither good nor bad', async (_, faults) => {
    seed.setFaults(faults);
    const snapshot = await watch.snapshot();
    expect(snapshot.epoch).toMatchObject({ state: 'unknown' });
    expect(snapshot.epoch.value).toBeUndefined();
    expect(snapshot.own.value?.registered).toBeUndefined();
    expect(snapshot.own.value?.inSet).toBeUndefined();
    expect(snapshot.own.state).toBe('unknown');
  });

  test('a halted chain is stale, with the age of its last block', async () => {
    await watch.snapshot();
    seed.change({ halted: true });
    const at = (await look(10_000)).epoch.at;
    for (let i = 0; i < 5; i += 1) await look(20_000);
    const snapshot = await watch.snapshot();
    expect(snapshot.epoch).toMatchObject({ state: 'stale', error: { code: 'chain_frozen' } });
    expect(Date.now() - (snapshot.epoch.at ?? 0)).toBeGreaterThan(100_000);
    expect(Math.abs((snapshot.epoch.at ?? 0) - (at ?? 0))).toBeLessThan(15_000);
  });

  test('nobody passed the PoC: a fact about the network', async () => {
    seed.change({ pocFails: true });
    pass(360_000);
    let snapshot = await look();
    for (let i = 0; i < 4 && !snapshot.participants.value?.pocFailed; i += 1) snapshot = await look(20_000);
    expect(snapshot.participants).toMatchObject({ state: 'ok', value: { pocFailed: true, list: [], epoch: 201 } });
    // It says nothing of this host.
    expect(snapshot.own.value?.inSet).toBeUndefined();
  });

  test('the approved models come from a seed, and are unknown with a reason when none answers', async () => {
    const { state, value, source } = await watch.governanceModels();
    expect([state, source]).toEqual(['ok', '127.0.0.1']);
    expect(value?.map(({ id }) => id)).toContain('Qwen/Qwen2.5-7B-Instruct');
    seed.setFaults({ down: true });
    pass(11 * 60_000);
    expect(await watch.governanceModels()).toMatchObject({ state: 'stale', value, error: { code: 'chain_host_down' } });
    watch = new NetworkWatch({ now: () => Date.now(), seedUrls: [seed.url], gateway: new ChainGateway(), addresses: async () => ({}), accountPubkey: async () => undefined });
    expect(await watch.governanceModels()).toMatchObject({ state: 'unknown', error: { code: 'chain_host_down' } });
  });

  test('without an account key the own place is unknown, and that is said', async () => {
    pubkey = undefined;
    expect((await watch.snapshot()).own).toEqual({ state: 'unknown', error: { code: 'chain_no_account_key', params: {} } });
  });
});

describe('with the own node', () => {
  beforeEach(() => {
    addresses = own();
  });

  test('the approved models come from the own api; when it fails from a seed', async () => {
    expect(await watch.governanceModels()).toMatchObject({ state: 'ok', source: 'own node' });
    expect(seed.requests.some(({ path }) => path.includes('/governance/models'))).toBe(false);
    ownDoor.setFaults({ down: true, only: '/v1/governance' });
    pass(120_000);
    await look();
    expect(await watch.governanceModels()).toMatchObject({ state: 'ok', source: '127.0.0.1' });
  });

  test('it is asked directly, and the seed only confirms', async () => {
    const snapshot = await watch.snapshot();
    expect(snapshot.epoch).toMatchObject({ state: 'ok', source: 'own node' });
    expect(snapshot.ownNode).toMatchObject({ state: 'ok', value: { synced: true, catchingUp: false, chainId: 'gonka-mainnet', peers: 2 } });
    expect(snapshot.ownApi).toMatchObject({ state: 'ok' });
    expect(snapshot.own).toMatchObject({ state: 'ok', source: 'own node', value: { registered: false } });
    const before = seed.requests.length;
    for (let s = 0; s < 120; s += 4) await look(500);
    expect(seed.requests.length - before).toBeLessThan(12);
    const last = await watch.snapshot();
    expect(last.ownNode.value?.seedHeight).toBeGreaterThan(0);
    // One header from some hundred blocks back measures the pace, in one request.
    expect(last.epoch.value?.secondsPerBlock).toBeCloseTo(6, 1);
    expect(last.epoch.value?.secondsPerBlockOver).toBeGreaterThan(700);
    expect(ownDoor.requests.filter(({ path }) => path === '/chain-rpc/block').length).toBe(1);
  });

  test('the own api down: the seeds take over, the node itself stays known', async () => {
    ownDoor.setFaults({ down: true, only: '/v1' });
    let snapshot = await look();
    snapshot = await look();
    expect(snapshot.ownNode).toMatchObject({ state: 'ok', value: { synced: true } });
    expect(snapshot.ownApi.state).not.toBe('ok');
    // Chain REST of the own node still names the epoch.
    expect(snapshot.epoch).toMatchObject({ state: 'ok', source: 'own node' });
    expect(snapshot.participants).toMatchObject({ state: 'ok', source: '127.0.0.1' });
  });

  test('the own node gone: seeds at once, the node unknown', async () => {
    await watch.snapshot();
    ownDoor.setFaults({ down: true });
    addresses = {};
    let snapshot = await look();
    for (let i = 0; i < 3; i += 1) snapshot = await look();
    expect(snapshot.epoch).toMatchObject({ state: 'ok', source: '127.0.0.1' });
    expect(snapshot.ownNode).toMatchObject({ state: 'unknown', error: { code: 'chain_own_not_running' } });
  });

  test('an own node that stands still while the network moves is not believed', async () => {
    await watch.snapshot();
    ownDoor.setFaults({ frozenHeight: true });
    let snapshot = await look();
    for (let i = 0; i < 12; i += 1) snapshot = await look(10_000);
    expect(snapshot.ownNode.value?.synced).toBe(false);
    expect(snapshot.epoch).toMatchObject({ state: 'ok', source: '127.0.0.1' });
  });

  test('for a proof a seed or an own node that stands still has no height, so that it is no witness', async () => {
    await watch.snapshot();
    for (let i = 0; i < 4; i += 1) await look(10_000);
    const good = (await watch.leaving(true)).answers;
    expect(good?.seeds).toMatchObject([{ place: '127.0.0.1', height: expect.any(Number), chainId: 'gonka-mainnet' }]);
    expect(good?.participants).toMatchObject({ height: expect.any(Number) });

    seed.setFaults({ frozenHeight: true });
    let answers = good;
    for (let i = 0; i < 12; i += 1) {
      await look(10_000);
      answers = (await watch.leaving(true)).answers;
    }
    expect(answers?.seeds).toMatchObject([{ place: '127.0.0.1', value: { epoch: expect.any(Number) } }]);
    expect(answers?.seeds[0]).not.toHaveProperty('height');
    expect(answers?.participants).toMatchObject({ height: expect.any(Number) });

    ownDoor.setFaults({ frozenHeight: true });
    for (let i = 0; i < 12; i += 1) {
      await look(10_000);
      answers = (await watch.leaving(true)).answers;
    }
    for (const kind of ['participants', 'validators', 'staking'] as const) expect(answers?.[kind], kind).toEqual({ problem: { kind: 'malformed', error: { code: 'chain_own_not_synced', params: { height: expect.any(Number) } } } });
    expect((await watch.leaving(false)).clock.state).not.toBe('ok');
  });

  test('a seed that is this host itself was taken for the second source of a proof', async () => {
    const seeds = async () => (await watch.leaving(true)).answers?.seeds;
    await watch.snapshot();
    for (let i = 0; i < 4; i += 1) await look(10_000);
    expect(await seeds()).toMatchObject([{ value: { epoch: expect.any(Number) }, height: expect.any(Number) }]);
    addresses = { rpc: `${seed.url}/chain-rpc`, rest: `${seed.url}/chain-api`, api: seed.url };
    for (let i = 0; i < 8; i += 1) await look(10_000);
    expect(await seeds()).toEqual([{ place: '127.0.0.1', problem: { kind: 'malformed', error: { code: 'chain_seed_is_own', params: { host: '127.0.0.1' } } } }]);
  });

  test('an own node on another chain: the seeds are the ones that are called wrong, and nothing is taken from them', async () => {
    ownDoor.setFaults({ wrongChain: true });
    let snapshot = await look();
    snapshot = await look();
    expect(snapshot.ownNode.value?.chainId).toBe('gonka-testnet-3');
    expect(snapshot.seeds[0]?.state).toBe('wrong-chain');
  });
});

describe('for the gate', () => {
  test('a fresh phase from the own node, and from the seeds', async () => {
    expect(await watch.phaseForGate()).toMatchObject({ known: true, clock: { phase: 'Inference', source: '127.0.0.1' } });
    addresses = own();
    pass(5_000);
    expect(await watch.phaseForGate()).toMatchObject({ known: true, clock: { source: 'own node', confirmationPocActive: false } });
    seed.change({ phase: 'PoCValidate' });
    pass(5_000);
    expect(await watch.phaseForGate()).toMatchObject({ known: true, clock: { phase: expect.stringMatching(/^PoCValidate/) } });
  });

  test('no answer, a frozen chain, a rate limit, a page of HTML: each is unknown with its reason', async () => {
    seed.setFaults({ html: true });
    expect(await watch.phaseForGate()).toMatchObject({ known: false, reason: 'chain_answer_malformed' });
    seed.setFaults({ rateLimited: true });
    pass(60_000);
    expect(await watch.phaseForGate()).toMatchObject({ known: false, reason: 'chain_rate_limited' });
    seed.setFaults({});
    pass(3_600_000);
    expect(await watch.phaseForGate()).toMatchObject({ known: true });
    seed.change({ halted: true });
    for (let i = 0; i < 5; i += 1) {
      pass(20_000);
      await watch.phaseForGate();
    }
    expect(await watch.phaseForGate()).toMatchObject({ known: false, reason: 'chain_frozen' });
  });

  test('an own node that is still catching up is not believed, with or without seeds', async () => {
    addresses = { rpc: 'http://127.0.0.1:9', api: ownDoor.url };
    expect(await watch.phaseForGate()).toMatchObject({ known: true, clock: { source: '127.0.0.1' } });
    seed.setFaults({ down: true });
    pass(70_000);
    await watch.phaseForGate();
    pass(70_000);
    // The own api goes on answering with growing heights, but the node behind it can't be judged.
    expect((await watch.phaseForGate()).known).toBe(false);
    expect((await watch.snapshot()).epoch.state).not.toBe('ok');
  });

  test('a remembered phase is not enough', async () => {
    expect(await watch.phaseForGate()).toMatchObject({ known: true });
    seed.setFaults({ down: true });
    pass(70_000);
    expect((await watch.phaseForGate()).known).toBe(false);
  });

  test('a height without a time counts only once it has grown', async () => {
    seed.setFaults({ status: 404, only: '/chain-rpc' });
    expect(await watch.phaseForGate()).toMatchObject({ known: false, reason: 'chain_height_unconfirmed' });
    pass(21_000);
    expect(await watch.phaseForGate()).toMatchObject({ known: true });
  });

  test('confirmation PoC is known', async () => {
    seed.change({ confirmationPoc: true });
    expect(await watch.phaseForGate()).toMatchObject({ known: true, clock: { confirmationPocActive: true } });
  });
});

test('nothing is asked when nobody looks', async () => {
  vi.useRealTimers();
  const real = await startSeed({ host: '127.0.0.1', epochSeconds: 360 });
  let offset = 0;
  const lonely = new NetworkWatch({ now: () => Date.now() + offset, seedUrls: [real.url], gateway: new ChainGateway(), addresses: async () => ({ api: real.url, rest: `${real.url}/chain-api`, rpc: `${real.url}/chain-rpc` }), accountPubkey: async () => KEY });
  await lonely.snapshot();
  expect(real.requests.length).toBeGreaterThan(0);
  offset = 61_000;
  const before = real.requests.length;
  await new Promise((resolve) => setTimeout(resolve, 3_600));
  expect(real.requests.length).toBe(before);
  lonely.close();
  await real.stop();
});

test('the api of an answer of long ago was one that answers', () => {
  const seen = { status: {}, seedEpoch: {}, set: {}, record: {}, api: { value: true as const, at: 1_000_000 } };
  expect(apiReading(seen, 1_010_000)).toMatchObject({ state: 'ok', at: 1_000_000 });
  // Without an error: nobody has said that it is silent.
  expect(apiReading(seen, 1_030_000)).toEqual({ state: 'stale', value: true, at: 1_000_000, source: 'own node' });
  expect(apiReading({ ...seen, api: undefined }, 1_010_000)).toEqual({ state: 'unknown' });
});
