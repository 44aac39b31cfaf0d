import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { connectOperations } from '#app/api/operations/surround.ts';
import { db } from '#lib/db/client.ts';
import { migrate } from '#lib/db/migrate.ts';
import { finished, operation, startOperation } from '#lib/operations/journal.ts';
import { previewOperation } from '#lib/operations/preview.ts';
import type { Kind, OperationView } from '#lib/operations/schema.ts';
import { networkWatch } from '#lib/watch/network-snapshot.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** For a whole file: operations with a database of their own, told of the network by the real glue, whose one seed is on `seedPort`. */
export function watchNetwork(seedPort: number): void {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'gp-watched-data-'));
  beforeAll(() => {
    process.env.PANEL_DATA_DIR = dataDir;
    process.env.SEED_API_URLS = `http://127.0.0.1:${seedPort}`;
    migrate(path.join(dataDir, 'panel.db'), path.join(ROOT, 'prisma/migrations'));
    connectOperations();
  });
  afterAll(async () => {
    networkWatch().close();
    await db().$disconnect();
    rmSync(dataDir, { recursive: true, force: true });
  });
}

/** An operation from its start to its end, as the dialog does it: a reason answers what the preview showed. */
export async function runShown(kind: Kind, { reason, ...given }: { target?: string; params?: unknown; reason?: string } = {}): Promise<OperationView> {
  const { gate } = await previewOperation({ kind, ...given });
  const shown = gate.answer === 'reason-needed' ? gate.reasons.map(({ why }) => why) : undefined;
  const { id } = await startOperation({ kind, ...given, reason, shown, user: 'ann', ip: '192.0.2.7' });
  await finished(id);
  return (await operation(id)) as OperationView;
}
