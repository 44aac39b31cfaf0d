/**
 * A maintenance of the ML nodes by clicking: somebody enables a node by hand in between and is answered, the panel's disk is full
 * for a while, the files can't be read for a while, everything stops by proof, and the resume brings the host back into the set.
 * And the way back of what an exit that is over has left disabled.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Browser, expect, type Page, test } from '@playwright/test';
import Database from 'better-sqlite3';
import { createTranslator } from 'use-intl/core';
import { fillDisk } from './fill-disk.ts';
import { type JoinedHost, openJoinedHost } from './joined-host.ts';
import { stoppedInTheSet } from './network/stop-record.ts';
import { expectAccessible, expectNoSidewaysScroll, watchPage } from './page-watch.ts';
import { ADMIN, type Panel, removeData, root, setUpAndSignIn, startPanel } from './panel-process.ts';
import { signIn } from './sign-in.ts';

const messages = JSON.parse(readFileSync(path.join(root, 'messages/en.json'), 'utf8')) as never;
const t = createTranslator({ locale: 'en', messages }) as unknown as (key: string, params?: object) => string;
/** As short as the panel's own pace allows (leave.spec.ts). */
const EPOCH_SECONDS = 50;
const soon = { timeout: 45_000 };
let host: JoinedHost;
let panel: Panel;
/** The panel's data on a disk of their own, to be filled. */
const dataDir = mkdtempSync(path.join(tmpdir(), 'panel-data-'));

test.use({ locale: 'en-US', viewport: { width: 1280, height: 900 } });
test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
  test.setTimeout(180_000);
  host = await openJoinedHost({ release: '0.2.8', port: 4180, epochSeconds: EPOCH_SECONDS });
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', dataDir]);
  panel = await startPanel({ port: 4181, dataDir, env: { SEED_API_URLS: host.seed.url, GONKA_DEPLOY_DIR: host.dir } });
  await setUpAndSignIn(panel);
});
test.afterAll(async () => {
  await panel?.stop();
  await host?.close();
  execFileSync('umount', ['-l', dataDir]);
  if (panel) removeData(panel);
});

const isEnabled = async () => (await host.nodes()).map(({ enabled }) => enabled);
const running = (service: string) => execFileSync('docker', ['ps', '--filter', `label=com.docker.compose.service=${service}`, '--format', '{{.State}}'], { encoding: 'utf8' }).trim();
const headline = (page: Page) => page.getByRole('heading', { level: 1 });

async function signedIn(page: Page): Promise<void> {
  await signIn(page, panel);
  await page.waitForURL(`${panel.url}/`);
}

/** By the api's admin side, as with curl. */
async function byHand(act: 'enable' | 'disable'): Promise<void> {
  const ip = execFileSync('docker', ['inspect', '-f', '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}', 'api'], { encoding: 'utf8' }).trim();
  expect((await fetch(`http://${ip}:9200/admin/v1/nodes/node1/${act}`, { method: 'POST', signal: AbortSignal.timeout(5_000) })).status).toBe(200);
}

/** The page as it is, and the same in Chinese, dark, on a phone. */
async function shots(page: Page, browser: Browser, name: string): Promise<void> {
  const file = (kind: string) => path.join(root, '.test/screens', `maintenance-${name}-${kind}.png`);
  await page.screenshot({ path: file('en'), fullPage: true });
  await expectAccessible(page);
  const context = await browser.newContext({ storageState: await page.context().storageState(), locale: 'zh-CN', colorScheme: 'dark', viewport: { width: 360, height: 800 } });
  const phone = await context.newPage();
  await phone.goto(page.url());
  await expect(headline(phone)).toBeVisible(soon);
  await expectAccessible(phone);
  await expectNoSidewaysScroll(phone);
  await phone.screenshot({ path: file('zh-phone'), fullPage: true });
  await context.close();
}

