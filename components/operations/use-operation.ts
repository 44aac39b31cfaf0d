'use client';
import type { OperationView, OutputLine } from '#lib/operations/schema.ts';
import { useEffect, useRef, useState } from 'react';
import type { ShownError } from '../ui/error-notice.tsx';
import { usePanelData } from '../ui/panel-data.ts';
import { isOver } from './operation-words.ts';

type StreamEvent = { type: 'operation'; operation: OperationView } | { type: 'output'; lines: OutputLine[] } | { type: 'end' };
/** Lines kept in the tab; the panel itself caps what it stores. */
const MOST = 50_000;

/** The lines after the last one known; the stream may send some twice when it is taken up again. */
export function appended(known: OutputLine[], more: readonly OutputLine[]): OutputLine[] {
  const last = known.at(-1)?.id ?? -1;
  const fresh = more.filter((line) => line.id > last);
  if (fresh.length === 0) return known;
  const all = known.concat(fresh);
  return all.length > MOST ? all.slice(-MOST) : all;
}

/**
 * An operation as it goes: state, steps and output. It outlives a reload (everything is in the journal) and a restart of
 * the panel (`live` is false while the panel doesn't answer, then it goes on).
 */
export function useOperation(id: string | undefined): { operation?: OperationView; lines: OutputLine[]; error?: ShownError; live: boolean } {
  const first = usePanelData<{ operation: OperationView } | OperationView>(id ? `/api/operations/${id}` : null, { every: 0, revalidateOnFocus: false, keepPreviousData: false });
  const [streamed, setStreamed] = useState<{ id: string; operation: OperationView }>();
  const [output, setOutput] = useState<{ id: string; lines: OutputLine[] }>();
  const [live, setLive] = useState(true);
  const found = first.data ? ('operation' in first.data ? first.data.operation : first.data) : undefined;
  const exists = found !== undefined;
  const reload = useRef(first.reload);
  reload.current = first.reload;

  useEffect(() => {
    if (!id || !exists) return;
    let source: EventSource | undefined;
    let retry: ReturnType<typeof setTimeout> | undefined;
    let last = 0;
    const take = (event: StreamEvent) => {
      if (event.type === 'operation') setStreamed({ id, operation: event.operation });
      else if (event.type === 'output') {
        last = event.lines.at(-1)?.id ?? last;
        setOutput((old) => ({ id, lines: appended(old?.id === id ? old.lines : [], event.lines) }));
      } else {
        source?.close();
        void reload.current();
      }
    };
    const open = () => {
      source = new EventSource(`/api/operations/${id}/stream${last ? `?after=${last}` : ''}`);
      source.onopen = () => setLive(true);
      const read = (message: MessageEvent<string>) => {
        try {
          take(JSON.parse(message.data) as StreamEvent);
        } catch {
          // half a message: the stream is taken up again from the last whole one
        }
      };
      source.onmessage = read;
      for (const name of ['operation', 'output', 'end']) source.addEventListener(name, read as EventListener);
      source.onerror = () => {
        setLive(false);
        if (source?.readyState !== EventSource.CLOSED) return; // it comes back by itself
        clearTimeout(retry);
        retry = setTimeout(() => void reload.current().then(open, open), 3000);
      };
    };
    open();
    return () => {
      clearTimeout(retry);
      source?.close();
    };
  }, [id, exists]);

  const now = streamed?.id === id ? streamed?.operation : undefined;
  // After the end the row is read once more; it has the last word.
  const operation = found && isOver(found.state) ? found : (now ?? found);
  return { operation, lines: output?.id === id ? (output?.lines ?? []) : [], error: operation ? undefined : first.error, live: live || (operation !== undefined && isOver(operation.state)) };
}
