import type { Evidence, Step, StepName } from './schema.ts';
import { STEPS } from './schema.ts';

export type { Evidence, Step, StepName } from './schema.ts';

/** What the evidence of one step says by itself, before the steps that come first are looked at. */
export type Finding = { state: 'done' | 'missing' | 'unknown'; evidence: Evidence };

/**
 * What a step can't do without. Prerequisites block nothing as a whole: each row says what it breaks. The configuration
 * doesn't wait for the account key: the key is written into config.env, and one that is missing is a problem of config.env.
 */
const NEEDS: Record<StepName, StepName[]> = {
  prerequisites: [], 'account-key': [], deployment: [],
  configuration: ['deployment'],
  images: ['deployment'],
  'start-chain': ['configuration'],
  'ml-key': ['configuration'],
  register: ['start-chain'],
  grant: ['register', 'ml-key'],
  launch: ['start-chain'],
  verify: ['register', 'grant', 'launch'],
};

/**
 * The state of every step from its evidence alone (law "wizard ticks come from evidence"). A step that is done stays done
 * whatever was left out before it: a host set up half by hand is picked up where it is. A step that can't be told is not
 * blocked: what it waits for may be there.
 */
export function stepStates(findings: Record<StepName, Finding>, since: (name: StepName) => number): Step[] {
  return STEPS.map((name): Step => {
    const { state, evidence } = findings[name];
    if (state === 'done') return { name, state, evidence };
    const by = NEEDS[name].filter((needed) => findings[needed].state === 'missing');
    if (by.length > 0) return { name, state: 'blocked', evidence, by };
    return state === 'unknown' ? { name, state, evidence, since: since(name) } : { name, state: 'ready', evidence };
  });
}

/** True when the last step has its proof: the active set has this host, by the consensus key of its own node. */
export const isFinished = (steps: readonly Step[]): boolean => steps.some(({ name, state }) => name === 'verify' && state === 'done');

/** What can't be told here says less than a later step that is done: a server not measured in full, permissions of a release whose needs nobody knows to the last. */
const saysLess = ({ name, state, evidence }: Step): boolean => state === 'unknown' && (name === 'prerequisites' || (name === 'grant' && evidence.code === 'grants_unclear'));

/**
 * The step to open: the first one whose evidence is missing. One that says less is passed over as soon as a later one is done;
 * what can't be told before a directory is chosen, where one lies on the machine.
 */
export function landingStep(steps: readonly Step[]): StepName {
  const lastDone = steps.findLastIndex(({ state }) => state === 'done');
  const unchosen = steps.findIndex(({ name, evidence }) => name === 'deployment' && evidence.code === 'directory_found');
  const open = steps.find((step, index) => step.state !== 'done' && !(saysLess(step) && index < lastDone) && !(step.state === 'unknown' && index < unchosen));
  return isFinished(steps) || !open ? 'verify' : open.name;
}
