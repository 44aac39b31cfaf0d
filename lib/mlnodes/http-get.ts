import { askableUrl } from '#lib/core/askable-url.ts';
import { httpGet } from '#lib/core/http-get.ts';
import type { MlNodesError } from './schema.ts';

export type GetLimits = { timeoutMs?: number; maxBytes?: number };
export type JsonAnswer = { json: unknown } | { error: MlNodesError };

const TIMEOUT_MS = 5_000;
const MAX_BYTES = 8 * 1024 * 1024;

/** One GET of JSON, as `httpGet` asks. Never throws. The answer's text never becomes part of an error. */
export async function getJson(base: string, path: string, { timeoutMs = TIMEOUT_MS, maxBytes = MAX_BYTES }: GetLimits = {}): Promise<JsonAnswer> {
  const { url, ...refused } = askableUrl(base.replace(/\/+$/, '') + path);
  const error = (code: string, params: MlNodesError['params'] = {}): JsonAnswer => ({ error: { code, params: { host: url?.host ?? ((refused as { host?: string }).host || base.slice(0, 100)), ...params } } });
  if (!url) return error('mlnodes_url_refused');
  const answer = await httpGet(url, { timeoutMs, maxBytes });
  switch (answer.kind) {
    case 'refused': return error('mlnodes_url_refused');
    case 'down': return error('mlnodes_down', { why: answer.why });
    case 'timeout': return error('mlnodes_slow', { seconds: Math.round(timeoutMs / 1000) });
    case 'redirect': return error('mlnodes_status', { status: answer.status });
    case 'too-large': return error('mlnodes_too_large');
    case 'encoded': return error('mlnodes_malformed');
  }
  if (answer.status < 200 || answer.status >= 300) return error('mlnodes_status', { status: answer.status });
  try {
    return { json: JSON.parse(answer.body) };
  } catch {
    return error('mlnodes_malformed');
  }
}
