/** node-config.json, the api's own list and governance's arguments beside one another: each kind of difference made real, and what the page says to do. */
import { execFileSync } from 'node:child_process';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, type Locator, type Page, test } from '@playwright/test';
import { signedIn } from './config-page.ts';
import { type JoinedHost, openJoinedHost } from './joined-host.ts';
import { expectAccessible, expectNoSidewaysScroll, watchPage } from './page-watch.ts';
import { type Panel, removeData, root, setUpAndSignIn, startPanel } from './panel-process.ts';
import { words } from './words.ts';

const t = words('en');
const PORT = 4790;
const MODEL = 'Qwen/Qwen2.5-7B-Instruct';
const soon = { timeout: 60_000 };
let host: JoinedHost;
let panel: Panel;
let cookie: string;

test.use({ locale: 'en-US', viewport: { width: 1280, height: 900 } });
test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
  test.setTimeout(240_000);
  host = await openJoinedHost({ release: '0.2.4', port: PORT, epochSeconds: 60, startOffset: 25 });
  await startFresh();
  cookie = await setUpAndSignIn(panel);
});
test.afterAll(async () => {
  await panel?.stop();
  if (panel) removeData(panel);
  await host?.close();
});
test.beforeEach(({ page }) => signedIn(page, panel, cookie));

/** A panel that has nothing in memory. */
async function startFresh(): Promise<void> {
  await panel?.stop();
  panel = await startPanel({ port: PORT + 1, dataDir: panel?.dataDir, env: { SEED_API_URLS: host.seed.url, GONKA_DEPLOY_DIR: host.dir } });
}

type Row = { node: string; field: string; model?: string; file?: string; api?: string; governance?: string };
const file = () => path.join(host.dir, 'node-config.json');
const docker = (...args: string[]) => execFileSync('docker', args, { encoding: 'utf8' }).trim();
const table = (page: Page): Locator => page.getByRole('table', { name: t('nodeConfig.drift.title') });
const shot = (page: Page, name: string) => page.screenshot({ path: path.join(root, '.test/screens', `config-drift-${name}.png`), fullPage: true });

/** The rows as they stand there, each with what it means and what to do. */
async function rows(page: Page): Promise<string[][]> {
  return table(page).locator('tbody tr').evaluateAll((all) => all.map((row) => [...row.querySelectorAll('td')].map((cell) => cell.innerText.replace(/\s+/g, ' ').trim())));
}
const row = ({ node, field, model, file: inFile = '–', api = '–', governance = '–' }: Row, whatToDo: string): string[] => [
  [node, field, model].filter(Boolean).join(' '), inFile, api, governance, expect.stringContaining(`${t(`config.nodeDrift.${whatToDo}.what`)} ${t(`config.nodeDrift.${whatToDo}.next`)}`) as unknown as string,
];

test('a file that the api has just taken over, and arguments that are governance’s too: nothing differs', async ({ page }) => {
  await page.goto(`${panel.url}/config/ml-nodes`);
  await expect(page.getByText(t('config.nodeMergedState.merged.what'))).toBeVisible(soon);
  await expect(page.getByText(t('nodeConfig.drift.none'))).toBeVisible(soon);
  await expect(table(page)).toHaveCount(0);
});

