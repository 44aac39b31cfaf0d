/**
 * A host that was set up by hand up to some step, with the guide's own commands: a panel that has never seen it opens onboarding
 * where the evidence ends, says what is done, and does nothing a second time. One host goes through all steps; each time a
 * panel with an empty database looks at it. In the long run each of these hosts is finished by clicking from there.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, type Page, test as base } from '@playwright/test';
import { STEPS, type StepName } from '#lib/onboarding/schema.ts';
import { byHand, programsOf } from './by-hand.ts';
import { signedIn } from './config-page.ts';
import { type GitServer, startGitServer } from './network/git-server.ts';
import { ensureImages } from './network/image.ts';
import { type OperatorMachine, startOperatorMachine } from './network/operator-machine.ts';
import { type Registry, startRegistry } from './network/registry.ts';
import type { ReleaseName } from './network/releases.ts';
import { type Seed, startSeed } from './network/seed.ts';
import { clicks, dirIn, forThisEngine, onboardingNow } from './onboarding-walk.ts';
import { runOperation } from './operate.ts';
import { watchPage } from './page-watch.ts';
import { type Panel, removeData, root, setUpAndSignIn, startPanel } from './panel-process.ts';
import { words } from './words.ts';
import { removeProject } from './world.ts';

const t = words('en');
const test = base.extend<{ release: ReleaseName }>({ release: ['0.2.8', { option: true }] });
const PASSWORD = `it's "my" $HOME $(id) #; 密码`;

/**
 * Where onboarding opens when the steps up to this one were done by hand. An account key that was made on the operator's own
 * machine leaves nothing on the server until it stands in config.env: until then it is the first thing to be pasted.
 */
const OPENS: Record<StepName, StepName> = {
  prerequisites: 'account-key', 'account-key': 'account-key', deployment: 'account-key', configuration: 'images', images: 'start-chain', 'start-chain': 'ml-key', 'ml-key': 'register', register: 'grant', grant: 'launch', launch: 'verify', verify: 'verify',
};
/** From inside a container a panel can't tell cards, toolkit and ports of the machine: then the first step stays unknown, and is passed over as soon as a later one is done. */
const MEASURABLE = !existsSync('/.dockerenv');
const since = (step: StepName, first: StepName) => STEPS.indexOf(step) >= STEPS.indexOf(first);
/** Upstream's own files publish the port that hands out the keyring's password (measured 14): that comes before everything else. */
const leaks = (release: ReleaseName, step: StepName) => release === '0.2.4' && since(step, 'deployment');
const opensAfter = (step: StepName): StepName => (MEASURABLE || since(step, 'deployment') ? OPENS[step] : 'prerequisites');
const doneAfter = (step: StepName): StepName[] => STEPS.filter((one) => since(step, one) && (one !== 'prerequisites' || MEASURABLE) && (one !== 'account-key' || since(step, 'configuration')));

let seed: Seed;
let upstream: GitServer;
let registry: Registry;
let operator: OperatorMachine;
let home: string;
let panel: Panel | undefined;

test.use({ locale: 'en-US', viewport: { width: 1280, height: 900 } });
test.beforeEach(async ({ release }) => {
  test.setTimeout(240_000);
  seed = await startSeed({ port: 4140, release, epochSeconds: 40, startOffset: 25 });
  seed.change({ registration: { waitMs: 1500 } });
  registry = await startRegistry({ layers: [200_000, 100_000] });
  upstream = await startGitServer({ change: (file, text) => forThisEngine(file, text).replace(/^( +image: *)(\S+)/gm, (_, key: string, image: string) => key + registry.nameOf(image)) });
  operator = startOperatorMachine({ release });
  home = mkdtempSync(path.join(tmpdir(), 'halfway-'));
});
test.afterEach(async () => {
  await panel?.stop();
  if (panel) removeData(panel);
  panel = undefined;
  removeProject(dirIn(home));
  const pulled = execFileSync('docker', ['images', '--format', '{{.Repository}}:{{.Tag}}'], { encoding: 'utf8' }).split('\n').filter((name) => name.startsWith(`127.0.0.1:${registry.port}/`));
  if (pulled.length) execFileSync('docker', ['image', 'rm', '-f', ...pulled], { stdio: 'ignore' });
  await registry.close();
  await upstream.close();
  await seed.stop();
  operator.remove();
  rmSync(home, { recursive: true, force: true });
});

