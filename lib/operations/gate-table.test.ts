/** It shows 4: each phase × each operation × known or not, asserted whole. */
import { describe, expect, it } from 'vitest';
import { gate, mayNow, strictest, type GateInput, type Membership, type PhaseKnowledge } from './gate.ts';
import type { GateClock } from './safe-window.ts';
import type { Change } from './schema.ts';

const NOW = 1_800_000_000_000;
/** Mainnet's numbers (facts 7): 15391 blocks an epoch, 5 s a block to count with; 500 blocks without confirmation PoC before a PoC. */
const START = 100_000;
const at = (offset: number, more: Partial<GateClock> = {}): PhaseKnowledge => {
  const epoch = (from: number) => ({ pocValidationEnd: from + 275, setNewValidators: from + 395, nextPocStart: from + 15_391 });
  return { known: true, clock: { phase: 'Inference', epoch: 56, at: NOW, secondsPerBlock: 5, blocksToNextPoc: 15_391 - offset, stages: epoch(START), next: epoch(START + 15_391), ...more } };
};
const none = { confirmationPocActive: undefined };
const possible = { confirmationPocActive: false, confirmation: { expected: 1, safetyWindow: 500 } };

/** name → what is known. Offsets are blocks since the PoC began. */
const PHASES: Record<string, PhaseKnowledge> = {
  'PoC generation': at(30, { phase: 'PoCGenerate', ...none }),
  'PoC validation': at(150, { phase: 'PoCValidate', ...none }),
  'a phase of a later release': at(5_000, { phase: 'Whatever', ...none }),
  'Inference, 0.2.4': at(5_000, none),
  'Inference, none expected': at(5_000, { confirmationPocActive: false, confirmation: { expected: 0 } }),
  'Inference, one may come': at(5_000, possible),
  'Inference, one may come, no window': at(5_000, { confirmationPocActive: false, confirmation: { expected: 1 } }),
  'Inference, window too short': at(5_000, { confirmationPocActive: false, confirmation: { expected: 1, safetyWindow: 50 } }),
  'Inference, rules unread': at(5_000, { confirmationPocActive: false }),
  'the safety window': at(14_900, possible),
  'before PoC, 200 blocks': at(15_191, possible),
  'before PoC, 15 blocks': at(15_376, possible),
  'confirmation PoC, end known': at(5_000, { ...possible, confirmationPocActive: true, confirmationPocEnd: START + 5_200 }),
  'confirmation PoC, end unknown': at(5_000, { ...possible, confirmationPocActive: true }),
  'pace unknown': at(5_000, { ...none, secondsPerBlock: undefined }),
  'unknown': { known: false, reason: 'chain_no_answer' },
  'a minute old': at(5_000, { ...none, at: NOW - 60_001 }),
  'from the future': at(5_000, { ...none, at: NOW + 61_000 }),
};
const api = { name: 'api', role: 'api', group: 'network' as const };
const mlnode = { name: 'mlnode-308', role: 'mlnode', group: 'ml' as const };
const node = { name: 'node', role: 'node', group: 'network' as const };
const proxy = { name: 'proxy', role: 'proxy', group: 'network' as const };
/** name → what is done, to a container that runs unless it says otherwise. */
const OPERATIONS: Record<string, Partial<GateInput> & { service: GateInput['service']; change: Change }> = {
  'api restart': { service: api, change: 'restart' },
  'node recreate': { service: node, change: 'recreate' },
  'ml restart': { service: mlnode, change: 'restart' },
  'ml recreate, out': { service: mlnode, change: 'recreate', membership: 'out' },
  'node down': { service: node, change: 'remove' },
  'node stop, out': { service: node, change: 'stop', membership: 'out' },
  'node stop, ?': { service: node, change: 'stop', membership: 'unknown' },
  'ml start': { service: mlnode, change: 'start', container: { state: 'exited' } },
  'api repair': { service: api, change: 'restart', crashLooping: true },
  'api wedged': { service: api, change: 'restart', wedged: true },
  'proxy restart': { service: proxy, change: 'restart' },
};

/** `wait poc → 100275–115367 in 61 min`, as short as it can be said whole. */
function said(input: Partial<GateInput> & { service: GateInput['service']; change: Change }, phase: PhaseKnowledge): string {
  const verdict = mayNow({ container: { state: 'running' }, crashLooping: false, membership: 'in' as Membership, now: NOW, phase, ...input });
  if (verdict.answer === 'yes') return 'yes';
  const window = verdict.answer === 'wait' ? verdict.window : undefined;
  const when = window ? ` → ${window.from}–${window.until}${window.at === undefined ? '' : ` in ${Math.round((window.at - NOW) / 60_000)} min`}` : '';
  return `${verdict.answer} ${verdict.reasons.map((one) => one.why).join(' + ')}${when}`;
}

