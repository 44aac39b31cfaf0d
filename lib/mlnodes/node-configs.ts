import { createHash } from 'node:crypto';
import { z } from 'zod';
import { secretsIn } from '../../guard/secret-arguments.ts';
import { clock } from '#lib/core/clock.ts';
import { registerSecrets } from '#lib/core/redact.ts';
import type { MlReading } from './client.ts';
import { getJson, type GetLimits } from './http-get.ts';

/** An ML node as the admin API takes it and as node-config.json has it: also with fields that the panel doesn't know. */
export type RawNode = Record<string, unknown> & { id: string };

const list = z.array(z.object({ node: z.looseObject({ id: z.string().min(1).max(256) }) })).max(4096).nullish().transform((rows) => (rows ?? []).map(({ node }) => node));

/**
 * The configurations of the api's list, whole: whoever changes one field sends all others back, since a save replaces
 * everything (facts 4.3). Without `node_num`, which the api gives. Never throws.
 */
export async function nodeConfigs(baseUrl: string, limits?: GetLimits): Promise<MlReading<RawNode[]>> {
  const answer = await getJson(baseUrl, '/admin/v1/nodes', limits);
  if ('error' in answer) return answer;
  const read = list.safeParse(answer.json);
  if (!read.success) return { error: { code: 'mlnodes_malformed', params: { host: new URL(baseUrl).host } } };
  const value = read.data.map(({ node_num: _given, ...node }) => node as RawNode);
  // Under a name of its own: the list by itself drops fields that can hold secrets.
  registerSecrets(`ml node configurations of ${baseUrl}`, secretsIn(JSON.stringify(value)));
  return { value, at: clock.now() };
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const int = (value: unknown): number => (typeof value === 'number' ? value : 0);

/**
 * What makes two configurations the same node, as sha256: id, place, models with their arguments in order. `hardware` only
 * where it is asked for: the api finds it by itself and writes it in at any time.
 */
export function nodeFingerprint(node: RawNode, hardware = false): string {
  const models = Object.entries(Object(node.models) as Record<string, { args?: unknown } | null>).map(([id, model]) => [id, Array.isArray(model?.args) ? model.args.map(String) : []] as const).sort(([a], [b]) => (a < b ? -1 : 1));
  const cards = Array.isArray(node.hardware) ? node.hardware.map((one: { type?: unknown; count?: unknown }) => [text(one?.type), int(one?.count)]) : [];
  const parts = [node.id, text(node.host), text(node.base_url), int(node.inference_port), text(node.inference_segment), int(node.poc_port), text(node.poc_segment), int(node.max_concurrent), models, ...(hardware ? [cards] : [])];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** Whether a node says its hardware itself, so that a save that names it is proven by it. */
export const namesHardware = (node: RawNode): boolean => Array.isArray(node.hardware) && node.hardware.length > 0;
