import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { runOperation } from './operate.ts';
import { expectAccessible, expectNoSidewaysScroll, watchPage } from './page-watch.ts';
import { ADMIN, type Panel, removeData, root, setUpAndSignIn, startPanel } from './panel-process.ts';
import { words } from './words.ts';
import { type HostWorld, openHostWorld } from './world.ts';

const t = words('en');
const shot = (page: Page, name: string) => page.screenshot({ path: path.join(root, '.test/screens', `safe-window-${name}.png`) });
let world: HostWorld;
let panel: Panel;
let cookie: string;
test.use({ locale: 'en-US', viewport: { width: 1280, height: 900 } });

test.beforeAll(async () => {
  // Blocks of 3 s: a PoC is over after a minute, and what waits has begun before the next one is near. A slow machine gets another PoC where it needs the time.
  world = await openHostWorld({ release: '0.2.4', seedPort: 4230, epochSeconds: 180 });
  panel = await start();
  cookie = await setUpAndSignIn(panel);
});
test.afterAll(async () => {
  await panel?.stop();
  await world?.close();
  if (panel) removeData(panel);
});

const start = (dataDir?: string) => startPanel({ port: 4231, dataDir, env: { ...world.env, GONKA_DEPLOY_DIR: world.dir } });
const startedAt = (container: string) => execFileSync('docker', ['inspect', '--format', '{{.State.StartedAt}}', container], { encoding: 'utf8' }).trim();
async function signIn(page: Page): Promise<void> {
  await page.goto(`${panel.url}/login`);
  await page.getByLabel(t('login.username')).fill(ADMIN.username);
  await page.getByLabel(t('login.password')).fill(ADMIN.password);
  await page.getByRole('button', { name: t('login.signIn') }).click();
  await page.waitForURL(`${panel.url}/`);
}
/** By the dialog of the services page; closed again when it is scheduled. */
async function schedule(page: Page, service: string): Promise<void> {
  await page.getByRole('button', { name: t('services.do.restart', { service }) }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: t('operationView.atWindow') }).click();
  await expect(dialog.getByText(t('operationView.state.scheduled')).first()).toBeVisible();
  await dialog.getByRole('button', { name: t('shell.close'), exact: true }).last().click();
}
const waiting = (service: string) => t('operationView.waits.title', { title: t('operationView.title.restart', { service }) });

test('a restart during PoC waits for its window, outlives the panel, and runs by itself; another is taken back', async ({ page }) => {
  test.setTimeout(240_000);
  await runOperation(panel, cookie, { kind: 'launch-chain' });
  const [node, tmkms] = ['node', 'tmkms'].map(startedAt);
  await signIn(page);
  const { complaints } = watchPage(page);
  world.seed.change({ moveTo: 2 });
  await page.goto(`${panel.url}/services`);

  // Once the panel has seen the PoC, the dialog names the window and its clock time before anything is done.
  await expect(async () => {
    await page.getByRole('button', { name: t('services.do.restart', { service: 'node' }) }).click();
    const dialog = page.getByRole('dialog');
    await expect(dialog.getByText(t('operationView.gate.notNow'))).toBeVisible({ timeout: 4000 });
    await expect(dialog.getByText(/from block [\d,]+ ≈ \d/)).toBeVisible({ timeout: 1000 });
  }).toPass({ timeout: 15_000, intervals: [500] });
  await expect(page.getByRole('dialog').getByText(/docker restart node/)).toBeVisible();
  await shot(page, 'dialog');
  await expectAccessible(page);
  await page.getByRole('dialog').getByRole('button', { name: t('shell.cancel') }).click();

  world.seed.change({ moveTo: 2 });
  await schedule(page, 'node');
  await schedule(page, 'tmkms');
  await expect(page.getByText(waiting('node'))).toBeVisible();
  await shot(page, 'services');
  await page.getByRole('button', { name: t('operationView.waits.cancelOf', { title: t('operationView.title.restart', { service: 'tmkms' }) }) }).click();
  await expect(page.getByText(waiting('tmkms'))).toHaveCount(0);

  // Killed and started again: it waits on, and every page says so.
  world.seed.change({ moveTo: 2 });
  await panel.stop('SIGKILL');
  panel = await start(panel.dataDir);
  await page.goto(`${panel.url}/`);
  await expect(page.getByText(waiting('node'))).toBeVisible();
  await page.goto(`${panel.url}/history?state=scheduled`);
  expect(startedAt('node')).toBe(node);
  await page.getByRole('link', { name: t('operationView.title.restart', { service: 'node' }) }).first().click();
  await expect(page.getByText(t('operationView.waits.heading'))).toBeVisible();
  await shot(page, 'operation');
  await page.setViewportSize({ width: 360, height: 740 });
  await expectNoSidewaysScroll(page);
  await page.setViewportSize({ width: 1280, height: 900 });

  // Nobody does anything more: at the window it runs by itself.
  const restarts = async () => {
    const { operations } = (await (await fetch(`${panel.url}/api/operations?kind=restart`, { headers: { cookie } })).json()) as { operations: { target: string; state: string; phase?: string }[] };
    return operations.map(({ target, state, phase }) => `${target} ${state} ${phase ?? '-'}`);
  };
  await expect.poll(restarts, { timeout: 120_000, intervals: [500] }).toEqual(['tmkms cancelled -', 'node succeeded Inference']);
  expect(startedAt('node')).not.toBe(node);
  expect(startedAt('tmkms')).toBe(tmkms);
  await expect(page.getByText(t('operationView.waits.heading'))).toHaveCount(0);
  expect(complaints()).toEqual([]);
});