const TABLE: Record<string, Record<string, string>> = {
  'PoC generation': {
    'api restart': 'wait poc → 100275–115367 in 20 min',
    'node recreate': 'wait poc → 100275–115367 in 20 min',
    'ml restart': 'wait poc → 100275–115151 in 20 min',
    'ml recreate, out': 'wait poc → 100275–115151 in 20 min',
    'node down': 'wait poc + active_set',
    'node stop, out': 'wait poc → 100275–115367 in 20 min',
    'node stop, ?': 'unknown poc + membership_unknown',
    'ml start': 'yes',
    'api repair': 'yes',
    'api wedged': 'yes',
    'proxy restart': 'yes',
  },
  'PoC validation': {
    'api restart': 'wait poc → 100275–115367 in 10 min',
    'node recreate': 'wait poc → 100275–115367 in 10 min',
    'ml restart': 'wait poc → 100275–115151 in 10 min',
    'ml recreate, out': 'wait poc → 100275–115151 in 10 min',
    'node down': 'wait poc + active_set',
    'node stop, out': 'wait poc → 100275–115367 in 10 min',
    'node stop, ?': 'unknown poc + membership_unknown',
    'ml start': 'yes',
    'api repair': 'yes',
    'api wedged': 'yes',
    'proxy restart': 'yes',
  },
  'a phase of a later release': {
    'api restart': 'wait poc → 100275–115367',
    'node recreate': 'wait poc → 100275–115367',
    'ml restart': 'wait poc → 100275–115151',
    'ml recreate, out': 'wait poc → 100275–115151',
    'node down': 'wait poc + active_set',
    'node stop, out': 'wait poc → 100275–115367',
    'node stop, ?': 'unknown poc + membership_unknown',
    'ml start': 'yes',
    'api repair': 'yes',
    'api wedged': 'yes',
    'proxy restart': 'yes',
  },
  'Inference, 0.2.4': {
    'api restart': 'yes',
    'node recreate': 'yes',
    'ml restart': 'yes',
    'ml recreate, out': 'yes',
    'node down': 'wait active_set',
    'node stop, out': 'yes',
    'node stop, ?': 'unknown membership_unknown',
    'ml start': 'yes',
    'api repair': 'yes',
    'api wedged': 'yes',
    'proxy restart': 'yes',
  },
  'Inference, none expected': {
    'api restart': 'yes',
    'node recreate': 'yes',
    'ml restart': 'yes',
    'ml recreate, out': 'yes',
    'node down': 'wait active_set',
    'node stop, out': 'yes',
    'node stop, ?': 'unknown membership_unknown',
    'ml start': 'yes',
    'api repair': 'yes',
    'api wedged': 'yes',
    'proxy restart': 'yes',
  },
  'Inference, one may come': {
    'api restart': 'yes',
    'node recreate': 'yes',
    'ml restart': 'wait confirmation_possible → 114891–115151 in 824 min',
    'ml recreate, out': 'yes',
    'node down': 'wait active_set',
    'node stop, out': 'yes',
    'node stop, ?': 'unknown membership_unknown',
    'ml start': 'yes',
    'api repair': 'yes',
    'api wedged': 'yes',
    'proxy restart': 'yes',
  },
  'Inference, one may come, no window': {
    'api restart': 'yes',
    'node recreate': 'yes',
    'ml restart': 'wait confirmation_possible',
    'ml recreate, out': 'yes',
    'node down': 'wait active_set',
    'node stop, out': 'yes',
    'node stop, ?': 'unknown membership_unknown',
    'ml start': 'yes',
    'api repair': 'yes',
    'api wedged': 'yes',
    'proxy restart': 'yes',
  },
  'Inference, window too short': {
    'api restart': 'yes',
    'node recreate': 'yes',
    'ml restart': 'wait confirmation_possible',
    'ml recreate, out': 'yes',
    'node down': 'wait active_set',
    'node stop, out': 'yes',
    'node stop, ?': 'unknown membership_unknown',
    'ml start': 'yes',
    'api repair': 'yes',
    'api wedged': 'yes',
    'proxy restart': 'yes',
  },
  'Inference, rules unread': {
    'api restart': 'yes',
    'node recreate': 'yes',
    'ml restart': 'unknown confirmation_unread',
    'ml recreate, out': 'yes',
    'node down': 'wait active_set',
    'node stop, out': 'yes',
    'node stop, ?': 'unknown membership_unknown',
    'ml start': 'yes',
    'api repair': 'yes',
    'api wedged': 'yes',
    'proxy restart': 'yes',
  },
  'the safety window': {
    'api restart': 'yes',
    'node recreate': 'yes',
    'ml restart': 'yes',
    'ml recreate, out': 'yes',
    'node down': 'wait active_set',
    'node stop, out': 'yes',
    'node stop, ?': 'unknown membership_unknown',
    'ml start': 'yes',
    'api repair': 'yes',
    'api wedged': 'yes',
    'proxy restart': 'yes',
  },
  'before PoC, 200 blocks': {
    'api restart': 'yes',
    'node recreate': 'yes',
    'ml restart': 'wait poc_near → 130282–130542 in 1258 min',
    'ml recreate, out': 'wait poc_near → 115666–130542 in 40 min',
    'node down': 'wait active_set',
    'node stop, out': 'yes',
    'node stop, ?': 'unknown membership_unknown',
    'ml start': 'yes',
    'api repair': 'yes',
    'api wedged': 'yes',
    'proxy restart': 'yes',
  },
  'before PoC, 15 blocks': {
    'api restart': 'wait poc_near → 115666–130758 in 24 min',
    'node recreate': 'wait poc_near → 115666–130758 in 24 min',
    'ml restart': 'wait poc_near → 130282–130542 in 1242 min',
    'ml recreate, out': 'wait poc_near → 115666–130542 in 24 min',
    'node down': 'wait poc_near + active_set',
    'node stop, out': 'wait poc_near → 115666–130758 in 24 min',
    'node stop, ?': 'unknown poc_near + membership_unknown',
    'ml start': 'yes',
    'api repair': 'yes',
    'api wedged': 'yes',
    'proxy restart': 'yes',
  },
  'confirmation PoC, end known': {
    'api restart': 'wait confirmation_poc → 105201–115367 in 17 min',
    'node recreate': 'wait confirmation_poc → 105201–115367 in 17 min',
    'ml restart': 'wait confirmation_poc → 114891–115151 in 824 min',
    'ml recreate, out': 'wait confirmation_poc → 105201–115151 in 17 min',
    'node down': 'wait confirmation_poc + active_set',
    'node stop, out': 'wait confirmation_poc → 105201–115367 in 17 min',
    'node stop, ?': 'unknown confirmation_poc + membership_unknown',
    'ml start': 'yes',
    'api repair': 'yes',
    'api wedged': 'yes',
    'proxy restart': 'yes',
  },
  'confirmation PoC, end unknown': {
    'api restart': 'wait confirmation_poc',
    'node recreate': 'wait confirmation_poc',
    'ml restart': 'wait confirmation_poc',
    'ml recreate, out': 'wait confirmation_poc',
    'node down': 'wait confirmation_poc + active_set',
    'node stop, out': 'wait confirmation_poc',
    'node stop, ?': 'unknown confirmation_poc + membership_unknown',
    'ml start': 'yes',
    'api repair': 'yes',
    'api wedged': 'yes',
    'proxy restart': 'yes',
  },
  'pace unknown': {
    'api restart': 'yes',
    'node recreate': 'yes',
    'ml restart': 'yes',
    'ml recreate, out': 'yes',
    'node down': 'wait active_set',
    'node stop, out': 'yes',
    'node stop, ?': 'unknown membership_unknown',
    'ml start': 'yes',
    'api repair': 'yes',
    'api wedged': 'yes',
    'proxy restart': 'yes',
  },
  'unknown': {
    'api restart': 'unknown phase_unknown',
    'node recreate': 'unknown phase_unknown',
    'ml restart': 'unknown phase_unknown',
    'ml recreate, out': 'unknown phase_unknown',
    'node down': 'unknown phase_unknown + active_set',
    'node stop, out': 'unknown phase_unknown',
    'node stop, ?': 'unknown phase_unknown + membership_unknown',
    'ml start': 'yes',
    'api repair': 'yes',
    'api wedged': 'yes',
    'proxy restart': 'yes',
  },
  'a minute old': {
    'api restart': 'unknown phase_old',
    'node recreate': 'unknown phase_old',
    'ml restart': 'unknown phase_old',
    'ml recreate, out': 'unknown phase_old',
    'node down': 'unknown phase_old + active_set',
    'node stop, out': 'unknown phase_old',
    'node stop, ?': 'unknown phase_old + membership_unknown',
    'ml start': 'yes',
    'api repair': 'yes',
    'api wedged': 'yes',
    'proxy restart': 'yes',
  },
  'from the future': {
    'api restart': 'unknown phase_old',
    'node recreate': 'unknown phase_old',
    'ml restart': 'unknown phase_old',
    'ml recreate, out': 'unknown phase_old',
    'node down': 'unknown phase_old + active_set',
    'node stop, out': 'unknown phase_old',
    'node stop, ?': 'unknown phase_old + membership_unknown',
    'ml start': 'yes',
    'api repair': 'yes',
    'api wedged': 'yes',
    'proxy restart': 'yes',
  },
};

