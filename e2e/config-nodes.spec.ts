import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { saveOnly, signedIn } from './config-page.ts';
import { expectAccessible, watchPage } from './page-watch.ts';
import { type Panel, removeData, root, setUpAndSignIn, startPanel } from './panel-process.ts';
import { words } from './words.ts';
import { type HostWorld, openHostWorld } from './world.ts';

const t = words('en');
let world: HostWorld;
let panel: Panel;
let cookie: string;
const shot = (page: Page, name: string) => page.screenshot({ path: path.join(root, '.test/screens', `config-${name}.png`) });

test.use({ locale: 'en-US', viewport: { width: 1280, height: 900 } });
test.beforeAll(async () => {
  world = await openHostWorld({ release: '0.2.4', seedPort: 4102, epochSeconds: 180 });
  panel = await startPanel({ port: 4103, env: { ...world.env, GONKA_DEPLOY_DIR: world.dir } });
  cookie = await setUpAndSignIn(panel);
});
test.afterAll(async () => {
  await panel?.stop();
  await world?.close();
  if (panel) removeData(panel);
});
test.beforeEach(({ page }) => signedIn(page, panel, cookie));

test('node-config.json: a field and an argument are changed, and no other byte of the file', async ({ page }) => {
  const { complaints } = watchPage(page);
  const nodes = path.join(world.dir, 'node-config.json');
  const before = readFileSync(nodes, 'utf8');
  await page.goto(`${panel.url}/config/ml-nodes`);
  await page.getByLabel(t('nodeConfig.field.max_concurrent')).fill('0');
  await expect(page.getByText(t('deployment.problems.node_max_concurrent.what', { node: 'node1', value: 0 }))).toBeVisible();
  await page.getByLabel(t('nodeConfig.field.max_concurrent')).fill('450');
  await expect(page.getByText(t('deployment.problems.node_max_concurrent.what', { node: 'node1', value: 0 }))).toHaveCount(0);
  const list = page.getByRole('list', { name: t('nodeConfig.argsOf', { model: 'Qwen/Qwen2.5-7B-Instruct' }) });
  await list.getByRole('button', { name: t('nodeConfig.args.add') }).click();
  await list.getByRole('textbox').last().fill('--tensor-parallel-size=4');
  await shot(page, 'ml-nodes');
  await expectAccessible(page);
  await page.getByRole('button', { name: t('nodeConfig.args.split', { token: '--tensor-parallel-size=4', tokens: '--tensor-parallel-size · 4' }) }).click();
  await expect(list.getByRole('textbox')).toHaveCount(6);
  await page.getByRole('button', { name: t('nodeConfig.draft.review') }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('region', { name: t('config.review.diff') })).toContainText('"max_concurrent": 450');
  await saveOnly(page, dialog);
  const after = readFileSync(nodes, 'utf8');
  expect(after).toBe(before.replace('"max_concurrent": 500', '"max_concurrent": 450').replace('"0.9"\n', '"0.9",\n          "--tensor-parallel-size",\n          "4"\n'));
  expect((JSON.parse(after) as { models: Record<string, { args: string[] }> }[])[0]?.models['Qwen/Qwen2.5-7B-Instruct']?.args).toEqual(['--quantization', 'fp8', '--gpu-memory-utilization', '0.9', '--tensor-parallel-size', '4']);
  expect(complaints()).toEqual([]);
});

test('models: what eight typed cards would carry, and what they would not', async ({ page }) => {
  await page.goto(`${panel.url}/config/models?s=8xH100@1500`);
  const model = (id: string) => page.locator(`[data-model="${id}"]`);
  const large = model('Qwen/Qwen3-235B-A22B-Instruct-2507-FP8');
  await expect(large.getByText(t('models.verdict.few', { count: 1, needed: 2 }))).toBeVisible();
  await expect(large).toContainText('8 cards of 80 GB make 640 GB; 640 GB are needed: 0 GB to spare.');
  await expect(model('moonshotai/Kimi-K2.6').getByText(t('models.verdict.no'))).toBeVisible();
  await expect(model('moonshotai/Kimi-K2.6')).toContainText('80 GB are missing');
  await shot(page, 'models');
  await expectAccessible(page);
  // One card less in the address: the other side of the boundary.
  await page.goto(`${panel.url}/config/models?s=7xH100@1500`);
  await expect(large.getByText(t('models.verdict.no'))).toBeVisible();
  await expect(large).toContainText('80 GB are missing');
});
