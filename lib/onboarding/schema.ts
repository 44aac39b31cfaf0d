import type { Params } from './prerequisite-facts.ts';

/** The quickstart as a path, in its order. */
export const STEPS = ['prerequisites', 'account-key', 'deployment', 'configuration', 'images', 'start-chain', 'ml-key', 'register', 'grant', 'launch', 'verify'] as const;
export type StepName = (typeof STEPS)[number];

export const isStep = (name: string): name is StepName => (STEPS as readonly string[]).includes(name);

/** What a state is based on: words under `onboarding.evidence.<code>`, from where, of when (ms). */
export type Evidence = { code: string; params: Params; source?: string; at?: number; /** Why it is unknown, in the house's own words: `errors.<code>`. */ error?: { code: string; params: Params } };

/**
 * One step as the evidence has it now. `blocked`: by the steps in `by`. `unknown`: `since` (ms) it can't be told.
 */
export type Step = { name: StepName; state: 'done' | 'ready' | 'blocked' | 'unknown'; evidence: Evidence; by?: StepName[]; since?: number };
