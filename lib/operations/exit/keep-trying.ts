import { clock } from '#lib/core/clock.ts';
import { isPanelError } from '#lib/core/errors.ts';
import { log } from '#lib/core/log.ts';
import { changeMemo, memoNow } from './memo.ts';
import { pace } from '#lib/operations/pace.ts';
import type { RunContext } from '#lib/operations/step.ts';
import type { Words } from '#lib/operations/schema.ts';
import { untilWritten } from '#lib/operations/unwritten.ts';

/** What goes wrong again and again is tried less and less often, up to this many times the usual pause. */
const SLOWEST = 4;

/** An error as the page says it; a defect stands in the log. */
const inWords = (error: unknown, id: string): Words => (isPanelError(error) ? { code: error.code, params: error.params } : { code: 'unexpected', params: { event: id } });

/**
 * Does `work` until it gives something. Whatever goes wrong may pass, with a file that is put right, an engine that comes back,
 * a person who chooses the directory again: it is said on the page, with since when, and tried again. Only a cancel ends it.
 */
export async function keepTrying<T>(run: Pick<RunContext, 'id' | 'signal' | 'output' | 'wait'>, work: () => Promise<T | undefined>, every = () => pace.exitMs): Promise<T> {
  for (let failures = 0; ; ) {
    try {
      const done = await work();
      failures = 0;
      // Also where it only waits again: what was in the way is over.
      await forget(run);
      if (done !== undefined) return done;
    } catch (error) {
      run.signal.throwIfAborted();
      failures += 1;
      await remember(run, error);
    }
    await run.wait(every() * Math.min(Math.max(failures, 1), SLOWEST));
  }
}

/** The same trouble keeps its beginning. What can't be written now is no reason to end either. */
async function remember({ id, output }: Pick<RunContext, 'id' | 'output'>, error: unknown): Promise<void> {
  const words = inWords(error, id);
  try {
    const isNew = await changeMemo(id, (memo) => {
      const same = memo.failing?.code === words.code;
      return { memo: { ...memo, failing: { ...words, since: same && memo.failing ? memo.failing.since : clock.now() } }, result: !same };
    });
    if (!isNew) return;
    if (!isPanelError(error)) log.error({ err: error, operation: id }, 'a step of the exit failed by a defect');
    output.say({ code: 'exit_tries_again', params: { why: words.code } });
  } catch (wrong) {
    log.error({ err: wrong, operation: id }, 'what keeps an exit from going on could not be written');
  }
}

/** It goes on: nothing says any more that it doesn't. */
const forget = ({ id, wait }: Pick<RunContext, 'id' | 'wait'>): Promise<void> =>
  untilWritten(
    id,
    async () => {
      if ((await memoNow(id)).failing) await changeMemo(id, ({ failing: _over, ...memo }) => ({ memo, result: undefined }));
    },
    () => wait(pace.journalMs),
  );
