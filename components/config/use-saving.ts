'use client';
import { useEffect, useRef, useState } from 'react';
import type { OperationView } from '#lib/operations/schema.ts';
import { isOver } from '../operations/operation-words.ts';
import { useOperation } from '../operations/use-operation.ts';

/**
 * The operation that saves, watched also while its window is closed. `onOver` comes once, when it has ended; it runs until what
 * that does is done, such as reading the file again: an edit in between would be one of the file before, and a conflict with oneself.
 */
export function useSaving(onOver: (operation: OperationView) => unknown) {
  const [id, setId] = useState<string>();
  const [ended, setEnded] = useState<string>();
  const watched = useOperation(id);
  const told = useRef<string>(undefined);
  const latest = useRef(onOver);
  latest.current = onOver;
  const { operation } = watched;
  const over = operation !== undefined && operation.id === id && isOver(operation.state);
  useEffect(() => {
    if (!over || !operation || told.current === operation.id) return;
    told.current = operation.id;
    void Promise.resolve(latest.current(operation)).finally(() => setEnded(operation.id));
  }, [over, operation]);
  return { id, watched, started: setId, running: id !== undefined && ended !== id };
}
