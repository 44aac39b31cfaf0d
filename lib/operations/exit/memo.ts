import { PanelError } from '#lib/core/errors.ts';
import { singleton } from '#lib/core/singleton.ts';
import { type ExitMemo, readMemo } from './schema.ts';
import type { RunContext } from '#lib/operations/step.ts';
import { keepMemo, memoOf } from '#lib/operations/store.ts';
import { write } from '#lib/operations/unwritten.ts';

/** What an exit remembers now. */
export const memoNow = async (id: string): Promise<ExitMemo> => readMemo(await memoOf(id));

/** Changes the memo of an exit; one change at a time, so that a person's answer and a look of the machine don't undo each other. */
export function changeMemo<T>(id: string, change: (memo: ExitMemo) => { memo: ExitMemo; result: T }): Promise<T> {
  const queues = singleton('operations.exit-memo', () => new Map<string, Promise<unknown>>());
  const mine = (queues.get(id) ?? Promise.resolve()).then(() =>
    write(id, async () => {
      const { memo, result } = change(await memoNow(id));
      await keepMemo(id, memo);
      return result;
    }),
  );
  const settled = mine.catch(() => {});
  queues.set(id, settled);
  void settled.then(() => queues.get(id) === settled && queues.delete(id));
  return mine;
}

/**
 * The memo, for whoever acts by it on the deployment as it was read last. Throws exit_other_deployment where another directory
 * was chosen since: its stack is not the one that leaves.
 */
export async function memoHere(run: Pick<RunContext, 'id' | 'deployment'>): Promise<ExitMemo> {
  const now = run.deployment.dir;
  const memo = await memoNow(run.id);
  if (memo.dir !== undefined && memo.dir !== now) throw new PanelError('exit_other_deployment', { dir: memo.dir, now }, { status: 409 });
  return memo.dir === now ? memo : changeMemo(run.id, (kept) => ({ memo: { ...kept, dir: now }, result: { ...kept, dir: now } }));
}
