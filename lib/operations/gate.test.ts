import { describe, expect, it } from 'vitest';
import { gate, isPlainlyBroken, type GateInput, type Membership, type PhaseKnowledge, strictest } from './gate.ts';
import type { Change, Gate } from './schema.ts';

const NOW = 1_800_000_000_000;
const clock = (phase: string, more = {}) => ({ known: true as const, clock: { phase, epoch: 56, at: NOW - 5_000, ...more } });
const QUIET = clock('Inference');
const PHASES: Record<string, { knowledge: PhaseKnowledge; why?: string }> = {
  inference: { knowledge: QUIET },
  'no confirmation poc': { knowledge: clock('Inference', { confirmationPocActive: false }) },
  generate: { knowledge: clock('PoCGenerate'), why: 'poc' },
  'generate wind down': { knowledge: clock('PoCGenerateWindDown'), why: 'poc' },
  validate: { knowledge: clock('PoCValidate'), why: 'poc' },
  'validate wind down': { knowledge: clock('PoCValidateWindDown'), why: 'poc' },
  'a phase of a later release': { knowledge: clock('Whatever'), why: 'poc' },
  'confirmation poc': { knowledge: clock('Inference', { confirmationPocActive: true }), why: 'confirmation_poc' },
  unknown: { knowledge: { known: false, reason: 'chain_no_answer' }, why: 'phase_unknown' },
  old: { knowledge: clock('Inference', { at: NOW - 60_001 }), why: 'phase_old' },
  'just not old': { knowledge: clock('Inference', { at: NOW - 60_000 }) },
  'from the future': { knowledge: clock('Inference', { at: NOW + 61_000 }), why: 'phase_old' },
  'without a time': { knowledge: clock('Inference', { at: Number.NaN }), why: 'phase_old' },
};
const SERVICES = [
  { name: 'tmkms', role: 'tmkms', group: 'network', guarded: true },
  { name: 'node', role: 'node', group: 'network', guarded: true },
  { name: 'chain', role: 'node', group: 'network', guarded: true },
  { name: 'api', role: 'api', group: 'network', guarded: true },
  { name: 'mlnode-308', role: 'mlnode', group: 'ml', guarded: true },
  { name: 'inference', role: 'inference', group: 'ml', guarded: true },
  { name: 'something-new', role: 'other', group: 'ml', guarded: true },
  { name: 'proxy', role: 'proxy', group: 'network', guarded: false },
  { name: 'explorer', role: 'explorer', group: 'network', guarded: false },
  { name: 'bridge', role: 'other', group: 'network', guarded: false },
] as const;
const BROKEN = ['restarting', 'exited', 'dead', 'created', 'removing'];

const ask = (over: Partial<GateInput>): Gate =>
  gate({ change: 'restart', service: SERVICES[1], container: { state: 'running' }, crashLooping: over.container?.state === 'restarting', phase: QUIET, membership: 'out', now: NOW, ...over });
const said = (answer: Gate) => (answer.answer === 'yes' ? 'yes' : `${answer.answer}: ${answer.answer === 'refused' ? answer.why : answer.reasons.map((one) => one.why).join(' + ')}`);

describe('a container that runs', () => {
  for (const service of SERVICES) {
    for (const [name, { knowledge, why }] of Object.entries(PHASES)) {
      for (const change of ['restart', 'recreate', 'stop', 'remove'] as Change[]) {
        const expected = service.guarded && why ? `reason-needed: ${why}` : 'yes';
        it(`${change} of ${service.name}, phase ${name}: ${expected}`, () => expect(said(ask({ service, change, phase: knowledge }))).toBe(expected));
      }
      it(`start of ${service.name} takes nothing away, phase ${name}`, () => {
        for (const change of ['start', 'create', 'none'] as Change[]) expect(said(ask({ service, change, phase: knowledge, membership: 'in' }))).toBe('yes');
      });
    }
  }
});

describe('what is plainly broken', () => {
  for (const state of BROKEN) {
    it(`may be restarted and recreated in a PoC: ${state}`, () => {
      for (const change of ['restart', 'recreate'] as Change[]) expect(said(ask({ change, container: { state }, phase: clock('PoCGenerate') }))).toBe('yes');
    });
    it(`is not stopped or removed without a reason: ${state}`, () => {
      for (const change of ['stop', 'remove'] as Change[]) expect(said(ask({ change, container: { state }, phase: clock('PoCGenerate') }))).toBe('reason-needed: poc');
    });
  }
  it('counts as broken while it runs between two crashes', () => {
    expect(said(ask({ crashLooping: true, phase: clock('PoCValidate') }))).toBe('yes');
    expect(said(ask({ crashLooping: false, phase: clock('PoCValidate') }))).toBe('reason-needed: poc');
  });
  it('a container that is gone', () => expect(said(ask({ container: undefined, change: 'recreate', phase: clock('PoCValidate') }))).toBe('yes'));
  it('neither running nor paused ones', () => {
    expect(isPlainlyBroken({ state: 'running' }, false)).toBe(false);
    expect(isPlainlyBroken({ state: 'paused' }, false)).toBe(false);
  });
});

