import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, type Locator, type Page, test } from '@playwright/test';
import { signedIn } from './config-page.ts';
import { prepareDeployment } from './network/deployment.ts';
import { ensureImages } from './network/image.ts';
import { type Seed, startSeed } from './network/seed.ts';
import { expectAccessible, expectNoSidewaysScroll, watchPage } from './page-watch.ts';
import { type Panel, removeData, root, setUpAndSignIn, startPanel } from './panel-process.ts';
import { words } from './words.ts';
import { removeProject } from './world.ts';

const t = words('en');
const PORT = 4780;
const MODEL = 'Qwen/Qwen2.5-7B-Instruct';
const SECRET = 'typed-into-a-batch';
const soon = { timeout: 45_000 };
let seed: Seed;
let panel: Panel;
let cookie: string;
let dir: string;
let compose: (...args: string[]) => void;
const scratch = mkdtempSync(path.join(tmpdir(), 'panel-ml-nodes-'));

test.use({ locale: 'en-US', viewport: { width: 1280, height: 900 } });
test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  await ensureImages();
  seed = await startSeed({ port: PORT, release: '0.2.4', epochSeconds: 600, startOffset: 400, stateSyncMs: 1000 });
  const made = prepareDeployment({ release: '0.2.4', scratch, seedUrl: seed.containerUrl, withoutGpu: true, ports: { api: PORT + 2, apiSsl: PORT + 3, ml: PORT + 4, inference: PORT + 5 } });
  dir = made.dir;
  const files = [...made.files, ...(made.override ? [made.override] : [])].flatMap((file) => ['-f', file]);
  compose = (...args) => execFileSync('docker', ['compose', ...files, ...args], { cwd: dir, env: { ...process.env, ...made.env }, stdio: 'ignore' });
  compose('up', '-d', '--no-deps', 'tmkms', 'node');
  compose('run', '--rm', '--no-deps', '-T', 'api', 'sh', '-c', 'printf "%s\\n%s\\n" "$KEYRING_PASSWORD" "$KEYRING_PASSWORD" | inferenced keys add "$KEY_NAME" --keyring-backend file');
  compose('up', '-d', '--no-deps', 'api');
  panel = await startPanel({ port: PORT + 1, env: { SEED_API_URLS: seed.url, GONKA_DEPLOY_DIR: dir } });
  cookie = await setUpAndSignIn(panel);
});
test.afterAll(async () => {
  await panel?.stop();
  if (dir) removeProject(dir);
  await seed?.stop();
  rmSync(scratch, { recursive: true, force: true });
  if (panel) removeData(panel);
});
test.beforeEach(async ({ page }) => {
  await signedIn(page, panel, cookie);
});

const docker = (...args: string[]) => execFileSync('docker', args, { encoding: 'utf8' }).trim();
/** The api's own list, past the panel. */
const admin = () => `http://${docker('inspect', '-f', '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}', 'api')}:9200/admin/v1/nodes`;
type Listed = { node: { id: string; models: Record<string, { args: string[] }> }; state: { admin_state: { enabled: boolean } } };
const listed = async () => (await (await fetch(admin(), { signal: AbortSignal.timeout(3000) })).json()) as Listed[];
const enabled = (id: string) => listed().then((list) => list.find(({ node }) => node.id === id)?.state.admin_state.enabled, () => undefined);
const row = (page: Page, id: string): Locator => page.locator(`tr[data-node="${id}"]`);
const shot = (page: Page, name: string) => page.screenshot({ path: path.join(root, '.test/screens', `ml-nodes-${name}.png`), fullPage: true });

/** Answers the gate where it asks, starts what the dialog shows, and waits for its end. */
async function run(page: Page, verb: string): Promise<void> {
  const dialog = page.getByRole('dialog');
  const go = dialog.getByRole('button', { name: verb, exact: true });
  await expect(go).toBeEnabled(soon);
  const reason = dialog.getByLabel(t('operationView.reason'), { exact: true });
  if (await reason.isVisible()) await reason.fill('a test does it now');
  await go.click();
  await expect(dialog.getByRole('link', { name: t('operationView.openInHistory') })).toBeVisible(soon);
  await expect(dialog.locator('[data-state="ok"]').first()).toContainText(t('operationView.state.succeeded'), soon);
  await dialog.getByRole('button', { name: t('shell.close'), exact: true }).last().click();
}

test('what is broken says why, and enabled and stopped until the next PoC is told apart from it, in both languages and on a phone', async ({ page }) => {
  const { complaints } = watchPage(page);
  await page.goto(`${panel.url}/ml-nodes`);
  // Its containers don't run yet.
  await expect(row(page, 'node1')).toContainText(t('mlNodes.conditions.failed.word'), soon);
  await expect(row(page, 'node1')).toContainText('dial tcp');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('The ML node does not work');
  await shot(page, 'failed');
  await expectAccessible(page);
  compose('up', '-d', '--no-deps', 'mlnode-308', 'inference');
  await expect(row(page, 'node1')).toContainText(t('mlNodes.conditions.waits_for_poc.word'), soon);
  await expect(row(page, 'node1')).toContainText(t('mlNodes.conditions.waits_for_poc.text'));
  await expect(row(page, 'node1')).toContainText(MODEL);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('nothing is broken');
  await expect(page.getByText(/would be the first without it/)).toBeVisible(soon);
  await shot(page, 'list');
  await expectAccessible(page);
  await page.setViewportSize({ width: 360, height: 740 });
  await page.context().addCookies([{ name: 'locale', value: 'zh', url: panel.url }]);
  await page.reload();
  await expect(page.locator('li[data-node="node1"]')).toBeVisible();
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
  await shot(page, 'phone');
  expect(complaints()).toEqual([]);
});

