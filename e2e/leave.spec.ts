/**
 * A whole host leaves by clicking, with its ML node drawn for duty twice in a row. The stand-in network records the block of every
 * stop: none may fall into a set in which the host still has weight.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type Browser, expect, type Page, test } from '@playwright/test';
import { createTranslator } from 'use-intl/core';
import { type JoinedHost, openJoinedHost } from './joined-host.ts';
import { effectiveEpoch, heightAt } from './network/chain.ts';
import type { ReleaseName } from './network/releases.ts';
import { stoppedInTheSet } from './network/stop-record.ts';
import { expectAccessible, expectNoSidewaysScroll, watchPage } from './page-watch.ts';
import { type Panel, removeData, root, setUpAndSignIn, startPanel } from './panel-process.ts';
import { signIn } from './sign-in.ts';
import type { Language } from './words.ts';

type Walk = { release: ReleaseName; language: Language };
const WALKS: Walk[] = [{ release: '0.2.4', language: 'en' }, ...(process.env.TEST_LONG ? [{ release: '0.2.8', language: 'zh' } as const] : [])];
/**
 * As short as the panel's own pace allows: a foreign host is asked every 40 s while a proof is looked for, and Inference has 38 of
 * 60 blocks. Of five answers in a row three come in Inference; with epochs of nearly 40 s all of them could come in the PoC.
 */
const EPOCH_SECONDS = 50;
const SERVICES = ['node', 'tmkms', 'api', 'mlnode-308', 'inference'];

