/** No input of the application lets a recovery phrase or a private key out of the browser, and the server refuses one that comes all the same. Inputs are found by walking the pages. */
import { execFileSync } from 'node:child_process';
import { expect, type Locator, type Page, test } from '@playwright/test';
import { configHost } from './config-page.ts';
import { ADMIN, post } from './panel-process.ts';
import { entrances, methodsOf, panelPages } from './surface.ts';
import { words } from './words.ts';

const t = words('en');
const PHRASE = 'pyramid sweet dumb critic lamp various remove token talent drink announce tiny lab follow blind awful expire wasp flavor very pair tell next cable';
const KEY = `0x${'3f8a'.repeat(16)}`;
const host = configHost({ port: 4160, epochSeconds: 3600, startOffset: 1800 });

/** Everything that the page sends, as it would be read: escapes and separators are blanks. */
function watchSent(page: Page): () => string[] {
  const sent: string[] = [];
  const plain = (text: string) => text.replaceAll(/\+|%[0-7][0-9a-f]|\\[nrt]|["',\s]+/gi, ' ');
  page.on('request', (request) => sent.push(`${request.method()} ${plain(request.url())} ${plain(request.postData() ?? '')}`));
  return () => sent.filter((one) => one.includes(PHRASE.split(' ').slice(2, 14).join(' ')) || one.includes(KEY.slice(2)));
}

/** Types it into every field that is there, and ends each as a person does. */
async function typeEverywhere(page: Page, text: string, within: Page | Locator = page): Promise<number> {
  const fields = within.locator('input:not([type=checkbox]):not([type=radio]):not([type=file]):not([type=number]):not([type=hidden]), textarea');
  let typed = 0;
  for (const field of await fields.all()) {
    // 64 random digits are a good password, and can't be told from a key.
    if (text === KEY && (await field.getAttribute('type')) === 'password') continue;
    if (!(await field.isVisible().catch(() => false)) || !(await field.isEditable().catch(() => false))) continue;
    const short = await field.getAttribute('maxlength');
    await field.fill(short ? text.slice(0, Number(short)) : text, { timeout: 3000 }).catch(() => undefined);
    await field.press('Enter', { timeout: 3000 }).catch(() => undefined);
    await field.blur({ timeout: 3000 }).catch(() => undefined);
    typed++;
  }
  // Checks of what was typed wait a moment before they ask.
  await page.waitForTimeout(700);
  return typed;
}

test('every field of every page keeps it in the browser', async ({ page }) => {
  test.setTimeout(420_000);
  const sent = watchSent(page);
  let typed = 0;
  for (const target of panelPages()) {
    await page.goto(`${host.panel.url}${target}`);
    await expect(page.getByRole('heading', { level: 1 }).first()).toBeVisible();
    await page.waitForTimeout(1000);
    for (const details of await page.locator('main details:not([open]) > summary').all()) await details.click({ timeout: 2000 }).catch(() => undefined);
    for (const text of [PHRASE, KEY]) {
      typed += await typeEverywhere(page, text);
      const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
      for (const secret of [PHRASE.split(' ').slice(0, 4).join(' '), KEY.slice(2)]) expect(kept, target).not.toContain(secret);
    }
  }
  expect(typed).toBeGreaterThan(60);
  expect(sent()).toEqual([]);
});

test('a dialog that asks for a password keeps it too', async ({ page }) => {
  const sent = watchSent(page);
  await page.goto(`${host.panel.url}/config?field=KEYRING_PASSWORD`);
  await page.getByRole('button', { name: t('config.form.revealOf', { name: 'KEYRING_PASSWORD' }) }).click();
  const dialog = page.getByRole('dialog');
  expect(await typeEverywhere(page, PHRASE, dialog)).toBe(1);
  await expect(dialog.getByText(t('errors.key_material.what'))).toBeVisible();
  expect(sent()).toEqual([]);
});

test('sign-in and set-up keep it too', async ({ browser }) => {
  const context = await browser.newContext({ locale: 'en-US' });
  const page = await context.newPage();
  const sent = watchSent(page);
  await page.goto(`${host.panel.url}/login`);
  await page.getByLabel(t('login.username')).fill(ADMIN.username);
  await page.getByLabel(t('login.password')).fill(PHRASE);
  await page.getByRole('button', { name: t('login.signIn') }).click();
  await expect(page.getByText(t('errors.key_material.what'))).toBeVisible();
  expect(sent()).toEqual([]);
  await context.close();
});

test('a reason that was given with a save was stored, whatever was in it', async () => {
  const version = ((await (await fetch(`${host.panel.url}/api/config`, { headers: { cookie: host.cookie } })).json()) as { version: string }).version;
  for (const reason of [PHRASE, KEY]) {
    const answer = await post(host.panel, '/api/config/save', { file: 'env', change: { by: 'values', version, values: { KEY_NAME: 'gonka-other' } }, apply: false, reason }, { cookie: host.cookie });
    expect([answer.status, ((await answer.json()) as { error: { code: string } }).error.code]).toEqual([422, 'key_material']);
  }
});

test('every route that takes something refuses it, and nothing of it is kept', async () => {
  const body = (value: string) => ({ kind: 'launch-chain', reason: value, dir: value, file: 'env', change: { by: 'values', version: null, values: { X_NOTE: value } }, username: 'x', password: value, token: value, words: [value], servers: [{ id: value }], locale: value });
  for (const entrance of entrances().filter((one) => one.kind === 'route' && methodsOf(one).includes('POST'))) {
    for (const value of [PHRASE, KEY]) {
      const answer = await post(host.panel, entrance.path, body(value), { cookie: host.cookie });
      const text = await answer.text();
      // A route that takes nothing may do its work; it has not read what came.
      if (answer.ok) expect(entrance.path, text.slice(0, 200)).toMatch(/\/(probes|check-again|cancel)$/);
      expect(text, entrance.path).not.toContain(value);
    }
  }
  for (const target of ['/api/setup', '/api/auth/sign-in/username']) {
    const answer = await post(host.panel, target, { token: 'x', username: 'operator', password: PHRASE }, { cookie: host.cookie });
    expect([answer.status, ((await answer.json()) as { error: { code: string } }).error.code], target).toEqual([422, 'key_material']);
  }
  const operation = await post(host.panel, '/api/operations', { kind: 'launch-chain', reason: PHRASE }, { cookie: host.cookie });
  expect([operation.status, ((await operation.json()) as { error: { code: string } }).error.code]).toEqual([422, 'key_material']);
  const search = await fetch(`${host.panel.url}/history?text=${encodeURIComponent(PHRASE)}`, { headers: { cookie: host.cookie } });
  expect(search.status).toBe(422);
  for (const text of [PHRASE.split(' ').slice(2, 14).join(' '), KEY.slice(2)]) {
    expect(host.panel.output()).not.toContain(text);
    const found = (() => {
      try {
        return execFileSync('grep', ['-rlaF', '--', text, host.panel.dataDir, host.world.dir], { encoding: 'utf8' });
      } catch {
        return ''; // grep's word for "nowhere"
      }
    })();
    expect(found).toBe('');
  }
});
