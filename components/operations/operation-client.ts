'use client';
import type { Kind, Preview } from '#lib/operations/schema.ts';
import type { ShownError } from '../ui/error-notice.tsx';
import { RequestFailed, sendPanel } from '../ui/panel-data.ts';

export type Answer<T> = { value: T } | { error: ShownError };

async function ask<T>(url: string, body: unknown): Promise<Answer<T>> {
  try {
    return { value: await sendPanel<T>(url, body) };
  } catch (error) {
    return { error: error instanceof RequestFailed ? error.shown : { code: 'panel_unreachable' } };
  }
}

export const previewOperation = (request: { kind: Kind; target?: string; params?: unknown; retryOf?: string }) => ask<Preview>('/api/operations/preview', request);
export const startOperation = (request: { kind: Kind; target?: string; params?: unknown; reason?: string; shown?: string[]; when?: 'now' | 'window' }) => ask<{ id: string }>('/api/operations', request);
export const cancelOperation = (id: string) => ask<unknown>(`/api/operations/${id}/cancel`, {});
export const retryOperation = (id: string, answer: { reason?: string; shown?: string[]; when?: 'now' | 'window' }) => ask<{ id: string }>(`/api/operations/${id}/retry`, answer);
