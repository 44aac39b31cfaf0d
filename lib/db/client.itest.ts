import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fillDisk } from '../../e2e/fill-disk.ts';

const dir = mkdtempSync(path.join(tmpdir(), 'panel-full-'));
const filler = path.join(dir, 'filler');
process.env.PANEL_DATA_DIR = dir;
const { migrate } = await import('./migrate.ts');
const { db } = await import('./client.ts');
const { lockDataDir } = await import('#lib/core/data-dir.ts');
const { insertOperation, keepMemo, memoOf } = await import('#lib/operations/store.ts');

beforeAll(() => {
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', dir]);
  migrate(path.join(dir, 'panel.db'), 'prisma/migrations');
});
afterAll(async () => {
  await db().$disconnect();
  execFileSync('umount', ['-l', dir]);
  rmSync(dir, { recursive: true });
});

const insert = () => insertOperation({ kind: 'maintenance', project: 'join:leave', command: [], startedBy: 'ann', ip: '192.0.2.7', params: { scope: 'host' }, steps: ['exit-note', 'exit-disable'] });

test('a memo was reported as written and went with the rollback of another transaction', async () => {
  const id = await insert();
  await keepMemo(id, { round: 'before' });
  fillDisk(filler);
  const later = async (ticks: number, work: () => Promise<unknown>) => {
    for (let i = 0; i < ticks; i++) await Promise.resolve();
    return work();
  };
  for (let round = 0; round < 10; round++) {
    // The insert is a transaction of several statements, which fails at its end: whatever comes in between fails too, or is there.
    const memos = Array.from({ length: 12 }, (_, i) => ({ ticks: i * (round + 1), memo: { round, i } }));
    // Two, so that a second one waits for the first beside the memos.
    const [inserted, another, ...kept] = await Promise.allSettled([insert(), insert(), ...memos.map(({ ticks, memo }) => later(ticks, () => keepMemo(id, memo)))]);
    expect([inserted, another]).toMatchObject(Array(2).fill({ status: 'rejected', reason: { code: 'database_full' } }));
    const written = memos.filter((_, i) => kept[i]?.status === 'fulfilled').map(({ memo }) => memo);
    expect(written).toEqual([]);
    expect(await memoOf(id)).toEqual({ round: 'before' });
  }
  rmSync(filler);
  await keepMemo(id, { round: 'after' });
  // What is reported as written is there for another reader of the file too.
  const other = new Database(path.join(dir, 'panel.db'), { readonly: true });
  expect(other.prepare('SELECT memo FROM operation WHERE id = ?').get(id)).toEqual({ memo: '{"round":"after"}' });
  other.close();
  await insert();
});

test('a file that another program holds says so, and is written again afterwards', async () => {
  const id = await insert();
  const other = new Database(path.join(dir, 'panel.db'));
  other.exec('BEGIN IMMEDIATE');
  await expect(keepMemo(id, {})).rejects.toMatchObject({ name: 'PanelError', code: 'database_locked', status: 503, params: { dir, detail: 'SQLITE_BUSY' } });
  await expect(insert()).rejects.toMatchObject({ code: 'database_locked' });
  other.exec('ROLLBACK');
  other.close();
  await keepMemo(id, { free: true });
  await insert();
  expect(await memoOf(id)).toEqual({ free: true });
});

test('what was journaled half a minute before a power cut could be gone, and what was done by it was not', async () => {
  expect(await db().$queryRawUnsafe('PRAGMA synchronous')).toEqual([{ synchronous: 2n }]);
});

test('a commit that fails otherwise than by the disk leaves nothing open', async () => {
  const id = await insert();
  await expect(db().$transaction([db().operation.update({ where: { id }, data: { memo: 'half' } }), db().operation.update({ where: { id: 'absent' }, data: { memo: 'x' } })])).rejects.toThrow();
  expect(await memoOf(id)).toBeUndefined();
  await keepMemo(id, { whole: true });
  const other = new Database(path.join(dir, 'panel.db'), { readonly: true });
  expect(other.prepare('SELECT memo FROM operation WHERE id = ?').get(id)).toEqual({ memo: '{"whole":true}' });
  other.close();
});

test('a start on a full disk was told to look after write access, and a file that could not be opened was a defect', async () => {
  await db().$disconnect();
  fillDisk(filler);
  expect(() => lockDataDir(dir)).toThrow(expect.objectContaining({ code: 'data_dir_full', params: { dir } }));
  await expect(memoOf('any')).rejects.toMatchObject({ code: 'database_fails', params: { dir } });
  rmSync(filler);
  lockDataDir(dir);
  expect(await memoOf('any')).toBeUndefined();
});
