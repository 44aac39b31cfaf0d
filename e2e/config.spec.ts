import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import Database from 'better-sqlite3';
import { apply, configHost, control, review, row, saveButton, saveOnly, shot, signedIn, unsaved, watchBodies } from './config-page.ts';
import { runOperation, saveConfig } from './operate.ts';
import { expectAccessible, watchPage } from './page-watch.ts';
import { ADMIN } from './panel-process.ts';
import { words } from './words.ts';

const t = words('en');
/** Everything that some quoting has to escape, and nothing that a line of a file can't have. */
const NASTY = `p"'$HOME \${x} $1 \\ é中 &<>|;#!*?[]{}~%s=-- 'end`;
const FIRST = 'sw0rdfish-$-first';
const TODAY = `today's "kx81-password" $`;

let file: string;
const onDisk = () => readFileSync(file, 'utf8');
const lineOf = (name: string, text = onDisk()) => text.split('\n').find((line) => line.includes(`${name}=`)) ?? '';
/** What bash makes of the file. */
const inBash = (name: string) => execFileSync('bash', ['--norc', '-c', `set -a; . "$1"; printf %s "$${name}"`, '-', file], { encoding: 'utf8', env: { PATH: process.env.PATH } as unknown as NodeJS.ProcessEnv });
const host = configHost({
  port: 4100,
  keyringPassword: FIRST,
  prepare: ({ dir }) => {
    file = path.join(dir, 'config.env');
    // As people leave it: a heading, remarks behind values, a variable of their own, no newline at the end.
    const text = onDisk().replace(/^(export PUBLIC_URL=.*)$/m, '$1   # behind the balancer');
    writeFileSync(file, `# Host of the north,\tsee the wiki\n\nMY_OWN='kept as it is' # mine\n${text}`);
  },
});