test('a maintenance of the ML nodes: a node enabled by hand is asked about, the stop waits for its proof, the resume comes back', async ({ page, browser }) => {
  test.setTimeout(1_500_000);
  const { complaints } = watchPage(page);
  await signedIn(page);
  await page.goto(`${panel.url}/leave`);
  await page.getByLabel(t('leave.way.maintenance.what')).selectOption({ label: t('leave.scopeAll', { count: 1 }) });
  await page.getByRole('button', { name: t('leave.way.maintenance.button') }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText(/nodes\/node1\/disable/).first()).toBeVisible(soon);
  await dialog.getByRole('button', { name: t('operationView.verb.maintenance') }).click();
  await expect.poll(isEnabled, soon).toEqual([false]);

  // Somebody wants it otherwise: the exit asks and fights nobody.
  await expect(page.getByRole('table', { name: t('leave.nodes.title') }).getByText(t('leave.nodes.disabled'), { exact: true }).last()).toBeVisible(soon);
  await expect(page.getByText(/node1 is disabled, in epoch/)).toBeVisible(soon);
  await byHand('enable');
  const question = page.getByText(t('leave.question.node_enabled.title', { nodes: 'node1', count: 1 }));
  await expect(question).toBeVisible(soon);
  await shots(page, browser, '1-question');
  expect(await isEnabled()).toEqual([true]);
  await page.getByRole('button', { name: t('leave.question.goOn', { count: 1 }) }).click();
  await expect.poll(isEnabled, soon).toEqual([false]);
  await expect(question).toHaveCount(0, soon);

  // The journal can't be written: said from memory on pages that go on working, and over as soon as there is room.
  const filler = path.join(dataDir, 'filler');
  fillDisk(filler);
  const full = page.getByText(t('errors.database_full.what', { dir: dataDir }));
  await expect(full).toBeVisible(soon);
  await expect(page.getByText(t('errors.database_full.next', { dir: dataDir }))).toBeVisible();
  await shots(page, browser, '1b-disk-full');
  expect(await isEnabled()).toEqual([false]);
  // Compose can do nothing with the files when the containers are to go: said with since when, and tried again. While nothing
  // can be journaled nothing goes, so that this comes first on any machine.
  const file = path.join(host.dir, 'docker-compose.mlnode.yml');
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace('    image: ', '    hostname: "${TAKEN_AWAY:?it is needed}"\n    image: '));
  rmSync(filler);
  await expect(full).toHaveCount(0, soon);
  const keepsTrying = page.getByText(t('leave.failing.title'));
  await expect(keepsTrying).toBeVisible({ timeout: 12 * EPOCH_SECONDS * 1000 });
  await shots(page, browser, '1c-keeps-trying');
  expect(running('mlnode-308')).toBe('running');
  expect(host.record.stops).toEqual([]);
  writeFileSync(file, text);

  await expect(headline(page)).toHaveText(t('leave.headline.paused'), { timeout: 12 * EPOCH_SECONDS * 1000 });
  await expect(keepsTrying).toHaveCount(0, soon);
  expect(stoppedInTheSet(host.record.stops)).toEqual([]);
  expect([running('mlnode-308'), running('inference'), running('node'), running('api')]).toEqual(['', '', 'running', 'running']);
  await expect(page.getByTestId('may-stop')).toHaveText(new RegExp(t('leave.stopNow.answer.stopped')));
  await shots(page, browser, '2-paused');

  await page.getByRole('button', { name: t('leave.resume.button') }).click();
  await dialog.getByRole('button', { name: t('leave.resume.verb') }).click();
  await expect(headline(page)).toHaveText(t('leave.headline.returning'), soon);
  // It runs again: nothing says any more that it has stopped.
  await expect(page.getByTestId('may-stop')).toHaveCount(0);
  await expect.poll(isEnabled, { timeout: 90_000 }).toEqual([true]);
  await shots(page, browser, '3-returning');
  expect([running('mlnode-308'), running('inference')]).toEqual(['running', 'running']);
  await expect(headline(page)).toHaveText(t('leave.startTitle'), { timeout: 9 * EPOCH_SECONDS * 1000 });
  await page.getByRole('link', { name: t('leave.lastOpen') }).click();
  await expect(headline(page)).toHaveText(t('leave.headline.back'));
  await shots(page, browser, '4-back');
  expect(complaints()).toEqual([]);
});

