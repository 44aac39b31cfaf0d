/**
 * The first half of the path, broken at every step (the second half: operations/register.itest.ts, ml-key.itest.ts, interruption.itest.ts): the network's faults, a disk without room, a panel killed with -9, an engine that is restarted,
 * a password with every nasty character. Each time: a clear sentence with the next thing to do, nothing done twice, nothing
 * lost; then the same step is finished by clicking. One host on a small filesystem of its own goes through all of it.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, type Page, test } from '@playwright/test';
import { createTranslator } from 'use-intl/core';
import { startDocker, stopDocker } from '../scripts/machine/private-docker.mjs';
import { signedIn } from './config-page.ts';
import { fillDisk } from './fill-disk.ts';
import type { Faults } from './network/faults.ts';
import { type GitServer, startGitServer } from './network/git-server.ts';
import { type OperatorMachine, startOperatorMachine } from './network/operator-machine.ts';
import { type Registry, startRegistry } from './network/registry.ts';
import type { ReleaseName } from './network/releases.ts';
import { type Seed, startSeed } from './network/seed.ts';
import { clicks, dirIn, forThisEngine, PUBLIC_URL } from './onboarding-walk.ts';
import { begin, runOperation, type Started } from './operate.ts';
import { type Panel, removeData, root, setUpAndSignIn, startPanel } from './panel-process.ts';
import { words } from './words.ts';
import { removeProject } from './world.ts';

const t = words('en');
const RELEASE: ReleaseName = '0.2.8';
/** Its backtick is told apart: with a single quote beside it there is no form that bash and compose read alike, which the form says. */
const PASSWORD = `y'e"s $HOME $(id) \\ #;&| 密码`;
const REASON = 'a test goes on whatever the phase';
const ENGINE_DIR = path.dirname((process.env.DOCKER_HOST ?? '').replace('unix://', ''));

test.describe.configure({ mode: 'serial' });

let seed: Seed;
let upstream: GitServer;
let registry: Registry;
let operator: OperatorMachine;
let scratch: string;
let disk: string;
let home: string;
let panel: Panel;
let cookie: string;
/** One browser all the way: it keeps the account key between two steps, as the operator's does. */
let page: Page;

test.beforeAll(async ({ browser }) => {
  test.setTimeout(120_000);
  seed = await startSeed({ port: 4150, release: RELEASE, epochSeconds: 60, startOffset: 25 });
  seed.change({ registration: { waitMs: 1500 } });
  registry = await startRegistry({ layers: [200_000, 100_000] });
  upstream = await startGitServer({ change: (file, text) => forThisEngine(file, text).replace(/^( +image: *)(\S+)/gm, (_, key: string, image: string) => key + registry.nameOf(image)) });
  operator = startOperatorMachine({ withoutTool: true });
  scratch = mkdtempSync(path.join(tmpdir(), 'broken-'));
  // Not at the top of the disk: other panels on this machine look there for deployments.
  disk = path.join(scratch, 'disk');
  home = path.join(disk, 'home');
  const image = path.join(scratch, 'disk.img');
  execFileSync('truncate', ['-s', '640M', image]);
  execFileSync('mkfs.ext4', ['-q', '-F', '-m', '0', image]);
  mkdirSync(disk);
  execFileSync('mount', ['-o', 'loop,nodelalloc', image, disk]);
  mkdirSync(home);
  panel = await startPanel({ port: 4151, env: environment() });
  cookie = await setUpAndSignIn(panel);
  page = await browser.newPage({ locale: 'en-US', viewport: { width: 1280, height: 900 } });
  await signedIn(page, panel, cookie);
});
test.afterAll(async () => {
  test.setTimeout(120_000);
  await page?.close();
  await panel?.stop();
  if (home) removeProject(dirIn(home));
  const pulled = execFileSync('docker', ['images', '--format', '{{.Repository}}:{{.Tag}}'], { encoding: 'utf8' }).split('\n').filter((name) => name.startsWith(`127.0.0.1:${registry?.port}/`));
  if (pulled.length) execFileSync('docker', ['image', 'rm', '-f', ...pulled], { stdio: 'ignore' });
  if (disk) execFileSync('umount', ['-l', disk]);
  if (scratch) rmSync(scratch, { recursive: true, force: true });
  if (panel) removeData(panel);
  await registry?.close();
  await upstream?.close();
  await seed?.stop();
  operator?.remove();
});
test.beforeEach(() => {
  test.setTimeout(300_000);
});

