import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { signedIn } from './config-page.ts';
import { startHub, type Hub } from './network/hub.ts';
import { ensureImages } from './network/image.ts';
import { type Registry, startRegistry } from './network/registry.ts';
import { docker } from './operations/busybox-host.ts';
import { type ImagesHost, imagesHost } from './operations/images-host.ts';
import { expectAccessible, watchPage } from './page-watch.ts';
import { type Panel, removeData, root, setUpAndSignIn, startPanel } from './panel-process.ts';
import { words } from './words.ts';

const t = words('en');
const NODE = 'ghcr.io/product-science/inferenced:0.2.4';
const API = 'ghcr.io/product-science/api:0.2.4';
const MLNODE = 'ghcr.io/product-science/mlnode:3.0.10';
const MODEL = 'Qwen/QwQ-32B';
let registry: Registry;
let hub: Hub;
let host: ImagesHost;
let panel: Panel;
let cookie: string;

test.use({ locale: 'en-US', viewport: { width: 1280, height: 900 } });
test.beforeAll(async () => {
  await ensureImages(process.env, [MLNODE]);
  registry = await startRegistry({ runnable: false, layers: [1_000_000, 3_000_000, 500_000] });
  hub = await startHub({ models: { [MODEL]: { bytes: 6_000_000, shards: 2 } } });
  host = imagesHost({ node: registry.nameOf(NODE), api: registry.nameOf(API), 'mlnode-308': MLNODE }, { HF_ENDPOINT: hub.containerUrl });
  writeFileSync(path.join(host.dir, 'node-config.json'), JSON.stringify([
    { id: 'node1', host: 'mlnode-308', inference_port: 5000, poc_port: 8080, max_concurrent: 500, models: { [MODEL]: { args: [] } } },
    { id: 'node2', host: '10.0.0.7', inference_port: 5050, poc_port: 8080, max_concurrent: 500, models: { 'Qwen/Qwen3-32B-FP8': { args: [] } } },
  ]));
  panel = await startPanel({ port: 4131, env: host.env });
  cookie = await setUpAndSignIn(panel);
});
test.afterAll(async () => {
  await panel?.stop();
  await registry?.close();
  await hub?.close();
  host?.remove();
  for (const image of [NODE, API].map(registry.nameOf)) if (docker('images', '-q', image).trim()) docker('image', 'rm', '-f', image);
  if (panel) removeData(panel);
});
test.beforeEach(({ page }) => signedIn(page, panel, cookie));

const screen = (name: string) => path.join(root, '.test/screens', `onboarding-images-${name}.png`);

