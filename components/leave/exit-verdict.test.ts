import { describe, expect, it } from 'vitest';
import { mayStop } from './exit-verdict.ts';
import type { ExitView } from './leave-data.ts';

const at = 1_800_000_000_000;
const witness = (kind: 'participants' | 'validators' | 'staking', says: 'in' | 'out' | 'unknown') => ({ kind, says, place: 'node2', at }) as const;
const proven: ExitView['proven'] = { epoch: 57, height: 890_000, at, witnesses: [witness('participants', 'out'), witness('staking', 'out')] };

describe('may it stop now', () => {
  it('is never yes without the proof of the exit, however many sources say out', () => {
    expect(mayStop({ witnesses: [witness('participants', 'out'), witness('validators', 'out'), witness('staking', 'out')] }).answer).toBe('unknown');
    expect(mayStop({ witnesses: [] }).answer).toBe('unknown');
  });
  it('is yes with the proof, and no again when a source has the host in the set', () => {
    expect(mayStop({ proven, witnesses: [] })).toEqual({ state: 'ok', answer: 'yes' });
    expect(mayStop({ proven, witnesses: [witness('validators', 'in')] })).toEqual({ state: 'broken', answer: 'no' });
  });
  it('is no while the host is known to have weight', () => {
    expect(mayStop({ witnesses: [witness('staking', 'unknown')], cost: { known: true, inSet: true, weight: 40 } }).answer).toBe('no');
    expect(mayStop({ witnesses: [], cost: { known: false, inSet: true } }).answer).toBe('unknown');
  });
});
