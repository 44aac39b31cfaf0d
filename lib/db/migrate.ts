import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { clock } from '#lib/core/clock.ts';
import { PanelError } from '#lib/core/errors.ts';

const BACKUPS_KEPT = 5;

const TABLE = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
  "id" TEXT PRIMARY KEY NOT NULL, "checksum" TEXT NOT NULL, "finished_at" DATETIME, "migration_name" TEXT NOT NULL,
  "logs" TEXT, "rolled_back_at" DATETIME, "started_at" DATETIME NOT NULL DEFAULT current_timestamp, "applied_steps_count" INTEGER UNSIGNED NOT NULL DEFAULT 0)`;

type Migration = { name: string; sql: string; checksum: string };

function readMigrations(dir: string): Migration[] {
  if (!existsSync(/*turbopackIgnore: true*/ dir)) return [];
  return readdirSync(/*turbopackIgnore: true*/ dir)
    .sort()
    .map((name) => ({ name, file: path.join(/*turbopackIgnore: true*/ dir, name, 'migration.sql') }))
    .filter(({ file }) => existsSync(/*turbopackIgnore: true*/ file))
    .map(({ name, file }) => {
      const sql = readFileSync(/*turbopackIgnore: true*/ file, 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    });
}

/** A consistent copy beside the database before anything is changed; the oldest beyond BACKUPS_KEPT go. */
function backUp(database: Database.Database, file: string): void {
  const dir = path.join(path.dirname(file), 'backups');
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  database.prepare('VACUUM INTO ?').run(path.join(dir, `panel-before-migration-${clock.now()}.db`));
  const old = readdirSync(dir).filter((name) => name.startsWith('panel-before-migration-')).sort();
  for (const name of old.slice(0, -BACKUPS_KEPT)) rmSync(path.join(dir, name));
}

function apply(database: Database.Database, migration: Migration): void {
  // A PRAGMA inside a transaction does nothing, and DROP TABLE would cascade.
  database.pragma('foreign_keys = OFF');
  database.exec('BEGIN IMMEDIATE');
  try {
    database.exec(migration.sql);
    if ((database.pragma('foreign_key_check') as unknown[]).length) throw new Error(`foreign keys broken by ${migration.name}`);
    database
      .prepare('INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count) VALUES (?,?,?,?,?,1)')
      .run(randomUUID(), migration.checksum, migration.name, clock.now(), clock.now());
    database.exec('COMMIT');
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}

/**
 * Brings the database to this release: one transaction a migration, rows as Prisma writes them, a backup first.
 * Throws PanelError `database_newer` (made by a later release) or `database_migration_edited`; then nothing was changed.
 */
export function migrate(file: string, dir: string): { applied: string[]; total: number } {
  const migrations = readMigrations(dir);
  const database = new Database(file);
  try {
    database.pragma('busy_timeout = 5000');
    const fresh = !database.prepare("SELECT 1 FROM sqlite_schema WHERE name = '_prisma_migrations'").get();
    const rows = fresh
      ? []
      : (database.prepare('SELECT migration_name AS name, checksum FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL').all() as { name: string; checksum: string }[]);
    const known = new Map(migrations.map((m) => [m.name, m.checksum]));
    for (const row of rows) {
      if (!known.has(row.name)) throw new PanelError('database_newer', { migration: row.name, file });
      if (known.get(row.name) !== row.checksum) throw new PanelError('database_migration_edited', { migration: row.name, file });
    }
    const pending = migrations.filter((m) => !rows.some((row) => row.name === m.name));
    if (fresh) {
      database.pragma('auto_vacuum = INCREMENTAL');
      database.pragma('journal_mode = WAL');
    } else if (pending.length) {
      backUp(database, file);
    }
    database.exec(TABLE);
    for (const migration of pending) apply(database, migration);
    return { applied: pending.map((m) => m.name), total: migrations.length };
  } finally {
    database.close();
  }
}