test('an edit is shown, applied to exactly the announced service, and arrives byte by byte', async ({ page }) => {
  test.setTimeout(240_000);
  await runOperation(host.panel, host.cookie, { kind: 'launch-chain' });
  await runOperation(host.panel, host.cookie, { kind: 'start', target: 'api' });
  const inspect = (name: string) => JSON.parse(execFileSync('docker', ['inspect', name], { encoding: 'utf8' }))[0] as { Id: string; Image: string; Config: { Env: string[]; Image: string } };
  const ids = () => ['tmkms', 'node', 'api'].map((name) => inspect(name).Id);
  const [tmkms, node, api] = ids();
  const before = onDisk();
  chmodSync(file, 0o644);

  const bodies = watchBodies(page);
  const { complaints } = watchPage(page);
  await page.goto(`${host.panel.url}/config`);
  await expect(control(page, 'PUBLIC_URL')).toHaveValue('http://203.0.113.7:8000');
  await control(page, 'PUBLIC_URL').fill('http://192.168.0.9:8000');
  await control(page, 'KEYRING_PASSWORD').fill('short');
  const ofUrl = row(page, 'PUBLIC_URL').getByText(t('deployment.problems.public_url_private.what', { variable: 'PUBLIC_URL', host: '192.168.0.9' }));
  const ofPassword = row(page, 'KEYRING_PASSWORD').getByText(t('deployment.problems.password_short.what', { variable: 'KEYRING_PASSWORD' }));
  await expect(ofUrl).toBeVisible();
  await expect(ofPassword).toBeVisible();
  await shot(page, 'problems');
  await control(page, 'PUBLIC_URL').fill('http://north.gonka-host.net:8000');
  await control(page, 'KEYRING_PASSWORD').fill(NASTY);
  await expect(ofUrl).toHaveCount(0);
  await expect(ofPassword).toHaveCount(0);
  expect(onDisk()).toBe(before);

  const dialog = await review(page);
  const diff = dialog.getByRole('region', { name: t('config.review.diff') });
  await expect(diff).toContainText('export KEYRING_PASSWORD=••••••');
  await expect(diff).toContainText('north.gonka-host.net');
  await expect(dialog.getByText(t('config.review.tightens'))).toBeVisible();
  await expect(dialog.getByText('api is replaced by a new container.')).toBeVisible();
  await expect(dialog.getByText(/is replaced by a new container\./)).toHaveCount(1);
  await expect(dialog.getByText('up -d --no-deps -- api')).toBeVisible();
  await shot(page, 'review');
  await expectAccessible(page);
  await apply(dialog, 'api');
  await shot(page, 'applied');
  await dialog.getByRole('button', { name: t('shell.close'), exact: true }).last().click();
  await expect(unsaved(page)).toHaveCount(0);

  expect(inspect('api').Config.Env).toEqual(expect.arrayContaining([`KEYRING_PASSWORD=${NASTY}`, 'DAPI_API__PUBLIC_URL=http://north.gonka-host.net:8000']));
  const after = ids();
  expect(after.slice(0, 2)).toEqual([tmkms, node]);
  expect(after[2]).not.toBe(api);
  expect([inBash('KEYRING_PASSWORD'), inBash('PUBLIC_URL'), inBash('MY_OWN')]).toEqual([NASTY, 'http://north.gonka-host.net:8000', 'kept as it is']);
  expect(statSync(file).mode & 0o7777).toBe(0o600);
  const edited = lineOf('KEYRING_PASSWORD');
  expect(onDisk()).toBe(before.replace('http://203.0.113.7:8000', 'http://north.gonka-host.net:8000').replace(lineOf('KEYRING_PASSWORD', before), () => edited));
  expect(edited).toMatch(/^export KEYRING_PASSWORD=\S/);

  await page.goto(`${host.panel.url}/config/effective`);
  await expect(page.getByText(t('config.effective.allSame')).first()).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole('button', { name: t('config.effective.recreate', { service: 'api' }) })).toHaveCount(0);
  const told = await bodies();
  for (const one of [NASTY, JSON.stringify(NASTY).slice(1, -1), FIRST]) expect(told.includes(one)).toBe(false);
  expect(complaints()).toEqual([]);

  // Saved alone, it is a difference with a way to it.
  await saveConfig(host.panel, host.cookie, { values: { PUBLIC_URL: 'http://other.gonka-host.net:8000' } });
  await page.goto(`${host.panel.url}/config/effective`);
  await expect(page.getByRole('button', { name: t('config.effective.recreate', { service: 'api' }) })).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole('table', { name: t('config.effective.differences', { service: 'api' }) }).getByRole('row').filter({ hasText: 'DAPI_API__PUBLIC_URL' })).toContainText('http://other.gonka-host.net:8000');
  await shot(page, 'effective');
  expect(inspect('api').Id).toBe(after[2]);

  // The same tag, and another image behind it: a name alone says nothing.
  const { Config, Image } = inspect('node');
  execFileSync('docker', ['tag', inspect('tmkms').Image, Config.Image]);
  try {
    await page.goto('about:blank');
    await page.goto(`${host.panel.url}/config/effective`);
    const image = page.getByRole('table', { name: t('config.effective.differences', { service: 'node' }) }).getByRole('row').filter({ hasText: t('config.effective.state.moved') });
    for (const one of [Image, inspect('tmkms').Image]) await expect(image).toContainText(one.replace('sha256:', '').slice(0, 12), { timeout: 30_000 });
    await expect(page.getByRole('button', { name: t('config.effective.recreate', { service: 'node' }) })).toBeVisible();
  } finally {
    execFileSync('docker', ['tag', Image, Config.Image]);
  }
});

