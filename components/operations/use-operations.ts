'use client';
import type { OperationView } from '#lib/operations/schema.ts';
import { usePanelData } from '../ui/panel-data.ts';

export type OperationsFilter = { state?: readonly string[]; kind?: readonly string[]; service?: readonly string[]; user?: string; before?: string; limit?: number };

export function operationsUrl(filter: OperationsFilter): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(filter)) {
    for (const one of Array.isArray(value) ? (value as string[]) : value === undefined ? [] : [String(value)]) if (one) query.append(name, one);
  }
  return `/api/operations${query.size ? `?${query}` : ''}`;
}

/** Rows of the history, newest first; `next` is the id to give as `before`. `every`: ms between looks. */
export function useOperations(filter: OperationsFilter, every = 5000) {
  const { data, ...rest } = usePanelData<{ operations: OperationView[]; next?: string }>(operationsUrl(filter), { every });
  return { operations: data?.operations, next: data?.next, ...rest };
}
