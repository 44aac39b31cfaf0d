/**
 * The whole path: from an empty directory to a host in the active set, by clicking. The operator's own machine runs the command
 * cards as they stand on the page; on the server nothing is typed.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, type Locator, type Page, test } from '@playwright/test';
import { needsNewerTool } from '#components/onboarding/local-commands.ts';
import { type GitServer, startGitServer } from './network/git-server.ts';
import { ensureImages } from './network/image.ts';
import { type OperatorMachine, startOperatorMachine } from './network/operator-machine.ts';
import type { ReleaseName } from './network/releases.ts';
import { type Seed, startSeed } from './network/seed.ts';
import { watchPage } from './page-watch.ts';
import { ADMIN, type Panel, removeData, root, startPanel } from './panel-process.ts';
import { type Language, words } from './words.ts';
import { removeProject } from './world.ts';

type Walk = { language: Language; release: ReleaseName; password: string };
const WALKS: Walk[] = [
  { language: 'en', release: '0.2.4', password: `it's "my" $HOME $(id) #; 密码` },
  { language: 'zh', release: '0.2.14', password: 'correct-horse-battery-staple' },
];
/** Minutes each: in the long run every release is walked. */
const MORE: Walk[] = process.env.TEST_LONG ? [{ language: 'zh', release: '0.2.8', password: `a\\b c#d;e|f&g` }] : [];

/** Upstream's files for an engine without cards, and without an image that is named by digest. */
const forThisEngine = (_: string, text: string) => text.replace(/^ {4}deploy:\n(?: {6,}.*\n)+/m, '').replace(/@sha256:[0-9a-f]{64}/g, '');