test('a shell changes the file while the form is open: nothing is lost, and the person decides', async ({ page }) => {
  await page.goto(`${host.panel.url}/config`);
  const opened = await control(page, 'PUBLIC_URL').inputValue();
  await control(page, 'PUBLIC_URL').fill('http://mine.gonka-host.net:8000');
  await control(page, 'P2P_EXTERNAL_ADDRESS').fill('tcp://mine.gonka-host.net:5000');
  const dialog = await review(page);
  await expect(saveButton(dialog)).toBeEnabled();
  execFileSync('sed', ['-i', '-e', 's|^export PUBLIC_URL=[^ ]*|export PUBLIC_URL=http://theirs.gonka-host.net:8000|', '-e', '1a# written by hand meanwhile', file]);
  const theirs = onDisk();
  // The page may have seen it by itself in this very moment.
  await saveButton(dialog).click({ timeout: 3000 }).catch(() => undefined);
  await expect(page.getByText(t('config.conflict.title'))).toBeVisible();
  expect(onDisk()).toBe(theirs);
  const choice = page.getByRole('group', { name: /PUBLIC_URL/ });
  await expect(choice).toContainText(opened);
  await expect(choice.getByRole('radio', { name: t('config.conflict.file') })).toBeVisible();
  for (const value of ['http://theirs.gonka-host.net:8000', 'http://mine.gonka-host.net:8000']) await expect(choice).toContainText(value);
  await expect(page.getByText(t('config.conflict.untouched', { names: 'P2P_EXTERNAL_ADDRESS' }))).toBeVisible();
  await shot(page, 'conflict');
  await expectAccessible(page);
  const goOn = page.getByRole('button', { name: t('config.conflict.goOn') });
  await expect(goOn).toBeDisabled();
  await choice.getByRole('radio', { name: t('config.conflict.yours') }).check();
  await goOn.click();
  await expect(control(page, 'PUBLIC_URL')).toHaveValue('http://mine.gonka-host.net:8000');
  await saveOnly(page, await review(page));
  expect([inBash('PUBLIC_URL'), inBash('P2P_EXTERNAL_ADDRESS')]).toEqual(['http://mine.gonka-host.net:8000', 'tcp://mine.gonka-host.net:5000']);
  expect(onDisk()).toContain('\n# written by hand meanwhile\n');
  expect(lineOf('PUBLIC_URL')).toMatch(/ {3}# behind the balancer$/);
});

test('two browsers: the later one is asked, and may take what the earlier one saved', async ({ page, browser }) => {
  const context = await browser.newContext({ locale: 'en-US' });
  const other = await context.newPage();
  await signedIn(other, host.panel, host.cookie);
  for (const one of [page, other]) await one.goto(`${host.panel.url}/config`);
  await control(page, 'PUBLIC_URL').fill('http://later.gonka-host.net:8000');
  await control(other, 'PUBLIC_URL').fill('http://earlier.gonka-host.net:8000');
  await saveOnly(other, await review(other));
  await context.close();
  await page.getByRole('button', { name: t('config.unsaved.review') }).click({ timeout: 3000 }).catch(() => undefined);
  await expect(page.getByText(t('config.conflict.title'))).toBeVisible();
  const choice = page.getByRole('group', { name: /PUBLIC_URL/ });
  for (const value of ['http://earlier.gonka-host.net:8000', 'http://later.gonka-host.net:8000']) await expect(choice).toContainText(value);
  await choice.getByRole('radio', { name: t('config.conflict.file') }).check();
  const saved = onDisk();
  await page.getByRole('button', { name: t('config.conflict.goOn') }).click();
  await expect(control(page, 'PUBLIC_URL')).toHaveValue('http://earlier.gonka-host.net:8000');
  await expect(unsaved(page)).toHaveCount(0);
  expect(onDisk()).toBe(saved);
  expect(inBash('PUBLIC_URL')).toBe('http://earlier.gonka-host.net:8000');
});

test('text view: tokens stand for secrets, a remark and a value are edited, the secret keeps its bytes', async ({ page }) => {
  const bodies = watchBodies(page);
  const password = inBash('KEYRING_PASSWORD');
  const before = onDisk();
  await page.goto(`${host.panel.url}/config?view=raw`);
  const area = page.getByLabel(t('config.raw.label'));
  await expect(area).toHaveValue(/export KEYRING_PASSWORD=⟪secret 1⟫/);
  const text = await area.inputValue();
  const name = (of: string) => of.replace('# Host of the north,', '# Host of the south,').replace(/export KEY_NAME=\S+/, 'export KEY_NAME=south-key');
  await area.fill(name(text));
  await shot(page, 'raw');
  await expectAccessible(page);
  const dialog = await review(page);
  await expect(dialog.getByRole('region', { name: t('config.review.diff') })).toContainText('# Host of the south,');
  await saveOnly(page, dialog);
  expect(onDisk()).toBe(name(before));
  expect(inBash('KEYRING_PASSWORD')).toBe(password);
  // A token that stands for nothing is refused with words.
  await area.fill((await area.inputValue()).replace('⟪secret 1⟫', '⟪secret 7⟫'));
  await expect(unsaved(page)).toContainText(t('errors.config_secret_token.what', { token: '⟪secret 7⟫' }));
  expect(onDisk()).toBe(name(before));
  const told = await bodies();
  expect(told).toContain('⟪secret 1⟫');
  for (const one of [password, JSON.stringify(password).slice(1, -1), lineOf('KEYRING_PASSWORD')]) expect(told.includes(one)).toBe(false);
});

test('an older version is restored as a new one, with the secret of today', async ({ page }) => {
  await saveConfig(host.panel, host.cookie, { values: { PUBLIC_URL: 'http://old.gonka-host.net:8000', KEYRING_PASSWORD: 'the password of then' } });
  await saveConfig(host.panel, host.cookie, { values: { PUBLIC_URL: 'http://new.gonka-host.net:8000', KEYRING_PASSWORD: TODAY } });
  await page.goto(`${host.panel.url}/config?view=versions`);
  const rows = page.getByRole('table', { name: t('config.versions.title') }).getByRole('row');
  const newest = rows.nth(1);
  await expect(newest).toContainText(t('config.versions.current'));
  await expect(newest).toContainText(ADMIN.username);
  for (const one of ['KEYRING_PASSWORD', 'PUBLIC_URL', t('config.versions.by.saved')]) await expect(newest).toContainText(one);
  await shot(page, 'versions');
  await expectAccessible(page);
  await rows.nth(2).getByRole('button').click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('region', { name: t('config.versions.diffToNow') })).toContainText('http://new.gonka-host.net:8000');
  await expect(dialog.getByText(t('config.versions.secrets'))).toBeVisible();
  await shot(page, 'version');
  await dialog.getByRole('button', { name: t('config.versions.restore') }).click();
  await expect(dialog.getByRole('region', { name: t('config.review.diff') })).toContainText('http://old.gonka-host.net:8000');
  await saveOnly(page, dialog);
  expect([inBash('PUBLIC_URL'), inBash('KEYRING_PASSWORD')]).toEqual(['http://old.gonka-host.net:8000', TODAY]);
  await page.goto(`${host.panel.url}/config?view=versions`);
  await expect(newest).toContainText(t('config.versions.by.restored'));
  await expect(newest).toContainText(ADMIN.username);
  await expect(newest).toContainText(t('config.versions.current'));
});

