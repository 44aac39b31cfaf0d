import { clock } from '#lib/core/clock.ts';
import { secretsIn } from '../../guard/secret-arguments.ts';
import { redact, registerSecrets } from '#lib/core/redact.ts';
import { getJson, type GetLimits } from './http-get.ts';
import { adminNodes as adminNodesSchema, gpuDevices, type AdminNode, type MlNodeGpu, type MlNodesError } from './schema.ts';

/** A value with its time (ms), or why it is unknown. */
export type MlReading<T> = { value: T; at: number; error?: undefined } | { value?: undefined; error: MlNodesError };

/**
 * The api's own list of ML nodes (facts 4.2), sorted. `baseUrl`: the api's admin side at its container address, such as
 * `http://172.18.0.4:9200`. Never throws; refused, slow, or not understood is unknown with `errors.mlnodes_*`.
 */
export async function adminNodes(baseUrl: string, limits?: GetLimits): Promise<MlReading<AdminNode[]>> {
  const got = await read(baseUrl, '/admin/v1/nodes', limits, (json) => adminNodesSchema.parse(json));
  if (got.error) return got;
  // Arguments are shown, and an ML node prints them: what is secret among them is masked from here on.
  registerSecrets(`ml nodes of ${baseUrl}`, secretsIn(JSON.stringify(got.value)));
  // The api's own words about a failed command: they can quote an address with what is in it.
  return { ...got, value: got.value.map((node) => ({ ...node, state: { ...node.state, failure: redact(node.state.failure) } })) };
}

/**
 * The cards that an ML node sees (facts 10.1). `baseUrl` is the ML node with its PoC port and segment, such as
 * `http://10.0.0.21:8080`. A 404 is mlnode before 3.0.10, which can't say: unknown.
 */
export function mlNodeGpus(baseUrl: string, limits?: GetLimits): Promise<MlReading<MlNodeGpu[]>> {
  return read(baseUrl, '/api/v1/gpu/devices', limits, (json) => gpuDevices.parse(json));
}

async function read<T>(baseUrl: string, path: string, limits: GetLimits | undefined, parse: (json: unknown) => T): Promise<MlReading<T>> {
  const answer = await getJson(baseUrl, path, limits);
  if ('error' in answer) return answer;
  try {
    return { value: parse(answer.json), at: clock.now() };
  } catch {
    return { error: { code: 'mlnodes_malformed', params: { host: new URL(baseUrl).host } } };
  }
}
