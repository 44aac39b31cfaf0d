import { describe, expect, it } from 'vitest';
import { type EpochClock, phaseOf, stagesFromParams } from '#lib/chain/epoch-clock.ts';
import { clock } from '#lib/core/clock.ts';
import type { Deployment } from '#lib/deployment/schema.ts';
import { surroundOperations } from '#lib/operations/surroundings.ts';
import { leave } from './machine.ts';
import type { ExitNetwork } from './network.ts';
import { type ExitMemo, type ExitParams, readMemo } from './schema.ts';
import { look } from './sight.ts';

const at = clock.now();
const ok = <T>(value: T) => ({ state: 'ok' as const, value, at });
/** A network in which the account `b` has no weight, and nothing to claim. */
const network = (more: Partial<ExitNetwork> = {}): ExitNetwork => ({
  clock: ok({ epoch: 201, latestEpoch: 201, phase: 'Inference', height: 12_100 } as never), participants: ok({ epoch: 201, list: [{ address: 'a', weight: 40, mlNodes: [] }] as never, totalWeight: 40 }),
  api: ok(true as const), keys: ['k'], registered: true, address: 'b', chainId: 'gonka-mainnet', settle: ok(false as const), performance: ok(false as const), ...more,
});
const seen = async (memo: ExitMemo, said: ExitNetwork) => {
  surroundOperations({ leaving: async () => said, mlNodes: async () => ({ state: 'unknown' }) });
  return (await look({} as Deployment, memo, { scope: 'host' }, false)).sight;
};

it('the whole reward of the host was said to be what stopping one of its nodes costs', async () => {
  const mlNodes = [{ model: 'm', id: 'node1', pocWeight: 10, timeslots: [] }, { model: 'm', id: 'node2', pocWeight: 30, timeslots: [] }];
  const said = network({ address: 'a', participants: ok({ epoch: 201, list: [{ address: 'a', weight: 40, mlNodes }] as never, totalWeight: 40 }), settle: ok({ epoch: 200, reward: 7n } as never), performance: ok({ epoch: 200, reward: 9n, claimed: false } as never) });
  surroundOperations({ leaving: async () => said, mlNodes: async () => ({ state: 'unknown' }) });
  const cost = async (params: ExitParams) => (await look({} as Deployment, readMemo({}), params, false)).cost;
  expect(await cost({ scope: 'host' })).toMatchObject({ inSet: true, weight: 40, lastReward: { reward: '9' }, unclaimed: { reward: '7' } });
  expect(await cost({ scope: 'ml-node', node: 'node1' })).toEqual({ known: true, inSet: true, epoch: 201, weight: 10, totalWeight: 40 });
});

it('a list with rows that could not be read, or with nobody in it, showed the host as out and a stop as free', async () => {
  const others = [{ address: 'a', weight: 40, mlNodes: [] }];
  const place = async (list: object[], unread = 0) => {
    const said = network({ participants: ok({ epoch: 201, list: list as never, totalWeight: 40, unread }) });
    surroundOperations({ leaving: async () => said, mlNodes: async () => ({ state: 'unknown' }) });
    const { sight, cost } = await look({} as Deployment, readMemo({}), { scope: 'host' }, false);
    return [sight.place?.weight, sight.placeWhy?.code, cost.known];
  };
  expect(await place(others)).toEqual([0, undefined, true]);
  expect(await place(others, 1)).toEqual([undefined, 'rows_unread', false]);
  expect(await place([])).toEqual([undefined, 'no_others', false]);
  expect(await place([{ ...others[0], weight: 0 }])).toEqual([undefined, 'no_others', false]);
  // Its own row was read: what the others say doesn't matter.
  expect(await place([{ address: 'b', weight: 7, mlNodes: [] }], 1)).toEqual([7, undefined, true]);
});

describe('who the host is', () => {
  it('a changed ACCOUNT_PUBKEY made another account\'s absence and its empty claim those of the host that leaves', async () => {
    const memo = readMemo({ noted: { epoch: 200, latestEpoch: 200, phase: 'Inference', height: 12_000, at, chainId: 'gonka-mainnet', address: 'a', keys: ['k'], source: 'own node' } });
    const other = await seen(memo, network());
    expect(other).toMatchObject({ placeWhy: { code: 'other_account' }, rewardWhy: { code: 'other_account' } });
    for (const known of ['place', 'settle', 'performance']) expect(other).not.toHaveProperty(known);
    expect(await seen(memo, network({ address: 'a' }))).toMatchObject({ place: { weight: 40 }, settle: false, performance: false });
  });

  it('says what is missing: the account, the record, or an answer', async () => {
    const why = async (more: Partial<ExitNetwork>) => (await seen(readMemo({}), network(more))).identityWhy;
    expect(await why({ address: undefined })).toEqual({ code: 'no_account', params: {} });
    expect(await why({ registered: false })).toEqual({ code: 'not_registered', params: { address: 'b' } });
    expect(await why({ registered: undefined })).toEqual({ code: 'identity_unknown', params: {} });
    expect(await why({})).toBeUndefined();
  });
});

