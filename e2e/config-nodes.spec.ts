import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import Database from 'better-sqlite3';
import { configHost, saveButton, saveOnly, shot, watchBodies } from './config-page.ts';
import { expectAccessible, watchPage } from './page-watch.ts';
import { words } from './words.ts';

const t = words('en');
const host = configHost({ port: 4102 });

test('node-config.json: a field and an argument are changed, and no other byte of the file', async ({ page }) => {
  const { complaints } = watchPage(page);
  const nodes = path.join(host.world.dir, 'node-config.json');
  const before = readFileSync(nodes, 'utf8');
  await page.goto(`${host.panel.url}/config/ml-nodes`);
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

test('node-config.json: a shell changes it while the form is open, and the person decides field by field', async ({ page }) => {
  const file = path.join(host.world.dir, 'node-config.json');
  await page.goto(`${host.panel.url}/config/ml-nodes`);
  const most = page.getByLabel(t('nodeConfig.field.max_concurrent'));
  await most.fill('401');
  await page.getByLabel(t('nodeConfig.field.poc_port')).fill('8081');
  await expect(page.getByRole('region', { name: t('nodeConfig.draft.label') }).getByRole('button', { name: t('nodeConfig.draft.review') })).toBeEnabled();
  const theirs = readFileSync(file, 'utf8').replace('"max_concurrent": 450', '"max_concurrent": 402').replace('"inference_port": 5000', '"inference_port": 5001');
  writeFileSync(file, theirs);
  await expect(page.getByText(t('config.conflict.title'))).toBeVisible({ timeout: 30_000 });
  const choice = page.getByRole('group', { name: /max_concurrent/ });
  for (const value of ['450', '402', '401']) await expect(choice).toContainText(value);
  await expect(page.getByText(t('config.conflict.untouched', { names: 'node1 poc_port' }))).toBeVisible();
  await expect(page.getByText(t('config.conflict.theirs', { names: 'node1 inference_port' }))).toBeVisible();
  await shot(page, 'ml-nodes-conflict');
  await expectAccessible(page);
  const goOn = page.getByRole('button', { name: t('config.conflict.goOn') });
  await expect(goOn).toBeDisabled();
  await choice.getByRole('radio', { name: t('config.conflict.yours') }).check();
  await goOn.click();
  await expect(most).toHaveValue('401');
  expect(readFileSync(file, 'utf8')).toBe(theirs);
  await page.getByRole('button', { name: t('nodeConfig.draft.review') }).click();
  await saveOnly(page, page.getByRole('dialog'));
  expect(readFileSync(file, 'utf8')).toBe(theirs.replace('"max_concurrent": 402', '"max_concurrent": 401').replace('"poc_port": 8080', '"poc_port": 8081'));
});

test('node-config.json: when a window was closed while it saved, the next review showed that save as done instead of what would be written', async ({ page }) => {
  const file = path.join(host.world.dir, 'node-config.json');
  let goOn = () => {};
  const held = new Promise<void>((resolve) => (goOn = resolve));
  await page.route(/\/api\/operations\/[0-9a-f-]{36}/, async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(`${host.panel.url}/config/ml-nodes`);
  const most = page.getByLabel(t('nodeConfig.field.max_concurrent'));
  const dialog = page.getByRole('dialog');
  const review = async () => {
    await page.getByRole('button', { name: t('nodeConfig.draft.review') }).click();
    await expect(dialog.getByRole('region', { name: t('config.review.diff') })).toContainText(`"max_concurrent": ${await most.inputValue()}`);
  };
  await most.fill('460');
  await review();
  await saveButton(dialog).click();
  await expect(dialog.getByRole('link', { name: t('operationView.openInHistory') })).toBeVisible();
  await dialog.getByRole('button', { name: t('shell.close'), exact: true }).last().click();
  // What is typed while the saved file is still being read is an edit of it, not one of the file before that conflicts with oneself.
  await page.route('**/api/config/ml-nodes', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await route.continue();
  });
  goOn();
  await expect.poll(() => readFileSync(file, 'utf8')).toContain('"max_concurrent": 460');
  await expect(page.getByRole('region', { name: t('nodeConfig.draft.label') })).toHaveCount(0);
  await most.fill('470');
  await review();
  await saveOnly(page, dialog);
  expect(readFileSync(file, 'utf8')).toContain('"max_concurrent": 470');
});

test('node-config.json: a token typed as an argument arrives in the file, and never comes back', async ({ page }) => {
  const file = path.join(host.world.dir, 'node-config.json');
  const secrets = ['named-only-by-its-flag', `hf_${'aB3'.repeat(11)}`];
  const bodies = watchBodies(page);
  await page.goto(`${host.panel.url}/config/ml-nodes`);
  const list = page.getByRole('list', { name: t('nodeConfig.argsOf', { model: 'Qwen/Qwen2.5-7B-Instruct' }) });
  for (const token of ['--api-key', secrets[0] as string, '--unheard-of', secrets[1] as string]) {
    await list.getByRole('button', { name: t('nodeConfig.args.add') }).click();
    await list.getByRole('textbox').last().fill(token);
  }
  await page.getByRole('button', { name: t('nodeConfig.draft.review') }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('region', { name: t('config.review.diff') })).toContainText('"--api-key"');
  await shot(page, 'ml-nodes-secret');
  await saveOnly(page, dialog);
  for (const one of secrets) expect(readFileSync(file, 'utf8')).toContain(one);
  await page.goto('about:blank');
  await page.goto(`${host.panel.url}/config/ml-nodes`);
  await expect(list.getByRole('textbox').last()).toHaveValue('⟪secret 2⟫');
  await list.getByRole('textbox').first().fill('--quantization-of-mine');
  await page.getByRole('button', { name: t('nodeConfig.draft.review') }).click();
  await saveOnly(page, page.getByRole('dialog'));
  await page.goto(`${host.panel.url}/config/effective`);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.goto(`${host.panel.url}/operations`);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  for (const one of secrets) expect(readFileSync(file, 'utf8')).toContain(one);
  const database = new Database(path.join(host.panel.dataDir, 'panel.db'), { readonly: true });
  const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all() as { name: string }[];
  const kept = JSON.stringify(tables.map((one) => database.prepare(`SELECT * FROM "${one.name}"`).all()));
  database.close();
  const told = await bodies();
  expect(told).toContain('⟪secret 2⟫');
  for (const one of secrets) expect([kept.includes(one), told.includes(one), host.panel.output().includes(one)]).toEqual([false, false, false]);
});

test('models: what eight typed cards would carry, and what they would not', async ({ page }) => {
  await page.goto(`${host.panel.url}/config/models?s=8xH100@1500`);
  const model = (id: string) => page.locator(`[data-model="${id}"]`);
  const large = model('Qwen/Qwen3-235B-A22B-Instruct-2507-FP8');
  await expect(large.getByText(t('models.verdict.few', { count: 1, needed: 2 }))).toBeVisible();
  await expect(large).toContainText('8 cards of 80 GB make 640 GB; 640 GB are needed: 0 GB to spare.');
  await expect(model('moonshotai/Kimi-K2.6').getByText(t('models.verdict.no'))).toBeVisible();
  await expect(model('moonshotai/Kimi-K2.6')).toContainText('80 GB are missing');
  await shot(page, 'models');
  await expectAccessible(page);
  // One card less in the address: the other side of the boundary.
  await page.goto(`${host.panel.url}/config/models?s=7xH100@1500`);
  await expect(large.getByText(t('models.verdict.no'))).toBeVisible();
  await expect(large).toContainText('80 GB are missing');
  // A second server by hand, with too little RAM beside its cards.
  const medium = model('Qwen/Qwen3-32B-FP8');
  await expect(medium.getByText(t('models.verdict.few', { count: 1, needed: 2 }))).toBeVisible();
  await page.getByRole('button', { name: t('models.whatIf.add') }).click();
  await page.getByLabel(t('models.whatIf.ramOf', { server: t('models.whatIf.server', { number: 2 }) })).fill('100');
  await expect(page.getByText(t('models.fit.ram_short', { have: 107, needed: 840 }))).toBeVisible();
  await expect(medium.getByText('fits, 2 ML nodes')).toBeVisible();
  await expect(page.getByText('2 of at least 2 ML nodes')).toBeVisible();
});
