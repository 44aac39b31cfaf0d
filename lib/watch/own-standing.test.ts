/** Membership and key as operations are told them: the stand-in network, and an own node whose answers can be bent. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { startSeed, type Door, type Seed } from '../../e2e/network/seed.ts';
import { ChainGateway } from '#lib/chain/client.ts';
import type { OwnAddresses } from '#lib/chain/own-node.ts';
import { NetworkWatch } from './network-watch.ts';
import { membershipOf, ownKeyOf } from './own-standing.ts';

const PUBKEY = 'Ajhq4Y6+lokQ7QIAW01RCoTM7kqe0U+5FXmqKn95SMz+';
const ADDRESS = 'gonka1flzn7lvnpyvl7nagp8udpxymdqrk5kh3g4knj7';
const KEY = 'OSQ/YZTpAUNX0UbdV0yI7V55ZFgIQkDFIPGSlaiw/Aw=';
const ACTIVE = '/v1/epochs/current/participants';
const VALIDATORS = '/chain-rpc/validators';

// biome-ignore lint/suspicious/noExplicitAny: bent answers have no shape
type Any = any;
type Bend = (json: Any, url: URL) => { status?: number; json: Any } | undefined;

let seed: Seed;
/** What the own node would say. */
let straight: Door;
let server: Server;
let watch: NetworkWatch;
let addresses: OwnAddresses;
let bent: Record<string, Bend>;
const pass = (ms: number) => vi.setSystemTime(Date.now() + ms);
const now = () => Date.now();
const standing = async () => {
  const snapshot = await watch.snapshot();
  return { membership: membershipOf(snapshot, now()), key: ownKeyOf(snapshot, now()), snapshot };
};
/** Time for the next refresh and for what is asked again every 30 seconds. */
async function later(ms = 35_000) {
  pass(ms);
  await watch.snapshot();
  pass(3_500);
  return standing();
}
const register = () => {
  seed.register({ address: ADDRESS, url: 'http://203.0.113.7:8000', validator_key: KEY, pub_key: PUBKEY });
  pass(15_000); // registration is in one of the next blocks
};
async function join() {
  register();
  seed.reportParticipation({ address: ADDRESS, epoch: 201, nodes: [{ id: 'node1', model: 'Qwen/Qwen2.5-7B-Instruct' }] });
  pass(360_000);
}

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  vi.setSystemTime(1_800_000_000_000);
  seed = await startSeed({ host: '127.0.0.1', epochSeconds: 360, release: '0.2.8', now: Date.now(), rateLimit: false, duty: 0 });
  straight = await seed.openDoor({ host: '127.0.0.1', rateLimit: false });
  bent = {
    '/chain-rpc/status': (json) => {
      json.result.validator_info.pub_key.value = KEY;
      json.result.validator_info.voting_power = '0';
      return { json };
    },
  };
  server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', straight.url);
    fetch(url).then(async (answer) => {
      const json = await answer.json().catch(() => null);
      const other = bent[url.pathname]?.(json, url);
      response.writeHead(other?.status ?? answer.status).end(JSON.stringify(other ? other.json : json));
    }, () => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  addresses = { rpc: `${url}/chain-rpc`, rest: `${url}/chain-api`, api: url };
  watch = new NetworkWatch({ now, seedUrls: [seed.url], gateway: new ChainGateway(), addresses: async () => addresses, accountPubkey: async () => PUBKEY });
});
afterEach(async () => {
  watch.close();
  server.close();
  server.closeAllConnections();
  await seed.stop();
  vi.useRealTimers();
});

