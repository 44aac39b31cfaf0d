import { describe, expect, it } from 'vitest';
import { type EpochClock, phaseOf, stagesFromParams } from '#lib/chain/epoch-clock.ts';
import { type Answers, pairOf, type Question, witnessesOf } from './proof.ts';
import type { Witness } from './schema.ts';

const PARAMS = { epoch_length: 60, epoch_shift: 0, poc_stage_duration: 10, poc_exchange_duration: 2, poc_validation_delay: 2, poc_validation_duration: 8, set_new_validators_delay: 2, inference_validation_cutoff: 0 };
const stages = stagesFromParams(201, 12_060, PARAMS);
const clock: EpochClock = { height: 12_100, at: 1, source: 'own node', epoch: 201, latestEpoch: 201, phase: phaseOf(stages, 12_100), stages, next: stagesFromParams(202, 12_120, PARAMS), blocksToNextPoc: 20 };
const NOW = 1_000_000;
const ask: Question = { clock, chainId: 'gonka-mainnet', address: 'me', operator: 'me-oper', keys: ['my-key'], params: { scope: 'host' }, now: NOW };
const host = (address: string, weight: number) => ({ address, validatorKey: `${address}-key`, weight, url: '', models: [], mlNodes: [{ model: 'm', id: 'node1', pocWeight: weight, timeslots: [true, false] }] });
const others = [host('a', 10), host('b', 20)];
const from = { at: NOW, height: 12_100, chainId: 'gonka-mainnet' };
const set = { epoch: 201, list: others, unread: 0, excluded: [], addresses: 2, block: { height: 12_081, time: 0 } };
const power = [{ key: 'a-key', power: 10 }, { key: 'b-key', power: 20 }];
const staked = [{ operator: 'a-oper', key: 'a-key', bonded: true, tokens: 10n }, { operator: 'me-oper', key: 'my-key', bonded: false, tokens: 0n }];
const none: Answers = { participants: [], validators: [], staking: [] };

const participants = (more: Partial<Answers['participants'][number]> = {}, value: object = {}, of = ask): Witness => witnessesOf({ ...none, participants: [{ place: 'node2', ...from, value: { ...set, ...value }, ...more }] }, of)[0] as Witness;
const validators = (value: object = {}, of = ask): Witness => witnessesOf({ ...none, validators: [{ place: 'own node', ...from, value: { height: 12_100, list: power, ...value } }] }, of)[0] as Witness;
const staking = (value = staked, of = ask): Witness => witnessesOf({ ...none, staking: [{ place: 'own node', ...from, value }] }, of)[0] as Witness;

describe('what proves that a host is out', () => {
  it('is absence, or weight 0, in a whole list of others', () => {
    expect(participants()).toMatchObject({ says: 'out', weight: 0, others: 2, epoch: 201 });
    expect(participants({}, { list: [...others, host('me', 0)], addresses: 3 })).toMatchObject({ says: 'out' });
    expect(validators()).toMatchObject({ says: 'out', others: 2 });
    expect(staking()).toMatchObject({ says: 'out', others: 1 });
  });
  it('says otherwise where it has weight', () => {
    expect(participants({}, { list: [...others, host('me', 5)], addresses: 3 })).toMatchObject({ says: 'in', weight: 5 });
    expect(validators({ list: [...power, { key: 'my-key', power: 5 }] })).toMatchObject({ says: 'in' });
    expect(staking([staked[0] as (typeof staked)[0], { operator: 'me-oper', key: 'other', bonded: false, tokens: 5n }])).toMatchObject({ says: 'in' });
  });
  it.each([
    ['no_answer', () => participants({ value: undefined })],
    ['answer_old', () => participants({ at: NOW - 91_000 })],
    ['answer_old', () => participants({ at: NOW + 91_000 })],
    ['chain_unsaid', () => participants({ chainId: undefined })],
    ['other_chain', () => participants({ chainId: 'gonka-testnet-3' })],
    ['height_unsaid', () => participants({ height: undefined })],
    ['place_elsewhere', () => participants({ height: 12_079 })],
    ['poc_begun', () => participants({ height: 12_120 })],
    ['set_too_young', () => participants({ height: 12_084 }, {}, { ...ask, clock: { ...clock, height: 12_084 } })],
    ['poc_failed', () => participants({}, { epoch: 0, list: [], pocFailed: true })],
    ['other_epoch', () => participants({}, { epoch: 200 })],
    ['rows_unread', () => participants({}, { unread: 1 })],
    ['list_cut', () => participants({}, { list: others.slice(0, 1) })],
    ['list_cut', () => participants({}, { addresses: undefined })],
    ['block_elsewhere', () => participants({}, { block: { height: 11_999, time: 0 } })],
    ['block_elsewhere', () => participants({}, { block: undefined })],
    ['no_others', () => participants({}, { list: [], addresses: 0 })],
    ['no_others', () => participants({}, { list: others.map((one) => ({ ...one, weight: 0 })) })],
    ['nodes_unnamed', () => participants({}, { list: [...others, { ...host('me', 5), mlNodes: [] }], addresses: 3 }, { ...ask, params: { scope: 'ml-node', node: 'node1' } })],
    ['key_unknown', () => validators({}, { ...ask, keys: [] })],
    ['place_elsewhere', () => validators({ height: 12_070 })],
    ['no_others', () => validators({ list: [] })],
    ['validator_absent', () => staking([staked[0] as (typeof staked)[0]])],
    ['no_others', () => staking([staked[1] as (typeof staked)[0]])],
  ])('is not an answer that has a flaw: %s', (code, answer) => {
    expect(answer()).toMatchObject({ says: 'unknown', why: { code } });
  });
  it('takes two of different places and kinds, and none that says otherwise', () => {
    const own = { ...participants(), place: 'own node' };
    expect(pairOf([participants(), validators()], 'host')).toHaveLength(2);
    expect(pairOf([participants(), own], 'host')).toBeUndefined();
    expect(pairOf([validators(), staking()], 'host')).toBeUndefined();
    expect(pairOf([participants(), { ...validators(), says: 'in' }, staking()], 'host')).toBeUndefined();
    expect(pairOf([participants(), { ...validators(), says: 'unknown' }], 'host')).toBeUndefined();
    expect(pairOf([participants(), own], 'ml-node')).toHaveLength(2);
  });
  it('is of one node where only one leaves', () => {
    const one: Question = { ...ask, params: { scope: 'ml-node', node: 'node2' } };
    expect(participants({}, { list: [...others, host('me', 5)], addresses: 3 }, one)).toMatchObject({ says: 'out' });
    expect(participants({}, { list: [...others, host('me', 5)], addresses: 3 }, { ...one, params: { scope: 'ml-node', node: 'node1' } })).toMatchObject({ says: 'in', weight: 5 });
  });
});
