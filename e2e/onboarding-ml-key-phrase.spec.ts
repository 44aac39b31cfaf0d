/** The words of a recovery phrase that are on the screen: what takes them away too early is gone for good. */
import { expect, test } from '@playwright/test';
import { configHost } from './config-page.ts';
import { ADMIN } from './panel-process.ts';
import { words } from './words.ts';

const t = words('en');
const host = configHost({ port: 4176 });

test('the words vanished at once where the browser\'s clock was ahead, and under the pen when the panel was restarted', async ({ page }) => {
  test.setTimeout(180_000);
  await page.clock.install({ time: Date.now() + 2 * 60 * 60_000 });
  await page.goto(`${host.panel.url}/onboarding/ml-key`);
  await page.getByRole('button', { name: t('mlKey.start.make') }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: t('operationView.verb.create-ml-key') }).click();
  await expect(dialog.getByText(/^Made: gonka1/)).toBeVisible({ timeout: 60_000 });
  await dialog.getByRole('button', { name: t('shell.close') }).last().click();
  await page.getByLabel(t('mlKey.phrase.alone')).check();
  await page.getByLabel(t('mlKey.phrase.password')).fill(ADMIN.password);
  await page.getByRole('button', { name: t('mlKey.phrase.show') }).click();
  const list = page.getByRole('list', { name: t('mlKey.phrase.title') });
  await expect(list.getByRole('listitem')).toHaveCount(24);
  const shown = await list.getByRole('listitem').allTextContents();

  // Known to this page by an answer of the new panel: the phrase isn't in its memory.
  await host.panel.stop('SIGKILL');
  await host.startAgain();
  await expect.poll(() => page.evaluate(async () => 'phrase' in (await (await fetch('/api/onboarding/ml-key')).json()))).toBe(false);
  await expect(page.getByText(t('mlKey.phraseIs.shown.title'))).toBeVisible({ timeout: 30_000 });
  expect(await list.getByRole('listitem').allTextContents()).toEqual(shown);
  await page.getByRole('button', { name: t('mlKey.phrase.written') }).click();
  for (const box of await page.getByLabel(/^Word \d+$/).all()) await box.fill('zoo');
  await page.getByRole('button', { name: t('mlKey.phrase.check'), exact: true }).click();
  await expect(page.getByText(t('errors.ml_key_phrase_gone.what'))).toBeVisible();

  // What this page holds ends, too.
  await page.clock.fastForward(31 * 60_000);
  await expect(page.getByText(t('mlKey.phrase.title'), { exact: true })).toHaveCount(0);
});
