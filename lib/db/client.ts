import path from 'node:path';
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3';
import { panelEnv } from '#lib/core/env.ts';
import { singleton } from '#lib/core/singleton.ts';
import { PrismaClient } from './generated/client.ts';

/** The one connection to panel.db: better-sqlite3 is synchronous, a second writer would block the event loop. */
export function db(): PrismaClient {
  return singleton('db', () => new PrismaClient({ adapter: new PrismaBetterSqlite3({ url: `file:${path.join(panelEnv().dataDir, 'panel.db')}` }) }));
}
