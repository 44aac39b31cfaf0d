import { singleton } from '#lib/core/singleton.ts';

/** How long the operations wait for what (ms). Tests make it shorter. */
export const pace = singleton('operations.pace', () => ({ settleMs: 6000, lifeMs: 30_000, proofMs: 3 * 60_000, exitMs: 15_000, exitSoonMs: 1_000, scheduleMs: 15_000, signaturesMs: 75_000, journalMs: 5_000 }));