for (const { language, release, password } of [...WALKS, ...MORE]) {
  test.describe(`from nothing to the active set, v${release}, ${language}`, () => {
    const t = words(language);
    let seed: Seed;
    let upstream: GitServer;
    let operator: OperatorMachine;
    let home: string;
    let panel: Panel;
    test.use({ locale: language === 'zh' ? 'zh-CN' : 'en-US', viewport: { width: 1280, height: 900 } });

    test.beforeAll(async () => {
      test.setTimeout(240_000);
      await ensureImages();
      seed = await startSeed({ port: 4110, release, epochSeconds: 60, startOffset: 25 });
      seed.change({ registration: { waitMs: 1500 } });
      upstream = await startGitServer({ change: forThisEngine });
      operator = startOperatorMachine({ release, withoutTool: true });
      home = mkdtempSync(path.join(tmpdir(), 'onboarding-'));
      // Containers reach the seed by this machine's address, so that is the seed which is proposed.
      panel = await startPanel({ port: 4111, env: { HOME: home, SEED_API_URLS: seed.containerUrl, GONKA_REPOSITORY: upstream.url } });
    });
    test.afterAll(async () => {
      await panel?.stop();
      if (home) removeProject(path.join(home, 'gonka/deploy/join'));
      if (panel) removeData(panel);
      await upstream?.close();
      await seed?.stop();
      operator?.remove();
      if (home) rmSync(home, { recursive: true, force: true });
    });

    const shot = (page: Page, name: string) => page.screenshot({ path: path.join(root, '.test/screens', `path-${release}-${name}.png`), fullPage: true });
    const field = (page: Page, name: string) => page.locator(`[data-field="${name}"] input`);
    const cardText = (page: Page, title: string) => page.getByRole('region', { name: title }).locator('pre').first().innerText();
    const open = async (page: Page, step: string) => {
      await page.goto(`${panel.url}/onboarding/${step}`);
      await expect(page.getByRole('heading', { level: 1 })).toHaveText(t(`onboarding.steps.${step}.title`));
    };
    const stepState = async (page: Page, name: string) => ((await (await page.request.get(`${panel.url}/api/onboarding`)).json()) as { steps: { name: string; state: string }[] }).steps.find((one) => one.name === name)?.state;
    const isDone = (page: Page, name: string, timeout = 60_000) => expect.poll(() => stepState(page, name), { timeout, message: `${name} is done by evidence` }).toBe('done');

    /** Presses the verb, with a reason where the moment asks for one, until the operation has begun; then waits for its good end. */
    async function run(dialog: Locator, verb: string, timeout = 120_000) {
      const button = dialog.getByRole('button', { name: verb, exact: true });
      const reason = dialog.getByLabel(t('operationView.reason'), { exact: true });
      const begun = dialog.getByRole('link', { name: t('operationView.openInHistory') });
      await expect(async () => {
        if (await reason.isVisible()) await reason.fill('a test goes on during PoC', { timeout: 2000 });
        if (await button.isVisible()) await button.click({ timeout: 2000 });
        await expect(begun).toBeVisible({ timeout: 3000 });
      }).toPass({ timeout: 60_000 });
      const ended = dialog.locator('[aria-live="polite"]').first();
      await expect(async () => expect((await dialog.count()) === 0 || (await ended.textContent({ timeout: 1000 }))?.includes(t('operationView.state.succeeded'))).toBe(true)).toPass({ timeout });
      // A page that changes with what was done takes its dialog along.
      await dialog.getByRole('button', { name: t('shell.close'), exact: true }).last().click({ timeout: 5000 }).catch(() => undefined);
      await expect(dialog).toHaveCount(0);
    }

    test('nothing is typed on the server', async ({ page }) => {
      test.setTimeout(600_000);
      const { complaints } = watchPage(page);
      const dialog = page.getByRole('dialog');

      await page.goto(panel.setupLink()!);
      await page.getByLabel(t('setup.username')).fill(ADMIN.username);
      await page.getByLabel(t('setup.password'), { exact: true }).fill(ADMIN.password);
      await page.getByLabel(t('setup.again')).fill(ADMIN.password);
      await page.getByRole('button', { name: t('setup.create') }).click();
      await page.waitForURL((url) => !url.pathname.startsWith('/setup'));
      await page.goto(`${panel.url}/onboarding`);
      await expect(page.getByRole('heading', { level: 1 })).toHaveText(t('onboarding.steps.prerequisites.title'));
      await shot(page, '01-prerequisites');

      // The operator's own machine: the tool, the key, and its whole output pasted back.
      await open(page, 'account-key');
      const tool = await cardText(page, t('accountKey.tool.download', { release: '0.2.9' }));
      expect((await operator.run(tool)).code).toBe(0);
      const made = await operator.run(await cardText(page, t('accountKey.make.command')));
      expect(made.code).toBe(0);
      await page.getByLabel(t('accountKey.paste.label')).fill(made.output);
      await expect(page.getByText(t('accountKey.use.keep.title'))).toBeVisible();
      expect(await page.content()).not.toContain(made.output.trim().split('\n').at(-1)!.trim());
      const account = operator.key()!;

      await open(page, 'deployment');
      await page.getByLabel(t('deploymentStep.get.release')).selectOption(`release/v${release}`);
      await page.getByRole('button', { name: t('deploymentStep.get.action') }).click();
      await run(dialog, t('operationView.verb.get-deployment'));
      await isDone(page, 'deployment');
      const dir = path.join(home, 'gonka/deploy/join');
      expect(existsSync(path.join(dir, 'docker-compose.yml'))).toBe(true);

      await open(page, 'configuration');
      await expect(field(page, 'ACCOUNT_PUBKEY')).toHaveValue(account.pubKey);
      await field(page, 'PUBLIC_URL').fill('http://36.189.234.237:8000');
      await field(page, 'KEYRING_PASSWORD').fill(password);
      await page.getByRole('button', { name: t('configStep.env.review') }).click();
      await run(dialog, t('config.review.save'));
      await page.getByRole('button', { name: t('configStep.nodes.propose') }).click();
      await dialog.getByLabel(t('nodeConfig.propose.model')).selectOption('Qwen/Qwen3-235B-A22B-Instruct-2507-FP8');
      await dialog.getByRole('button', { name: t('nodeConfig.propose.use'), exact: true }).click();
      const nodes = page.getByRole('button', { name: t('configStep.nodes.review') });
      if (await nodes.isEnabled()) {
        await nodes.click();
        await run(dialog, t('config.review.save'));
      }
      await isDone(page, 'configuration');
      await isDone(page, 'account-key');
      await shot(page, '04-configuration');

      // The images are here; the weights belong to the cards, and this machine has none.
      await open(page, 'images');
      await isDone(page, 'images');
      await shot(page, '05-images');

      await page.goto(`${panel.url}/start-chain`);
      await page.getByRole('button', { name: t('startChain.start'), exact: true }).click();
      await run(dialog, t('operationView.verb.launch-chain'));
      await isDone(page, 'start-chain', 120_000);
      await shot(page, '06-start-chain');

      await open(page, 'ml-key');
      await page.getByRole('button', { name: new RegExp(`^(${t('mlKey.start.make')}|${t('mlKey.start.look')})$`) }).click();
      await run(dialog, t('operationView.verb.create-ml-key'));
      await page.getByLabel(t('mlKey.phrase.alone')).check();
      await page.getByLabel(t('mlKey.phrase.password')).fill(ADMIN.password);
      await page.getByRole('button', { name: t('mlKey.phrase.show') }).click();
      const shown = page.getByRole('list', { name: t('mlKey.phrase.title') }).locator('.font-medium');
      await expect(shown).toHaveCount(24);
      const phrase = await shown.allInnerTexts();
      await page.getByRole('button', { name: t('mlKey.phrase.written') }).click();
      const asked = page.getByRole('textbox', { name: new RegExp(`^${t('mlKey.phrase.word', { position: '\\d+' }).replace('\\\\', '\\')}$`) });
      await expect(asked).toHaveCount(3);
      for (const box of await asked.all()) {
        const label = await box.evaluate((input) => (input as HTMLInputElement).labels?.[0]?.textContent ?? '');
        await box.fill(phrase[Number(/\d+/.exec(label)?.[0]) - 1]!);
      }
      await page.getByRole('button', { name: t('mlKey.phrase.check') }).click();
      await expect(page.getByText(t('mlKey.phraseIs.written.title'))).toBeVisible();
      await isDone(page, 'ml-key');
      await shot(page, '07-ml-key');

      await open(page, 'register');
      await page.getByRole('button', { name: t('onboarding.register.action') }).click({ timeout: 90_000 });
      await run(dialog, t('operationView.verb.register-host'));
      await isDone(page, 'register');

      await open(page, 'grant');
      // The tool that made the key is the guide's; a later release needs its own.
      if (needsNewerTool(release)) expect((await operator.run(await cardText(page, t('accountKey.tool.download', { release })))).code).toBe(0);
      const granted = await operator.run(await cardText(page, t('onboarding.grant.command')));
      expect(granted.code, granted.output).toBe(0);
      await isDone(page, 'grant');
      await shot(page, '09-grant');

      await open(page, 'launch');
      await page.getByRole('button', { name: t('onboarding.launch.launch') }).click();
      await run(dialog, t('operationView.verb.launch-all'), 180_000);
      await isDone(page, 'launch', 120_000);
      await shot(page, '10-launch');

      await open(page, 'verify');
      await shot(page, '11-verify-before');
      // A request from this very machine arrives, and proves nothing: the line stays without a tick.
      const { outsideUrl } = (await (await page.request.get(`${panel.url}/api/onboarding/verify`)).json()) as { outsideUrl: string };
      await fetch(outsideUrl.replace('http://36.189.234.237:8000', 'http://127.0.0.1:8000'));
      await expect(page.getByText(t('onboarding.verify.evidence.outside_inside', { address: '' }).split(/[,，：:]/)[0]!.trim(), { exact: false }).first()).toBeVisible({ timeout: 30_000 });
      await isDone(page, 'verify', 180_000);
      await expect(page.getByText(t('onboarding.finished.title'))).toBeVisible({ timeout: 30_000 });
      await shot(page, '11-verify');
      expect(seed.ledger.hosts.filter(({ address }) => address === account.address)).toHaveLength(1);

      const certificate = await (await page.request.get(`${panel.url}/api/onboarding/certificate`, { headers: { 'accept-language': language } })).text();
      expect(certificate).toContain(t('onboarding.certificate.finished'));
      for (const secret of [password, phrase.slice(0, 6).join(' ')]) {
        expect(certificate).not.toContain(secret);
        expect(panel.output()).not.toContain(secret);
      }
      // Whoever opens onboarding now sees the end of it.
      await page.goto(`${panel.url}/onboarding`);
      await expect(page.getByRole('heading', { level: 1 })).toHaveText(t('onboarding.steps.verify.title'));
      expect(complaints()).toEqual([]);
    });
  });
}
