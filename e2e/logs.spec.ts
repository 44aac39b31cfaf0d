import { execFileSync } from 'node:child_process';
import { expect, type Page, test } from '@playwright/test';
import { BUSYBOX_IMAGE, ensureBusyboxImage } from '../scripts/machine/busybox-image.mjs';
import { expectAccessible, watchPage } from './page-watch.ts';
import { type Panel, removeData, setUpAndSignIn, startPanel } from './panel-process.ts';
import { signIn } from './sign-in.ts';
import { words } from './words.ts';
import { type HostWorld, openHostWorld } from './world.ts';

const t = words('en');
const SECRET = 'sword-$fish-97531';
const docker = (...args: string[]) => execFileSync('docker', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
let world: HostWorld;
let panel: Panel;

/** A container of the project that prints what a test needs, under a service's name. */
function speaker(script: string): void {
  docker('rm', '-f', 'gp-e2e-speaker');
  docker('run', '-d', '--name', 'gp-e2e-speaker', '--label', 'com.docker.compose.project=join', '--label', 'com.docker.compose.service=tmkms', '--label', `com.docker.compose.project.working_dir=${world.dir}`, '--label', 'com.docker.compose.oneoff=False', BUSYBOX_IMAGE, '/bin/busybox', 'sh', '-c', script);
}

test.use({ locale: 'en-US' });
test.beforeAll(async () => {
  ensureBusyboxImage();
  world = await openHostWorld({ release: '0.2.4', seedPort: 4085, keyringPassword: SECRET });
  panel = await startPanel({ port: 4086, env: { ...world.env, GONKA_DEPLOY_DIR: world.dir } });
  await setUpAndSignIn(panel);
});
test.afterAll(async () => {
  docker('rm', '-f', 'gp-e2e-speaker');
  await panel?.stop();
  await world?.close();
  if (panel) removeData(panel);
});
test.beforeEach(async ({ page }) => {
  await signIn(page, panel);
  await page.waitForURL(`${panel.url}/`);
});

const lines = (page: Page) => page.locator('[data-lines]');
const received = async (page: Page) => Number(await lines(page).getAttribute('data-lines'));
const shown = async (page: Page) => Number(await lines(page).getAttribute('data-shown'));

test('live lines, a pause that loses nothing, filters, and a secret that stays hidden', async ({ page }) => {
  const { complaints } = watchPage(page);
  speaker(`i=0; echo "Loaded KEYRING_PASSWORD: ${SECRET.replaceAll('$', '\\$')}"; while :; do i=$((i+1)); echo "line $i end"; [ $((i % 10)) = 0 ] && echo "ERROR tenth $i"; /bin/busybox usleep 20000; done`);
  await page.goto(`${panel.url}/logs?service=tmkms&tail=all`);
  await expect(page.getByRole('log').first()).toContainText(/line \d+ end/);
  await expect.poll(() => received(page)).toBeGreaterThan(100);
  expect(await page.content()).not.toContain('97531');

  await page.getByRole('button', { name: t('logs.pause') }).click();
  await page.waitForTimeout(300); // what was on its way when the button was pressed
  const still = await page.getByRole('log').first().textContent();
  const before = await received(page);
  await expect.poll(() => received(page)).toBeGreaterThan(before + 50);
  expect(await page.getByRole('log').first().textContent()).toBe(still);
  await expect(page.getByText(/\d+ new lines/).first()).toBeVisible();
  await page.getByRole('button', { name: /new lines/ }).first().click();
  await expect(page.getByRole('log').first()).not.toHaveText(still ?? '');

  // Every number once, in order: taken from the download, which goes the same way.
  const numbers = [...(await (await page.request.get(`${panel.url}/api/logs/download?service=tmkms`)).text()).matchAll(/line (\d+) end/g)].map((match) => Number(match[1]));
  expect(numbers.length).toBeGreaterThan(100);
  expect(numbers).toEqual(numbers.map((_, index) => index + 1));

  const filter = page.getByPlaceholder(t('logs.filterHint'));
  await filter.fill('/ERROR tenth \\d+0$/');
  await expect.poll(async () => (await shown(page)) < (await received(page)) / 5).toBe(true);
  await expect(page.getByRole('log').first()).not.toContainText('line 1 end');
  await filter.fill('/(unclosed/');
  await expect(filter).toHaveAttribute('aria-invalid', 'true');
  await filter.fill('/(a+)+$/');
  await expect(filter).not.toHaveAttribute('aria-invalid', 'true');
  await filter.fill('');
  await expectAccessible(page);
  expect(complaints()).toEqual([]);
});

test('a container that is made anew goes on in the same view, with its end and its start marked', async ({ page }) => {
  speaker('while :; do echo "first life"; /bin/busybox sleep 1; done');
  await page.goto(`${panel.url}/logs?service=tmkms`);
  await expect(page.getByRole('log').first()).toContainText('first life');
  speaker('while :; do echo "second life"; /bin/busybox sleep 1; done');
  await expect(page.getByRole('log').first()).toContainText('second life', { timeout: 30_000 });
  await expect(page.getByRole('log').first()).toContainText('first life');
  const log = page.getByRole('log').first();
  await expect(log).toContainText('tmkms stopped');
  await expect(log).toContainText(t('logs.events.removed', { service: 'tmkms' }));
  // In their place: the old life, its end, the new start, the new life.
  const order = await log.textContent().then((text) => ['first life', 'tmkms stopped', t('logs.events.start', { service: 'tmkms' }), 'second life'].map((part) => text?.lastIndexOf(part) ?? -1));
  expect(order.every((at) => at >= 0)).toBe(true);
  expect(order).toEqual([...order].sort((a, b) => a - b));
});

test('scrolled up, nothing moves while lines keep coming; the end is one key away', async ({ page }) => {
  speaker('i=0; while :; do j=0; while [ $j -lt 20 ]; do i=$((i+1)); j=$((j+1)); echo "flood $i end"; done; /bin/busybox usleep 20000; done');
  await page.goto(`${panel.url}/logs?service=tmkms&tail=all`);
  const log = page.getByRole('log').first();
  await expect.poll(() => received(page)).toBeGreaterThan(1000);
  await log.hover();
  await page.mouse.wheel(0, -2500);
  await page.waitForTimeout(300);
  const still = await log.textContent();
  const before = await received(page);
  await expect.poll(() => received(page)).toBeGreaterThan(before + 1000);
  expect(await log.textContent()).toBe(still);
  await page.getByRole('button', { name: /new lines/ }).first().click();
  await expect(log).not.toHaveText(still ?? '');
});

test('hostile lines are text: no element, no link, no escape reaches the page', async ({ page }) => {
  speaker(`printf '<img src=x onerror=alert(1)>\\n\\033]8;;http://evil.example\\007click\\033]8;;\\007\\n\\033[2Jcleared\\n'; /bin/busybox sleep 600`);
  await page.goto(`${panel.url}/logs?service=tmkms`);
  const log = page.getByRole('log').first();
  await expect(log).toContainText('<img src=x onerror=alert(1)>');
  await expect(log).toContainText('click');
  await expect(log).toContainText('cleared');
  expect(await log.locator('img, a').count()).toBe(0);
  expect(await log.textContent()).not.toContain('\u001b');
});
