/** The configuration pages as a person uses them, for the specs that walk them. */
import path from 'node:path';
import { expect, type Locator, type Page, test } from '@playwright/test';
import { type Panel, type PanelOptions, removeData, root, setUpAndSignIn, startPanel } from './panel-process.ts';
import { words } from './words.ts';
import { type HostWorld, openHostWorld } from './world.ts';

const t = words('en');

export type ConfigHost = { world: HostWorld; panel: Panel; cookie: string; /** The panel that was killed, with the data that it left. */ startAgain: () => Promise<void> };
type ConfigHostOptions = { /** The seed's; the panel has the next one. */ port: number; keyringPassword?: string; epochSeconds?: number; startOffset?: number; command?: PanelOptions['command']; /** Before the panel starts. */ prepare?: (world: HostWorld) => void };

/** For a whole spec: a host of 0.2.4 with a panel that every page is signed in to. What it gives is there from the first test on. */
export function configHost({ port, keyringPassword, epochSeconds = 180, startOffset, command, prepare }: ConfigHostOptions): ConfigHost {
  const host = {} as ConfigHost;
  test.use({ locale: 'en-US', viewport: { width: 1280, height: 900 } });
  test.beforeAll(async () => {
    host.world = await openHostWorld({ release: '0.2.4', seedPort: port, epochSeconds, startOffset, keyringPassword });
    prepare?.(host.world);
    const start = (dataDir?: string) => startPanel({ port: port + 1, dataDir, command, env: { ...host.world.env, GONKA_DEPLOY_DIR: host.world.dir } });
    host.panel = await start();
    host.startAgain = async () => {
      host.panel = await start(host.panel.dataDir);
    };
    host.cookie = await setUpAndSignIn(host.panel);
  });
  test.afterAll(async () => {
    await host.panel?.stop();
    await host.world?.close();
    if (host.panel) removeData(host.panel);
  });
  test.beforeEach(({ page }) => signedIn(page, host.panel, host.cookie));
  return host;
}

export const shot = (page: Page, name: string) => page.screenshot({ path: path.join(root, '.test/screens', `config-${name}.png`) });

/** A browser page that is signed in already. */
export async function signedIn(page: Page, panel: Panel, cookie: string): Promise<void> {
  await page.context().addCookies(cookie.split('; ').map((one) => {
    const at = one.indexOf('=');
    return { name: one.slice(0, at), value: one.slice(at + 1), url: panel.url };
  }));
}

/** Everything that the panel answers to a page. Streams that are still open aren't in it. */
export function watchBodies(page: Page): () => Promise<string> {
  const bodies: Promise<string>[] = [];
  page.on('response', (response) => {
    if (!response.headers()['content-type']?.includes('event-stream')) bodies.push(response.text().catch(() => ''));
  });
  return async () => (await Promise.all(bodies)).join('\n');
}

export const row = (page: Page, variable: string): Locator => page.locator(`[data-field="${variable}"]`);
export const control = (page: Page, variable: string): Locator => row(page, variable).locator('input, select').first();
export const unsaved = (page: Page): Locator => page.getByRole('region', { name: t('config.unsaved.label') });

/** The dialog that shows what saving would do, when it has asked. */
export async function review(page: Page): Promise<Locator> {
  await unsaved(page).getByRole('button', { name: t('config.unsaved.review') }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText(t('config.review.asking')).first()).toHaveCount(0);
  return dialog;
}

/** Whatever the button is called where nothing could be applied. */
export const saveButton = (dialog: Locator): Locator => dialog.getByRole('button', { name: new RegExp(`^(${t('config.review.save')}|${t('config.review.saveOnly')})$`) });

/** The dialog's operation is over, and well. */
export async function succeeded(dialog: Locator): Promise<void> {
  await expect(dialog.getByRole('link', { name: t('operationView.openInHistory') })).toBeVisible({ timeout: 90_000 });
  await expect(dialog.locator('[aria-live="polite"]').first()).toContainText(new RegExp(`${t('operationView.state.succeeded')}$`), { timeout: 90_000 });
}

export async function saveOnly(page: Page, dialog: Locator): Promise<void> {
  await saveButton(dialog).click();
  await succeeded(dialog);
  await dialog.getByRole('button', { name: t('shell.close'), exact: true }).last().click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
}

/** Presses the verb that applies; gives a reason where the moment asks for one, again when it has changed meanwhile. */
export async function apply(dialog: Locator, services: string): Promise<void> {
  const verb = dialog.getByRole('button', { name: t('config.review.saveAndRecreate', { services }) });
  const reason = dialog.getByLabel(t('operationView.reason'), { exact: true });
  const started = dialog.getByRole('link', { name: t('operationView.openInHistory') });
  await expect(async () => {
    if (await reason.isVisible()) await reason.fill('a test applies it now', { timeout: 2000 });
    if (await verb.isVisible()) await verb.click({ timeout: 2000 });
    await expect(started).toBeVisible({ timeout: 4000 });
  }).toPass({ timeout: 60_000 });
  await succeeded(dialog);
}
