import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { clock } from '#lib/core/clock.ts';
import { isPanelError } from '#lib/core/errors.ts';

const dir = mkdtempSync(path.join(tmpdir(), 'panel-access-'));
process.env.PANEL_DATA_DIR = dir;
const { migrate } = await import('#lib/db/migrate.ts');
migrate(path.join(dir, 'panel.db'), 'prisma/migrations');
const { db } = await import('#lib/db/client.ts');
const { createAdmin, checkCredentials, resetPassword } = await import('./admin.ts');
const { auth } = await import('./auth.ts');
const { newSetupToken, setUp } = await import('./setup-token.ts');
const { waitAfter } = await import('./sign-in-limit.ts');
const { signIn } = await import('./sign-in.ts');

const PASSWORD = 'correct horse battery staple';
const realNow = clock.now;

const attempt = (password: string, { username = 'operator', ip = '203.0.113.5' } = {}) =>
  signIn(
    new Request('http://127.0.0.1:7700/api/auth/sign-in/username', {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: 'http://127.0.0.1:7700', 'x-panel-ip': ip },
      body: JSON.stringify({ username, password }),
    }),
    ip,
  );

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'ok',
    (error: unknown) => (isPanelError(error) ? error.code : String(error)),
  );
}

beforeAll(async () => {
  await createAdmin('Operator', PASSWORD);
});
beforeEach(async () => {
  clock.now = realNow;
  await db().signInFailure.deleteMany();
  await db().rateLimit.deleteMany();
  await db().session.deleteMany();
});
afterAll(async () => {
  await db().$disconnect();
  rmSync(dir, { recursive: true });
});

describe('passwords', () => {
  test('are kept as argon2id with at least 19 MiB and 2 passes', async () => {
    const [account] = await db().account.findMany();
    expect(account?.password).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(readFileSync(path.join(dir, 'panel.db')).includes(PASSWORD)).toBe(false);
  });

  test.each([
    ['operator', 'short', 'password_short'],
    ['operator', 'passwordpassword', 'password_common'],
    ['operator', 'aaaaaaaaaaaaaaaa', 'password_common'],
    ['longusername', 'longusername1', 'password_is_name'],
    ['a b', PASSWORD, 'username_invalid'],
    ['x', PASSWORD, 'username_invalid'],
    ['operator', 'x'.repeat(300), 'password_long'],
  ])('%s / %s is %s', async (username, password, code) => expect(await codeOf(Promise.resolve().then(() => checkCredentials(username, password)))).toBe(code));

  test('the secret that signs cookies has a file of its own that only the owner reads', () => {
    expect(statSync(path.join(dir, 'auth-secret')).mode & 0o777).toBe(0o600);
  });

  test('a reset ends the sessions', async () => {
    expect((await attempt(PASSWORD)).status).toBe(200);
    await resetPassword('operator', `${PASSWORD} two`);
    expect(await db().session.count()).toBe(0);
    expect((await attempt(PASSWORD)).status).toBe(401);
    await resetPassword('operator', PASSWORD);
  });
});

describe('guessing', () => {
  test('a wrong name and a wrong password get the same answer', async () => {
    const [name, password] = [await attempt('wrong password', { username: 'nobody' }), await attempt('wrong password')];
    expect(name.status).toBe(401);
    expect(await name.text()).toBe(await password.text());
  });

  test('a password typed into the name field is written down nowhere', async () => {
    await attempt('whatever it was', { username: 'my-secret-password-97531' });
    const kept = JSON.stringify([await db().auditEntry.findMany(), await db().signInFailure.findMany()]);
    expect(kept).not.toContain('97531');
    expect(await db().signInFailure.count()).toBe(1);
  });

  test('after five wrong passwords the account makes everyone wait, longer each time, at most a minute', async () => {
    expect([0, 4, 5, 6, 7, 20].map(waitAfter)).toEqual([0, 0, 2000, 4000, 8000, 60_000]);
    for (let i = 0; i < 5; i++) expect((await attempt(`wrong password ${i}`, { ip: `203.0.113.${i}` })).status).toBe(401);
    const refused = await attempt(PASSWORD, { ip: '198.51.100.1' });
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBe(2);
    const later = realNow() + 3000;
    clock.now = () => later;
    expect((await attempt(PASSWORD, { ip: '198.51.100.1' })).status).toBe(200);
  });

  test('fifty at once do not slip under the count', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => attempt('wrong password', { ip: `203.0.113.${i}` })));
    expect(answers.filter((answer) => answer.status === 401)).toHaveLength(5);
    expect(answers.filter((answer) => answer.status === 429)).toHaveLength(45);
  });

  test('an address that is signed in is not kept waiting by strangers', async () => {
    expect((await attempt(PASSWORD, { ip: '192.0.2.7' })).status).toBe(200);
    for (let i = 0; i < 8; i++) await attempt('wrong password', { ip: `203.0.113.${i}` });
    expect((await attempt(PASSWORD, { ip: '198.51.100.1' })).status).toBe(429);
    expect((await attempt(PASSWORD, { ip: '192.0.2.7' })).status).toBe(200);
  });

  test('one address gets ten tries a minute, whatever the names', async () => {
    const statuses = [];
    for (let i = 0; i < 12; i++) statuses.push((await attempt('wrong password', { username: `name${i}` })).status);
    expect(statuses.filter((status) => status === 401)).toHaveLength(10);
    expect(statuses.slice(10)).toEqual([429, 429]);
  });
});

describe('sessions', () => {
  const session = (cookie: string) => auth().api.getSession({ headers: new Headers({ cookie }) });
  const cookieOf = (answer: Response) => answer.headers.getSetCookie().map((c) => c.split(';')[0]).join('; ');

  test('the cookie is HttpOnly and SameSite=Strict, and dies on the server at sign-out', async () => {
    const answer = await attempt(PASSWORD);
    expect(answer.headers.getSetCookie()[0]).toMatch(/^panel\.session_token=.*HttpOnly.*SameSite=Strict/i);
    const cookie = cookieOf(answer);
    expect((await session(cookie))?.user.name).toBe('Operator');
    await auth().handler(new Request('http://127.0.0.1:7700/api/auth/sign-out', { method: 'POST', headers: { cookie, origin: 'http://127.0.0.1:7700' } }));
    expect(await session(cookie)).toBeNull();
  });

  test('a token copied out of the database opens nothing', async () => {
    await attempt(PASSWORD);
    const [row] = await db().session.findMany();
    expect(await session(`panel.session_token=${row?.token}`)).toBeNull();
    expect(await session(`panel.session_token=${row?.token}.AAAA`)).toBeNull();
  });
});

describe('the set-up link', () => {
  test('is refused once an administrator exists, with the right token too', async () => {
    const token = newSetupToken();
    expect(await codeOf(setUp({ token, username: 'second', password: PASSWORD, ip: 'x' }))).toBe('setup_closed');
  });

  test('a wrong token, then a bad password, then two at once: one wins', async () => {
    await db().user.deleteMany();
    const token = newSetupToken();
    expect(await codeOf(setUp({ token: 'wrong', username: 'first', password: PASSWORD, ip: 'x' }))).toBe('setup_token_wrong');
    expect(await codeOf(setUp({ token, username: 'first', password: 'short', ip: 'x' }))).toBe('password_short');
    const both = await Promise.all(['first', 'second'].map((username) => codeOf(setUp({ token, username, password: PASSWORD, ip: 'x' }))));
    expect(both.sort()).toEqual(['ok', 'setup_closed']);
    expect(await db().user.count()).toBe(1);
    expect(await db().auditEntry.count({ where: { action: 'setup' } })).toBe(2);
  });
});
