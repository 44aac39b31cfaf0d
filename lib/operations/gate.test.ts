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
const said = (answer: Gate) => (answer.answer === 'yes' ? 'yes' : `${answer.answer}: ${answer.why}`);

describe('a container that runs', () => {
  for (const service of SERVICES) {
    for (const [name, { knowledge, why }] of Object.entries(PHASES)) {
      for (const change of ['restart', 'recreate', 'stop'] as Change[]) {
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
    it(`is not stopped without a reason: ${state}`, () => expect(said(ask({ change: 'stop', container: { state }, phase: clock('PoCGenerate') }))).toBe('reason-needed: poc'));
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
        expect(said(ask({ service, membership, change: 'stop' }))).toBe(service.guarded ? stopped : 'yes');
        expect(said(ask({ service, membership, change: 'restart' }))).toBe(other);
      }
    });
  }
  it('the phase is named first', () => expect(said(ask({ change: 'stop', membership: 'in', phase: clock('PoCGenerate') }))).toBe('reason-needed: poc'));
});

it('of several answers the strictest counts', () => {
  const reason: Gate = { answer: 'reason-needed', why: 'poc', params: {} };
  const refused: Gate = { answer: 'refused', why: 'tmkms_empty', params: {} };
  expect(strictest([{ answer: 'yes' }, reason, refused])).toBe(refused);
  expect(strictest([{ answer: 'yes' }, reason])).toBe(reason);
  expect(strictest([{ answer: 'yes' }])).toEqual({ answer: 'yes' });
});
