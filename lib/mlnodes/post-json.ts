import { askableUrl } from '#lib/core/askable-url.ts';
import type { JsonAnswer } from './http-get.ts';
import type { MlNodesError } from './schema.ts';

const TIMEOUT_MS = 10_000;
const MAX_BYTES = 256 * 1024;

/** At most `MAX_BYTES` of a body; undefined when it is longer. */
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

/** One POST of JSON to the own api's admin side. Never throws, never follows a redirect; what was answered never becomes part of an error. */
export async function postJson(base: string, path: string, body: unknown, timeoutMs = TIMEOUT_MS): Promise<JsonAnswer> {
  const { url } = askableUrl(base.replace(/\/+$/, '') + path);
  const error = (code: string, params: MlNodesError['params'] = {}): JsonAnswer => ({ error: { code, params: { host: url?.host ?? base.slice(0, 100), ...params } } });
  if (!url) return error('mlnodes_url_refused');
  try {
    const response = await fetch(url, { method: 'POST', redirect: 'error', headers: { 'content-type': 'application/json' }, ...(body === undefined ? {} : { body: JSON.stringify(body) }), signal: AbortSignal.timeout(timeoutMs) });
    const said = await bodyText(response);
    if (!response.ok) return error('mlnodes_status', { status: response.status });
    if (said === undefined) return error('mlnodes_too_large');
    return { json: JSON.parse(said) };
  } catch (cause) {
    if (cause instanceof SyntaxError) return error('mlnodes_malformed');
    if (cause instanceof Error && cause.name === 'TimeoutError') return error('mlnodes_slow', { seconds: Math.round(timeoutMs / 1000) });
    return error('mlnodes_down', { why: String((cause as { cause?: { code?: string } }).cause?.code ?? 'EUNKNOWN').slice(0, 40) });
  }
}