test('a secret is revealed to who types the password again, and the attempt is written down', async ({ page }) => {
  const password = TODAY;
  await saveConfig(host.panel, host.cookie, { values: { KEYRING_PASSWORD: password, PUBLIC_URL: 'http://revealed.gonka-host.net:8000' } });
  await page.goto(`${host.panel.url}/config`);
  await page.getByRole('button', { name: t('config.form.revealOf', { name: 'KEYRING_PASSWORD' }) }).click();
  const dialog = page.getByRole('dialog');
  const show = async (typed: string) => {
    await dialog.getByLabel(t('config.reveal.password')).fill(typed);
    await dialog.getByRole('button', { name: t('config.reveal.show') }).click();
  };
  await show('not the password');
  await expect(dialog.getByText(t('errors.reveal_password.what'))).toBeVisible();
  await expect(dialog.getByText(password)).toHaveCount(0);
  await show(ADMIN.password);
  await expect(dialog.getByText(password, { exact: true })).toBeVisible();
  await shot(page, 'revealed');
  await dialog.getByRole('button', { name: t('shell.close'), exact: true }).last().click();
  await expect(page.getByText(password)).toHaveCount(0);
  const database = new Database(path.join(host.panel.dataDir, 'panel.db'), { readonly: true });
  const rows = database.prepare("SELECT user, target, result FROM audit_entry WHERE action = 'config.reveal' ORDER BY id").all();
  const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all() as { name: string }[];
  const everything = JSON.stringify(tables.map((one) => database.prepare(`SELECT * FROM "${one.name}"`).all()));
  database.close();
  const by = { user: ADMIN.username, target: 'KEYRING_PASSWORD' };
  expect(rows).toEqual([{ ...by, result: 'refused' }, { ...by, result: 'ok' }]);
  expect(everything).toContain('http://revealed.gonka-host.net:8000');
  expect(everything.includes('kx81')).toBe(false);
});