for (const { release, language } of WALKS) {
  test.describe(`a whole host leaves, v${release}, ${language}`, () => {
    const messages = JSON.parse(readFileSync(path.join(root, `messages/${language}.json`), 'utf8')) as never;
    const t = createTranslator({ locale: language, messages }) as unknown as (key: string, params?: object) => string;
    let host: JoinedHost;
    let panel: Panel;
    test.use({ locale: language === 'zh' ? 'zh-CN' : 'en-US', viewport: { width: 1280, height: 900 } });

    test.beforeAll(async () => {
      test.setTimeout(180_000);
      host = await openJoinedHost({ release, port: 4170, epochSeconds: EPOCH_SECONDS, duty: 1 });
      panel = await startPanel({ port: 4171, env: { SEED_API_URLS: host.seed.url, GONKA_DEPLOY_DIR: host.dir } });
      await setUpAndSignIn(panel);
    });
    test.afterAll(async () => {
      await panel?.stop();
      await host?.close();
      if (panel) removeData(panel);
    });

    const shot = (page: Page, name: string) => page.screenshot({ path: path.join(root, '.test/screens', `leave-${release}-${language}-${name}.png`), fullPage: true });
    const epochNow = () => {
      const { clock } = host.seed.view().world;
      return effectiveEpoch(clock, heightAt(clock, Date.now()));
    };
    async function signedIn(page: Page): Promise<void> {
      await signIn(page, panel, language);
      await page.waitForURL(`${panel.url}/`);
    }
    async function startExit(page: Page): Promise<void> {
      await page.getByRole('button', { name: t('leave.way.host.button') }).click();
      const dialog = page.getByRole('dialog');
      await expect(dialog.getByText(/docker compose .* down/).first()).toBeVisible();
      await expect(dialog.getByText(/nodes\/node1\/disable/).first()).toBeVisible();
      await dialog.getByRole('button', { name: t('operationView.verb.safe-exit') }).click();
      await expect(page.getByRole('button', { name: t('leave.cancel.button') })).toBeVisible();
    }
    const disabled = (page: Page) => expect(page.getByRole('table', { name: t('leave.nodes.title') }).getByText(t('leave.nodes.disabled'), { exact: false }).last()).toBeVisible({ timeout: 30_000 });
    const isEnabled = async () => (await host.nodes()).map(({ enabled }) => enabled);

    test('disabled, drawn twice, out, claimed, proven, down; cancelled once, the panel killed once, seen in two browsers', async ({ page, browser }) => {
      test.setTimeout(600_000);
      const { complaints } = watchPage(page);
      await signedIn(page);
      await page.getByRole('link', { name: t('overview.planMaintenance') }).click();
      await expect(page.getByRole('heading', { level: 1 })).toHaveText(t('leave.startTitle'));
      await expect(page.getByText(t('leave.outlook.dutyTitle', { nodes: 'node1', count: 1 }))).toBeVisible({ timeout: 30_000 });
      await expectAccessible(page);
      await shot(page, '1-start');

      // Begun and cancelled: what it disabled is enabled again.
      await startExit(page);
      await expect.poll(isEnabled, { timeout: 30_000 }).toEqual([false]);
      await disabled(page);
      await page.getByRole('button', { name: t('leave.cancel.button') }).click();
      await page.getByRole('dialog').getByRole('button', { name: t('leave.cancel.verb', { count: 1 }) }).click();
      await expect(page.getByRole('heading', { level: 1 })).toHaveText(t('leave.startTitle'), { timeout: 30_000 });
      expect(await isEnabled()).toEqual([true]);
      await page.getByRole('link', { name: t('leave.lastOpen') }).click();
      await expect(page.getByRole('heading', { level: 1 })).toHaveText(t('leave.headline.cancelled'));
      await page.getByRole('link', { name: t('leave.title') }).first().click();

      await startExit(page);
      await disabled(page);
      const begun = epochNow();
      await expect(page.getByTestId('may-stop')).toHaveText(new RegExp(t('leave.stopNow.answer.no')), { timeout: 30_000 });
      await expectAccessible(page);
      await shot(page, '2-running');
      await secondBrowser(browser, page);

      // Killed in the middle: the open page comes back by itself to the same exit.
      const { dataDir } = panel;
      await panel.stop('SIGKILL');
      panel = await startPanel({ port: 4171, dataDir, env: { SEED_API_URLS: host.seed.url, GONKA_DEPLOY_DIR: host.dir } });
      await expect(page.getByRole('list', { name: t('leave.steps') })).toBeVisible({ timeout: 60_000 });
      for (const epoch of [begun, begun + 1]) await expect(page.getByText(t('leave.nodes.epoch', { epoch }), { exact: true }).first()).toBeVisible({ timeout: 4 * EPOCH_SECONDS * 1000 });
      await shot(page, '3-drawn-twice');
      expect(host.record.stops).toEqual([]);
      // Drawn twice in a row at least; from now on no longer.
      host.seed.change({ duty: 0 });

      await expect(page.getByRole('heading', { level: 1 })).toHaveText(new RegExp(`${t('leave.startTitle')}|${t('leave.headline.leftHost')}`), { timeout: 8 * EPOCH_SECONDS * 1000 });
      await page.getByRole('link', { name: t('leave.lastOpen') }).click();
      await expect(page.getByRole('heading', { level: 1 })).toHaveText(t('leave.headline.leftHost'));
      await expect(page.getByText(t('exit.says.out'), { exact: false }).first()).toBeVisible();
      await expectAccessible(page);
      await shot(page, '4-report');

      const { stops } = host.record;
      expect(stoppedInTheSet(stops)).toEqual([]);
      for (const service of SERVICES) expect(stops.filter((stop) => stop.service === service).map((stop) => stop.how)).toEqual(['ended', 'removed']);
      for (const stop of stops) expect(stop).toMatchObject({ weight: 0, address: host.address });
      // Taking down begins outside of a PoC; one that begins before it is through finds the host out of the set.
      expect(stops[0]).toMatchObject({ phase: 'Inference' });
      expect(Math.min(...stops.map((stop) => stop.epoch))).toBeGreaterThanOrEqual(begun + 3);
      const order = stops.filter((stop) => stop.how === 'removed').map((stop) => stop.service);
      expect(order.indexOf('node')).toBeGreaterThan(Math.max(order.indexOf('mlnode-308'), order.indexOf('inference')));
      // Keys and data stay, and every reward that was earned is claimed.
      for (const kept of ['.tmkms/secrets/priv_validator_key.softsign', '.inference', '.dapi']) expect(existsSync(path.join(host.dir, kept)), kept).toBe(true);
      expect(host.seed.ledger.settle.filter(({ address }) => address === host.address)).toEqual([]);
      // The chain keeps the last epochs only, and a slow exit lasts longer than that: the last one that it was in is there.
      const earned = host.seed.ledger.performance.filter(({ address }) => address === host.address);
      expect(earned.filter(({ claimed }) => !claimed)).toEqual([]);
      expect(Math.max(...earned.map(({ epoch }) => epoch))).toBeGreaterThanOrEqual(begun + 2);

      for (const [form, expected] of [['text', 'node1'], ['json', '"proof"']] as const) {
        const href = await page.getByRole('link', { name: t(`leave.report.${form}`) }).getAttribute('href');
        const answer = await page.request.get(`${panel.url}${href}`);
        expect(answer.headers()['content-disposition']).toContain('attachment');
        const text = await answer.text();
        expect(text).toContain(expected);
        expect(text).not.toContain(host.keyringPassword);
      }
      await page.setViewportSize({ width: 360, height: 800 });
      await expectNoSidewaysScroll(page);
      await shot(page, '5-report-phone');
      expect(complaints()).toEqual([]);
    });

    /** Another person sees the same exit, and can't start a second one. */
    async function secondBrowser(browser: Browser, first: Page): Promise<void> {
      const context = await browser.newContext({ locale: language === 'zh' ? 'zh-CN' : 'en-US', colorScheme: 'dark', viewport: { width: 360, height: 800 } });
      const second = await context.newPage();
      await signedIn(second);
      // The bar of what runs has one of its own, to the journal.
      await second.getByRole('link', { name: t('leave.running.open') }).and(second.locator('[href="/leave"]')).click();
      // Both at one moment: the headline moves on with the epoch.
      const headlines = () => Promise.all([first, second].map((one) => one.getByRole('heading', { level: 1 }).innerText()));
      await expect.poll(async () => new Set(await headlines()).size, { timeout: 15_000 }).toBe(1);
      await expect(second.getByRole('list', { name: t('leave.steps') })).toBeVisible();
      await expect(second.getByRole('button', { name: t('leave.way.host.button') })).toHaveCount(0);
      const again = await second.request.post(`${panel.url}/api/operations`, { data: { kind: 'safe-exit', params: { scope: 'host' } }, headers: { origin: panel.url } });
      expect(((await again.json()) as { error?: { code: string } }).error?.code).toBe('operation_running');
      await expectAccessible(second);
      await expectNoSidewaysScroll(second);
      await shot(second, '2-running-phone');
      await context.close();
    }
  });
}
