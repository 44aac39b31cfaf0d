import { randomInt } from 'node:crypto';
import { clock } from '#lib/core/clock.ts';
import { PanelError } from '#lib/core/errors.ts';
import { log } from '#lib/core/log.ts';
import { registerSecrets } from '#lib/core/redact.ts';
import { singleton } from '#lib/core/singleton.ts';

/** How long a recovery phrase waits in memory to be shown and written down (ms). */
export const PHRASE_KEPT_MS = 30 * 60_000;
/** How many words are asked back. */
const ASKED = 3;
const STARTERS_KEPT = 100;

type Held = { words: string[]; until: number; shown: boolean; asked: number[]; timer: ReturnType<typeof setTimeout> };
/** By operation. The words are nowhere else: not in the journal, not in a file. */
const held = () => singleton('operations.ml-key-phrase', () => new Map<string, Held>());
const starters = () => singleton('operations.ml-key-starters', () => new Map<string, string>());
const source = (operation: string) => `recovery phrase ${operation}`;

/** Which sign-in started an operation: only it is shown what the operation made. */
export function noteStarter(operation: string, session: string): void {
  const all = starters();
  all.set(operation, session);
  const [first] = all.keys();
  if (all.size > STARTERS_KEPT && first !== undefined) all.delete(first);
}

/** Keeps a phrase until it is confirmed, for half an hour at most; masked wherever it would be printed meanwhile. */
export function holdPhrase(operation: string, words: string[]): void {
  registerSecrets(source(operation), [words.join(' ')]);
  const timer = setTimeout(() => {
    log.warn({ operation }, 'a recovery phrase was dropped from memory: its time was over');
    dropPhrase(operation);
  }, PHRASE_KEPT_MS);
  timer.unref();
  held().set(operation, { words, until: clock.now() + PHRASE_KEPT_MS, shown: false, asked: [], timer });
  singleton('closers', () => new Set<() => void>()).add(dropAll);
}

export function dropPhrase(operation: string): void {
  const one = held().get(operation);
  if (!one) return;
  clearTimeout(one.timer);
  one.words.fill('');
  held().delete(operation);
  registerSecrets(source(operation), []);
}

function dropAll(): void {
  for (const operation of [...held().keys()]) dropPhrase(operation);
}

export type PhraseState = { operation: string; /** ms since 1970 */ until: number; /** Made by this sign-in, and so to be shown to it. */ mine: boolean; shown: boolean };

/** Whether a phrase is in memory, never the phrase; the newest one. */
export function phraseState(session: string): PhraseState | undefined {
  const [last] = [...held()].slice(-1);
  return last && { operation: last[0], until: last[1].until, mine: starters().get(last[0]) === session, shown: last[1].shown };
}

function mine(operation: string, session: string): Held {
  const one = held().get(operation);
  if (!one) throw new PanelError('ml_key_phrase_gone', {}, { status: 410 });
  if (starters().get(operation) !== session) throw new PanelError('ml_key_phrase_other', {}, { status: 403 });
  return one;
}

/**
 * The words, once; `ask`: positions (from 1) that are asked back; `leftMs`: how long they stay in memory. Throws
 * ml_key_phrase_gone (410), ml_key_phrase_other (403: another sign-in started it), ml_key_phrase_shown (410).
 */
export function takePhrase(operation: string, session: string): { words: string[]; ask: number[]; leftMs: number } {
  const one = mine(operation, session);
  if (one.shown) throw new PanelError('ml_key_phrase_shown', {}, { status: 410 });
  one.shown = true;
  const positions = new Set<number>();
  while (positions.size < ASKED) positions.add(randomInt(one.words.length) + 1);
  one.asked = [...positions].sort((a, b) => a - b);
  return { words: [...one.words], ask: one.asked, leftMs: Math.max(0, one.until - clock.now()) };
}

/** Whether it may be asked for at all, before the password is. Throws as takePhrase. */
export function mayTakePhrase(operation: string, session: string): void {
  if (mine(operation, session).shown) throw new PanelError('ml_key_phrase_shown', {}, { status: 410 });
}

/**
 * Compares the words that were asked back, in the order of `ask`; all right ones wipe the phrase. Throws ml_key_words
 * {positions} for wrong ones, ml_key_phrase_gone, ml_key_phrase_other.
 */
export function confirmPhrase(operation: string, session: string, words: string[]): void {
  const one = mine(operation, session);
  if (!one.shown || words.length !== one.asked.length) throw new PanelError('bad_request');
  const wrong = one.asked.filter((position, i) => words[i]?.trim().toLowerCase() !== one.words[position - 1]);
  if (wrong.length > 0) throw new PanelError('ml_key_words', { positions: wrong.join(', ') }, { status: 422 });
  dropPhrase(operation);
}