describe('how old what is seen may be', () => {
  const me = 'gonka1flzn7lvnpyvl7nagp8udpxymdqrk5kh3g4knj7';
  const params = { epoch_length: 60, epoch_shift: 0, poc_stage_duration: 10, poc_exchange_duration: 2, poc_validation_delay: 2, poc_validation_duration: 8, set_new_validators_delay: 2, inference_validation_cutoff: 0 };
  const stages = stagesFromParams(201, 12_060, params);
  const height = 12_100;
  const epoch: EpochClock = { height, at, source: 'own node', epoch: 201, latestEpoch: 201, phase: phaseOf(stages, height), stages, next: stagesFromParams(202, 12_120, params), blocksToNextPoc: 20 };
  const others = ['a', 'b'].map((address) => ({ address, validatorKey: `${address}-key`, weight: 10, url: '', models: [], mlNodes: [] }));
  const set = { epoch: 201, list: others, unread: 0, excluded: [], addresses: 2, block: { height: 12_082, time: 0 } };
  const said = { at, height, chainId: 'gonka-mainnet' };
  const power = others.map(({ validatorKey: key }) => ({ key, power: 10 }));
  /** Everything says that the host is out: the seed, the own node's list, its validators. */
  const out = network({
    clock: ok(epoch), address: me, participants: ok({ epoch: 201, list: others, totalWeight: 20 }),
    answers: { seeds: [{ place: 'node2', ...said, value: set }], participants: { ...said, value: set }, validators: { ...said, value: { height, list: power } }, staking: { problem: { kind: 'malformed', error: { code: 'no_answer', params: {} } } } },
  });
  const node = { id: 'node1', state: { admin: { enabled: false, epoch: 200 }, duty: {} } } as never;
  const memo = readMemo({ noted: { epoch: 200, latestEpoch: 200, phase: 'Inference', height: 12_000, at, chainId: 'gonka-mainnet', address: me, keys: ['k'], source: 'own node' }, nodes: [{ id: 'node1', ours: true, disabledAt: at, epoch: 200, adminEpoch: 200 }], begun: true });
  const decides = async (more: Partial<ExitNetwork>, list: object = { state: 'ok', value: [node], at }) => {
    surroundOperations({ leaving: async () => ({ ...out, ...more }), mlNodes: async () => list as never });
    const { sight } = await look({} as Deployment, memo, { scope: 'host' }, true);
    return { ...leave(memo, sight, { scope: 'host' }), sight };
  };

  it('stops where all of it is of now', async () => {
    expect(await decides({})).toMatchObject({ stage: 'proof', next: { do: 'proven', witnesses: [{ kind: 'participants', place: 'node2' }, { kind: 'validators' }] } });
  });

  it.each([['stale', 'chain_frozen'], ['stale', 'chain_own_not_synced'], ['rate-limited', 'chain_rate_limited'], ['stale', 'chain_stale']] as const)('a height that is no longer of now proved that the host is out: %s, %s', async (state, code) => {
    const error = { code, params: { host: 'own node', height } };
    const { next, stage, unknown, sight } = await decides({ clock: { state, value: epoch, at: at - 3_600_000, error } });
    expect(next).toEqual({ do: 'wait', waits: { code: 'clock', params: {} } });
    expect(stage).toBe('set');
    expect(unknown).toEqual([error]);
    for (const known of ['clock', 'place', 'witnesses']) expect(sight).not.toHaveProperty(known);
  });

  it.each(['stale', 'rate-limited', 'unknown'] as const)('a set that is %s says nothing of where the host is, and a claim that is, nothing of the reward', async (state) => {
    expect(await decides({ participants: { ...out.participants, state } })).toMatchObject({ stage: 'duty', next: { do: 'wait', waits: { code: 'place' } } });
    expect((await decides({ settle: { state, value: false, at } })).next).toMatchObject({ do: 'wait', waits: { code: 'claim_unknown' } });
  });

  it.each([['a seed', { seeds: [{ place: 'node2', value: set, at, chainId: 'gonka-mainnet' }] }], ['the own node', { validators: { at, chainId: 'gonka-mainnet', value: { height, list: power } } }], ['a seed of a minute and a half ago', { seeds: [{ place: 'node2', ...said, at: at - 95_000, value: set }] }]])('%s that does not move is no witness', async (_who, frozen) => {
    expect(await decides({ answers: { ...(out.answers as NonNullable<ExitNetwork['answers']>), ...(frozen as object) } })).toMatchObject({ stage: 'proof', next: { do: 'wait', waits: { code: 'proof' } } });
  });

  it('a list of ML nodes of half a minute ago said that they are still disabled', async () => {
    const { sight } = await decides({}, { state: 'ok', value: [node], at: clock.now() - 30_000 });
    expect(sight).not.toHaveProperty('nodes');
    expect(sight.nodesWhy).toBeDefined();
  });
});
