import path from 'node:path';
import { expect, test } from '@playwright/test';
import type { ReleaseName } from './network/releases.ts';
import { expectAccessible, expectNoSidewaysScroll, watchPage } from './page-watch.ts';
import { ADMIN, type Panel, removeData, root, startPanel } from './panel-process.ts';
import { type Language, words } from './words.ts';
import { panelPages } from './surface.ts';
import { type HostWorld, openHostWorld } from './world.ts';

/** Steps of the first start, in order (names as in the messages). */
const STEPS = ['engine', 'deployment', 'images', 'binds', 'tmkms-key', 'up', 'verify-running', 'remember-key', 'signs-of-life'];

const PAGES = panelPages();

/** The whole first path, as a newcomer walks it: a link from the terminal, a browser, a real engine, real lines. */
const WALKS: { release: ReleaseName; language: Language; everyPage?: boolean }[] = [
  { release: '0.2.4', language: 'en', everyPage: true },
  { release: '0.2.14', language: 'zh', everyPage: true },
  { release: '0.2.8', language: 'en' },
  { release: '0.2.4', language: 'zh' },
];
for (const { release, language, everyPage } of WALKS) {
  test.describe(`from the set-up link to live lines, v${release}, ${language}`, () => {
    const t = words(language);
    let world: HostWorld;
    let panel: Panel;
    test.use({ locale: language === 'zh' ? 'zh-CN' : 'en-US', viewport: { width: 1280, height: 900 } });

    test.beforeAll(async () => {
      world = await openHostWorld({ release, seedPort: 4050, epochSeconds: 120 });
      panel = await startPanel({ port: 4051, env: world.env });
    });
    test.afterAll(async () => {
      await panel?.stop();
      await world?.close();
      if (panel) removeData(panel);
    });

    test('walks it', async ({ page }) => {
      test.setTimeout(420_000);
      const { complaints } = watchPage(page);
      const shot = (name: string) => page.screenshot({ path: path.join(root, '.test/screens', `${release}-${language}-${name}.png`) });

      await page.goto(panel.setupLink()!);
      await expect(page.getByRole('heading', { name: t('setup.title') })).toBeVisible();
      await expectAccessible(page);
      await page.getByLabel(t('setup.username')).fill(ADMIN.username);
      await page.getByLabel(t('setup.password'), { exact: true }).fill(ADMIN.password);
      await page.getByLabel(t('setup.again')).fill(ADMIN.password);
      await page.getByRole('button', { name: t('setup.create') }).click();
      // Nothing is chosen yet: the first page asks for the directory.
      await page.waitForURL(`${panel.url}/deployment`);
      await expect(page.locator('html')).toHaveAttribute('lang', language);

      const typed = page.getByLabel(t('deployment.path'));
      await typed.fill('/nowhere/deploy/join');
      await page.getByRole('button', { name: t('deployment.use'), exact: true }).last().click();
      await expect(typed).toHaveAttribute('aria-invalid', 'true');
      await typed.fill(world.dir);
      await page.getByRole('button', { name: t('deployment.use'), exact: true }).last().click();
      await expect(page.getByText(t('deployment.release', { release }))).toBeVisible();
      await shot('deployment');

      await page.getByRole('link', { name: t('deployment.toStartChain') }).click();
      await page.getByRole('button', { name: t('startChain.start') }).first().click();
      const dialog = page.getByRole('dialog');
      await expect(dialog.getByText('up -d --no-deps')).toBeVisible();
      await expect(dialog).toContainText('tmkms');
      await dialog.getByRole('button', { name: t('operationView.verb.launch-chain') }).click();
      await expect(dialog.getByText(t('operationView.state.succeeded')).first()).toBeVisible({ timeout: 120_000 });
      await shot('started');
      await dialog.getByRole('button', { name: t('shell.close'), exact: true }).last().click();

      const pane = (service: string) => page.getByRole('log', { name: t('startChain.linesOf', { service }) });
      await expect(pane('tmkms')).toContainText('connected to validator successfully', { timeout: 90_000 });
      await expect(pane('node')).toContainText('committed state', { timeout: 90_000 });
      const before = await pane('node').textContent();
      await expect.poll(async () => (await pane('node').textContent()) !== before, { timeout: 30_000 }).toBe(true);
      await shot('lines');

      await page.goto(`${panel.url}/logs?service=tmkms&service=node`);
      await expect(page.getByRole('log').first()).toContainText('committed state', { timeout: 30_000 });
      await shot('logs');

      await page.goto(`${panel.url}/history`);
      await page.getByRole('link', { name: t('operationView.kind.launch-chain') }).first().click();
      await expect(page.getByText(t('operationView.state.succeeded')).first()).toBeVisible();
      await expect(page.getByText('docker compose').first()).toBeVisible();
      const everyStep = async () => {
        for (const step of STEPS) await expect(page.getByRole('listitem').filter({ hasText: t(`operations.steps.${step}`) })).toHaveCount(1);
      };
      await everyStep();
      await shot('operation');
      const operation = page.url();

      for (const target of everyPage ? PAGES : []) {
        await page.goto(panel.url + target);
        await page.waitForLoadState('load');
        await page.waitForTimeout(1500);
        await shot(`page${target.replaceAll(/\W/g, '-')}`);
        await expectAccessible(page);
      }
      await page.setViewportSize({ width: 360, height: 740 });
      await page.context().addCookies([{ name: 'theme', value: 'dark', url: panel.url }]);
      for (const target of everyPage ? PAGES : []) {
        await page.goto(panel.url + target);
        await page.waitForTimeout(1000);
        await shot(`phone-dark${target.replaceAll(/\W/g, '-')}`);
        await expectNoSidewaysScroll(page);
        await expectAccessible(page);
      }

      // Killed and started again: the history is still there.
      await panel.stop('SIGKILL');
      panel = await startPanel({ port: 4051, dataDir: panel.dataDir, env: world.env });
      await page.goto(operation);
      await expect(page.getByText(t('operationView.state.succeeded')).first()).toBeVisible();
      await everyStep();
      expect(complaints()).toEqual([]);
    });
  });
}