test('images and weights are fetched by clicking, watched, and ticked by what is there', async ({ page }) => {
  test.setTimeout(180_000);
  const { complaints } = watchPage(page);
  await page.goto(`${panel.url}/onboarding/images`);
  const images = page.getByRole('region', { name: t('onboarding.images.title'), exact: true });
  const weights = page.getByRole('region', { name: t('onboarding.weights.title'), exact: true });
  await expect(images.getByText(t('onboarding.images.count', { here: 1, count: 3 }))).toBeVisible();
  await expect(weights.getByText(t('onboarding.weights.state.elsewhere'))).toBeVisible();
  await expectAccessible(page);
  await page.screenshot({ path: screen('before'), fullPage: true });

  registry.setRate(900_000);
  await images.getByRole('button', { name: 'Pull 2 images' }).click();
  const dialog = page.getByRole('dialog');
  // The chain's image comes first.
  await expect(dialog.getByText(`docker pull ${registry.nameOf(NODE)}`)).toBeVisible();
  await expect(dialog.getByText(`docker pull ${registry.nameOf(API)}`)).toBeVisible();
  await dialog.getByRole('button', { name: t('operationView.verb.pull-images') }).click();
  await dialog.getByRole('button', { name: t('shell.close') }).last().click();
  await expect(images.getByRole('progressbar').first()).toBeVisible();
  await images.getByText(/of 4 parts|parts done/).click();
  await expectAccessible(page);
  await page.screenshot({ path: screen('pulling'), fullPage: true });
  await page.setViewportSize({ width: 360, height: 780 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  await page.screenshot({ path: screen('pulling-phone'), fullPage: true });
  await page.setViewportSize({ width: 1280, height: 900 });
  registry.setRate(0);
  await expect(images.getByText(t('onboarding.images.count', { here: 3, count: 3 }))).toBeVisible({ timeout: 30_000 });
  expect(docker('images', '-q', registry.nameOf(API)).trim()).not.toBe('');

  hub.setRate(1_500_000);
  await weights.getByRole('button', { name: t('onboarding.weights.download') }).click();
  await expect(dialog.getByText(/--entrypoint hf/)).toBeVisible();
  await dialog.getByRole('button', { name: t('operationView.verb.get-weights') }).click();
  await dialog.getByRole('button', { name: t('shell.close') }).last().click();
  await expect(weights.getByRole('button', { name: t('operationView.cancel') })).toBeVisible();
  await weights.getByRole('button', { name: t('operationView.cancel') }).click();
  await weights.getByRole('button', { name: t('onboarding.images.again') }).click();
  hub.setRate(0);
  await dialog.getByRole('button', { name: t('operationView.verb.get-weights') }).click();
  await dialog.getByRole('button', { name: t('shell.close') }).last().click();
  await expect(weights.getByText(t('onboarding.weights.proof'))).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText(/weights of the model complete/).first()).toBeVisible({ timeout: 20_000 });
  await page.screenshot({ path: screen('done'), fullPage: true });
  expect(complaints()).toEqual([]);
});

test('in Chinese and dark, on a phone', async ({ browser }) => {
  const context = await browser.newContext({ locale: 'zh-CN', colorScheme: 'dark', viewport: { width: 360, height: 780 }, hasTouch: true });
  const page = await context.newPage();
  await signedIn(page, panel, cookie);
  await page.goto(`${panel.url}/onboarding/images`);
  await expect(page.getByRole('region', { name: words('zh')('onboarding.weights.title'), exact: true })).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  await expectAccessible(page);
  await page.screenshot({ path: screen('zh-phone'), fullPage: true });
  await context.close();
});

test('a running ML node is asked to download, by its literal request, and is watched', async ({ page }) => {
  test.setTimeout(180_000);
  const { complaints } = watchPage(page);
  rmSync(path.join(host.hfHome, 'hub'), { recursive: true, force: true });
  const compose = (...args: string[]) => execFileSync('docker', ['compose', ...args], { cwd: host.dir, env: { ...process.env, HF_HOME: host.hfHome }, stdio: 'ignore' });
  compose('up', '-d', 'mlnode-308');
  try {
    await page.goto(`${panel.url}/onboarding/images`);
    const weights = page.getByRole('region', { name: t('onboarding.weights.title'), exact: true });
    const ask = weights.getByRole('button', { name: t('onboarding.weights.byMlNode') });
    await expect(ask).toBeVisible({ timeout: 90_000 });
    await expectAccessible(page);
    await page.screenshot({ path: screen('ml-node'), fullPage: true });
    await page.setViewportSize({ width: 360, height: 780 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    await page.screenshot({ path: screen('ml-node-phone'), fullPage: true });
    await page.setViewportSize({ width: 1280, height: 900 });
    hub.setRate(1_000_000);
    await ask.click();
    const dialog = page.getByRole('dialog');
    await expect(dialog.getByText(/curl -sS -X POST http:\/\/[\d.]+:8080\/api\/v1\/models\/download/)).toBeVisible();
    await expect(dialog.getByText(t('operations.notes.weights_api_stays'))).toBeVisible();
    await page.screenshot({ path: screen('ml-node-dialog') });
    await dialog.getByRole('button', { name: t('operationView.verb.get-weights') }).click();
    await dialog.getByRole('button', { name: t('shell.close') }).last().click();
    await expect(weights.getByRole('progressbar').first()).toBeVisible();
    await page.screenshot({ path: screen('ml-node-running'), fullPage: true });
    hub.setRate(0);
    await expect(weights.getByText(t('onboarding.weights.proof'))).toBeVisible({ timeout: 30_000 });
    await expect(ask).toBeHidden();
    expect(complaints()).toEqual([]);
  } finally {
    compose('down', '-t', '1');
  }
});

test('the way through the ML node in Chinese and dark', async ({ browser }) => {
  test.setTimeout(120_000);
  const compose = (...args: string[]) => execFileSync('docker', ['compose', ...args], { cwd: host.dir, env: { ...process.env, HF_HOME: host.hfHome }, stdio: 'ignore' });
  rmSync(path.join(host.hfHome, 'hub'), { recursive: true, force: true });
  compose('up', '-d', 'mlnode-308');
  const context = await browser.newContext({ locale: 'zh-CN', colorScheme: 'dark', viewport: { width: 360, height: 780 }, hasTouch: true });
  try {
    const page = await context.newPage();
    await signedIn(page, panel, cookie);
    await page.goto(`${panel.url}/onboarding/images`);
    await expect(page.getByRole('button', { name: words('zh')('onboarding.weights.byMlNode') })).toBeVisible({ timeout: 90_000 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    await expectAccessible(page);
    await page.screenshot({ path: screen('ml-node-zh-phone'), fullPage: true });
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.screenshot({ path: screen('ml-node-zh'), fullPage: true });
  } finally {
    await context.close();
    compose('down', '-t', '1');
  }
});