describe('membership', () => {
  test('in: the set says so', async () => {
    await join();
    await standing();
    expect((await later()).membership).toBe('in');
  });

  test('out: the active participants and the validators don\'t have it', async () => {
    register();
    const { membership, snapshot } = await standing();
    expect(snapshot).toMatchObject({ own: { value: { registered: true, inSet: false } }, validators: { state: 'ok', value: { among: false } } });
    expect(membership).toBe('out');
    // One row that is there with weight 0 is as good.
    bent[ACTIVE] = (json) => {
      json.active_participants.participants.push({ index: ADDRESS, validator_key: KEY, weight: 0 });
      return { json };
    };
    const zero = await later();
    expect(zero.snapshot.own.value).toMatchObject({ active: { weight: 0 }, inSet: false });
    expect(zero.membership).toBe('out');
  });

  const own = (weight: number) => ({ index: ADDRESS, validator_key: KEY, weight });
  test.each<[string, Bend]>([
    ['PoC failed', () => ({ status: 404, json: { error: 'No active participants found for the specified epoch. Looks like PoC failed!' } })],
    ['an empty list', (json) => ({ json: { ...json, active_participants: { ...json.active_participants, participants: [] } } })],
    ['a list under another name', (json) => ({ json: { active_participants: { epoch_id: json.active_participants.epoch_id, members: json.active_participants.participants } } })],
    ['no list', (json) => ({ json: { ...json, active_participants: { ...json.active_participants, participants: null } } })],
    ['one row of weight 0', (json) => ({ json: { ...json, active_participants: { ...json.active_participants, participants: [own(0)] } } })],
    ['rows without a weight', (json) => ({ json: { ...json, active_participants: { ...json.active_participants, participants: json.active_participants.participants.map(({ weight: _, ...row }: Any) => row) } } })],
    ['a row that can\'t be read', (json) => ({ json: { ...json, active_participants: { ...json.active_participants, participants: [...json.active_participants.participants, { weight: 'x' }] } } })],
    ['another epoch', (json) => ({ json: { ...json, active_participants: { ...json.active_participants, epoch_id: 7, epoch_group_id: 7 } } })],
    ['another chain', (json) => ({ json: { ...json, block: { header: { ...json.block.header, chain_id: 'gonka-testnet-3' } } } })],
  ])('a stop was let through without a reason: %s was taken for absence', async (_, bend) => {
    register();
    bent[ACTIVE] = bend;
    // The only foreign source says the same: no second opinion.
    seed.setFaults({ status: 500, only: '/v1/epochs/current' });
    const { membership, snapshot } = await standing();
    expect(snapshot.own.value).toMatchObject({ registered: true });
    expect(snapshot.own.value?.inSet).toBeUndefined();
    expect(membership).toBe('unknown');
  });

  test.each<[string, Bend]>([
    ['still have it', (json) => {
      json.result.validators[0].pub_key.value = KEY;
      return { json };
    }],
    ['are cut short', (json, url) => (url.searchParams.get('page') !== '1' ? undefined : { json: { ...json, result: { ...json.result, validators: json.result.validators.slice(1) } } })],
    ['are under another name', (json) => ({ json: { result: { block_height: json.result.block_height, total: '0', members: json.result.validators } } })],
    ['are none', (json) => ({ json: { ...json, result: { ...json.result, validators: [], total: '0' } } })],
    ['have no power', (json) => ({ json: { ...json, result: { ...json.result, validators: json.result.validators.map((row: Any) => ({ ...row, voting_power: '0' })) } } })],
    ['are of a block long past', (json) => ({ json: { ...json, result: { ...json.result, block_height: '5' } } })],
    ['are not there', () => ({ status: 404, json: null })],
  ])('a stop was let through on the word of one source: the validators %s', async (_, bend) => {
    register();
    bent[VALIDATORS] = bend;
    const { membership, snapshot } = await standing();
    expect(snapshot.own.value?.inSet).toBe(false);
    expect(membership).toBe('unknown');
  });

  test('every page of the validators is read', async () => {
    register();
    let height = '';
    const many = Array.from({ length: 250 }, (_, i) => ({ pub_key: { value: `key${i}` }, voting_power: '1' }));
    const pages = (list: typeof many): Bend => (json, url) => {
      const page = Number(url.searchParams.get('page'));
      // The stand-in knows of no second page.
      if (page === 1) height = json.result.block_height;
      return { status: 200, json: { result: { block_height: height, total: String(list.length), validators: list.slice((page - 1) * 100, page * 100) } } };
    };
    bent[VALIDATORS] = pages([...many, { pub_key: { value: KEY }, voting_power: '1' }]);
    expect((await standing()).membership).toBe('unknown');
    bent[VALIDATORS] = pages(many);
    expect((await later()).membership).toBe('out');
  });

  test('a stop was let through for an account that isn\'t this host\'s: its node has voting power', async () => {
    bent['/chain-rpc/status'] = (json) => ({ json });
    const { membership, snapshot } = await standing();
    expect(snapshot.own.value?.registered).toBe(false);
    expect(snapshot.ownNode.value?.votingPower).toBeGreaterThan(0);
    expect(membership).toBe('unknown');
  });

  test('the seeds alone are one source', async () => {
    register();
    addresses = {};
    const { membership, snapshot } = await standing();
    expect(snapshot.own.value).toMatchObject({ registered: true, inSet: false });
    expect(membership).toBe('unknown');
  });

  test('not registered: out while the answer is young, and from the right chain', async () => {
    const { membership, key } = await standing();
    expect([membership, key]).toEqual(['out', { state: 'not-registered' }]);
    bent[`/chain-api/productscience/inference/inference/participant/${ADDRESS}`] = () => ({ status: 500, json: null });
    expect((await later(4 * 60_000)).membership).toBe('out');
    const old = await later(2 * 60_000);
    expect(old.snapshot.own.value?.registered).toBeUndefined();
    expect([old.membership, old.key]).toEqual(['unknown', { state: 'unknown', why: 'chain_http_status' }]);
  });

  test('an own node with another genesis knew no such participant, and a stop was let through', async () => {
    const status = bent['/chain-rpc/status'] as Bend;
    bent['/chain-rpc/status'] = (json, url) => {
      json.result.node_info.network = 'gonka-testnet-3';
      return status(json, url);
    };
    await standing();
    const { snapshot, membership } = await later();
    expect(snapshot.seeds[0]?.state).toBe('wrong-chain');
    expect(snapshot.own.value?.registered).toBeUndefined();
    expect(membership).toBe('unknown');
  });

  test('whatever the own api says, a host that validates is not out', async () => {
    await join();
    await standing();
    expect((await later()).membership).toBe('in');
    seed.setFaults({ down: true, only: '/v1/epochs/current' });
    const rows = fc.array(fc.oneof(fc.record({ index: fc.constantFrom('gonka1a', 'gonka1b', ADDRESS), weight: fc.integer({ min: -1, max: 9 }) }), fc.anything()), { maxLength: 4 });
    const answers = fc.record({ epoch_id: fc.constantFrom<unknown>(201, 200, '201', null), participants: fc.oneof(rows, fc.anything()) }, { requiredKeys: [] });
    await fc.assert(
      fc.asyncProperty(answers, fc.constantFrom(200, 404, 500), async (active, status) => {
        bent[ACTIVE] = () => ({ status, json: JSON.parse(JSON.stringify({ active_participants: active }, (_key, inner: unknown) => (typeof inner === 'bigint' ? String(inner) : inner))) });
        bent['/chain-rpc/status'] = (json) => {
          json.result.validator_info.pub_key.value = KEY;
          json.result.validator_info.voting_power = '0';
          return { json };
        };
        const fresh = new NetworkWatch({ now, seedUrls: [], gateway: new ChainGateway(), addresses: async () => addresses, accountPubkey: async () => PUBKEY });
        expect(membershipOf(await fresh.snapshot(), now())).not.toBe('out');
        fresh.close();
      }),
      { numRuns: 60 },
    );
  });
});

