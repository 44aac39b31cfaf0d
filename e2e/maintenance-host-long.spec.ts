/**
 * A maintenance of the whole host by clicking, from the first disable over the pause, in which nothing of it runs, to the set after
 * its next PoC, in which it has weight again. Nobody touches its journal. Half a dozen epochs: in the long run only.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { createTranslator } from 'use-intl/core';
import { type JoinedHost, openJoinedHost } from './joined-host.ts';
import { stoppedInTheSet } from './network/stop-record.ts';
import { expectAccessible, watchPage } from './page-watch.ts';
import { type Panel, removeData, root, setUpAndSignIn, startPanel } from './panel-process.ts';
import { signIn } from './sign-in.ts';

const messages = JSON.parse(readFileSync(path.join(root, 'messages/en.json'), 'utf8')) as never;
const t = createTranslator({ locale: 'en', messages }) as unknown as (key: string, params?: object) => string;
/** As short as the panel's own pace allows (leave.spec.ts). */
const EPOCH_SECONDS = 50;
const epochs = (count: number) => ({ timeout: count * EPOCH_SECONDS * 1000 });
const soon = { timeout: 60_000 };
const SERVICES = ['node', 'tmkms', 'api', 'mlnode-308', 'inference'];
let host: JoinedHost;
let panel: Panel;

test.use({ locale: 'en-US', viewport: { width: 1280, height: 900 } });
test.beforeAll(async () => {
  test.setTimeout(300_000);
  host = await openJoinedHost({ release: '0.2.8', port: 4200, epochSeconds: EPOCH_SECONDS });
  panel = await startPanel({ port: 4201, env: { SEED_API_URLS: host.seed.url, GONKA_DEPLOY_DIR: host.dir } });
  await setUpAndSignIn(panel);
});
test.afterAll(async () => {
  await panel?.stop();
  await host?.close();
  if (panel) removeData(panel);
});

const headline = (page: Page) => page.getByRole('heading', { level: 1 });
const running = () => execFileSync('docker', ['ps', '--filter', `label=com.docker.compose.project.working_dir=${host.dir}`, '--format', '{{.Label "com.docker.compose.service"}}'], { encoding: 'utf8' }).split('\n').filter(Boolean).sort();

async function shot(page: Page, name: string): Promise<void> {
  await expectAccessible(page);
  await page.screenshot({ path: path.join(root, '.test/screens', `maintenance-host-${name}.png`), fullPage: true });
}

test('a maintenance of the whole host: out by proof, everything down, resumed, and back in the set after the next PoC', async ({ page }) => {
  test.setTimeout(1_500_000);
  const { complaints } = watchPage(page);
  await signIn(page, panel);
  await page.waitForURL(`${panel.url}/`);
  await page.goto(`${panel.url}/leave`);
  const before = running();
  await page.getByLabel(t('leave.way.maintenance.what')).selectOption({ label: t('leave.scopeHost') });
  await page.getByRole('button', { name: t('leave.way.maintenance.button') }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText(/docker compose .* down/).first()).toBeVisible(soon);
  await dialog.getByRole('button', { name: t('operationView.verb.maintenance') }).click();

  await expect(headline(page)).toHaveText(t('leave.headline.paused'), epochs(12));
  expect(stoppedInTheSet(host.record.stops)).toEqual([]);
  for (const service of SERVICES) expect(host.record.stops.filter((stop) => stop.service === service).map(({ how }) => how)).toEqual(['ended', 'removed']);
  expect(running()).toEqual([]);
  await expect(page.getByTestId('may-stop')).toHaveText(new RegExp(t('leave.stopNow.answer.stopped')));
  await shot(page, '1-paused');

  // The seed is asked for the newest signatures of this key, politely: until it has said them a reason would be asked for.
  await expect(async () => {
    await page.getByRole('button', { name: t('leave.resume.button') }).click();
    await expect(dialog.getByText(t('operationView.checking'))).toHaveCount(0, { timeout: 60_000 });
    if ((await dialog.getByLabel(t('operationView.reason'), { exact: true }).count()) === 0 && (await dialog.getByText(t('leave.resume.refused')).count()) === 0) return;
    await dialog.getByRole('button', { name: t('leave.resume.keep') }).click();
    throw new Error('something speaks against the start yet');
  }).toPass({ timeout: 240_000, intervals: [20_000] });
  await dialog.getByRole('button', { name: t('leave.resume.verb') }).click();
  await expect(headline(page)).toHaveText(t('leave.headline.returning'), soon);
  await expect.poll(running, { timeout: 240_000 }).toEqual(before);
  await expect.poll(async () => (await host.nodes().catch(() => [])).map(({ enabled }) => enabled), { timeout: 240_000 }).toEqual([true]);
  await shot(page, '2-returning');

  await expect(headline(page)).toHaveText(t('leave.startTitle'), epochs(12));
  await page.getByRole('link', { name: t('leave.lastOpen') }).click();
  await expect(headline(page)).toHaveText(t('leave.headline.back'));
  await shot(page, '3-back');
  // Nothing went twice, and nothing again on the way back.
  for (const service of SERVICES) expect(host.record.stops.filter((stop) => stop.service === service && stop.how === 'removed')).toHaveLength(1);
  expect(complaints()).toEqual([]);
});
