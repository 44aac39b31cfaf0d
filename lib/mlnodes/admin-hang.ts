import type { MlNodesError } from './schema.ts';

/** Two slow answers this far apart (ms) are a hang; one may be a busy moment. */
const APART_MS = 4_000;

/**
 * The wedge of v0.2.4 (measured 28): a lock of the admin side is never given back, every call hangs, and the public side of
 * the same container goes on answering. Only a restart of the api helps.
 */
export type Hang = { since: number; last: number };

/** What is remembered after one more look at the admin side. Anything but a slow answer ends the hang: refused is not hanging. */
export function hangAfter(before: Hang | undefined, error: MlNodesError | undefined, now: number): Hang | undefined {
  if (error?.code !== 'mlnodes_slow') return undefined;
  return { since: before?.since ?? now, last: now };
}

/** Whether the admin side is wedged. `publicAnswers`: the public side answers now; unknown is not. */
export const isAdminWedged = (hang: Hang | undefined, publicAnswers: boolean): boolean => hang !== undefined && publicAnswers && hang.last - hang.since >= APART_MS;
