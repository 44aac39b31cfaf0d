import { describe, expect, it } from 'vitest';
import { isOldPicture, mayStop } from './exit-verdict.ts';
import type { ExitView } from './leave-data.ts';

const at = 1_800_000_000_000;
const witness = (kind: 'participants' | 'validators' | 'staking', says: 'in' | 'out' | 'unknown') => ({ kind, says, place: 'node2', at }) as const;

describe('may it stop now', () => {
  it('is never yes without the proof of the exit, however many sources say out', () => {
    expect(mayStop({ proofStands: false, witnesses: [witness('participants', 'out'), witness('validators', 'out'), witness('staking', 'out')] }).answer).toBe('unknown');
    expect(mayStop({ proofStands: false, witnesses: [] }).answer).toBe('unknown');
  });
  it('is yes with the proof, and no again when a source has the host in the set', () => {
    expect(mayStop({ proofStands: true, witnesses: [] })).toEqual({ state: 'ok', answer: 'yes' });
    expect(mayStop({ proofStands: true, witnesses: [witness('validators', 'in')] })).toEqual({ state: 'broken', answer: 'no' });
  });
  it('is no while the host is known to have weight', () => {
    expect(mayStop({ proofStands: false, witnesses: [witness('staking', 'unknown')], cost: { known: true, inSet: true, weight: 40 } }).answer).toBe('no');
    expect(mayStop({ proofStands: false, witnesses: [], cost: { known: false, inSet: true } }).answer).toBe('unknown');
  });
});

it('the pause of a maintenance said that the panel could not look and would go on when it could', () => {
  const old = (age: number, more: { mayResume?: boolean; state?: ExitView['state'] } = {}) => isOldPicture({ state: 'running', mayResume: false, at, ...more }, at + age);
  expect([old(30_000), old(90_000), old(90_000, { mayResume: true }), old(90_000, { state: 'succeeded' })]).toEqual([false, true, false, false]);
});
