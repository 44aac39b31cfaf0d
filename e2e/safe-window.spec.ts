import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { configHost } from './config-page.ts';
import { runOperation } from './operate.ts';
import { expectAccessible, expectNoSidewaysScroll, watchPage } from './page-watch.ts';
import { root } from './panel-process.ts';
import { words } from './words.ts';

const t = words('en');
const shot = (page: Page, name: string) => page.screenshot({ path: path.join(root, '.test/screens', `safe-window-${name}.png`) });

// Blocks of 3 s: a PoC is over after a minute, and what waits has begun before the next one is near. A slow machine gets another PoC where it needs the time.
const host = configHost({ port: 4230 });

const startedAt = (container: string) => execFileSync('docker', ['inspect', '--format', '{{.State.StartedAt}}', container], { encoding: 'utf8' }).trim();
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
  await runOperation(host.panel, host.cookie, { kind: 'launch-chain' });
  const [node, tmkms] = ['node', 'tmkms'].map(startedAt);
  const { complaints } = watchPage(page);
  host.world.seed.change({ moveTo: 2 });
  await page.goto(`${host.panel.url}/services`);

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

  host.world.seed.change({ moveTo: 2 });
  await schedule(page, 'node');
  await schedule(page, 'tmkms');
  await expect(page.getByText(waiting('node'))).toBeVisible();
  await shot(page, 'services');
  await page.getByRole('button', { name: t('operationView.waits.cancelOf', { title: t('operationView.title.restart', { service: 'tmkms' }) }) }).click();
  await expect(page.getByText(waiting('tmkms'))).toHaveCount(0);

  // Killed and started again: it waits on, and every page says so.
  host.world.seed.change({ moveTo: 2 });
  await host.panel.stop('SIGKILL');
  await host.startAgain();
  await page.goto(`${host.panel.url}/`);
  await expect(page.getByText(waiting('node'))).toBeVisible();
  await page.goto(`${host.panel.url}/history?state=scheduled`);
  expect(startedAt('node')).toBe(node);
  await page.getByRole('link', { name: t('operationView.title.restart', { service: 'node' }) }).first().click();
  await expect(page.getByText(t('operationView.waits.heading'))).toBeVisible();
  await shot(page, 'operation');
  await page.setViewportSize({ width: 360, height: 740 });
  await expectNoSidewaysScroll(page);
  await page.setViewportSize({ width: 1280, height: 900 });

  // Nobody does anything more: at the window it runs by itself.
  const restarts = async () => {
    const { operations } = (await (await fetch(`${host.panel.url}/api/operations?kind=restart`, { headers: { cookie: host.cookie } })).json()) as { operations: { target: string; state: string; phase?: string }[] };
    return operations.map(({ target, state, phase }) => `${target} ${state} ${phase ?? '-'}`);
  };
  await expect.poll(restarts, { timeout: 120_000, intervals: [500] }).toEqual(['tmkms cancelled -', 'node succeeded Inference']);
  expect(startedAt('node')).not.toBe(node);
  expect(startedAt('tmkms')).toBe(tmkms);
  await expect(page.getByText(t('operationView.waits.heading'))).toHaveCount(0);
  expect(complaints()).toEqual([]);
});
