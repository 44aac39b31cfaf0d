/** From a chain that runs to a registered host whose ML operational key may work: one click, and one command on the operator's own machine. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { signedIn } from './config-page.ts';
import { RELEASES } from './network/releases.ts';
import { type OperatorMachine, startOperatorMachine } from './network/operator-machine.ts';
import { runOperation } from './operate.ts';
import { expectAccessible, expectNoSidewaysScroll, watchPage } from './page-watch.ts';
import { type Panel, removeData, root, setUpAndSignIn, startPanel } from './panel-process.ts';
import { words } from './words.ts';
import { type HostWorld, openHostWorld } from './world.ts';

const t = words('en');
const RELEASE = '0.2.14';
const NEEDED = RELEASES[RELEASE].permissions.length;
const API = `ghcr.io/product-science/api:${RELEASE}`;
let world: HostWorld;
let panel: Panel;
let operator: OperatorMachine;
let cookie: string;
let account: string;
let warm: string;

test.use({ locale: 'en-US', viewport: { width: 1280, height: 900 } });
test.beforeAll(async () => {
  test.setTimeout(240_000);
  world = await openHostWorld({ release: RELEASE, seedPort: 4130, epochSeconds: 360, startOffset: 180 });
  world.seed.change({ registration: { waitMs: 1500 } });
  operator = startOperatorMachine({ release: RELEASE });
  await operator.run('./inferenced keys add gonka-account-key --keyring-backend file');
  const key = operator.key();
  account = key?.address ?? '';
  const file = path.join(world.dir, 'config.env');
  writeFileSync(file, readFileSync(file, 'utf8').replace(/^export ACCOUNT_PUBKEY=.*$/m, `export ACCOUNT_PUBKEY=${key?.pubKey}`));
  // The ML operational key, as the guide makes it.
  const made = execFileSync('docker', ['run', '--rm', '-i', '--network', 'none', '-v', `${world.dir}/.inference:/root/.inference`, '--entrypoint', 'inferenced', API, 'keys', 'add', 'gonka-op-key', '--keyring-backend', 'file', '--output', 'json'], { input: `${world.keyringPassword}\n${world.keyringPassword}\n`, encoding: 'utf8', stdio: ['pipe', 'pipe', 'ignore'] });
  warm = (JSON.parse(made) as { address: string }).address;
  panel = await startPanel({ port: 4131, env: { ...world.env, GONKA_DEPLOY_DIR: world.dir } });
  cookie = await setUpAndSignIn(panel);
  await runOperation(panel, cookie, { kind: 'launch-chain', reason: 'a reason in case a PoC runs' });
});
test.afterAll(async () => {
  await panel?.stop();
  await world?.close();
  operator?.remove();
  if (panel) removeData(panel);
});
test.beforeEach(({ page }) => signedIn(page, panel, cookie));

const shot = (page: Page, name: string) => page.screenshot({ path: path.join(root, '.test/screens', `onboarding-${name}.png`), fullPage: true });

/** The page in both languages, light and dark, wide and narrow. */
async function lookAt(page: Page, name: string): Promise<void> {
  await expectAccessible(page);
  await shot(page, `${name}-en`);
  await page.context().addCookies([{ name: 'locale', value: 'zh', url: panel.url }, { name: 'theme', value: 'dark', url: panel.url }]);
  await page.setViewportSize({ width: 360, height: 780 });
  await page.reload();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(words('zh')(`onboarding.steps.${name.split('-')[0]}.title`));
  await expect(page.locator('dl, [role=status]').first()).toBeVisible();
  await page.waitForLoadState('networkidle').catch(() => undefined);
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
  await shot(page, `${name}-zh-dark-phone`);
  await page.context().addCookies([{ name: 'locale', value: 'en', url: panel.url }, { name: 'theme', value: 'light', url: panel.url }]);
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.reload();
}

