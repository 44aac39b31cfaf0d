import { clock } from '#lib/core/clock.ts';
import { db } from '#lib/db/client.ts';

/** What the operator wants of an ML node beyond the api's own memory (measured 26, 44). `partOf`: the exit that it belongs to. */
export type Intent = { nodeId: string; at: Date; by: string; partOf?: string };

/**
 * Remembers that these ML nodes are to be disabled, until `wantNothing`. `dir`: real path of the deployment. An exit leaves
 * a wish of the operator's own as it is: it outlasts the exit.
 */
export async function wantDisabled(dir: string, ids: readonly string[], by: string, partOf?: string): Promise<void> {
  const row = { wanted: 'disabled', at: new Date(clock.now()), by, partOf: partOf ?? null };
  const own = partOf ? (await intents(dir)).filter((one) => !one.partOf).map((one) => one.nodeId) : [];
  for (const nodeId of ids.filter((id) => !own.includes(id))) await db().mlNodeIntent.upsert({ where: { dir_nodeId: { dir, nodeId } }, create: { dir, nodeId, ...row }, update: row });
}

/** Nothing is wanted of these ML nodes any more; `partOf`: by that exit, whatever the operator wants besides. */
export async function wantNothing(dir: string, ids: readonly string[], partOf?: string): Promise<void> {
  await db().mlNodeIntent.deleteMany({ where: { dir, nodeId: { in: [...ids] }, ...(partOf ? { partOf } : {}) } });
}

/** The ML nodes of this deployment that are to stay disabled. */
export async function intents(dir: string): Promise<Intent[]> {
  const rows = await db().mlNodeIntent.findMany({ where: { dir, wanted: 'disabled' }, orderBy: { nodeId: 'asc' } });
  return rows.map(({ nodeId, at, by, partOf }) => ({ nodeId, at, by, ...(partOf ? { partOf } : {}) }));
}
