import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clock } from '#lib/core/clock.ts';
import { isPanelError } from '#lib/core/errors.ts';

const dir = mkdtempSync(path.join(tmpdir(), 'panel-confirm-'));
process.env.PANEL_DATA_DIR = dir;
const { migrate } = await import('#lib/db/migrate.ts');
migrate(path.join(dir, 'panel.db'), 'prisma/migrations');
const { db } = await import('#lib/db/client.ts');
const { createAdmin } = await import('./admin.ts');
const { confirmPassword } = await import('./confirm-password.ts');

const PASSWORD = 'correct horse battery staple';
const realNow = clock.now;
let user: { id: string; username: string };

const attempt = (password: string, ip = '203.0.113.5') =>
  confirmPassword({ user, ip, password, action: 'config.reveal', target: 'KEYRING_PASSWORD' }).then(
    () => 'ok',
    (error: unknown) => (isPanelError(error) ? `${error.status} ${error.code}` : String(error)),
  );

beforeAll(async () => {
  await createAdmin('Operator', PASSWORD);
  const row = await db().user.findFirstOrThrow();
  user = { id: row.id, username: 'Operator' };
  // Who asks is signed in from this very address: at sign-in that would spare the wait.
  await db().session.create({ data: { id: 's', token: 't', userId: row.id, ipAddress: '203.0.113.5', expiresAt: new Date(Date.now() + 1e7) } });
});
afterAll(() => {
  clock.now = realNow;
  rmSync(dir, { recursive: true });
});

test('the right password passes, a wrong one is refused, audited and not kept', async () => {
  expect(await attempt(PASSWORD)).toBe('ok');
  expect(await attempt('wrong wrong wrong')).toBe('403 reveal_password');
  expect(await attempt('x'.repeat(1000))).toBe('403 reveal_password');
  const rows = await db().auditEntry.findMany();
  expect(rows.map((one) => [one.action, one.target, one.result, one.user, one.ip])).toEqual(Array(2).fill(['config.reveal', 'KEYRING_PASSWORD', 'refused', 'Operator', '203.0.113.5']));
  expect(JSON.stringify(rows)).not.toContain('wrong wrong');
  expect(await attempt(PASSWORD)).toBe('ok');
});

test('guessing has to wait, also from an address that is signed in, and fifty at once are counted one by one', async () => {
  const answers = await Promise.all(Array.from({ length: 12 }, (_, i) => attempt(`guess number ${i}`)));
  expect(answers.filter((one) => one === '403 reveal_password').length).toBe(5);
  expect(answers.filter((one) => one === '429 sign_in_wait').length).toBe(7);
  expect(await attempt(PASSWORD)).toBe('429 sign_in_wait');
  expect(await attempt(PASSWORD, '198.51.100.9')).toBe('429 sign_in_wait');
  const later = realNow() + 61_000;
  clock.now = () => later;
  expect(await attempt(PASSWORD)).toBe('ok');
});