/** A panel that knows nothing of this host, and a browser that is signed in to it. */
async function freshPanel(page: Page): Promise<{ panel: Panel; cookie: string }> {
  // The page of the one before would be sent to sign in.
  await page.goto('about:blank');
  await panel?.stop();
  if (panel) removeData(panel);
  panel = await startPanel({ port: 4141, env: { HOME: home, PATH: `${programsOf(home)}:${process.env.PATH}`, SEED_API_URLS: seed.containerUrl, GONKA_REPOSITORY: upstream.url } });
  const cookie = await setUpAndSignIn(panel);
  await page.context().clearCookies();
  await signedIn(page, panel, cookie);
  return { panel, cookie };
}

const heading = (page: Page, step: StepName) => expect(page.getByRole('heading', { level: 1 })).toHaveText(t(`onboarding.steps.${step}.title`));

/** Opens onboarding; the directory that lies there is taken over with one click. */
async function openOnboarding(page: Page, at: Panel, there: boolean): Promise<void> {
  await page.goto(`${at.url}/onboarding`);
  if (!there) return;
  await heading(page, 'deployment');
  await expect(page.getByText(dirIn(home), { exact: true }).first()).toBeVisible({ timeout: 60_000 });
  await page.getByRole('button', { name: `${t('deployment.use')}: ${dirIn(home)}`, exact: true }).click();
  await expect.poll(async () => (await onboardingNow({ page, panel: at })).steps.find(({ name }) => name === 'deployment')?.state, { timeout: 60_000 }).toBe('done');
}

const keyring = () => {
  const ring = path.join(dirIn(home), '.inference/keyring-file');
  return readdirSync(ring).sort().map((name) => [name, readFileSync(path.join(ring, name), 'utf8')]);
};
const containers = () => execFileSync('docker', ['ps', '-q', '--no-trunc'], { encoding: 'utf8' }).split('\n').sort();
const registrations = () => seed.ledger.hosts.filter(({ address }) => address === operator.key()?.address);
const asked = () => seed.requests.filter((one) => one.path === '/v1/participants').length;

/** What must run once, asked for a second time on a host that was made by hand: it is found, and stays as it is. */
const AGAIN: Partial<Record<StepName, (at: Panel, cookie: string) => Promise<void>>> = {
  'start-chain': async (at, cookie) => {
    const before = containers();
    await runOperation(at, cookie, { kind: 'launch-chain', reason: 'a test asks twice' });
    expect(containers()).toEqual(before);
  },
  'ml-key': async (at, cookie) => {
    const before = keyring();
    await runOperation(at, cookie, { kind: 'create-ml-key', reason: 'a test asks twice' });
    expect(keyring()).toEqual(before);
  },
  register: async (at, cookie) => {
    const before = asked();
    await runOperation(at, cookie, { kind: 'register-host', reason: 'a test asks twice' });
    expect(registrations()).toHaveLength(1);
    expect(asked()).toBe(before);
  },
  launch: async (at, cookie) => {
    const before = containers();
    await runOperation(at, cookie, { kind: 'launch-all', reason: 'a test asks twice' });
    expect(containers()).toEqual(before);
  },
};

/** What the page of the step where onboarding opens has to go on with. */
const OFFERS: Partial<Record<StepName, (page: Page) => ReturnType<Page['locator']>>> = {
  prerequisites: (page) => page.getByRole('button', { name: t('onboarding.checkAgain'), exact: true }),
  'account-key': (page) => page.getByLabel(t('accountKey.paste.label')),
  images: (page) => page.getByRole('region', { name: t('onboarding.images.title'), exact: true }).getByRole('button').first(),
  'start-chain': (page) => page.getByRole('link', { name: t('onboarding.steps.start-chain.link') }).first(),
  'ml-key': (page) => page.getByRole('button', { name: t('mlKey.start.make') }),
  register: (page) => page.getByRole('button', { name: t('onboarding.register.action') }),
  grant: (page) => page.getByRole('region', { name: t('onboarding.grant.command') }),
  launch: (page) => page.getByRole('button', { name: t('onboarding.launch.launch') }),
};

