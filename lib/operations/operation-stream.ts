import { watchAnnouncements } from '#lib/operations/lifecycle/fan-out.ts';
import { isOver, type OperationView, type OutputLine } from './schema.ts';
import { operation, operationOutput } from './store.ts';

export type OperationEvent = { type: 'operation'; operation: OperationView } | { type: 'output'; lines: OutputLine[] } | { type: 'end' };

/**
 * An operation as it goes, then `end`. Everything comes from the rows, an announcement only says when to look: a viewer
 * that comes late, comes back (`after` = id of the last line it has) or outlives a restart of the panel sees the same.
 * Yields nothing for an id that doesn't exist.
 */
export async function* operationStream(id: string, options: { after?: number; signal?: AbortSignal } = {}): AsyncGenerator<OperationEvent> {
  let after = options.after ?? 0;
  let shown = '';
  let dirty = true;
  let wake: (() => void) | undefined;
  const poke = () => {
    dirty = true;
    wake?.();
  };
  const leave = watchAnnouncements(id, poke);
  options.signal?.addEventListener('abort', poke, { once: true });
  try {
    while (!options.signal?.aborted) {
      dirty = false;
      // The state is read before the output: what is over has no lines that this reading would miss.
      const now = await operation(id);
      if (!now) return;
      for (;;) {
        const lines = await operationOutput(id, after);
        if (!lines.length) break;
        after = lines.at(-1)?.id ?? after;
        yield { type: 'output', lines };
        if (options.signal?.aborted) return;
      }
      const { durationMs: _grows, ...rest } = now;
      const text = JSON.stringify(rest);
      if (text !== shown) {
        shown = text;
        yield { type: 'operation', operation: now };
      }
      if (isOver(now.state)) {
        yield { type: 'end' };
        return;
      }
      if (!dirty && !options.signal?.aborted) {
        await new Promise<void>((resolve) => {
          wake = resolve;
          if (dirty) resolve();
        });
        wake = undefined;
      }
    }
  } finally {
    leave();
    options.signal?.removeEventListener('abort', poke);
  }
}
