/** The configuration pages as a person uses them, for the specs that walk them. */
import { expect, type Locator, type Page } from '@playwright/test';
import type { Panel } from './panel-process.ts';
import { words } from './words.ts';

const t = words('en');

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
