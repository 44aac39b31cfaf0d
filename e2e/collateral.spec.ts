/** Collateral as the chain has it, on the checklist of a host that is in the set. */
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { signedIn } from './config-page.ts';
import { type JoinedHost, openJoinedHost } from './joined-host.ts';
import { expectAccessible } from './page-watch.ts';
import { type Panel, removeData, root, setUpAndSignIn, startPanel } from './panel-process.ts';
import { words } from './words.ts';

const PORT = 4186;
const KEYS = 'onboarding.verify.collateral';
const soon = { timeout: 60_000 };
let host: JoinedHost;
let panel: Panel;
let cookie: string;

test.use({ locale: 'en-US', viewport: { width: 1280, height: 900 } });
test.beforeAll(async () => {
  test.setTimeout(240_000);
  host = await openJoinedHost({ port: PORT, release: '0.2.4', epochSeconds: 1200 });
  panel = await startPanel({ port: PORT + 1, env: { SEED_API_URLS: host.seed.url, GONKA_DEPLOY_DIR: host.dir } });
  cookie = await setUpAndSignIn(panel);
});
test.afterAll(async () => {
  await panel?.stop();
  await host?.close();
  if (panel) removeData(panel);
});

test('a host was told that most of its weight does not count, whatever it had deposited', async ({ page }) => {
  test.setTimeout(240_000);
  await signedIn(page, panel, cookie);
  const t = words('en');
  const shot = (name: string) => page.screenshot({ path: path.join(root, '.test/screens', `collateral-${name}.png`), fullPage: true });
  await page.goto(`${panel.url}/onboarding/verify`);
  await expect(page.getByText('Without collateral, only 20% of the weight counts')).toBeVisible(soon);
  await expect(page.getByText(/^From epoch 181 on a host without a deposit keeps 20% of its weight\./)).toBeVisible();
  await shot('none');
  // Each of the 40 units of its weight beyond the fifth that is free wants one ngonka.
  host.seed.change({ collateral: { [host.address]: '31' } });
  await expect(page.getByText(t(`${KEYS}.is.short.title`))).toBeVisible(soon);
  host.seed.change({ collateral: { [host.address]: '64000000000' } });
  await expect(page.getByText(t(`${KEYS}.is.enough.title`))).toBeVisible(soon);
  await expect(page.getByText(/^On chain: 64 GNK\. Wanted for it: about 32 ngonka\./)).toBeVisible();
  await expectAccessible(page);
  await shot('enough');
  await page.setViewportSize({ width: 360, height: 780 });
  await page.context().addCookies([{ name: 'locale', value: 'zh', url: panel.url }]);
  await page.reload();
  await expect(page.getByText(words('zh')(`${KEYS}.is.enough.title`))).toBeVisible(soon);
  await shot('zh');
});
