import { undoExit, WAY_BACK } from './exit-return.ts';
import type { ExitKind } from './exit-schema.ts';
import { WAY_OUT } from './exit-steps.ts';
import { STOP } from './exit-take-down.ts';
import { LEAVE } from './locks.ts';
import type { Procedure } from './runner.ts';

/** Leaving the network with proof, for good or for a maintenance that comes back (S18, B1, B2). */
export const EXIT: Record<ExitKind, Procedure> = {
  'safe-exit': { lock: LEAVE, steps: [...WAY_OUT, ...STOP], undo: undoExit },
  maintenance: { lock: LEAVE, steps: [...WAY_OUT, ...STOP, ...WAY_BACK], undo: undoExit },
};