test('register by clicking, then the permissions appear one by one as the operator’s machine grants them', async ({ page }) => {
  test.setTimeout(300_000);
  const { complaints } = watchPage(page);
  await page.goto(`${panel.url}/onboarding/register`);
  await expect(page.getByText(t('onboarding.register.chain.none'))).toBeVisible({ timeout: 90_000 });
  await expect(page.getByText(account).first()).toBeVisible();
  await expect(page.getByText(t('onboarding.register.key.ok'))).toBeVisible({ timeout: 60_000 });
  await lookAt(page, 'register');
  await page.getByRole('button', { name: t('onboarding.register.action') }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('register-new-participant http://203.0.113.7:8000');
  await dialog.getByRole('button', { name: t('operationView.verb.register-host') }).click();
  await expect(dialog.getByText(t('operations.steps.register-proof'))).toBeVisible();
  await expect(dialog.getByText(/On chain with this host's URL and consensus key/)).toBeVisible({ timeout: 60_000 });
  await shot(page, 'register-done-dialog');
  await dialog.getByRole('button', { name: t('shell.close') }).first().click();
  await expect(page.getByText(t('onboarding.register.registered.what'))).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole('button', { name: t('onboarding.register.action') })).toHaveCount(0);
  expect(world.seed.ledger.hosts.filter(({ address }) => address === account)).toHaveLength(1);

  await page.goto(`${panel.url}/onboarding/grant`);
  const card = page.getByRole('region', { name: t('onboarding.grant.command') });
  const text = await card.locator('pre').first().innerText();
  expect(text).toContain(`grant-ml-ops-permissions gonka-account-key ${warm} --from gonka-account-key --keyring-backend file --gas 2000000 --node ${world.seed.containerUrl}/chain-rpc/`);
  const count = (there: number) => page.getByText(t('onboarding.grant.chain.count', { there, of: NEEDED }));
  await expect(count(0)).toBeVisible({ timeout: 60_000 });
  await lookAt(page, 'grant');
  // An old tool grants a part; each appears while the page is open.
  world.seed.grant(account, warm, { messages: RELEASES[RELEASE].permissions.slice(0, 1) });
  await expect(count(1)).toBeVisible({ timeout: 30_000 });
  world.seed.grant(account, warm, { messages: RELEASES[RELEASE].permissions.slice(0, 7) });
  await expect(count(7)).toBeVisible({ timeout: 30_000 });
  await shot(page, 'grant-part');
  const ran = await operator.run(text);
  expect([ran.code, ran.output.includes('Transaction confirmed successfully!')]).toEqual([0, true]);
  await expect(count(NEEDED)).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText(t('onboarding.grant.done.what'))).toBeVisible();
  // Nothing is granted twice: the command is put away.
  await expect(card).toBeHidden();
  await lookAt(page, 'grant-done');

  // What was taken back is seen too.
  world.seed.revoke(account, warm, ['/inference.inference.MsgSubmitSeed']);
  await expect(page.getByText('MsgSubmitSeed')).toBeVisible({ timeout: 30_000 });
  await expect(card).toBeVisible();

  // Another URL in config.env: nothing is sent over what the chain has, the account key's command is shown instead.
  const file = path.join(world.dir, 'config.env');
  writeFileSync(file, readFileSync(file, 'utf8').replace(/^export PUBLIC_URL=.*$/m, 'export PUBLIC_URL=http://203.0.113.77:8000'));
  await page.goto(`${panel.url}/onboarding/register`);
  await expect(page.getByText(t('onboarding.register.chain.other-url.what'))).toBeVisible({ timeout: 30_000 });
  const byAccountKey = page.getByRole('region', { name: t('onboarding.register.byAccountKey.command') });
  await expect(byAccountKey).toContainText('submit-new-participant http://203.0.113.77:8000 --validator-key ');
  await expect(page.getByRole('button', { name: t('onboarding.register.action') })).toHaveCount(0);
  await lookAt(page, 'register-differs');
  const changed = await operator.run(await byAccountKey.locator('pre').first().innerText());
  expect(changed.code, changed.output).toBe(0);
  await expect(page.getByText(t('onboarding.register.registered.what'))).toBeVisible({ timeout: 60_000 });
  expect(world.seed.ledger.hosts.filter(({ address }) => address === account).map(({ url }) => url)).toEqual(['http://203.0.113.77:8000']);
  expect(complaints()).toEqual([]);
});
