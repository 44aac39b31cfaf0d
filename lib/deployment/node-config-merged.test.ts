/** Against real databases in WAL mode, open and written to by another connection as the api holds them. */
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sqliteImage } from './node-config-db.ts';
import { nodeConfigMerged } from './node-config-merged.ts';

let dir: string;
let open: Database.Database[];
const dapi = (file = ''): string => path.join(dir, '.dapi', file);

beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'gp-merged-'));
  open = [];
});
afterEach(() => {
  for (const db of open) db.close();
  rmSync(dir, { recursive: true, force: true });
});

/** As upstream makes it: WAL, `value_json`. */
function database(column = 'value_json'): Database.Database {
  mkdirSync(dapi(), { recursive: true });
  const db = new Database(dapi('gonka.db'));
  open.push(db);
  db.pragma('journal_mode = WAL');
  db.exec(`CREATE TABLE kv_config (key TEXT PRIMARY KEY, ${column} TEXT NOT NULL); CREATE TABLE seed_info (id INTEGER PRIMARY KEY, seed TEXT)`);
  return db;
}
const put = (db: Database.Database, value: string) => db.prepare('INSERT OR REPLACE INTO kv_config VALUES (?, ?)').run('node_config_merged', value);
const state = async () => {
  const { state, evidence } = await nodeConfigMerged(dir);
  return `${state}: ${evidence.code}`;
};

it('a directory that no api has been started in', async () => {
  expect(await nodeConfigMerged(dir)).toEqual({ state: 'not-merged', evidence: { code: 'never_started', params: { path: '.dapi' } } });
  mkdirSync(dapi());
  expect(await state()).toBe('not-merged: no_database');
});

describe('0.2.4 and later: the flag in gonka.db', () => {
  it.each(['value_json', 'value'])('is found in the write-ahead log, before any checkpoint (%s)', async (column) => {
    const db = database(column);
    expect(await state()).toBe('not-merged: flag_not_set');
    put(db, 'false');
    expect(await state()).toBe('not-merged: flag_not_set');
    put(db, 'true');
    expect(statSync(dapi('gonka.db-wal')).size).toBeGreaterThan(0);
    expect(readFileSync(dapi('gonka.db')).includes('node_config_merged')).toBe(false);
    expect(await nodeConfigMerged(dir)).toEqual({ state: 'merged', evidence: { code: 'flag_set', params: { file: '.dapi/gonka.db', flag: 'node_config_merged' } } });
  });

  it('is found after a checkpoint and after the api has ended', async () => {
    const db = database();
    put(db, 'true');
    db.pragma('wal_checkpoint(TRUNCATE)');
    expect(await state()).toBe('merged: flag_set');
    db.close();
    expect(readdirSync(dapi())).toEqual(['gonka.db']);
    expect(await state()).toBe('merged: flag_set');
  });

  it('an uncommitted flag does not count, and the log of an earlier round is not read', async () => {
    const db = database();
    db.exec('BEGIN');
    put(db, 'true');
    expect(await state()).toBe('not-merged: flag_not_set');
    db.exec('ROLLBACK');
    put(db, 'true');
    db.pragma('wal_checkpoint(FULL)');
    put(db, 'false');
    db.pragma('wal_checkpoint(FULL)');
    db.exec("INSERT INTO seed_info (seed) VALUES ('1')");
    expect(await state()).toBe('not-merged: flag_not_set');
  });

  it('a .dapi mounted from elsewhere is looked at there', async () => {
    const db = database();
    put(db, 'true');
    const elsewhere = mkdtempSync(path.join(tmpdir(), 'gp-merged-else-'));
    const services = [{ role: 'api' as const, mounts: [{ source: dapi(), target: '/root/.dapi', readOnly: false }] }];
    expect(await nodeConfigMerged(elsewhere, services)).toEqual({ state: 'merged', evidence: { code: 'flag_set', params: { file: dapi('gonka.db'), flag: 'node_config_merged' } } });
    rmSync(elsewhere, { recursive: true });
  });

  it('looking leaves every file as it was, byte for byte and by time', async () => {
    const db = database();
    put(db, 'true');
    const look = () => readdirSync(dapi()).map((name) => [name, readFileSync(dapi(name)).toString('base64'), statSync(dapi(name)).mtimeMs, statSync(dapi(name)).ctimeMs]);
    const before = look();
    await nodeConfigMerged(dir);
    expect(look()).toEqual(before);
    chmodSync(dapi('gonka.db'), 0o400);
    expect(await state()).toBe('merged: flag_set');
  });
});

