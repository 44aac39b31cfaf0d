import { clock } from '#lib/core/clock.ts';
import { db } from '#lib/db/client.ts';
import { type Intent, wantDisabled } from './intent.ts';

/** `asked`: it was enabled by hand, and nobody has said yet what is wanted now; the panel doesn't touch it. */
export type Wish = Intent & { asked: boolean };

/** Every ML node of this deployment that was to stay disabled, with those that the panel has a question about. */
export async function wishes(dir: string): Promise<Wish[]> {
  const rows = await db().mlNodeIntent.findMany({ where: { dir }, orderBy: { nodeId: 'asc' } });
  return rows.map(({ nodeId, at, by, partOf, wanted }) => ({ nodeId, at, by, ...(partOf ? { partOf } : {}), asked: wanted === 'asked' }));
}

/** Wants these disabled. A wish that is there stays whose it is, with a new time: from now on it holds (again). */
export async function wishDisabled(dir: string, ids: readonly string[], by: string): Promise<void> {
  const there = await wishes(dir);
  const kept = ids.filter((id) => there.some(({ nodeId, asked }) => nodeId === id && !asked));
  await db().mlNodeIntent.updateMany({ where: { dir, nodeId: { in: kept } }, data: { at: new Date(clock.now()) } });
  await wantDisabled(dir, ids.filter((id) => !kept.includes(id)), by);
}

/** Remembers that the operator is to be asked about these: they were enabled by hand. */
export async function askAbout(dir: string, ids: readonly string[]): Promise<void> {
  await db().mlNodeIntent.updateMany({ where: { dir, nodeId: { in: [...ids] } }, data: { wanted: 'asked' } });
}

/** They are disabled again without the panel: what was wanted before the question is wanted still. */
export async function holdAgain(dir: string, ids: readonly string[]): Promise<void> {
  await db().mlNodeIntent.updateMany({ where: { dir, nodeId: { in: [...ids] } }, data: { wanted: 'disabled', at: new Date(clock.now()) } });
}

const SETTING = 'mlNodes.reapply';

/** Whether the panel disables again what a restart of api or node enabled; on unless it was switched off. */
export async function reapplies(): Promise<boolean> {
  const row = await db().setting.findUnique({ where: { key: SETTING } });
  return row?.value !== 'false';
}

export async function setReapplies(on: boolean): Promise<void> {
  const value = JSON.stringify(on);
  await db().setting.upsert({ where: { key: SETTING }, create: { key: SETTING, value }, update: { value } });
}
