/** Where the own node's answers are said to come from; foreign ones carry their host's name. */
export const OWN_SOURCE = 'own node';

/** Why there is no (newer) value: a code under `errors.<code>` and its parameters. Never holds a foreign body. */
export type ReadingError = { code: string; params: Record<string, string | number> };

/**
 * A value with where it came from and when. `stale` keeps the last good value, `unknown` and `rate-limited` may.
 * Neither is good or bad.
 */
export type Reading<T> = {
  state: 'ok' | 'stale' | 'unknown' | 'rate-limited';
  value?: T;
  /** Milliseconds, of the value (for heights: of the block). */
  at?: number;
  source?: string;
  error?: ReadingError;
};

/** A reading that nobody has asked for yet. */
export const UNREAD: Reading<never> = { state: 'unknown' };
