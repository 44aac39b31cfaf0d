import { clock } from '#lib/core/clock.ts';
import { log } from '#lib/core/log.ts';
import { singleton } from '#lib/core/singleton.ts';
import { isDatabaseTrouble } from '#lib/db/trouble.ts';
import { announce } from '#lib/operations/lifecycle/fan-out.ts';
import type { Words } from './schema.ts';

/** What keeps the journal of an operation from being written, and since when (ms). In memory: the journal is what fails. */
export type Unwritten = Words & { since: number };
const held = () => singleton('operations.unwritten', () => new Map<string, Unwritten>());

export const unwrittenOf = (id: string): Unwritten | undefined => held().get(id);

/** For the end of an operation, and as soon as its journal is written again. */
export function forgetUnwritten(id: string): void {
  if (held().delete(id)) announce(id);
}

/** Writes into the journal of an operation. What keeps it from being written is known to the pages until a write succeeds. */
export async function write<T>(id: string, work: () => Promise<T>): Promise<T> {
  try {
    const done = await work();
    forgetUnwritten(id);
    return done;
  } catch (error) {
    if (isDatabaseTrouble(error)) {
      const since = held().get(id)?.since;
      held().set(id, { code: error.code, params: error.params, since: since ?? clock.now() });
      if (since === undefined) log.error({ operation: id, code: error.code, ...error.params }, 'the journal can not be written');
      announce(id);
    }
    throw error;
  }
}

/** The same until it is written. `wait` comes in between, and throws when nobody waits for it any more. */
export async function untilWritten<T>(id: string, work: () => Promise<T>, wait: () => Promise<void>): Promise<T> {
  for (;;) {
    try {
      return await write(id, work);
    } catch (error) {
      if (!isDatabaseTrouble(error)) throw error;
    }
    await wait();
  }
}
