/** Deleting a host's data by clicking: chain data, then the consensus key after a backup, downloaded and opened by age. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { Decrypter } from 'age-encryption';
import { configHost } from './config-page.ts';
import { accountAddress } from './network/addresses.ts';
import { setOf } from './network/ledger.ts';
import { expectAccessible, expectNoSidewaysScroll, watchPage } from './page-watch.ts';
import { ADMIN, root } from './panel-process.ts';
import { words } from './words.ts';

const t = words('en');
const PAGE = '/leave/reset';
const PASSPHRASE = 'correct horse battery staple';
const KEY = `${'K'.repeat(43)}=`;
const FILES: Record<string, string> = { '.tmkms/secrets/priv_validator_key.softsign': KEY, '.tmkms/state/priv_validator_state.json': '{"height":"990"}', '.inference/data/application.db/1.ldb': 'x'.repeat(70_000), '.inference/.node_initialized': '', '.inference/keyring-file/gonka.info': 'encrypted' };

const host = configHost({
  port: 4120,
  epochSeconds: 3600,
  startOffset: 1800,
  prepare: ({ dir }) => {
    for (const [name, content] of Object.entries(FILES)) {
      mkdirSync(path.dirname(path.join(dir, name)), { recursive: true });
      writeFileSync(path.join(dir, name), content);
    }
  },
});
const names = (folder: string) => (readdirSync(path.join(host.world.dir, folder), { recursive: true }) as string[]).sort();

test('chain data, then the consensus key after its backup, and nothing else', async ({ page }) => {
  test.setTimeout(150_000);
  const { complaints } = watchPage(page);
  await page.goto(`${host.panel.url}/deployment`);
  await page.getByRole('link', { name: t('deployment.toReset') }).click();
  const chain = page.getByRole('region', { name: t('reset.part.chain.title') });
  await expect(chain.getByText('data/application.db/')).toBeVisible();
  await expect(chain.getByText('68.4 KiB').first()).toBeVisible();
  await expect(page.getByRole('region', { name: t('reset.part.dapi.title') }).getByText(t('reset.nothing'))).toBeVisible();
  await expectAccessible(page);
  await page.screenshot({ path: path.join(root, '.test/screens', 'reset-en.png'), fullPage: true });

  await chain.getByRole('button', { name: t('reset.ask', { part: t('reset.part.chain.title') }) }).click();
  let dialog = page.getByRole('dialog');
  const go = (part: string) => dialog.getByRole('button', { name: t('reset.delete', { part: t(`reset.part.${part}.title`) }), exact: true });
  const typed = () => dialog.getByRole('textbox').last();
  await typed().fill('delete .tmkms');
  await expect(go('chain')).toBeDisabled();
  await typed().fill('delete chain data');
  await go('chain').click();
  await expect(dialog.getByText(t('operations.steps.reset-verify'))).toBeVisible({ timeout: 30_000 });
  await expect(dialog.locator('[aria-live="polite"]').first()).toContainText(new RegExp(`${t('operationView.state.succeeded')}$`), { timeout: 60_000 });
  await dialog.getByRole('button', { name: t('shell.close') }).last().click();
  expect(names('.inference')).toEqual(['data', 'keyring-file', 'keyring-file/gonka.info']);
  expect(names('.tmkms').length).toBe(4);
  await expect(chain.getByText(t('reset.nothing'))).toBeVisible();

  const tmkms = page.getByRole('region', { name: t('reset.part.tmkms.title'), exact: true });
  await tmkms.getByRole('button', { name: t('reset.ask', { part: '.tmkms' }) }).click();
  dialog = page.getByRole('dialog');
  await typed().fill('delete .tmkms');
  await expect(go('tmkms')).toBeDisabled();
  await dialog.getByLabel(t('reset.backup.passphrase')).fill(PASSPHRASE);
  await dialog.getByLabel(t('reset.backup.again')).fill(`${PASSPHRASE}!`);
  await expect(dialog.getByText(t('reset.backup.differs'))).toBeVisible();
  await expect(go('tmkms')).toBeDisabled();
  await expectAccessible(page);
  await dialog.getByLabel(t('reset.backup.again')).fill(PASSPHRASE);
  await go('tmkms').click();
  await expect(dialog.locator('[aria-live="polite"]').first()).toContainText(new RegExp(`${t('operationView.state.succeeded')}$`), { timeout: 90_000 });
  await page.screenshot({ path: path.join(root, '.test/screens', 'reset-done.png') });
  await dialog.getByRole('button', { name: t('shell.close') }).last().click();
  expect(names('.tmkms')).toEqual([]);

  // Downloaded for the password only, and opened elsewhere.
  await page.getByRole('button', { name: t('reset.backups.download') }).click();
  dialog = page.getByRole('dialog');
  await dialog.getByLabel(t('reset.backups.password')).fill('not the password');
  await dialog.getByRole('button', { name: t('reset.backups.download') }).click();
  await expect(dialog.getByText(t('errors.reveal_password.what'))).toBeVisible();
  await dialog.getByLabel(t('reset.backups.password')).fill(ADMIN.password);
  const [download] = await Promise.all([page.waitForEvent('download'), dialog.getByRole('button', { name: t('reset.backups.download') }).click()]);
  expect(download.suggestedFilename()).toMatch(/^gonka-tmkms-\d{4}-\d\d-\d\d-[0-9a-f]{8}\.tar\.age$/);
  const age = new Decrypter();
  age.addPassphrase(PASSPHRASE);
  const into = mkdtempSync(path.join(tmpdir(), 'gp-restored-'));
  execFileSync('tar', ['-x', '-C', into], { input: await age.decrypt(readFileSync(await download.path())) });
  expect(readFileSync(path.join(into, '.tmkms/secrets/priv_validator_key.softsign'), 'utf8')).toBe(KEY);
  rmSync(into, { recursive: true });
  // It is in no answer, no row and no log.
  expect(host.panel.output()).not.toContain(PASSPHRASE);
  expect(readFileSync(path.join(host.panel.dataDir, 'panel.db')).includes(PASSPHRASE)).toBe(false);
  expect(complaints()).toEqual([]);
});

test('on a phone, in Chinese, in the dark', async ({ page }) => {
  await page.context().addCookies([{ name: 'locale', value: 'zh', url: host.panel.url }]);
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto(`${host.panel.url}${PAGE}`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(words('zh')('reset.title'));
  await expect(page.getByRole('region', { name: words('zh')('reset.part.everything.title') })).toBeVisible();
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
  await page.screenshot({ path: path.join(root, '.test/screens', 'reset-zh-360-dark.png'), fullPage: true });
});

test('a host of which nobody knows whether it is out, and one that is in the set, keep their keys: said in each part, and nothing to click', async ({ page }) => {
  test.setTimeout(400_000);
  for (const [name, content] of Object.entries(FILES)) {
    mkdirSync(path.dirname(path.join(host.world.dir, name)), { recursive: true });
    writeFileSync(path.join(host.world.dir, name), content);
  }
  const { seed } = host.world;
  const part = (name: string) => page.getByRole('region', { name: t(`reset.part.${name}.title`), exact: true });
  const button = (name: string) => part(name).getByRole('button', { name: t('reset.ask', { part: t(`reset.part.${name}.title`) }) });
  /** What the panel was told before counts for a while. */
  const says = async (code: string): Promise<void> => {
    await expect(async () => {
      await page.goto(`${host.panel.url}${PAGE}`);
      for (const name of ['tmkms', 'everything']) await expect(part(name).getByText(t(`errors.${code}.what`))).toBeVisible({ timeout: 15_000 });
    }).toPass({ timeout: 150_000 });
    for (const name of ['tmkms', 'everything']) await expect(button(name)).toBeDisabled();
    // Where there is nothing, nothing speaks against it either.
    await expect(part('dapi').getByText(t('reset.nothing'))).toBeVisible();
    await expect(part('dapi').getByText(t(`errors.${code}.what`))).toHaveCount(0);
    // What holds no key can be deleted for a reason.
    await expect(button('chain')).toBeEnabled();
    await expectAccessible(page);
    await page.screenshot({ path: path.join(root, '.test/screens', `reset-${code}.png`), fullPage: true });
  };

  seed.setFaults({ down: true });
  await says('gate_reset_membership');
  seed.setFaults({});

  const pubKey = /^export ACCOUNT_PUBKEY="?([^"\n]+)"?$/m.exec(readFileSync(path.join(host.world.dir, 'config.env'), 'utf8'))?.[1] ?? '';
  const address = accountAddress(pubKey);
  seed.register({ address, url: 'http://203.0.113.7:8000', validator_key: Buffer.alloc(32, 7).toString('base64'), pub_key: pubKey });
  const { world, ledger } = seed.view();
  const next = (ledger.sets.at(-1)?.epoch ?? 0) + 1;
  seed.reportParticipation({ address, epoch: next, nodes: [{ id: 'node1', model: 'Qwen/Qwen2.5-7B-Instruct' }] });
  while (!setOf(ledger, next)) {
    seed.change({ moveTo: Math.round((world.epochBlocks * 24) / 60) });
    seed.view();
  }
  await says('gate_reset_active');
  // The same by hand: the server refuses, whatever a page would send.
  const view = (await (await page.request.get(`${host.panel.url}/api/leave/reset`)).json()) as { parts: { part: string; listing?: string }[] };
  const listing = view.parts.find((one) => one.part === 'tmkms')?.listing;
  const answer = await page.request.post(`${host.panel.url}/api/leave/reset`, { headers: { origin: host.panel.url }, data: { part: 'tmkms', phrase: 'delete .tmkms', listing, passphrase: PASSPHRASE } });
  expect([answer.status(), ((await answer.json()) as { error: { code: string } }).error.code]).toEqual([409, 'gate_reset_active']);
  expect(names('.tmkms').length).toBe(4);
});