const environment = () => ({ HOME: home, SEED_API_URLS: seed.containerUrl, GONKA_REPOSITORY: upstream.url });
const restartPanel = async () => {
  panel = await startPanel({ port: 4151, dataDir: panel.dataDir, env: environment() });
};
const walk = () => clicks({ page, panel, operator, language: 'en', release: RELEASE, password: PASSWORD });
const shot = (name: string) => page.screenshot({ path: path.join(root, `.test/screens/broken-${name}.png`), fullPage: true });

type Operation = { id: string; state: string; error?: { code: string; params: Record<string, string | number> }; steps: { name: string; state: string; detail?: { code: string } }[] };
async function operation(id: string): Promise<Operation> {
  const ask = () => fetch(`${panel.url}/api/operations/${id}`, { headers: { cookie } });
  // A connection that was kept to the panel before it was killed fails once.
  return ((await (await ask().catch(ask)).json()) as { operation: Operation }).operation;
}
const english = createTranslator({ locale: 'en', messages: JSON.parse(readFileSync(path.join(root, 'messages/en.json'), 'utf8')) as never });
const say = (key: string, params: Record<string, string | number> = {}) => english(key as never, params as never) as string;

/** The page of an operation names what happened and what to do next. */
async function isSaid({ id, error }: Operation): Promise<void> {
  await page.goto(`${panel.url}/history/${id}`);
  for (const part of ['what', 'next']) await expect(page.getByText(say(`errors.${error?.code}.${part}`, error?.params)).first()).toBeVisible();
}

/** It fails by this code, and its page says so in words. */
async function fails(started: Started, code: string): Promise<void> {
  const failed = await operation(await runOperation(panel, cookie, { reason: REASON, ...started }, 'failed'));
  expect(failed.error?.code, JSON.stringify(failed.error)).toBe(code);
  await isSaid(failed);
}

/** The panel is killed (-9) while the operation is at `step`, and comes back: the journal says that it was interrupted. */
async function isKilledDuring(started: Started, step: string, afterMs = 300): Promise<void> {
  const { id = '' } = await begin(panel, cookie, { reason: REASON, ...started });
  await expect.poll(async () => (await operation(id)).steps.find(({ name }) => name === step)?.state, { intervals: [50], timeout: 60_000 }).toBe('running');
  await sleep(afterMs);
  await panel.stop('SIGKILL');
  await restartPanel();
  await expect.poll(async () => { const { state, error } = await operation(id); return [state, error?.code]; }, { timeout: 30_000 }).toEqual(['interrupted', 'operation_interrupted']);
  await isSaid(await operation(id));
}

/** The host's disk has no room while `work` runs. */
async function withoutRoom(work: () => Promise<void>): Promise<void> {
  const fillers: string[] = [];
  const fill = () => {
    fillers.push(path.join(home, `filler-${fillers.length}`));
    fillDisk(fillers.at(-1)!);
  };
  // What the filesystem had set aside for itself is free again once all is written, some of it later.
  do {
    fill();
    execFileSync('sync', ['-f', home]);
  } while (statSync(fillers.at(-1)!).size > 0);
  const refill = setInterval(fill, 200);
  try {
    await work();
  } finally {
    clearInterval(refill);
    for (const filler of fillers) rmSync(filler);
  }
}

const restartEngine = async () => {
  await stopDocker(ENGINE_DIR);
  await startDocker(ENGINE_DIR);
};
const params = () => ({ place: path.join(home, 'gonka'), release: `release/v${RELEASE}` });

test('prerequisites: a seed that is away, speaks nonsense or is of another chain is no good seed', async () => {
  // A panel of its own for each: what a seed said before stays good for a while.

  const faults: Faults[] = [{ down: true }, { html: true }, { wrongChain: true }, ...(process.env.TEST_LONG ? [{ status: 500 }, { garbage: true }, { truncated: true }, { rateLimited: true }] : [])];
  for (const fault of faults) {
    seed.setFaults(fault);
    await panel.stop();
    await restartPanel();
    const row = async () => ((await (await page.request.get(`${panel.url}/api/onboarding`)).json()) as { rows: { id: string; state: string; said: string; error?: object }[] }).rows.find(({ id }) => id === 'seed');
    await expect.poll(async () => (await row())?.said, { timeout: 30_000, message: JSON.stringify(fault) }).not.toBe('why_unread');
    expect((await row())?.state, JSON.stringify(fault)).not.toBe('ok');
  }
  await walk().openStep('prerequisites');
  await expect(page.getByText(say('onboarding.rows.seed.label')).first()).toBeVisible();
  await shot('01-prerequisites');
  seed.setFaults({});
  await panel.stop();
  await restartPanel();
});