describe('may this be done now', () => {
  it('has a line for each phase and an entry for each operation', () => {
    expect(Object.keys(TABLE)).toEqual(Object.keys(PHASES));
    for (const line of Object.values(TABLE)) expect(Object.keys(line)).toEqual(Object.keys(OPERATIONS));
  });
  for (const [phase, knowledge] of Object.entries(PHASES)) {
    it(phase, () => expect(Object.fromEntries(Object.entries(OPERATIONS).map(([name, input]) => [name, said(input, knowledge)]))).toEqual(TABLE[phase]));
  }
});

describe('the window that is named', () => {
  const short = (height: number, more: Partial<GateClock>): PhaseKnowledge => {
    const start = Math.floor(height / 60) * 60;
    const epoch = (from: number) => ({ pocValidationEnd: from + 20, setNewValidators: from + 22, nextPocStart: from + 60 });
    return { known: true, clock: { phase: height - start < 20 ? 'PoCGenerate' : 'Inference', epoch: 5, at: NOW, secondsPerBlock: 30, blocksToNextPoc: start + 60 - height, stages: epoch(start), next: epoch(start + 60), ...more } };
  };
  it('is the first block at which the answer is yes, and lasts as long as it is', () => {
    const rules = [none, possible, { confirmationPocActive: false, confirmation: { expected: 1, safetyWindow: 30 } }];
    for (const more of rules) {
      for (const service of [api, mlnode]) {
        const ask = (height: number) => mayNow({ change: 'restart', service, container: { state: 'running' }, crashLooping: false, membership: 'in', now: NOW, phase: short(height, more) });
        for (let height = 600; height < 660; height++) {
          const verdict = ask(height);
          if (verdict.answer !== 'wait') continue;
          const { from, until } = verdict.window ?? { from: Number.NaN, until: Number.NaN };
          expect(from, `${service.name} at ${height}`).toBeGreaterThan(height);
          for (let later = height; later < from; later++) expect(ask(later).answer, `${later}`).toBe('wait');
          for (let later = from; later <= until; later++) expect(ask(later).answer, `${later}`).toBe('yes');
          expect(ask(until + 1).answer).toBe('wait');
        }
      }
    }
  });
  it('of several services is one in which all may be done', () => {
    const phase = at(15_376, possible);
    const answers = [api, mlnode, proxy].map((service) => gate({ change: 'restart', service, container: { state: 'running' }, crashLooping: false, membership: 'in', now: NOW, phase }));
    expect(strictest(answers)).toMatchObject({ answer: 'reason-needed', window: { from: 130_282, until: 130_542 } });
    const never = gate({ change: 'stop', service: node, container: { state: 'running' }, crashLooping: false, membership: 'in', now: NOW, phase });
    expect(strictest([...answers, never])).not.toHaveProperty('window');
  });
  it('is not named while the safe exit is under way, which nobody knows the end of', () => {
    const asked = { change: 'restart' as Change, service: api, container: { state: 'running' }, crashLooping: false, membership: 'in' as Membership, now: NOW, phase: at(30, { phase: 'PoCGenerate', ...none }), leaving: { kind: 'safe-exit' } };
    expect(mayNow(asked)).toEqual({ answer: 'wait', reasons: [{ why: 'poc', params: { phase: 'PoCGenerate', epoch: 56, service: 'api' } }, { why: 'leaving', params: { kind: 'safe_exit', service: 'api' } }] });
    expect(mayNow({ ...asked, crashLooping: true })).toEqual({ answer: 'yes' });
  });
});