describe('a host that is stopped', () => {
  /** Left the set an epoch ago, and has no node that could say so. */
  async function stopped(seedUrls: string[]): Promise<NetworkWatch> {
    await join();
    pass(360_000);
    const alone = new NetworkWatch({ now, seedUrls, gateway: new ChainGateway(), addresses: async () => ({}), accountPubkey: async () => PUBKEY });
    await alone.snapshot();
    pass(7_000);
    await alone.snapshot();
    return alone;
  }
  const said = async (alone: NetworkWatch) => [membershipOf(await alone.snapshot(), now()), membershipOf(await alone.standing(), now())];

  test('is out by the word of two seeds, by two different lists', async () => {
    const alone = await stopped([seed.url, straight.url.replace('127.0.0.1', 'localhost')]);
    expect(await said(alone)).toEqual(['unknown', 'out']);
    alone.close();
  });

  test('one seed is one source', async () => {
    const alone = await stopped([seed.url]);
    expect(await said(alone)).toEqual(['unknown', 'unknown']);
    alone.close();
  });

  test.each([['is cut off', { truncated: true }], ['is a web page', { html: true }], ['is 404', { status: 404 }], ['stands still', { frozenHeight: true }]])('a second seed whose RPC %s proves nothing', async (_name, faults) => {
    straight.setFaults({ ...faults, only: '/chain-rpc' });
    const alone = await stopped([seed.url, straight.url.replace('127.0.0.1', 'localhost')]);
    expect((await said(alone))[1]).toBe('unknown');
    alone.close();
  });

  test('that still is in the set is not out', async () => {
    await join();
    const alone = new NetworkWatch({ now, seedUrls: [seed.url, straight.url.replace('127.0.0.1', 'localhost')], gateway: new ChainGateway(), addresses: async () => ({}), accountPubkey: async () => PUBKEY });
    await alone.snapshot();
    pass(7_000);
    expect(membershipOf(await alone.standing(), now())).toBe('in');
    alone.close();
  });
});

describe('the chain\'s key', () => {
  test('is known for five minutes after it was read', async () => {
    register();
    const { snapshot, key } = await standing();
    expect(key).toEqual({ state: 'registered', key: KEY });
    const at = snapshot.own.at ?? 0;
    expect(ownKeyOf(snapshot, at + 5 * 60_000 - 1)).toEqual({ state: 'registered', key: KEY });
    expect(ownKeyOf(snapshot, at + 5 * 60_000)).toMatchObject({ state: 'unknown' });
    // A clock that was set back makes nothing younger.
    expect(ownKeyOf(snapshot, at - 5 * 60_000)).toMatchObject({ state: 'unknown' });
    expect(membershipOf(snapshot, at + 3_600_000)).toBe('unknown');
  });
});