test('what an exit that is over has left disabled is said on three pages, and enabled by one click', async ({ page, browser }) => {
  test.setTimeout(240_000);
  await signedIn(page);
  await byHand('disable');
  // The row that a safe exit of the ML nodes leaves behind.
  const db = new Database(path.join(panel.dataDir, 'panel.db'));
  const rows = () => db.prepare('SELECT nodeId FROM ml_node_intent').all();
  db.prepare("INSERT INTO ml_node_intent (dir, nodeId, wanted, at, by, partOf) VALUES (?, 'node1', 'disabled', ?, 'admin', '22222222-2222-4222-8222-222222222222')").run(host.dir, new Date().toISOString());
  await page.goto(`${panel.url}/`);
  await expect(page.getByText(t('needs.ml_node_left_disabled.title', { nodes: 'node1' }))).toBeVisible(soon);
  await page.goto(`${panel.url}/ml-nodes`);
  await expect(page.getByText(t('mlNodes.wish.left.title', { nodes: 'node1', count: 1 }))).toBeVisible(soon);
  await shots(page, browser, '5-left-ml-nodes');
  await page.goto(`${panel.url}/leave`);
  await expect(page.getByText(t('leave.left.title', { nodes: 'node1', count: 1 }))).toBeVisible(soon);
  await shots(page, browser, '6-left-leave');
  await page.getByRole('button', { name: t('leave.left.enable', { count: 1 }) }).click();
  await page.getByRole('dialog').getByRole('button', { name: t('operationView.verb.ml-enable'), exact: true }).click();
  await expect.poll(isEnabled, soon).toEqual([true]);
  await expect.poll(rows, soon).toEqual([]);
  db.close();
  await page.goto(`${panel.url}/leave`);
  await expect(headline(page)).toHaveText(t('leave.startTitle'));
  await expect(page.getByText(t('leave.left.title', { nodes: 'node1', count: 1 }))).toHaveCount(0);
});

test('the start at the end of a maintenance of the whole host wants a reason: it is typed in the dialog, and the start goes by it', async ({ page, browser }) => {
  test.setTimeout(300_000);
  // The maintenance of the first test, as of the whole host and at its pause: everything is down, and no seed says who has signed lately.
  await panel.stop();
  const db = new Database(path.join(panel.dataDir, 'panel.db'));
  const { id, memo } = db.prepare("SELECT id, memo FROM operation WHERE kind = 'maintenance' ORDER BY createdAt DESC LIMIT 1").get() as { id: string; memo: string };
  const { resume: _resumed, backIn: _back, enabledEpoch: _epoch, ...paused } = JSON.parse(memo) as Record<string, unknown>;
  db.prepare("UPDATE operation SET state = 'running', endedAt = NULL, params = ?, memo = ? WHERE id = ?").run(JSON.stringify({ scope: 'host' }), JSON.stringify(paused), id);
  const { position } = db.prepare("SELECT position FROM operation_step WHERE operationId = ? AND name = 'exit-pause'").get(id) as { position: number };
  db.prepare("UPDATE operation_step SET state = 'pending', detail = NULL, startedAt = NULL, endedAt = NULL WHERE operationId = ? AND position >= ?").run(id, position);
  db.close();
  const containers = execFileSync('docker', ['ps', '-aq', '--filter', `label=com.docker.compose.project.working_dir=${host.dir}`], { encoding: 'utf8' }).split('\n').filter(Boolean);
  execFileSync('docker', ['rm', '-f', ...containers]);
  host.seed.setFaults({ only: '/chain-rpc/commit', status: 500 });
  panel = await startPanel({ port: 4181, dataDir: panel.dataDir, env: { SEED_API_URLS: host.seed.url, GONKA_DEPLOY_DIR: host.dir } });
  await signedIn(page);
  await page.goto(`${panel.url}/leave`);
  await expect(headline(page)).toHaveText(t('leave.headline.paused'), soon);

  const dialog = page.getByRole('dialog');
  const reason = dialog.getByLabel(t('operationView.reason'), { exact: true });
  // The panel has just started: until it knows the chain's key of this host it says that instead.
  await expect(async () => {
    await page.getByRole('button', { name: t('leave.resume.button') }).click();
    await expect(dialog.getByText(t('operationView.checking'))).toHaveCount(0, { timeout: 15_000 });
    if (await reason.isVisible()) return;
    await dialog.getByRole('button', { name: t('leave.resume.keep') }).click();
    throw new Error('asks for no reason yet');
  }).toPass({ timeout: 120_000, intervals: [3_000] });
  await dialog.getByRole('button', { name: t('leave.resume.verb') }).click();
  await expect(dialog.getByText(t('operationView.reasonShort', { least: 10 }))).toBeVisible();
  await shots(page, browser, '7-resume-reason');
  await reason.fill('the disk was replaced, nothing else signs');
  await dialog.getByRole('button', { name: t('leave.resume.verb') }).click();
  await expect(dialog).toHaveCount(0, soon);
  await expect.poll(() => running('tmkms'), { timeout: 90_000 }).toBe('running');
  await expect(page.getByText(t('exit.events.reason', { user: ADMIN.username, reason: 'the disk was replaced, nothing else signs' }))).toBeVisible(soon);

  await page.getByRole('button', { name: t('leave.cancel.buttonStopped') }).click();
  await dialog.getByRole('button', { name: t('leave.cancel.verbPlain') }).click();
  await expect(headline(page)).toHaveText(t('leave.startTitle'), { timeout: 60_000 });
});