describe('stop only with proof', () => {
  const table: [Membership, string, string][] = [
    ['out', 'yes', 'yes'],
    ['in', 'reason-needed: active_set', 'yes'],
    ['unknown', 'reason-needed: membership_unknown', 'yes'],
  ];
  for (const [membership, stopped, other] of table) {
    it(`membership ${membership}`, () => {
      for (const service of SERVICES) {
        for (const change of ['stop', 'remove'] as Change[]) expect(said(ask({ service, membership, change }))).toBe(service.guarded ? stopped : 'yes');
        expect(said(ask({ service, membership, change: 'restart' }))).toBe(other);
      }
    });
  }
  it('of two reasons only one was shown: the phase hid the active set', () => expect(said(ask({ change: 'stop', membership: 'in', phase: clock('PoCGenerate') }))).toBe('reason-needed: poc + active_set'));
});

describe('a PoC that starts before the service is back', () => {
  /** An epoch as on the chain (facts 7): 15391 blocks, 5.4 s each; the inference stretch is long. */
  const left = (blocks: number, more = {}) => clock('Inference', { at: NOW, blocksToNextPoc: blocks, secondsPerBlock: 5, stages: { setNewValidators: 100, nextPocStart: 15_100 }, ...more });
  const short = { setNewValidators: 30, nextPocStart: 60 };
  /** service, its outage (s); at 5 s a block the last block that is near, the first that isn't */
  const table: [number, number, number][] = [[0, 11, 12], [1, 23, 24], [3, 23, 24], [4, 239, 240], [5, 11, 12], [6, 239, 240]];
  for (const [at, near, far] of table) {
    const service = SERVICES[at] as (typeof SERVICES)[number];
    it(`${service.name}: ${near} blocks before it a reason, ${far} none`, () => {
      for (const change of ['restart', 'recreate', 'stop'] as Change[]) {
        expect(said(ask({ service, change, phase: left(near) }))).toBe('reason-needed: poc_near');
        expect(said(ask({ service, change, phase: left(far) }))).toBe('yes');
      }
      expect(said(ask({ service, change: 'start', phase: left(1) }))).toBe('yes');
    });
  }
  it('says in how many minutes and at which block', () => {
    expect(ask({ service: SERVICES[4], phase: left(180) })).toEqual({ answer: 'reason-needed', reasons: [{ why: 'poc_near', params: { pace: 'known', minutes: 15, blocks: 180, block: 15_100, service: 'mlnode-308' } }] });
  });
  it('the blocks since the knowledge count', () => {
    expect(said(ask({ phase: left(30, { at: NOW - 20_000 }) }))).toBe('yes');
    expect(said(ask({ phase: left(30, { at: NOW - 40_000 }) }))).toBe('reason-needed: poc_near');
  });
  it('while nobody had measured the pace, an ML node that loads its model for 20 minutes could be restarted two minutes before a PoC', () => {
    for (const [at, near] of [[0, 19], [1, 23], [4, 239]] as const) {
      const service = SERVICES[at] as (typeof SERVICES)[number];
      expect(said(ask({ service, phase: left(near, { secondsPerBlock: undefined }) }))).toBe('reason-needed: poc_near');
      expect(said(ask({ service, phase: left(near + 1, { secondsPerBlock: undefined }) }))).toBe('yes');
    }
  });
  it('in an epoch shorter than the outage only the last third of its inference is near', () => {
    for (const secondsPerBlock of [0.3, 2, undefined]) {
      expect(said(ask({ service: SERVICES[4], phase: left(9, { secondsPerBlock, stages: short }) }))).toBe('reason-needed: poc_near');
      expect(said(ask({ service: SERVICES[4], phase: left(10, { secondsPerBlock, stages: short }) }))).toBe('yes');
    }
  });
  it('what the network does not feel, and what is plainly broken, may be restarted', () => {
    expect(said(ask({ service: SERVICES[7], phase: left(1) }))).toBe('yes');
    expect(said(ask({ container: { state: 'exited' }, phase: left(1) }))).toBe('yes');
  });
});

it('of several answers a refusal counts, else all reasons', () => {
  const reason: Gate = { answer: 'reason-needed', reasons: [{ why: 'poc', params: {} }] };
  const other: Gate = { answer: 'reason-needed', reasons: [{ why: 'tmkms_unreadable_running', params: {} }] };
  const refused: Gate = { answer: 'refused', why: 'tmkms_empty', params: {} };
  expect(strictest([{ answer: 'yes' }, reason, refused])).toBe(refused);
  expect(strictest([other, { answer: 'yes' }, reason])).toEqual({ answer: 'reason-needed', reasons: [{ why: 'tmkms_unreadable_running', params: {} }, { why: 'poc', params: {} }] });
  expect(strictest([{ answer: 'yes' }])).toEqual({ answer: 'yes' });
});
