import { undoExit, WAY_BACK } from './return.ts';
import type { ExitKind } from './schema.ts';
import { WAY_OUT } from './steps.ts';
import { STOP } from './take-down.ts';
import { LEAVE } from '#lib/operations/locks.ts';
import type { Procedure } from '#lib/operations/step.ts';

/** Leaving the network with proof, for good or for a maintenance that comes back (S18, B1, B2). */
export const EXIT: Record<ExitKind, Procedure> = {
  'safe-exit': { lock: LEAVE, steps: [...WAY_OUT, ...STOP], undo: undoExit },
  maintenance: { lock: LEAVE, steps: [...WAY_OUT, ...STOP, ...WAY_BACK], undo: undoExit },
};
