import { randomBytes } from 'node:crypto';
import { accessSync, chmodSync, constants, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { PanelError } from './errors.ts';
import { singleton } from './singleton.ts';

/** One level at a time: Node's recursive mkdir never returns where the kernel refuses with ENOENT, as below /proc. */
function makeDir(dir: string): void {
  if (existsSync(/*turbopackIgnore: true*/ dir)) return;
  makeDir(path.dirname(dir));
  mkdirSync(dir, { mode: 0o700 });
}

/** Makes the data directory (0700) or checks that it can be written. Throws PanelError `data_dir_unwritable`. */
export function prepareDataDir(dir: string): void {
  try {
    makeDir(dir);
    accessSync(dir, constants.R_OK | constants.W_OK | constants.X_OK);
    chmodSync(dir, 0o700);
  } catch (cause) {
    throw new PanelError('data_dir_unwritable', { dir, detail: (cause as NodeJS.ErrnoException).code ?? String(cause) }, { cause });
  }
}

/**
 * Holds the data directory for this process: an SQLite lock, because the kernel lets go of it when the process
 * dies, however it dies. Throws PanelError `data_dir_in_use`, `data_dir_full` (SQLite wants some room even for the lock), `data_dir_unwritable`.
 */
export function lockDataDir(dir: string): void {
  singleton('data-dir-lock', () => {
    let lock: Database.Database | undefined;
    try {
      lock = new Database(path.join(dir, 'panel.lock'), { timeout: 0 });
      lock.pragma('locking_mode = EXCLUSIVE');
      lock.exec('BEGIN EXCLUSIVE');
      return lock;
    } catch (cause) {
      lock?.close();
      if ((cause as { code?: string }).code === 'SQLITE_BUSY') throw new PanelError('data_dir_in_use', { dir }, { cause });
      if ((cause as { code?: string }).code === 'SQLITE_FULL') throw new PanelError('data_dir_full', { dir }, { cause });
      throw new PanelError('data_dir_unwritable', { dir, detail: (cause as { code?: string }).code ?? String(cause) }, { cause });
    }
  });
}

/** The secret that signs session cookies: made once, in a file of its own so that a copy of the database alone opens nothing. */
export function authSecret(dir: string): string {
  const file = path.join(dir, 'auth-secret');
  if (!existsSync(/*turbopackIgnore: true*/ file)) writeFileSync(file, randomBytes(32).toString('base64url'), { mode: 0o600, flag: 'wx' });
  return readFileSync(/*turbopackIgnore: true*/ file, 'utf8').trim();
}