test('at every step, a panel that has never seen the host opens where the evidence ends, and does nothing twice', async ({ page, release }) => {
  test.setTimeout(480_000);
  const { complaints } = watchPage(page);
  const hand = byHand({ home, release, repository: upstream.url, seedUrl: seed.containerUrl, password: PASSWORD, operator });
  mkdirSync(programsOf(home), { recursive: true });
  let host = {} as Awaited<ReturnType<typeof freshPanel>>;
  for (const step of STEPS) {
    await test.step(`after ${step}`, async () => {
      await hand[step]();
      // Nothing is typed at the last one: the panel that saw the launch sees the end as well.
      if (step !== 'verify') host = await freshPanel(page);
      const { panel: fresh, cookie } = host;
      if (step !== 'verify') await openOnboarding(page, fresh, since(step, 'deployment'));
      const wanted = { landing: opensAfter(step), done: doneAfter(step) };
      await expect.poll(async () => {
        const { landing, steps } = await onboardingNow({ page, panel: fresh });
        // The next Proof of Compute may come at once.
        return { landing, done: steps.filter(({ name, state }) => state === 'done' && (name !== 'verify' || step === 'verify')).map(({ name }) => name) };
      }, { timeout: 150_000, message: `after ${step} by hand` }).toEqual(wanted);
      await page.goto(`${fresh.url}/onboarding`);
      await heading(page, opensAfter(step));
      const offer = OFFERS[opensAfter(step)];
      if (offer) await expect(offer(page)).toBeVisible({ timeout: 30_000 });
      await page.screenshot({ path: path.join(root, `.test/screens/halfway-${String(STEPS.indexOf(step) + 1).padStart(2, '0')}-${step}.png`), fullPage: true });
      await AGAIN[step]?.(fresh, cookie);
    });
  }
  await expect(page.getByText(t('onboarding.finished.title'))).toBeVisible();
  expect(registrations()).toHaveLength(1);
  expect(complaints()).toEqual([]);
});

// A whole world each: some two minutes.
for (const release of process.env.TEST_LONG ? (['0.2.4', '0.2.8'] as const) : []) {
  test.describe(`finished by clicking, v${release}`, () => {
    test.use({ release });
    test.beforeAll(async () => {
      await ensureImages();
    });
    for (const [index, last] of STEPS.slice(0, -1).entries()) {
      test(`after ${last} by hand`, async ({ page }) => {
        test.setTimeout(480_000);
        const hand = byHand({ home, release, repository: upstream.url, seedUrl: seed.containerUrl, password: PASSWORD, operator });
        for (const step of STEPS.slice(0, index + 1)) await hand[step]();
        if (since(last, 'start-chain')) await expect.poll(() => execFileSync('docker', ['logs', 'node'], { encoding: 'utf8' }).includes('finalized block'), { timeout: 60_000 }).toBe(true);
        const { panel: fresh } = await freshPanel(page);
        await openOnboarding(page, fresh, since(last, 'deployment'));
        const opensAt = (step: StepName) => expect.poll(async () => (await onboardingNow({ page, panel: fresh })).landing, { timeout: 60_000 }).toBe(step);
        const walk = clicks({ page, panel: fresh, operator, language: 'en', release, password: PASSWORD });
        if (leaks(release, last)) {
          await opensAt('prerequisites');
          await walk.openStep('prerequisites');
          await page.locator('#exposure').getByRole('button', { name: t('onboarding.ports.close') }).click();
          await walk.run(t('operationView.verb.close-ports'));
        }
        await opensAt(opensAfter(last));
        const done = doneAfter(last);
        for (const step of STEPS) if (step !== 'prerequisites' && !done.includes(step)) await walk.steps[step]();
        expect(registrations()).toHaveLength(1);
        expect((await onboardingNow({ page, panel: fresh })).finished).toBe(true);
      });
    }
  });
}
