// The SQL that Prisma's own engine (its WASM build, so nothing is downloaded) derives from schema.prisma.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';

const require = createRequire(import.meta.url);

async function loadEngine(databaseFile) {
  const dir = path.dirname(require.resolve('@prisma/schema-engine-wasm'));
  const wasm = path.join(dir, 'schema_engine_bg.wasm');
  const glue = await import(pathToFileURL(path.join(dir, 'schema_engine_bg.js')).href);
  const { instance } = await WebAssembly.instantiate(readFileSync(wasm), { './schema_engine_bg.js': glue });
  glue.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start?.();
  const adapter = bindMigrationAwareSqlAdapterFactory(new PrismaBetterSqlite3({ url: databaseFile ? `file:${databaseFile}` : ':memory:' }));
  return glue.SchemaEngine.new({ datamodels: undefined }, () => {}, adapter);
}

/** SQL from nothing (or from the database in `databaseFile`) to the schema. Empty comment when nothing differs. */
export async function schemaSql({ schemaFile, databaseFile }) {
  const engine = await loadEngine(databaseFile);
  const to = { tag: 'schemaDatamodel', files: [{ path: schemaFile, content: readFileSync(schemaFile, 'utf8') }] };
  // The database itself is reached through the adapter.
  const from = databaseFile ? { ...to, tag: 'schemaDatasource', configDir: path.dirname(schemaFile) } : { tag: 'empty' };
  const answer = await engine.diff({ from, to, script: true, shadowDatabaseUrl: null, exitCode: null, filters: { externalTables: [], externalEnums: [] } });
  return answer.stdout ?? '';
}
