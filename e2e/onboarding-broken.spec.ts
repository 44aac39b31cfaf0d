/**
 * The first half of the path, broken at every step (the second half: onboarding-broken-launch.spec.ts): the network's faults, a
 * disk without room, a panel killed with -9, an engine that is restarted, a password with every nasty character. Each time: a
 * clear sentence with the next thing to do, nothing done twice, nothing lost; then the same step is finished by clicking.
 * One host on a small filesystem of its own goes through all of it.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { type BrokenHost, openBrokenHost, PASSWORD, RELEASE, say } from './broken-host.ts';
import type { Faults } from './network/faults.ts';
import { type GitServer, startGitServer } from './network/git-server.ts';
import { type Registry, startRegistry } from './network/registry.ts';
import { forThisEngine, PUBLIC_URL } from './onboarding-walk.ts';
import { words } from './words.ts';

const t = words('en');

test.describe.configure({ mode: 'serial' });

let upstream: GitServer;
let registry: Registry;
let host: BrokenHost;

test.beforeAll(async ({ browser }) => {
  test.setTimeout(120_000);
  registry = await startRegistry({ layers: [200_000, 100_000] });
  upstream = await startGitServer({ change: (file, text) => forThisEngine(file, text).replace(/^( +image: *)(\S+)/gm, (_, key: string, image: string) => key + registry.nameOf(image)) });
  host = await openBrokenHost({ browser, port: 4151, withoutTool: true, environment: async ({ seed }) => ({ SEED_API_URLS: seed.containerUrl, GONKA_REPOSITORY: upstream.url }) });
});
test.afterAll(async () => {
  test.setTimeout(120_000);
  await host?.close();
  const pulled = execFileSync('docker', ['images', '--format', '{{.Repository}}:{{.Tag}}'], { encoding: 'utf8' }).split('\n').filter((name) => name.startsWith(`127.0.0.1:${registry?.port}/`));
  if (pulled.length) execFileSync('docker', ['image', 'rm', '-f', ...pulled], { stdio: 'ignore' });
  await registry?.close();
  await upstream?.close();
});
test.beforeEach(() => {
  test.setTimeout(300_000);
});

test('prerequisites: a seed that is away, speaks nonsense or is of another chain is no good seed', async () => {
  // A panel of its own for each: what a seed said before stays good for a while.

  const faults: Faults[] = [{ down: true }, { html: true }, { wrongChain: true }, ...(process.env.TEST_LONG ? [{ status: 500 }, { garbage: true }, { truncated: true }, { rateLimited: true }] : [])];
  for (const fault of faults) {
    host.seed.setFaults(fault);
    await host.restartPanel();
    const row = async () => ((await (await host.page.request.get(`${host.panel.url}/api/onboarding`)).json()) as { rows: { id: string; state: string; said: string; error?: object }[] }).rows.find(({ id }) => id === 'seed');
    await expect.poll(async () => (await row())?.said, { timeout: 30_000, message: JSON.stringify(fault) }).not.toBe('why_unread');
    expect((await row())?.state, JSON.stringify(fault)).not.toBe('ok');
  }
  await host.walk().openStep('prerequisites');
  await expect(host.page.getByText(say('onboarding.rows.seed.label')).first()).toBeVisible();
  await host.shot('01-prerequisites');
  host.seed.setFaults({});
  await host.restartPanel();
});

test('account key: what is no account public key is named and wiped, then the right one is taken', async () => {
  const { steps, openStep } = host.walk();
  await openStep('account-key');
  const box = host.page.getByLabel(t('accountKey.paste.label'));
  for (const [text, why] of [['Y+sAwFpAU50lwxqskBwChJFj7yjpTcB3m8oEsgXyVrI=', 'consensus-key'], ['gonka1rk52j24xj9ej87jas4zqpvjuhrgpnd7h3feqmm', 'address']] as const) {
    await box.fill(text);
    await host.page.getByRole('button', { name: t('accountKey.paste.read'), exact: true }).click();
    await expect(host.page.getByText(t(`accountKey.paste.wrong.${why}.what`))).toBeVisible();
  }
  await box.fill('pyramid sweet dumb critic lamp various remove token talent drink announce tiny lab follow blind awful expire wasp flavor very pair tell next cable');
  await expect(host.page.getByText(t('accountKey.paste.wrong.mnemonic.what'))).toBeVisible();
  await expect(box).toHaveValue('');
  await steps['account-key']();
});

test('deployment files: no room, no network, a portal, a line that is cut, the panel killed; then they are there', async () => {
  const clone = { kind: 'get-deployment', params: { place: path.join(host.home, 'gonka'), release: `release/v${RELEASE}` } };
  await host.withoutRoom(() => host.fails(clone, 'clone_place_full'));
  for (const [fault, code] of [[{ down: true }, 'git_no_network'], [{ cutAfter: 500_000 }, 'git_no_network'], [{ html: true }, 'git_release_unknown'], [{ status: 500 }, 'git_no_network']] as const) {
    upstream.setFaults(fault);
    await host.fails(clone, code);
    expect(existsSync(path.join(host.home, 'gonka')), JSON.stringify(fault)).toBe(false);
  }
  upstream.setFaults({});
  upstream.setRate(200_000);
  await host.isKilledDuring(clone, 'clone');
  expect(existsSync(path.join(host.home, 'gonka'))).toBe(false);
  upstream.setRate(0);
  await host.walk().steps.deployment();
});

test('configuration: a full disk takes nothing away; the password comes out as it went in', async () => {
  const { steps, openStep } = host.walk();
  await openStep('configuration');
  await host.page.locator('[data-field="PUBLIC_URL"] input').fill(PUBLIC_URL);
  await host.page.locator('[data-field="KEYRING_PASSWORD"] input').fill(PASSWORD);
  await host.withoutRoom(async () => {
    await host.page.getByRole('button', { name: t('configStep.env.review') }).click();
    const dialog = host.page.getByRole('dialog');
    await dialog.getByRole('button', { name: t('config.review.save'), exact: true }).click();
    await expect(dialog.getByText(say('errors.config_disk_full.what', { file: 'config.env' })).first()).toBeVisible({ timeout: 30_000 });
    await host.shot('04-configuration');
    await dialog.getByRole('button', { name: t('shell.close'), exact: true }).last().click();
  });
  await steps.configuration();
  const sourced = execFileSync('bash', ['-c', 'source "$1" && printf %s "$KEYRING_PASSWORD"', 'bash', path.join(host.dir, 'config.env')], { encoding: 'utf8' });
  expect(sourced).toBe(PASSWORD);
});

test('images: a registry that limits, refuses, lies or is away; the panel killed, the engine restarted; then all are here', async () => {
  const pull = { kind: 'pull-images', params: {} };
  for (const [fault, code] of [[{ down: true }, 'pull_no_network'], [{ tooManyRequests: true }, 'pull_rate_limited'], [{ unauthorized: true }, 'pull_denied'], [{ manifestUnknown: true }, 'pull_not_found'], [{ wrongArchitecture: true }, 'pull_wrong_platform'], [{ corrupt: true }, 'pull_failed']] as const) {
    registry.setFaults(fault);
    await host.fails(pull, code);
  }
  registry.setFaults({});
  // Slow for the own layers alone: those below may be in this engine already, from another file's pull.
  registry.setRate(100_000);
  await host.isKilledDuring(pull, 'images-pull', 1000);
  const id = await host.start(pull);
  await host.comesTo(id, 'images-pull');
  await sleep(1000);
  await host.restartEngine();
  await host.comesToFail(id);
  registry.setRate(0);
  await host.walk().steps.images();
});
