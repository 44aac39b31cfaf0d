import { askableUrl } from '#lib/core/askable-url.ts';
import { redact } from '#lib/core/redact.ts';
import type { MlNodesError } from './schema.ts';

const TIMEOUT_MS = 20_000;
const MAX_BYTES = 2 * 1024 * 1024;
/** Characters of the api's own words about a refusal. */
const MAX_WORDS = 600;

export type AdminAnswer = { status: number; json: unknown; error?: undefined } | { error: MlNodesError };

/**
 * One request to the own api's admin side (facts 4.3), or to an ML node, that isn't a GET. What it refuses is `mlnodes_refused` with its
 * own words, masked: they say which rule it was. Never throws, never follows a redirect.
 */
export async function adminRequest(base: string, method: 'POST' | 'DELETE', path: string, body?: unknown, timeoutMs = TIMEOUT_MS): Promise<AdminAnswer> {
  const { url } = askableUrl(base.replace(/\/+$/, '') + path);
  const error = (code: string, params: MlNodesError['params'] = {}): AdminAnswer => ({ error: { code, params: { host: url?.host ?? base.slice(0, 100), ...params } } });
  if (!url) return error('mlnodes_url_refused');
  try {
    const response = await fetch(url, { method, redirect: 'error', ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }), signal: AbortSignal.timeout(timeoutMs) });
    const text = await bodyText(response);
    if (text === undefined) return error('mlnodes_too_large');
    if (response.ok) return { status: response.status, json: JSON.parse(text) };
    return error('mlnodes_refused', { status: response.status, said: refusal(text) || '-' });
  } catch (cause) {
    if (cause instanceof SyntaxError) return error('mlnodes_malformed');
    if (cause instanceof Error && cause.name === 'TimeoutError') return error('mlnodes_slow', { seconds: Math.round(timeoutMs / 1000) });
    return error('mlnodes_down', { why: String((cause as { cause?: { code?: string } }).cause?.code ?? 'EUNKNOWN').slice(0, 40) });
  }
}

/** At most `MAX_BYTES`; undefined when it is longer. */
async function bodyText(response: Response): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > MAX_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** The words of `{"error": …}`: a text, `{message}`, or `{error, errors: […]}` of a batch (facts 4.3); of an ML node's `{"detail": …}`. '' when there are none. */
function refusal(text: string): string {
  let error: unknown;
  try {
    const said = Object(JSON.parse(text)) as { error?: unknown; detail?: unknown };
    error = said.error ?? said.detail;
  } catch {
    return '';
  }
  const { message, error: inner, errors } = Object(error) as { message?: unknown; error?: unknown; errors?: unknown };
  return inOneLine([typeof error === 'string' ? error : '', message, inner, ...(Array.isArray(errors) ? errors : [])]);
}

/** Foreign words for a line of ours: masked, without line breaks, bounded. */
export const inOneLine = (parts: readonly unknown[]): string => redact(parts.filter((part) => typeof part === 'string' && part !== '').join('; ').slice(0, 16 * MAX_WORDS)).replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e]+/g, ' ').slice(0, MAX_WORDS);
