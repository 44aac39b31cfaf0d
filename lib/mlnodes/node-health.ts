import { clock } from '#lib/core/clock.ts';
import type { MlReading } from './client.ts';
import { getJson } from './http-get.ts';

const TIMEOUT_MS = 3_000;

/**
 * Whether an ML node calls itself well (facts 10.1: `GET /health` answers 200, and 503 without CUDA or with a manager that
 * has ended). `baseUrl`: the ML node at its PoC port, such as `http://172.18.0.9:8080`. Never throws; everything else is unknown.
 */
export async function mlNodeHealth(baseUrl: string): Promise<MlReading<'healthy' | 'unhealthy'>> {
  const answer = await getJson(baseUrl, '/health', { timeoutMs: TIMEOUT_MS });
  if ('error' in answer) return answer.error.params.status === 503 ? { value: 'unhealthy', at: clock.now() } : answer;
  const { status } = Object(answer.json) as { status?: unknown };
  if (status === 'healthy' || status === 'unhealthy') return { value: status, at: clock.now() };
  return { error: { code: 'mlnodes_malformed', params: { host: new URL(baseUrl).host } } };
}
