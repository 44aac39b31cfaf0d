import type { Page } from '@playwright/test';
import { ADMIN, type Panel } from './panel-process.ts';
import { type Language, words } from './words.ts';

/** Signs in as a person does, and waits until the sign-in page is left; the session is the page's own. */
export async function signIn(page: Page, panel: Panel, language: Language = 'en'): Promise<void> {
  const t = words(language);
  await page.goto(`${panel.url}/login`);
  await page.getByLabel(t('login.username')).fill(ADMIN.username);
  await page.getByLabel(t('login.password')).fill(ADMIN.password);
  await page.getByRole('button', { name: t('login.signIn') }).click();
  await page.waitForURL((url) => url.pathname !== '/login');
}
