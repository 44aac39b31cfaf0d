import { randomUUID } from 'node:crypto';
import type { Reading, ReadingError } from '#lib/chain/reading.ts';
import { clock } from '#lib/core/clock.ts';
import { isPanelError } from '#lib/core/errors.ts';
import { log } from '#lib/core/log.ts';

type Answer<T> = { value: T; at: number; error?: undefined } | { value?: undefined; error: ReadingError };

/**
 * One thing that is asked rarely, shared by all askers: at most once in `everyMs`, one flight at a time, and the last good
 * value stays with its age when asking fails. An `ask` that throws has failed too: it is asked again when its time comes.
 */
export class LastGood<T> {
  readonly #everyMs: number;
  readonly #source: string;
  #key = '';
  #askedAt = Number.NEGATIVE_INFINITY;
  #flight: Promise<void> | undefined;
  #good: { value: T; at: number } | undefined;
  #error: ReadingError | undefined;

  constructor(source: string, everyMs: number) {
    this.#source = source;
    this.#everyMs = everyMs;
  }

  /** `key`: what the answer belongs to (a host, a project); under another one nothing older counts. */
  async read(key: string, ask: () => Promise<Answer<T>>): Promise<Reading<T>> {
    if (key !== this.#key) {
      this.#key = key;
      this.#good = undefined;
      this.#flight = undefined;
      this.#askedAt = Number.NEGATIVE_INFINITY;
    }
    const age = clock.now() - this.#askedAt;
    if (this.#flight || age < 0 || age >= this.#everyMs) {
      this.#flight ??= this.#ask(key, ask);
      await this.#flight;
    }
    const error = this.#error;
    if (!this.#good) return { state: 'unknown', source: this.#source, ...(error ? { error } : {}) };
    return { state: error ? 'stale' : 'ok', value: this.#good.value, at: this.#good.at, source: this.#source, ...(error ? { error } : {}) };
  }

  async #ask(key: string, ask: () => Promise<Answer<T>>): Promise<void> {
    const answer = await this.#answer(ask);
    // Under another key another flight may be under way: it isn't this one's to end.
    if (key !== this.#key) return;
    this.#flight = undefined;
    this.#askedAt = clock.now();
    this.#error = answer.error;
    if (!answer.error) this.#good = { value: answer.value, at: answer.at };
  }

  async #answer(ask: () => Promise<Answer<T>>): Promise<Answer<T>> {
    try {
      return await ask();
    } catch (error) {
      if (isPanelError(error)) return { error: { code: error.code, params: error.params } };
      const event = randomUUID().slice(0, 8);
      log.error({ err: error, event, source: this.#source }, 'reading failed');
      return { error: { code: 'unexpected', params: { event } } };
    }
  }
}
