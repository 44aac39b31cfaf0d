/**
 * The whole path: from an empty directory to a host in the active set, by clicking. The operator's own machine runs the command
 * cards as they stand on the page; on the server nothing is typed.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { STEPS } from '#lib/onboarding/schema.ts';
import { type GitServer, startGitServer } from './network/git-server.ts';
import { ensureImages } from './network/image.ts';
import { type OperatorMachine, startOperatorMachine } from './network/operator-machine.ts';
import type { ReleaseName } from './network/releases.ts';
import { type Seed, startSeed } from './network/seed.ts';
import { clicks, dirIn, forThisEngine, PUBLIC_URL } from './onboarding-walk.ts';
import { watchPage } from './page-watch.ts';
import { ADMIN, type Panel, removeData, root, startPanel } from './panel-process.ts';
import { type Language, words } from './words.ts';
import { removeProject } from './world.ts';

type Walk = { language: Language; release: ReleaseName; password: string };
const WALKS: Walk[] = [
  { language: 'en', release: '0.2.4', password: `it's "my" $HOME $(id) #; 密码` },
  { language: 'zh', release: '0.2.14', password: 'correct-horse-battery-staple' },
];
/** Minutes each: in the long run every release is walked in both languages. */
const MORE: Walk[] = process.env.TEST_LONG ? [
  { language: 'zh', release: '0.2.8', password: `a\\b c#d;e|f&g` },
  { language: 'zh', release: '0.2.4', password: '密码 = "a=b" & $1! ${KEY_NAME}' },
  { language: 'en', release: '0.2.8', password: '~/x{1,2}*?[z]<y>(w) ^!!' },
  { language: 'en', release: '0.2.14', password: `100%s \\n \`id\` é ñ` },
] : [];

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
      if (home) removeProject(dirIn(home));
      if (panel) removeData(panel);
      await upstream?.close();
      await seed?.stop();
      operator?.remove();
      if (home) rmSync(home, { recursive: true, force: true });
    });

    const shot = (page: Page, name: string) => page.screenshot({ path: path.join(root, '.test/screens', `path-${release}-${language}-${name}.png`), fullPage: true });
    test('nothing is typed on the server', async ({ page }) => {
      test.setTimeout(600_000);
      const { complaints } = watchPage(page);

      await page.goto(panel.setupLink()!);
      await page.getByLabel(t('setup.username')).fill(ADMIN.username);
      await page.getByLabel(t('setup.password'), { exact: true }).fill(ADMIN.password);
      await page.getByLabel(t('setup.again')).fill(ADMIN.password);
      await page.getByRole('button', { name: t('setup.create') }).click();
      await page.waitForURL((url) => !url.pathname.startsWith('/setup'));
      const walk = clicks({ page, panel, operator, language, release, password, look: (step) => shot(page, `${String(STEPS.indexOf(step) + 1).padStart(2, '0')}-${step}`) });
      for (const step of STEPS.slice(0, -1)) await walk.steps[step]();
      expect(existsSync(path.join(dirIn(home), 'docker-compose.yml'))).toBe(true);

      await walk.openStep('verify');
      await shot(page, '11-verify-before');
      // A request from this very machine arrives, and proves nothing: the line stays without a tick.
      const { outsideUrl } = (await (await page.request.get(`${panel.url}/api/onboarding/verify`)).json()) as { outsideUrl: string };
      await fetch(outsideUrl.replace(PUBLIC_URL, 'http://127.0.0.1:8000'));
      await expect(page.getByText(t('onboarding.verify.evidence.outside_inside', { address: '' }).split(/[,，：:]/)[0]!.trim(), { exact: false }).first()).toBeVisible({ timeout: 30_000 });
      await walk.steps.verify();
      const account = operator.key()!;
      expect(seed.ledger.hosts.filter(({ address }) => address === account.address)).toHaveLength(1);

      const certificate = await (await page.request.get(`${panel.url}/api/onboarding/certificate`, { headers: { 'accept-language': language } })).text();
      expect(certificate).toContain(t('onboarding.certificate.finished'));
      for (const secret of [password, walk.phrase().slice(0, 6).join(' ')]) {
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
