/** A registration that was sent this long ago (ms) is in a block or was lost. */
const SENT_VALID_MS = 2 * 60_000;

/** How long (ms) a registration that was sent at `at` may still be under way. Sent in the future is a clock that was set back: as if just now. */
export const sentValidFor = (at: number, now: number): number => Math.max(0, SENT_VALID_MS - Math.max(0, now - at));