describe('0.2.0: the flag in api-config.yaml', () => {
  it('counts while there is no database', async () => {
    mkdirSync(dapi());
    writeFileSync(dapi('api-config.yaml'), 'chain_node:\n    keyring_password: merged_node_config\nmerged_node_config: false\n');
    expect(await state()).toBe('not-merged: no_database');
    writeFileSync(dapi('api-config.yaml'), 'api:\n    port: 8080\nmerged_node_config: true\n');
    expect(await state()).toBe('merged: flag_set');
    database();
    expect(await state()).toBe('unknown: flags_differ');
  });
});

describe('what can not be read is unknown', () => {
  it('no database, a cut one, one of damaged pages, a directory in its place', async () => {
    mkdirSync(dapi());
    writeFileSync(dapi('gonka.db'), 'no database at all'.repeat(20));
    expect(await state()).toBe('unknown: database_doubtful');
    rmSync(dapi('gonka.db'));
    const db = database();
    put(db, 'true');
    db.close();
    truncateSync(dapi('gonka.db'), 6_000);
    expect(await state()).toBe('unknown: database_doubtful');
    rmSync(dapi('gonka.db'));
    mkdirSync(dapi('gonka.db'));
    expect(await state()).toBe('unknown: unreadable');
  });

  it('.dapi is a file', async () => {
    writeFileSync(dapi(), '');
    expect(await nodeConfigMerged(dir)).toEqual({ state: 'unknown', evidence: { code: 'unreadable', params: { file: '.dapi', reason: 'ENOTDIR' } } });
  });

  it.skipIf(process.getuid?.() === 0)('.dapi may not be looked into', async () => {
    put(database(), 'true');
    chmodSync(dapi(), 0o000);
    expect(await state()).toBe('unknown: unreadable');
    chmodSync(dapi(), 0o700);
  });
});

it('the image holds what SQLite itself reads, whatever was written, checkpointed or rolled back', async () => {
  const step = fc.oneof({ weight: 6, arbitrary: fc.tuple(fc.constant('put' as const), fc.nat(40), fc.string({ maxLength: 3_000 })) }, fc.tuple(fc.constantFrom('checkpoint' as const, 'restart' as const, 'rollback' as const, 'delete' as const), fc.nat(40), fc.constant('')));
  await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
    rmSync(dapi(), { recursive: true, force: true });
    const db = database();
    for (const [what, key, value] of steps) {
      if (what === 'put') db.prepare('INSERT OR REPLACE INTO kv_config VALUES (?, ?)').run(`k${key}`, value);
      else if (what === 'delete') db.prepare('DELETE FROM kv_config WHERE key < ?').run(`k${key}`);
      else if (what === 'rollback') db.exec("BEGIN; DELETE FROM kv_config; INSERT INTO seed_info (seed) VALUES ('2'); ROLLBACK");
      else db.pragma(`wal_checkpoint(${what === 'checkpoint' ? 'PASSIVE' : 'RESTART'})`);
    }
    const image = await sqliteImage(dapi('gonka.db'));
    if (!('db' in image)) throw new Error(image.problem);
    const all = 'SELECT * FROM kv_config ORDER BY key';
    expect(image.db.prepare(all).all()).toEqual(db.prepare(all).all());
    expect(image.db.pragma('integrity_check', { simple: true })).toBe('ok');
    image.db.close();
  }), { numRuns: 60 });
});
