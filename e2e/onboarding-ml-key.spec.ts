/** The ML operational key by clicking: made, its phrase shown once and asked back, then nowhere. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { configHost, signedIn } from './config-page.ts';
import { Keyring } from './network/keyring.ts';
import { expectAccessible, watchPage } from './page-watch.ts';
import { ADMIN, post, root, signIn } from './panel-process.ts';
import { words } from './words.ts';

const t = words('en');
const PASSWORD = `y'e"s $HOME \`id\` #;密码`;
const PAGE = '/onboarding/ml-key';
const DATA = '/api/onboarding/ml-key';

const shot = (page: Page, name: string) => page.screenshot({ path: path.join(root, '.test/screens', `ml-key-${name}.png`), fullPage: true });
const get = async (target: string, who = host.cookie) => (await fetch(`${host.panel.url}${target}`, { headers: { cookie: who } })).json() as Promise<Record<string, never>>;
const everywhere = (text: string, ...places: string[]) => {
  try {
    return execFileSync('grep', ['-rlaF', '--', text, ...places], { encoding: 'utf8' }).trim();
  } catch {
    return ''; // grep's word for "nowhere"
  }
};

const host = configHost({ port: 4120, keyringPassword: PASSWORD });

test('made once, shown once, written down, then nowhere', async ({ page, browser }) => {
  test.setTimeout(180_000);
  const { complaints } = watchPage(page);
  const bodies: string[] = [];
  page.on('response', async (response) => {
    if (response.url().includes('/api/')) bodies.push(`${new URL(response.url()).pathname} ${await response.text().catch(() => '')}`);
  });
  await page.goto(`${host.panel.url}${PAGE}`);
  await page.getByRole('button', { name: t('mlKey.start.make') }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText('--log-driver none')).toBeVisible();
  await shot(page, 'dialog');
  await dialog.getByRole('button', { name: t('operationView.verb.create-ml-key') }).click();
  await expect(dialog.getByText(/^Made: gonka1/)).toBeVisible({ timeout: 60_000 });
  await dialog.getByRole('button', { name: t('shell.close') }).last().click();

  // Another browser of the same person sees that it waits, and gets nothing.
  const other = await signIn(host.panel);
  const { phrase } = (await get(DATA)) as unknown as { phrase: { operation: string; mine: boolean } };
  expect([phrase.mine, ((await get(DATA, other)) as unknown as { phrase: { mine: boolean } }).phrase.mine]).toEqual([true, false]);
  const stolen = await post(host.panel, `${DATA}/mnemonic`, { operation: phrase.operation, alone: true, password: ADMIN.password }, { cookie: other });
  expect([stolen.status, ((await stolen.json()) as { error: { code: string } }).error.code]).toEqual([403, 'ml_key_phrase_other']);
  const second = await browser.newContext();
  const elsewhere = await second.newPage();
  await signedIn(elsewhere, host.panel, other);
  await elsewhere.goto(`${host.panel.url}${PAGE}`);
  await expect(elsewhere.getByText(t('mlKey.phrase.elsewhere.title'))).toBeVisible();
  await second.close();

  const show = page.getByRole('button', { name: t('mlKey.phrase.show') });
  await page.getByLabel(t('mlKey.phrase.password')).fill('not the password');
  await expect(show).toBeDisabled();
  await page.getByLabel(t('mlKey.phrase.alone')).check();
  await show.click();
  await expect(page.getByText(t('errors.reveal_password.what'))).toBeVisible();
  await expectAccessible(page);
  await shot(page, 'ask');
  await page.getByLabel(t('mlKey.phrase.password')).fill(ADMIN.password);
  await show.click();
  const list = page.getByRole('list', { name: t('mlKey.phrase.title') });
  await expect(list.getByRole('listitem')).toHaveCount(24);
  const shown = await list.getByRole('listitem').locator('span:last-child').allTextContents();
  await expectAccessible(page);
  await page.getByRole('button', { name: t('mlKey.phrase.written') }).click();
  await expect(list).toHaveCount(0);
  const boxes = page.getByLabel(/^Word \d+$/);
  await expect(boxes).toHaveCount(3);
  for (const box of await boxes.all()) await box.fill('zoo');
  await page.getByRole('button', { name: t('mlKey.phrase.check'), exact: true }).click();
  await expect(page.getByText(/^Not the same: word/)).toBeVisible();
  for (const box of await boxes.all()) {
    const label = await box.evaluate((element: HTMLInputElement) => element.labels?.[0]?.textContent ?? '');
    await box.fill(shown[Number(/\d+/.exec(label)?.[0]) - 1] as string);
  }
  await page.getByRole('button', { name: t('mlKey.phrase.check'), exact: true }).click();
  await expect(page.getByText(t('mlKey.phraseIs.written.title'))).toBeVisible();
  const made = new Keyring(path.join(host.world.dir, '.inference')).read('gonka-op-key', PASSWORD);
  await expect(page.getByText(made.address, { exact: true }).first()).toBeVisible();
  await expectAccessible(page);
  await shot(page, 'done');

  // In one answer, and nowhere else.
  const run = shown.slice(5, 11);
  const carrying = bodies.filter((one) => one.includes(run.join(' ')) || one.includes(run.map((word) => `"${word}"`).join(',')));
  expect(carrying.map((one) => one.split(' ')[0])).toEqual([`${DATA}/mnemonic`]);
  const again = await post(host.panel, `${DATA}/mnemonic`, { operation: phrase.operation, alone: true, password: ADMIN.password }, { cookie: host.cookie });
  expect([again.status, again.headers.get('cache-control'), ((await again.json()) as { error: { code: string } }).error.code]).toEqual([410, 'no-store', 'ml_key_phrase_gone']);
  const dataRoot = execFileSync('docker', ['info', '--format', '{{.DockerRootDir}}'], { encoding: 'utf8' }).trim();
  for (const form of [run.join(' '), run.map((word) => `"${word}"`).join(',')]) {
    expect(everywhere(form, dataRoot, host.panel.dataDir, host.world.scratch)).toBe('');
    expect(host.panel.output()).not.toContain(form);
  }
  expect(everywhere(made.address, host.panel.dataDir)).not.toBe('');
  expect(complaints()).toEqual([]);
});

test('the same once more reads the key and replaces nothing; the way back for a lost key, on a phone too', async ({ page }) => {
  test.setTimeout(120_000);
  const ring = path.join(host.world.dir, '.inference/keyring-file');
  const files = () => readdirSync(ring).sort().map((name) => [name, readFileSync(path.join(ring, name), 'utf8')]);
  const before = files();
  await page.goto(`${host.panel.url}${PAGE}`);
  await page.getByRole('button', { name: t('mlKey.start.read') }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText(t('operations.notes.ml_key_stays'))).toBeVisible();
  await dialog.getByRole('button', { name: t('operationView.verb.create-ml-key') }).click();
  await expect(dialog.getByText(/The key was there already/).first()).toBeVisible({ timeout: 60_000 });
  expect(files()).toEqual(before);
  await dialog.getByRole('button', { name: t('shell.close') }).last().click();
  await page.getByText(t('mlKey.lost.title')).click();
  await expect(page.getByText(t('mlKey.lost.words.present'))).toBeVisible();
  await expect(page.getByText('--recover')).toHaveCount(0);
  await shot(page, 'lost');
  await page.setViewportSize({ width: 360, height: 780 });
  await expectAccessible(page);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  await shot(page, 'phone');
  await page.context().addCookies([{ name: 'locale', value: 'zh', url: host.panel.url }, { name: 'theme', value: 'dark', url: host.panel.url }]);
  await page.goto(`${host.panel.url}${PAGE}`);
  await expect(page.getByText(words('zh')('mlKey.phraseIs.written.title'))).toBeVisible();
  await page.getByText(words('zh')('mlKey.lost.title')).click();
  await expectAccessible(page);
  await shot(page, 'phone-zh');
});
