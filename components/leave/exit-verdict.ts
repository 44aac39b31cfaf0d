import { isOver } from '../operations/operation-words.ts';
import type { StateWord } from '../ui/state.tsx';
import type { ExitView } from './leave-data.ts';

export type StopVerdict = { state: StateWord; answer: 'yes' | 'no' | 'unknown' | 'stopped' };

/**
 * May what leaves be stopped now? "Yes" only with the exit's own proof while it stands, "no" as soon as one source has the host in the set;
 * everything else is unknown: a source that says "out" alone proves nothing.
 */
export function mayStop({ stoppedAt, proofStands, witnesses, cost, waits }: Pick<ExitView, 'stoppedAt' | 'proofStands' | 'witnesses' | 'cost' | 'waits'>): StopVerdict {
  if (stoppedAt !== undefined) return { state: 'ok', answer: 'stopped' };
  if (witnesses.some(({ says }) => says === 'in') || (cost?.known && cost.inSet)) return { state: 'broken', answer: 'no' };
  if (proofStands) return { state: 'ok', answer: 'yes' };
  // Out as far as can be seen, but something else is waited for, such as the claim.
  if (waits?.code === 'claim') return { state: 'attention', answer: 'no' };
  return { state: 'unknown', answer: 'unknown' };
}

/** Nobody has looked for so long (ms): then it is said. */
const OLD_MS = 60_000;

/** Whether the panel should have looked and hasn't. In the pause of a maintenance it waits for a person, and looks at nothing. */
export const isOldPicture = ({ state, at, mayResume }: Pick<ExitView, 'state' | 'at' | 'mayResume'>, now: number): boolean => !isOver(state) && !mayResume && at !== undefined && now - at > OLD_MS;