test('account key: what is no account public key is named and wiped, then the right one is taken', async () => {
  const { steps, openStep } = walk();
  await openStep('account-key');
  const box = page.getByLabel(t('accountKey.paste.label'));
  for (const [text, why] of [['Y+sAwFpAU50lwxqskBwChJFj7yjpTcB3m8oEsgXyVrI=', 'consensus-key'], ['gonka1rk52j24xj9ej87jas4zqpvjuhrgpnd7h3feqmm', 'address']] as const) {
    await box.fill(text);
    await page.getByRole('button', { name: t('accountKey.paste.read'), exact: true }).click();
    await expect(page.getByText(t(`accountKey.paste.wrong.${why}.what`))).toBeVisible();
  }
  await box.fill('pyramid sweet dumb critic lamp various remove token talent drink announce tiny lab follow blind awful expire wasp flavor very pair tell next cable');
  await expect(page.getByText(t('accountKey.paste.wrong.mnemonic.what'))).toBeVisible();
  await expect(box).toHaveValue('');
  await steps['account-key']();
});

test('deployment files: no room, no network, a portal, a line that is cut, the panel killed; then they are there', async () => {
  const clone = { kind: 'get-deployment', params: params() };
  await withoutRoom(() => fails(clone, 'clone_place_full'));
  for (const [fault, code] of [[{ down: true }, 'git_no_network'], [{ cutAfter: 500_000 }, 'git_no_network'], [{ html: true }, 'git_release_unknown'], [{ status: 500 }, 'git_no_network']] as const) {
    upstream.setFaults(fault);
    await fails(clone, code);
    expect(existsSync(path.join(home, 'gonka')), JSON.stringify(fault)).toBe(false);
  }
  upstream.setFaults({});
  upstream.setRate(200_000);
  await isKilledDuring(clone, 'clone');
  expect(existsSync(path.join(home, 'gonka'))).toBe(false);
  upstream.setRate(0);
  await walk().steps.deployment();
});

test('configuration: a full disk takes nothing away; the password comes out as it went in', async () => {
  const { steps, openStep } = walk();
  await openStep('configuration');
  await page.locator('[data-field="PUBLIC_URL"] input').fill(PUBLIC_URL);
  await page.locator('[data-field="KEYRING_PASSWORD"] input').fill(PASSWORD);
  await withoutRoom(async () => {
    await page.getByRole('button', { name: t('configStep.env.review') }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: t('config.review.save'), exact: true }).click();
    await expect(dialog.getByText(say('errors.config_disk_full.what', { file: 'config.env' })).first()).toBeVisible({ timeout: 30_000 });
    await shot('04-configuration');
    await dialog.getByRole('button', { name: t('shell.close'), exact: true }).last().click();
  });
  await steps.configuration();
  const sourced = execFileSync('bash', ['-c', 'source "$1" && printf %s "$KEYRING_PASSWORD"', 'bash', path.join(dirIn(home), 'config.env')], { encoding: 'utf8' });
  expect(sourced).toBe(PASSWORD);
});

test('images: a registry that limits, refuses, lies or is away; the panel killed, the engine restarted; then all are here', async () => {
  const pull = { kind: 'pull-images', params: {} };
  for (const [fault, code] of [[{ down: true }, 'pull_no_network'], [{ tooManyRequests: true }, 'pull_rate_limited'], [{ unauthorized: true }, 'pull_denied'], [{ manifestUnknown: true }, 'pull_not_found'], [{ wrongArchitecture: true }, 'pull_wrong_platform'], [{ corrupt: true }, 'pull_failed']] as const) {
    registry.setFaults(fault);
    await fails(pull, code);
  }
  registry.setFaults({});
  registry.setRate(8_000_000);
  await isKilledDuring(pull, 'images-pull', 1000);
  const { id = '' } = await begin(panel, cookie, { ...pull, reason: REASON });
  await expect.poll(async () => (await operation(id)).steps.find(({ name }) => name === 'images-pull')?.state, { intervals: [50] }).toBe('running');
  await sleep(1000);
  await restartEngine();
  await expect.poll(async () => (await operation(id)).state, { timeout: 60_000 }).toBe('failed');
  await isSaid(await operation(id));
  registry.setRate(0);
  await walk().steps.images();
});
