import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { control, review, saveOnly } from './config-page.ts';
import { expectAccessible, watchPage } from './page-watch.ts';
import { type Panel, removeData, setUpAndSignIn, startPanel } from './panel-process.ts';
import { signIn } from './sign-in.ts';
import { panelPages } from './surface.ts';
import { words } from './words.ts';
import { type HostWorld, openHostWorld } from './world.ts';

const t = words('en');
const ENGINE = process.env.DOCKER_HOST?.replace('unix://', '') ?? '';
const PAGES = panelPages();
let world: HostWorld;
let panel: Panel;
let socketDir: string;
let socket: string;
let engine: net.Server | undefined;
const connections = new Set<net.Socket>();

/** The engine's socket as the panel sees it: it can be taken away without touching the engine. */
async function engineUp(): Promise<void> {
  engine = net.createServer((client) => {
    const upstream = net.connect(ENGINE);
    for (const [from, to] of [[client, upstream], [upstream, client]] as const) {
      connections.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => connections.delete(from));
      from.pipe(to);
    }
  });
  await new Promise<void>((resolve) => engine?.listen(socket, resolve));
}
function engineDown(): void {
  engine?.close();
  for (const connection of connections) connection.destroy();
}

test.use({ locale: 'en-US' });
test.beforeAll(async () => {
  world = await openHostWorld({ release: '0.2.8', seedPort: 4080, epochSeconds: 120 });
  socketDir = mkdtempSync(path.join(tmpdir(), 'panel-socket-'));
  socket = path.join(socketDir, 'docker.sock');
});
test.afterAll(async () => {
  await panel?.stop();
  engineDown();
  await world?.close();
  rmSync(socketDir, { recursive: true, force: true });
  if (panel) removeData(panel);
});

async function signInPage(page: Page): Promise<void> {
  await signIn(page, panel);
  await page.waitForURL(`${panel.url}/`);
}

test('no engine, no seed: every page loads and says what it cannot know; both come back without a restart', async ({ page }) => {
  test.setTimeout(240_000);
  panel = await startPanel({ port: 4081, env: { SEED_API_URLS: 'http://127.0.0.1:4082', GONKA_DEPLOY_DIR: world.dir, DOCKER_HOST: `unix://${socket}` } });
  await setUpAndSignIn(panel);
  const { complaints } = watchPage(page);
  await signInPage(page);
  for (const target of PAGES) {
    const answer = await page.goto(panel.url + target);
    expect(`${target} ${answer?.status()}`).toBe(`${target} 200`);
    await page.waitForTimeout(1000);
    await expect(page.getByRole('heading', { level: 1 }).first()).toBeVisible();
    await expectAccessible(page);
  }
  await page.goto(`${panel.url}/services`);
  await expect(page.getByText(t('errors.engine_absent.what', { socket })).first()).toBeVisible();
  await page.goto(`${panel.url}/network`);
  await expect(page.getByText(/127\.0\.0\.1 doesn't answer \(ECONNREFUSED\)/).first()).toBeVisible();

  // The configuration: what the file says is shown and can be saved; what needs the engine or the network is unknown.
  await page.goto(`${panel.url}/config/effective`);
  await expect(page.getByRole('heading', { level: 1, name: t('config.effective.head.unknown') })).toBeVisible();
  await expect(page.getByText(t('errors.engine_absent.what', { socket })).first()).toBeVisible();
  await page.goto(`${panel.url}/config/models`);
  await expect(page.getByText(new RegExp(`^${t('models.governance.unknown', { date: '20' })}\\d\\d-`))).toBeVisible();
  await page.goto(`${panel.url}/config/ml-nodes`);
  await expect(page.getByText(t('nodeConfig.drift.noneKnown'))).toBeVisible();
  await page.goto(`${panel.url}/config`);
  await control(page, 'P2P_EXTERNAL_ADDRESS').fill('tcp://203.0.113.9:5000');
  const plan = await review(page);
  await expect(plan.getByRole('heading', { name: t('config.review.unknown') })).toBeVisible();
  await expect(plan.getByText(t('errors.engine_absent.what', { socket }))).toBeVisible();
  await saveOnly(page, plan);
  expect(readFileSync(path.join(world.dir, 'config.env'), 'utf8')).toContain('export P2P_EXTERNAL_ADDRESS=tcp://203.0.113.9:5000');

  // The engine appears while the page is open.
  await page.goto(`${panel.url}/services`);
  await engineUp();
  await expect(page.getByText(t('errors.engine_absent.what', { socket }))).toHaveCount(0, { timeout: 30_000 });
  await expect(page.getByRole('link', { name: 'tmkms' }).first()).toBeVisible();

  // … and goes again: another state with other words.
  engineDown();
  await expect(page.getByText(new RegExp(`${t('errors.engine_absent.what', { socket }).replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}|${t('errors.engine_stopped.what', { socket }).replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`)).first()).toBeVisible({ timeout: 30_000 });
  await engineUp();
  await expect(page.getByRole('link', { name: 'tmkms' }).first()).toBeVisible({ timeout: 30_000 });

  // The seed answers again: the network page goes on by itself.
  await page.goto(`${panel.url}/network`);
  const door = await world.seed.openDoor({ port: 4082 });
  await expect(page.getByRole('heading', { name: /^Epoch 20\d/ }).first()).toBeVisible({ timeout: 120_000 });
  await door.close();
  expect(complaints()).toEqual([]);
});

test('config.env gone: named on the pages, operations are refused, nothing is created', async ({ page }) => {
  await signInPage(page);
  const file = path.join(world.dir, 'config.env');
  renameSync(file, `${file}.away`);
  try {
    await page.goto(`${panel.url}/deployment`);
    await expect(page.getByText(t('deployment.problems.config_missing.what', { file: 'config.env' })).first()).toBeVisible({ timeout: 30_000 });
    await page.goto(`${panel.url}/config`);
    await expect(page.getByText(t('config.none.absent.title'))).toBeVisible();
    await page.goto(`${panel.url}/start-chain`);
    await page.getByRole('button', { name: t('startChain.start') }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: t('operationView.verb.launch-chain') }).click();
    await expect(dialog.getByText(t('operationView.state.failed')).first()).toBeVisible({ timeout: 30_000 });
    await expect(dialog).toContainText('config.env');
    expect(execFileSync('docker', ['ps', '-aq', '--filter', `label=com.docker.compose.project.working_dir=${world.dir}`], { encoding: 'utf8' })).toBe('');
  } finally {
    renameSync(`${file}.away`, file);
  }
});
