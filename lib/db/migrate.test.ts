import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isPanelError } from '#lib/core/errors.ts';
import { schemaSql } from '../../scripts/db/schema-sql.mjs';
import { migrate } from './migrate.ts';

const MIGRATIONS = 'prisma/migrations';
let dir: string;
let file: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'panel-migrate-'));
  file = path.join(dir, 'panel.db');
});
afterEach(() => rmSync(dir, { recursive: true }));

function code(work: () => unknown): string {
  try {
    work();
    return 'nothing thrown';
  } catch (error) {
    return isPanelError(error) ? error.code : String(error);
  }
}

/** Tables, columns, indexes and foreign keys, independent of the order and layout of the SQL. */
function shape(database: Database.Database) {
  const tables = (database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> '_prisma_migrations' ORDER BY name").all() as { name: string }[]).map((t) => t.name);
  return Object.fromEntries(
    tables.map((table) => [
      table,
      {
        columns: (database.pragma(`table_info("${table}")`) as { name: string }[]).map(({ name, ...rest }) => ({ name, ...rest, cid: 0 })).sort((a, b) => a.name.localeCompare(b.name)),
        indexes: (database.prepare("SELECT sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL ORDER BY name").all(table) as { sql: string }[]).map((i) => i.sql),
        foreign: database.pragma(`foreign_key_list("${table}")`),
      },
    ]),
  );
}

test('the migrations make exactly what the schema says', async () => {
  migrate(file, MIGRATIONS);
  const sql = await schemaSql({ schemaFile: 'prisma/schema.prisma', databaseFile: undefined });
  const wanted = new Database(':memory:');
  wanted.exec(sql);
  const made = new Database(file);
  expect(Object.keys(shape(wanted)).length).toBeGreaterThan(8);
  expect(shape(made)).toEqual(shape(wanted));
  made.close();
});

test('a second start applies nothing and makes no backup', () => {
  expect(migrate(file, MIGRATIONS).applied.length).toBeGreaterThan(0);
  expect(migrate(file, MIGRATIONS).applied).toEqual([]);
  expect(readdirSync(dir)).not.toContain('backups');
});

test('an update backs up first, then applies', () => {
  const newer = path.join(dir, 'migrations');
  migrate(file, MIGRATIONS);
  cpSync(MIGRATIONS, newer, { recursive: true });
  mkdirSync(path.join(newer, '99991231000000_next'));
  writeFileSync(path.join(newer, '99991231000000_next', 'migration.sql'), 'CREATE TABLE "next" ("id" TEXT PRIMARY KEY);');
  expect(migrate(file, newer).applied).toEqual(['99991231000000_next']);
  const backups = readdirSync(path.join(dir, 'backups'));
  expect(backups).toHaveLength(1);
  const backup = new Database(path.join(dir, 'backups', backups[0]!));
  expect(backup.prepare("SELECT count(*) AS n FROM sqlite_schema WHERE name = 'next'").get()).toEqual({ n: 0 });
  backup.close();

  // …and the older release then refuses the newer database without touching it.
  expect(code(() => migrate(file, MIGRATIONS))).toBe('database_newer');
});

test('a migration that fails in the middle leaves the database as it was', () => {
  const broken = path.join(dir, 'migrations');
  migrate(file, MIGRATIONS);
  cpSync(MIGRATIONS, broken, { recursive: true });
  mkdirSync(path.join(broken, '99991231000000_broken'));
  writeFileSync(path.join(broken, '99991231000000_broken', 'migration.sql'), 'CREATE TABLE "half" ("id" TEXT PRIMARY KEY); CREATE TABLE "user" ("id" TEXT);');
  expect(() => migrate(file, broken)).toThrow(/already exists/);
  const database = new Database(file);
  expect(database.prepare("SELECT count(*) AS n FROM sqlite_schema WHERE name = 'half'").get()).toEqual({ n: 0 });
  database.close();
  expect(migrate(file, MIGRATIONS).applied).toEqual([]);
});

test('a migration edited after it was applied is refused', () => {
  const edited = path.join(dir, 'migrations');
  migrate(file, MIGRATIONS);
  cpSync(MIGRATIONS, edited, { recursive: true });
  const [first] = readdirSync(edited);
  writeFileSync(path.join(edited, first!, 'migration.sql'), 'SELECT 1;');
  expect(code(() => migrate(file, edited))).toBe('database_migration_edited');
});
