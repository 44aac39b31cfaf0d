'use client';
/**
 * `usePanelData<T>('/api/overview', { every: 5000 })`: SWR over our own routes. Failures arrive as `ShownError` (network down: code `panel_unreachable`),
 * the last good value stays. An ended session goes to the sign-in page and back. `sendPanel(url, body)` is its counterpart for changes.
 */
import useSWR, { type SWRConfiguration } from 'swr';
import { holdsKeyMaterial } from '../../guard/key-material.ts';
import type { ShownError } from './error-notice.tsx';

export class RequestFailed extends Error {
  readonly shown: ShownError;
  readonly status: number;
  readonly retryAfter?: number;
  constructor(shown: ShownError, status: number, retryAfter?: number) {
    super(shown.code);
    this.shown = shown;
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

/** A changed password ends the session that a poll under way still carried; the new cookie is here already. */
async function stillSignedIn(): Promise<boolean> {
  await new Promise((resolve) => setTimeout(resolve, 300));
  const session: unknown = await fetch('/api/auth/get-session').then((answer) => answer.json()).catch(() => undefined);
  return session !== null && session !== undefined && typeof session === 'object' && 'session' in session;
}

async function request(url: string, init?: RequestInit, again = true): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(url, { ...init, headers: { accept: 'application/json', ...init?.headers } });
  } catch {
    throw new RequestFailed({ code: 'panel_unreachable' }, 0);
  }
  if (response.status === 401 && !/^\/(login|setup)$/.test(location.pathname)) {
    if (again && init?.method === undefined && (await stillSignedIn())) return request(url, init, false);
    location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`);
  }
  const body: unknown = await response.json().catch(() => undefined);
  if (response.ok) return body;
  const told = (body as { error?: Partial<ShownError> } | undefined)?.error ?? (body as Partial<ShownError> | undefined);
  const retry = Number(response.headers.get('retry-after') ?? response.headers.get('x-retry-after'));
  throw new RequestFailed({ ...told, code: told?.code ?? `http_${response.status}` }, response.status, retry > 0 ? retry : undefined);
}

export function usePanelData<T>(url: string | null, { every = 5000, ...config }: { every?: number } & SWRConfiguration<T, RequestFailed> = {}) {
  const { data, error, isLoading, mutate } = useSWR<T, RequestFailed>(url, (path: string) => request(path) as Promise<T>, {
    refreshInterval: every, dedupingInterval: Math.min(2000, every), keepPreviousData: true, errorRetryInterval: Math.max(3000, every), ...config,
  });
  return { data, error: error?.shown, isLoading, reload: mutate };
}

/** Their callers look at what was typed into a file, by itself: what it has already, and hashes of it, go along in these fields. Everything beside them is looked at here. */
const OF_A_FILE = ['change', 'base', 'version', 'text', 'entries', 'listing'];
const LOOKED_AT = /^\/api\/(?:config\/(?:check|plan|save|ml-nodes\/check)|ml-nodes(?:\/check)?|leave\/reset)$/;

const beside = (body: unknown) => Object.fromEntries(Object.entries(Object(body)).filter(([name]) => !OF_A_FILE.includes(name)));

/** A recovery phrase or a private key, in whatever field, stays in this browser (`key_material`). */
export async function sendPanel<T>(url: string, body: unknown): Promise<T> {
  if (holdsKeyMaterial(LOOKED_AT.test(url) ? beside(body) : body)) throw new RequestFailed({ code: 'key_material' }, 0);
  return (await request(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })) as T;
}