test('every kind of difference stands there with its three values and what to do', async ({ page }) => {
  const { complaints } = watchPage(page);
  // The file was changed after it was taken over …
  const [node1] = JSON.parse(readFileSync(file(), 'utf8')) as [Record<string, unknown>];
  const changed = { ...node1, max_concurrent: 400, models: { [MODEL]: { args: ['--quantization', 'fp8', '--gpu-memory-utilization', '0.8'] } }, hardware: [{ type: 'H100', count: 8 }] };
  const added = { ...node1, id: 'node2', host: '10.9.0.2', models: { 'nobody/approved': { args: ['--tensor-parallel-size', '2'] } } };
  writeFileSync(file(), JSON.stringify([changed, added], null, 2));
  // … the api's list by hand, past the panel …
  const ip = docker('inspect', '-f', '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}', 'api');
  const typed = { id: 'node3', host: '10.9.0.3', inference_port: 5000, poc_port: 8080, max_concurrent: 500, models: { [MODEL]: { args: ['--quantization', 'fp8'] } } };
  expect((await fetch(`http://${ip}:9200/admin/v1/nodes`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(typed) })).status).toBe(200);
  // … and governance decided something else. Its answer is asked for seldom.
  host.seed.change({ modelArgs: { [MODEL]: ['--quantization', 'awq', '--max-model-len', '8192'] } });
  await expect.poll(async () => JSON.stringify(await (await fetch(`${host.seed.url}/v1/governance/models`)).json())).toContain('8192');
  await startFresh();

  await page.goto(`${panel.url}/config/ml-nodes`);
  const args = { model: MODEL, governance: 'awq' };
  const length = { field: '--max-model-len', model: MODEL, governance: '8192' };
  await expect.poll(() => rows(page), soon).toEqual([
    row({ node: 'node1', field: 'max_concurrent', file: '400', api: '500' }, 'update_api'),
    row({ node: 'node1', field: 'hardware', file: '8 × H100', api: '–' }, 'hardware_detected'),
    row({ node: 'node1', field: '--gpu-memory-utilization', model: MODEL, file: '0.8', api: '0.9' }, 'update_api'),
    row({ node: 'node2', field: 'node', file: '10.9.0.2:5000, 8080' }, 'add_to_api'),
    row({ node: 'node3', field: 'node', api: '10.9.0.3:5000, 8080' }, 'only_in_api_merged'),
    row({ node: 'node1', field: '--quantization', ...args, file: 'fp8', api: 'fp8' }, 'governance_wins'),
    row({ node: 'node1', ...length }, 'governance_adds'),
    row({ node: 'node2', field: 'model', model: 'nobody/approved', file: '--tensor-parallel-size 2' }, 'model_unapproved'),
    row({ node: 'node3', field: '--quantization', ...args, api: 'fp8' }, 'governance_wins'),
    row({ node: 'node3', ...length }, 'governance_adds'),
  ]);
  await shot(page, 'all');
  await expectAccessible(page);
  // The file can't put it right any more; what can, is offered.
  await page.getByText(t('nodeConfig.merged.instead')).click();
  await expect(page.getByText('"id":"node2"').first()).toBeVisible();
  await page.setViewportSize({ width: 360, height: 740 });
  await expect(page.getByText(t('config.nodeDrift.add_to_api.next')).last()).toBeVisible();
  await expectNoSidewaysScroll(page);
  await shot(page, 'all-phone');
  expect(complaints()).toEqual([]);
});

test('an api that stopped answering is the list as it was last known, then unknown; never “no drift”', async ({ page }) => {
  test.setTimeout(240_000);
  await page.goto(`${panel.url}/config/ml-nodes`);
  await expect.poll(() => rows(page), soon).toHaveLength(10);
  docker('stop', '-t', '1', 'api');
  // What it had taken over is gone too: then the file is what the next start reads.
  const database = path.join(host.dir, '.dapi/gonka.db');
  renameSync(database, `${database}.away`);
  await expect(page.getByText(t('nodeConfig.drift.old', { word: '2 ML nodes' }))).toBeVisible(soon);
  await expect.poll(() => rows(page), soon).toEqual(expect.arrayContaining([
    row({ node: 'node2', field: 'node', file: '10.9.0.2:5000, 8080' }, 'api_waits_for_file'),
    row({ node: 'node3', field: 'node', api: '10.9.0.3:5000, 8080' }, 'only_in_api'),
  ]));
  renameSync(`${database}.away`, database);

  // The file says again what governance says: with the api's side unknown that isn't "the same".
  writeFileSync(file(), readFileSync(file(), 'utf8').replace('"nobody/approved"', `"${MODEL}"`));
  host.seed.change({ modelArgs: { [MODEL]: [] } });
  await startFresh();
  await page.goto(`${panel.url}/config/ml-nodes`);
  await expect(page.getByText(t('nodeConfig.drift.noneKnown'))).toBeVisible(soon);
  await expect(page.getByText(t('nodeConfig.drift.none'), { exact: true })).toHaveCount(0);
  await expect(page.getByText(t('errors.chain_own_not_running.what', { service: 'api' })).first()).toBeVisible();
  await shot(page, 'unknown');
  await expectAccessible(page);

  // A difference that needs no api is still shown, and its api column says that it isn't known.
  host.seed.change({ modelArgs: { [MODEL]: ['--quantization', 'awq'] } });
  await startFresh();
  await page.goto(`${panel.url}/config/ml-nodes`);
  await expect.poll(() => rows(page), soon).toEqual(expect.arrayContaining([row({ node: 'node1', field: '--quantization', model: MODEL, file: 'fp8', api: t('nodeConfig.drift.unknown'), governance: 'awq' }, 'governance_wins')]));
});
