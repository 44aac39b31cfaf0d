/**
 * A node-config.json that breaks off in the middle, on a host that is ready for its launch: the api ends again and again over it.
 * The page names the file and where to correct it; it is corrected there, and the same launch comes to its end. A host of its own:
 * an api that has started once leaves its directory, which the steps of onboarding-broken-launch.spec.ts still want to be missing.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { type BrokenHost, openBrokenHost, PASSWORD, RELEASE, say } from './broken-host.ts';
import { byHand } from './by-hand.ts';
import { apply } from './config-page.ts';
import { startGitServer } from './network/git-server.ts';
import { ensureImages } from './network/image.ts';
import { dirIn, forThisEngine } from './onboarding-walk.ts';
import { words } from './words.ts';

const t = words('en');
let host: BrokenHost;
let hand: ReturnType<typeof byHand>;

test.beforeAll(async ({ browser }) => {
  test.setTimeout(240_000);
  await ensureImages();
  const upstream = await startGitServer({ change: forThisEngine });
  host = await openBrokenHost({
    browser, port: 4171, withoutTool: false,
    environment: async ({ seed, home, operator }) => {
      hand = byHand({ home, release: RELEASE, repository: upstream.url, seedUrl: seed.containerUrl, password: PASSWORD, operator });
      for (const step of ['account-key', 'deployment', 'configuration', 'start-chain', 'ml-key'] as const) await hand[step]();
      // Both commands ask a chain that has blocks.
      await expect.poll(() => execFileSync('docker', ['logs', 'node'], { encoding: 'utf8' }).includes('finalized block'), { timeout: 60_000 }).toBe(true);
      for (const step of ['register', 'grant'] as const) await hand[step]();
      return { SEED_API_URLS: seed.containerUrl, GONKA_DEPLOY_DIR: dirIn(home) };
    },
  });
  await upstream.close();
});
test.afterAll(async () => {
  test.setTimeout(120_000);
  await host?.close();
});

test('launch: a node-config.json that is cut in the middle is named, corrected on the page, and everything runs', async () => {
  test.setTimeout(300_000);
  const file = path.join(host.dir, 'node-config.json');
  const whole = readFileSync(file, 'utf8');
  const chain = () => execFileSync('docker', ['ps', '-q', '--no-trunc', '--filter', 'name=^(node|tmkms)$'], { encoding: 'utf8' }).split('\n').sort();
  const before = chain();
  await host.comesToBe('grant', 'done');
  await host.comesToBe('configuration', 'done');

  writeFileSync(file, whole.slice(0, whole.length / 2));
  await host.comesToBe('configuration', 'ready');
  expect((await host.stepNow('configuration'))?.evidence.code).toBe('nodes_broken');
  // A file that nobody can read names no model: that isn't a file without models.
  expect((await host.stepNow('images'))?.evidence.params.weights).toBe('unread');
  // The panel doesn't start what it knows to be broken; who starts it by hand finds the cause named.
  await host.fails({ kind: 'launch-all' }, 'operation_node_config_broken');
  expect(execFileSync('docker', ['ps', '-aq', '--filter', 'name=^api$'], { encoding: 'utf8' })).toBe('');
  await hand.launch();
  expect((await host.stepNow('launch'))?.state).not.toBe('done');
  await host.page.goto(`${host.panel.url}/onboarding/launch`);
  await expect(host.page.getByText(say('onboarding.problems.node_config_broken.what')).first()).toBeVisible({ timeout: 60_000 });
  await expect(host.page.getByText(say('onboarding.problems.node_config_broken.next')).first()).toBeVisible();
  await expect(host.page.getByText(/error loading node config: /).first()).toBeVisible();
  await host.shot('10-node-config');

  // Where the sentence says.
  await host.page.getByRole('link', { name: t('nav.config'), exact: true }).click();
  await host.page.getByRole('navigation', { name: t('config.tabs.label') }).getByRole('link', { name: t('config.tabs.mlNodes'), exact: true }).click();
  await expect(host.page.getByText(/node-config\.json is not valid JSON \(line \d+, column \d+\)/).first()).toBeVisible({ timeout: 30_000 });
  await host.page.getByLabel(t('nodeConfig.raw.label')).fill(whole);
  await host.page.getByRole('button', { name: t('nodeConfig.draft.review') }).click();
  // Restarted by Docker alone, it would have to stay up for two minutes before it counts as running.
  await apply(host.page.getByRole('dialog'), 'api');
  expect(readFileSync(file, 'utf8')).toBe(whole);
  await host.comesToBe('configuration', 'done');

  await host.walk().steps.launch();
  await expect(host.page.getByText(say('onboarding.problems.node_config_broken.what'))).toHaveCount(0, { timeout: 60_000 });
  expect(chain()).toEqual(before);
  expect(host.seed.ledger.hosts.filter(({ address }) => address === host.operator.key()!.address)).toHaveLength(1);
});