test('a restart of api forgets a disable: the page says so, and the panel disables again what it is told to keep', async ({ page }) => {
  await page.goto(`${panel.url}/ml-nodes`);
  await row(page, 'node1').getByRole('button', { name: t('mlNodes.do.ml-disable', { node: 'node1' }) }).click();
  await run(page, t('operationView.verb.ml-disable'));
  expect(await enabled('node1')).toBe(false);
  await expect(row(page, 'node1')).toContainText('to stay disabled: operator', soon);
  const keep = page.getByRole('checkbox', { name: t('mlNodes.reapply.label') });
  await keep.click();
  await expect(page.getByText(t('mlNodes.reapply.off'))).toBeVisible();
  docker('restart', '-t', '1', 'api');
  await expect(page.getByText(/The api forgot that node1 is disabled/)).toBeVisible(soon);
  await expect(page.getByText(/The panel is set not to disable it again/)).toBeVisible();
  expect(await enabled('node1')).toBe(true);
  await keep.click();
  await expect.poll(() => enabled('node1'), soon).toBe(false);
  await expect(page.getByText(/The api forgot that node1 is disabled/)).toHaveCount(0, soon);
  await expect(row(page, 'node1')).toContainText('disabled in epoch');
});

test('a batch with garbage sends nothing until the bad rows are left out, and its secret arrives without coming back', async ({ page }) => {
  const answers: Promise<string>[] = [];
  page.on('response', (response) => { if (response.url().endsWith('/api/ml-nodes/check')) answers.push(response.text()); });
  const asked: string[] = [];
  page.on('request', (request) => { if (request.url().endsWith('/api/ml-nodes/check')) asked.push(request.postData() ?? ''); });
  await page.goto(`${panel.url}/ml-nodes`);
  await page.getByRole('button', { name: t('mlNodes.addMany') }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(t('mlNodes.batch.text')).fill(['id,host,model,args', `node1,10.9.0.1,${MODEL},`, `node7,http://10.9.0.7,${MODEL},`, `node8,10.9.0.8,${MODEL},--api-key ${SECRET}`, `node9,10.9.0.9,nobody/approved,`].join('\n'));
  const rows = dialog.getByRole('list', { name: t('mlNodes.batch.rows') });
  await expect(rows).toContainText(t('deployment.problems.node_id_listed.what', { node: 'node1' }), soon);
  await expect(rows).toContainText(t('deployment.problems.node_host_scheme.what', { node: 'node7', host: 'http://10.9.0.7' }));
  const add = dialog.getByRole('button', { name: /^Add \d+ ML nodes?$/ });
  await expect(add).toBeDisabled();
  await shot(page, 'batch');
  await expectAccessible(page);
  await dialog.getByRole('button', { name: /^Leave out the \d rows with problems$/ }).click();
  await expect(add).toHaveText(/Add 1 ML node$/);
  await expect(add).toBeEnabled(soon);
  expect((await listed()).map(({ node }) => node.id)).toEqual(['node1']);
  await run(page, 'Add 1 ML node');
  expect((await listed()).find(({ node }) => node.id === 'node8')?.node.models[MODEL]?.args).toEqual(['--api-key', SECRET]);
  await expect(row(page, 'node8')).toBeVisible(soon);
  expect([asked.length > 1, asked.join('').includes(SECRET), (await Promise.all(answers)).join('').includes(SECRET), (await page.content()).includes(SECRET)]).toEqual([true, false, false, false]);
});

test('a node is deleted from the list, and only that', async ({ page }) => {
  await page.goto(`${panel.url}/ml-nodes`);
  await row(page, 'node8').getByRole('button', { name: t('mlNodes.more', { node: 'node8' }) }).click();
  await page.getByRole('menuitem', { name: t('mlNodes.action.ml-delete') }).click();
  await run(page, t('operationView.verb.ml-delete'));
  await expect(row(page, 'node8')).toHaveCount(0, soon);
  expect((await listed()).map(({ node }) => node.id)).toEqual(['node1']);
});

test('an admin API that hangs is named, and its one cure is beside it', async ({ page }) => {
  await page.goto(`${panel.url}/ml-nodes`);
  await expect(row(page, 'node1')).toBeVisible();
  await fetch(`${admin()}/nobody/disable`, { method: 'POST', signal: AbortSignal.timeout(3000) });
  await expect(page.getByText(t('mlNodes.admin.wedged.title'))).toBeVisible({ timeout: 60_000 });
  await expect(row(page, 'node1').getByRole('button', { name: t('mlNodes.do.ml-enable', { node: 'node1' }) })).toBeDisabled();
  await shot(page, 'wedged');
  await expectAccessible(page);
  await page.getByRole('button', { name: t('mlNodes.admin.restart', { service: 'api' }) }).click();
  await run(page, t('operationView.verb.restart', { service: 'api' }));
  await expect(page.getByText(t('mlNodes.admin.wedged.title'))).toHaveCount(0, soon);
  // What the restart forgot is disabled again.
  await expect.poll(() => enabled('node1'), soon).toBe(false);
});
