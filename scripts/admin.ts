// npm run admin -- create NAME | reset-password NAME (the password comes on standard input)
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { createAdmin, resetPassword } from '#lib/access/admin.ts';
import { prepareDataDir } from '#lib/core/data-dir.ts';
import { panelEnv } from '#lib/core/env.ts';
import { explainStartFailure } from '#lib/core/start-failure.ts';
import { db } from '#lib/db/client.ts';
import { migrate } from '#lib/db/migrate.ts';

const USAGE = `npm run admin -- create NAME           makes an account
npm run admin -- reset-password NAME   gives it a new password and ends its sessions
The password is read from standard input: type it and press Ctrl-D, or pipe it in.`;

async function main(): Promise<void> {
  const [verb, name] = process.argv.slice(2);
  if (!name || !['create', 'reset-password'].includes(verb ?? '')) {
    console.error(USAGE);
    process.exitCode = 2;
    return;
  }
  const env = panelEnv();
  prepareDataDir(env.dataDir);
  migrate(path.join(env.dataDir, 'panel.db'), path.join(import.meta.dirname, 'prisma', 'migrations'));
  if (process.stdin.isTTY) console.error('Password, then Enter and Ctrl-D:');
  const password = (await text(process.stdin)).replace(/\r?\n$/, '');
  if (verb === 'create') await createAdmin(name, password);
  else await resetPassword(name, password);
  console.log(verb === 'create' ? `Account ${name} was created.` : `The password of ${name} was changed; its sessions have ended.`);
  await db().$disconnect();
}

main().catch((error: unknown) => {
  console.error(explainStartFailure(error));
  process.exit(1);
});
