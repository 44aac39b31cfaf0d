import { panelEnv } from '#lib/core/env.ts';
import { isPanelError, PanelError } from '#lib/core/errors.ts';

/** What can keep SQLite from writing or reading and may pass: no room, somebody else who holds the file, a disk that fails. */
const TROUBLE = { SQLITE_FULL: 'database_full', SQLITE_BUSY: 'database_locked', SQLITE_LOCKED: 'database_locked', SQLITE_PROTOCOL: 'database_locked', SQLITE_IOERR: 'database_fails', SQLITE_READONLY: 'database_fails', SQLITE_CANTOPEN: 'database_fails', SQLITE_NOMEM: 'database_fails' } as const;
const CODES: readonly string[] = Object.values(TROUBLE);

/** SQLite's own code of a failed query, such as `SQLITE_IOERR_WRITE`, as Prisma hands it on. */
function sqliteCode(error: unknown): string | undefined {
  type Cause = { originalCode?: unknown };
  // The second where the file couldn't even be opened.
  const { meta, cause } = (error ?? {}) as { meta?: { driverAdapterError?: { cause?: Cause } }; cause?: Cause };
  const code = (meta?.driverAdapterError?.cause ?? cause)?.originalCode;
  return typeof code === 'string' ? code : undefined;
}

/** A failed query as a person reads it where the database's disk or file is at fault (database_full, database_locked, database_fails); any other error as it came. */
export function databaseError(error: unknown): unknown {
  const code = sqliteCode(error);
  const known = code && Object.entries(TROUBLE).find(([name]) => code === name || code.startsWith(`${name}_`))?.[1];
  return known ? new PanelError(known, { dir: panelEnv().dataDir, detail: code }, { status: 503, cause: error }) : error;
}

/** Whether this is one of them: nothing was written, and the same may be written in a while. */
export const isDatabaseTrouble = (error: unknown): error is PanelError => isPanelError(error) && CODES.includes(error.code);
