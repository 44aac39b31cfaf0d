/** From a server without files to a configuration that a shell reads: deployment files and configuration by clicking. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { newAccountKey } from './network/addresses.ts';
import { type GitServer, startGitServer } from './network/git-server.ts';
import { type Seed, startSeed } from './network/seed.ts';
import { expectAccessible, expectNoSidewaysScroll, watchPage } from './page-watch.ts';
import { type Panel, removeData, root, setUpAndSignIn, startPanel } from './panel-process.ts';
import { signIn } from './sign-in.ts';
import { type Language, words } from './words.ts';

const NASTY = `x'a"b$HOME $(id) \\ #! &;| 密码 é`;
/** What goes wrong is the same with every release: `troubles` are walked into once. */
const WALKS: { language: Language; release: string; password?: string; troubles?: true }[] = [
  { language: 'en', release: '0.2.14', troubles: true },
  { language: 'zh', release: '0.2.4', password: NASTY },
];

for (const { language, release, password, troubles } of WALKS) {
  test.describe(`deployment files and configuration, v${release}, ${language}`, () => {
    const t = words(language);
    const account = newAccountKey();
    let seed: Seed;
    let upstream: GitServer;
    let home: string;
    let panel: Panel;
    test.use({ locale: language === 'zh' ? 'zh-CN' : 'en-US', viewport: { width: 1280, height: 900 } });

    test.beforeAll(async () => {
      seed = await startSeed({ host: '127.0.0.1', port: 4096, release: '0.2.14', epochSeconds: 120 });
      upstream = await startGitServer({ host: '127.0.0.1' });
      home = mkdtempSync(path.join(tmpdir(), 'onboarding-files-'));
      panel = await startPanel({ port: 4097, env: { HOME: home, SEED_API_URLS: seed.url, GONKA_REPOSITORY: upstream.url } });
      await setUpAndSignIn(panel);
    });
    test.afterAll(async () => {
      await panel?.stop();
      if (panel) removeData(panel);
      await upstream?.close();
      await seed?.stop();
      if (home) rmSync(home, { recursive: true, force: true });
    });

    async function signedIn(page: Page) {
      await signIn(page, panel, language);
    }
    const shot = (page: Page, name: string) => page.screenshot({ path: path.join(root, '.test/screens', `files-${release}-${language}-${name}.png`), fullPage: true });
    const field = (page: Page, name: string) => page.locator(`[data-field="${name}"]`);
    const dir = () => path.join(home, 'gonka/deploy/join');

    test('an empty server is cloned to and configured by clicking, and both steps are done by what is there', async ({ page }) => {
      test.setTimeout(300_000);
      const { complaints } = watchPage(page);
      await signedIn(page);

      // The public key, pasted before there is any file, is kept for later.
      await page.goto(`${panel.url}/onboarding/account-key`);
      await page.getByLabel(t('accountKey.paste.label')).fill(`- address: ${account.address}\n  name: gonka-account-key\n  pubkey: '{"@type":"/cosmos.crypto.secp256k1.PubKey","key":"${account.pubKey}"}'\n  type: local\n`);
      await expect(page.getByText(t('accountKey.use.keep.title'))).toBeVisible();

      await page.goto(`${panel.url}/onboarding/deployment`);
      await expect(page.getByLabel(t('deploymentStep.get.place'))).toHaveValue(path.join(home, 'gonka'));
      await expect(page.getByLabel(t('deploymentStep.get.release')).locator('option').first()).toHaveText(t('deploymentStep.get.newest', { release: '0.2.14' }));
      await shot(page, 'deployment-empty');
      await expectAccessible(page);
      await page.getByLabel(t('deploymentStep.get.release')).selectOption(`release/v${release}`);
      await page.getByRole('button', { name: t('deploymentStep.get.action') }).click();
      const dialog = page.getByRole('dialog');
      await expect(dialog).toContainText(`git clone --depth 1 --branch release/v${release} --progress -- ${upstream.url}`);
      await dialog.getByRole('button', { name: t('operationView.verb.get-deployment'), exact: true }).click();
      await expect(page.getByText(dir(), { exact: true })).toBeVisible({ timeout: 60_000 });
      await expect(page.getByText(t('deploymentStep.git.clean', { name: `release/v${release}` })).first()).toBeVisible();
      await shot(page, 'deployment-done');
      await expectAccessible(page);

      await page.goto(`${panel.url}/onboarding/configuration`);
      await expect(field(page, 'ACCOUNT_PUBKEY').locator('input')).toHaveValue(account.pubKey);
      await expect(field(page, 'HF_HOME').locator('input')).toHaveValue(path.join(home, 'hf-cache'));
      await expect(field(page, 'API_PORT').locator('input')).toHaveValue('8000');
      await expect(field(page, 'PUBLIC_URL').locator('input')).toHaveValue('');
      await shot(page, 'configuration-empty');
      await expectAccessible(page);
      await field(page, 'PUBLIC_URL').locator('input').fill('http://36.189.234.237:8000');
      await expect(field(page, 'P2P_EXTERNAL_ADDRESS').locator('input')).toHaveValue('tcp://36.189.234.237:5000');
      const secret = field(page, 'KEYRING_PASSWORD').locator('input');
      if (password) await secret.fill(password);
      else await field(page, 'KEYRING_PASSWORD').getByRole('button', { name: t('configStep.password.make') }).click();
      const given = password ?? (await secret.inputValue());
      expect(given.length).toBeGreaterThanOrEqual(16);
      await expect(page.getByText(t('configStep.env.ready'))).toBeVisible();
      await shot(page, 'configuration-filled');
      await page.getByRole('button', { name: t('configStep.env.review') }).click();
      await expect(dialog.getByText('export KEY_NAME=')).toBeVisible();
      expect(await dialog.textContent()).not.toContain(given);
      await shot(page, 'configuration-review');
      // On a slow machine the page was read again at each refused check of the old version, over and over, and never came to the new one.
      const reading = '**/api/onboarding/configuration';
      await page.route(reading, async (route) => {
        await new Promise((resolve) => setTimeout(resolve, 3000));
        await route.continue().catch(() => undefined);
      });
      await dialog.getByRole('button', { name: t('config.review.save'), exact: true }).click();
      await expect(dialog.getByText(t('operationView.state.succeeded')).first()).toBeVisible({ timeout: 60_000 });
      await dialog.getByRole('button', { name: t('shell.close'), exact: true }).last().click();
      await expect(page.getByText(t('configStep.env.complete'))).toBeVisible();
      await page.unroute(reading);
      expect(await secret.inputValue()).toBe('');
      expect(await page.content()).not.toContain(given);

      // What a shell makes of it is what was typed; nothing of the template is left unfilled.
      const file = path.join(dir(), 'config.env');
      expect((statSync(file).mode & 0o777).toString(8)).toBe('600');
      const sourced = JSON.parse(execFileSync('bash', ['-c', 'set -e; source "$1"; exec "$2" -e "console.log(JSON.stringify(process.env))"', 'bash', file, process.execPath], { encoding: 'utf8', env: { PATH: process.env.PATH } as unknown as NodeJS.ProcessEnv })) as Record<string, string>;
      expect(sourced).toMatchObject({ KEYRING_PASSWORD: given, ACCOUNT_PUBKEY: account.pubKey, PUBLIC_URL: 'http://36.189.234.237:8000', P2P_EXTERNAL_ADDRESS: 'tcp://36.189.234.237:5000', HF_HOME: path.join(home, 'hf-cache'), SEED_API_URL: seed.url, SEED_NODE_RPC_URL: `${seed.url}/chain-rpc/`, NODE_CONFIG: './node-config.json' });
      expect(readFileSync(file, 'utf8')).not.toMatch(/^export .*<[A-Z]/m);

      // The ML node of a model that governance approves, on cards that are typed: this machine has none.
      await page.getByRole('button', { name: t('configStep.nodes.propose') }).click();
      await dialog.getByLabel(t('nodeConfig.propose.model')).selectOption('Qwen/Qwen3-235B-A22B-Instruct-2507-FP8');
      await expect(dialog.getByRole('button', { name: t('nodeConfig.propose.use'), exact: true })).toBeEnabled({ timeout: 30_000 });
      await dialog.getByRole('button', { name: t('nodeConfig.propose.use'), exact: true }).click();
      const review = page.getByRole('button', { name: t('configStep.nodes.review') });
      if (await review.isEnabled({ timeout: 5000 }).catch(() => false) || release !== '0.2.14') {
        await expect(review).toBeEnabled();
        await review.click();
        await dialog.getByRole('button', { name: t('config.review.save'), exact: true }).click();
        await expect(dialog.getByText(t('operationView.state.succeeded')).first()).toBeVisible({ timeout: 60_000 });
        await dialog.getByRole('button', { name: t('shell.close'), exact: true }).last().click();
      }
      const nodes = JSON.parse(readFileSync(path.join(dir(), 'node-config.json'), 'utf8')) as { models: Record<string, unknown> }[];
      expect(nodes, 'the node that came with the release is replaced, not doubled').toHaveLength(1);
      expect(nodes.flatMap(({ models }) => Object.keys(models))).toContain('Qwen/Qwen3-235B-A22B-Instruct-2507-FP8');

      const { steps } = (await (await page.request.get(`${panel.url}/api/onboarding`)).json()) as { steps: { name: string; state: string; evidence: { code: string } }[] };
      const state = (name: string) => steps.find((one) => one.name === name);
      expect(state('deployment')).toMatchObject({ state: 'done', evidence: { code: 'directory' } });
      expect(state('configuration')).toMatchObject({ state: 'done', evidence: { code: 'config' } });
      expect(state('account-key')).toMatchObject({ state: 'done' });
      await shot(page, 'configuration-done');

      // A change by hand is said, and nothing is done about it.
      const compose = path.join(dir(), 'docker-compose.yml');
      writeFileSync(compose, `${readFileSync(compose, 'utf8')}# mine\n`);
      await page.setViewportSize({ width: 360, height: 740 });
      await page.context().addCookies([{ name: 'theme', value: 'dark', url: panel.url }]);
      await page.goto(`${panel.url}/onboarding/deployment`);
      await expect(page.getByText('deploy/join/docker-compose.yml')).toBeAttached();
      await page.getByRole('button', { name: t('deploymentStep.other') }).click();
      await expect(page.getByLabel(t('deploymentStep.get.place'))).toBeVisible();
      for (const target of ['deployment', 'configuration']) {
        if (target === 'configuration') await page.goto(`${panel.url}/onboarding/${target}`);
        await page.waitForTimeout(1500);
        await shot(page, `phone-${target}`);
        await expectNoSidewaysScroll(page);
        await expectAccessible(page);
      }
      expect(complaints()).toEqual([]);
    });

    if (troubles) test('what goes wrong is said on the page, and the same page gets it done', async ({ page }) => {
      test.setTimeout(120_000);
      await signedIn(page);
      await page.goto(`${panel.url}/onboarding/deployment`);
      await page.getByRole('button', { name: t('deploymentStep.other') }).click();
      const place = page.getByLabel(t('deploymentStep.get.place'));
      const clone = async () => {
        await page.getByRole('button', { name: t('deploymentStep.get.action') }).click();
        await page.getByRole('dialog').getByRole('button', { name: t('operationView.verb.get-deployment'), exact: true }).click();
      };
      mkdirSync(path.join(home, 'full'));
      writeFileSync(path.join(home, 'full/mine'), 'x');
      await place.fill(path.join(home, 'full'));
      await clone();
      await expect(page.getByRole('dialog').getByText(t('errors.clone_place_taken.what', { place: path.join(home, 'full') })).first()).toBeVisible({ timeout: 30_000 });
      await page.getByRole('dialog').getByRole('button', { name: t('shell.close'), exact: true }).last().click();
      // Cancelled while it comes in: nothing is left of it, and a retry completes.
      upstream.setRate(200_000);
      await place.fill(path.join(home, 'second'));
      await clone();
      await expect.poll(() => existsSync(path.join(home, '.second.gonka-panel/clone')), { timeout: 20_000 }).toBe(true);
      await page.getByRole('dialog').getByRole('button', { name: t('operationView.cancel'), exact: true }).click();
      await expect(page.getByRole('dialog').getByText(t('operationView.state.cancelled')).first()).toBeVisible();
      expect(existsSync(path.join(home, 'second'))).toBe(false);
      expect(existsSync(path.join(home, '.second.gonka-panel'))).toBe(false);
      upstream.setRate(0);
      await page.getByRole('dialog').getByRole('button', { name: t('shell.close'), exact: true }).last().click();
      await page.getByRole('button', { name: t('deploymentStep.get.again') }).click();
      await page.getByRole('dialog').getByRole('button', { name: t('operationView.verb.get-deployment'), exact: true }).click();
      await expect(page.getByText(path.join(home, 'second/deploy/join'), { exact: true })).toBeVisible({ timeout: 60_000 });
    });
  });
}
