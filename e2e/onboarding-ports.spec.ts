import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { configHost } from './config-page.ts';
import { runOperation } from './operate.ts';
import { expectAccessible, expectNoSidewaysScroll, watchPage } from './page-watch.ts';
import { root } from './panel-process.ts';
import { words } from './words.ts';

const t = words('en');

/** Port → addresses that the kernel hears, by the machine's own tool. */
const heard = (port: number): string[] => execFileSync('ss', ['-Hltn', `sport = :${port}`], { encoding: 'utf8' }).split('\n').filter(Boolean).map((line) => (line.trim().split(/\s+/)[3] ?? '').replace(/:\d+$/, '')).sort();

const host = configHost({ port: 4120, epochSeconds: 3600, startOffset: 1800 });

test('an open 9200 that hands out the password is closed by clicking, and nobody listens on every address any more', async ({ page }) => {
  test.setTimeout(300_000);
  await runOperation(host.panel, host.cookie, { kind: 'launch-chain' });
  await runOperation(host.panel, host.cookie, { kind: 'start', target: 'api' });
  expect(heard(9200)).toEqual(['0.0.0.0', '[::]']);
  const upstream = readFileSync(path.join(host.world.dir, 'docker-compose.yml'), 'utf8');
  const node = () => execFileSync('docker', ['inspect', '-f', '{{.Id}}', 'tmkms'], { encoding: 'utf8' });
  const before = node();

  const { complaints } = watchPage(page);
  await page.goto(`${host.panel.url}/`);
  const need = page.getByRole('link', { name: t('needs.port_9200_leaks.action') }).first();
  await need.click();
  await expect(page).toHaveURL(/\/onboarding\/prerequisites#exposure$/);
  const card = page.locator('#exposure');
  await expect(card.getByText(t('onboarding.ports.leak.text'))).toBeVisible();
  await expect(card.getByText('docker-compose.panel-ports.yml', { exact: true })).toBeVisible();
  await expect(card).toContainText('host_ip: "127.0.0.1"');
  await expectAccessible(page);
  await page.screenshot({ path: path.join(root, '.test/screens', 'onboarding-ports-open.png'), fullPage: true });
  // With every container, the longest addresses and the diff on it, the page once was wider than a phone.
  await page.setViewportSize({ width: 360, height: 740 });
  await expect(card.getByText(t('onboarding.ports.leak.text'))).toBeVisible();
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
  await page.screenshot({ path: path.join(root, '.test/screens', 'onboarding-ports-phone.png'), fullPage: true });
  await page.setViewportSize({ width: 1280, height: 900 });

  await card.getByRole('button', { name: t('onboarding.ports.close') }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('docker-compose.panel-ports.yml');
  const reason = dialog.getByRole('textbox');
  const go = dialog.getByRole('button', { name: t('operationView.verb.close-ports') });
  await expect(go).toBeEnabled();
  if (await reason.isVisible()) await reason.fill('the password is open to everybody');
  await go.click();
  await expect(dialog.getByText(t('operations.steps.ports-listeners'))).toBeVisible({ timeout: 30_000 });
  await expect(dialog.getByText(/127\.0\.0\.1:9200/).last()).toBeVisible({ timeout: 120_000 });
  // Before api's log went with its container, it was asked who had read the configuration.
  await expect(dialog.getByText(/\/admin\/v1\/config/)).toBeVisible();
  await page.screenshot({ path: path.join(root, '.test/screens', 'onboarding-ports-done.png') });

  for (const port of [9200, 9100, 26657]) expect(heard(port), String(port)).toEqual(['127.0.0.1']);
  expect(heard(5000)).toEqual(['0.0.0.0', '[::]']);
  expect(readFileSync(path.join(host.world.dir, 'docker-compose.yml'), 'utf8')).toBe(upstream);
  expect(existsSync(path.join(host.world.dir, 'docker-compose.panel-ports.mlnode.yml'))).toBe(true);
  expect(node()).toBe(before);

  await page.keyboard.press('Escape');
  await expect(card.getByText(t('onboarding.ports.bound'))).toBeVisible({ timeout: 30_000 });
  await expect(card.getByText(t('onboarding.ports.state.open'))).toHaveCount(0);
  // Everything after it takes the files along.
  await runOperation(host.panel, host.cookie, { kind: 'recreate', target: 'api', reason: 'a test of later commands' });
  expect(heard(9200)).toEqual(['127.0.0.1']);
  expect(complaints()).toEqual([]);
});

test('“Check again” tries with containers what only they can prove', async ({ page }) => {
  test.setTimeout(120_000);
  await page.goto(`${host.panel.url}/onboarding/prerequisites`);
  await expect(page.getByText(t('onboarding.said.probe_untried')).first()).toBeAttached();
  await page.getByRole('button', { name: t('onboarding.checkAgain'), exact: true }).click();
  const seed = new URL(host.world.seed.containerUrl).host;
  await expect(page.getByText(t('onboarding.said.seed_container', { host: seed, network: 'join_default' }))).toBeAttached({ timeout: 60_000 });
});
