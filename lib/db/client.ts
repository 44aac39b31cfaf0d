import path from 'node:path';
import { panelEnv } from '#lib/core/env.ts';
import { singleton } from '#lib/core/singleton.ts';
import { PanelSqlite } from './adapter.ts';
import { PrismaClient } from './generated/client.ts';
import { databaseError } from './trouble.ts';

/**
 * The one connection to panel.db: better-sqlite3 is synchronous, a second writer would block the event loop. A query that fails
 * by the disk or the file throws PanelError `database_full`, `database_locked` or `database_fails`.
 */
export function db(): PrismaClient {
  return singleton('db', () => {
    const client = new PrismaClient({ adapter: new PanelSqlite({ url: `file:${path.join(panelEnv().dataDir, 'panel.db')}` }) });
    const query = { $allOperations: ({ args, query: run }: { args: unknown; query: (args: unknown) => Promise<unknown> }) => run(args).catch((error: unknown) => Promise.reject(databaseError(error))) };
    return client.$extends({ query }) as unknown as PrismaClient;
  });
}
