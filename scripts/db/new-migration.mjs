// For developers: node scripts/db/new-migration.mjs NAME writes prisma/migrations/<time>_NAME from what the schema has and the migrations lack.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { migrate } from '../../lib/db/migrate.ts';
import { schemaSql } from './schema-sql.mjs';

const name = process.argv[2];
if (!/^[a-z][a-z0-9_]*$/.test(name ?? '')) throw new Error('new-migration.mjs NAME (lower case, digits, _)');
const scratch = mkdtempSync(path.join(tmpdir(), 'panel-migration-'));
try {
  const databaseFile = path.join(scratch, 'panel.db');
  const done = migrate(databaseFile, 'prisma/migrations');
  const sql = await schemaSql({ schemaFile: 'prisma/schema.prisma', databaseFile: done.total ? databaseFile : undefined });
  if (!/^\s*(CREATE|ALTER|DROP|PRAGMA)/m.test(sql)) throw new Error('The migrations already make what the schema says.');
  const dir = path.join('prisma/migrations', `${new Date().toISOString().replaceAll(/\D/g, '').slice(0, 14)}_${name}`);
  mkdirSync(dir, { recursive: true });
  writeFileSync(path.join(dir, 'migration.sql'), sql);
  console.log(dir);
} finally {
  rmSync(scratch, { recursive: true });
}
