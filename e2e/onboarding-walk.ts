/** Every step of the path as a person clicks it, for the specs that walk it from the beginning or from half-way. */
import path from 'node:path';
import { expect, type Locator, type Page } from '@playwright/test';
import { needsNewerTool } from '#components/onboarding/local-commands.ts';
import type { StepName } from '#lib/onboarding/schema.ts';
import type { OperatorMachine } from './network/operator-machine.ts';
import { RELEASES, type ReleaseName } from './network/releases.ts';
import { ADMIN, type Panel } from './panel-process.ts';
import { type Language, words } from './words.ts';

export const PUBLIC_URL = 'http://36.189.234.237:8000';

/** Upstream's files for an engine without cards, and without an image that is named by digest. */
export const forThisEngine = (_: string, text: string): string => text.replace(/^ {4}deploy:\n(?: {6,}.*\n)+/m, '').replace(/@sha256:[0-9a-f]{64}/g, '');

export type Walker = {
  page: Page;
  panel: Panel;
  operator: OperatorMachine;
  language: Language;
  release: ReleaseName;
  /** Of the keyring. */
  password: string;
  /** Where the files are cloned to; default: what the page proposes, which is on the machine's roomiest disk. */
  place?: string;
  /** After each step, once it has its evidence. */
  look?: (step: StepName) => Promise<unknown>;
};

type StepsNow = { landing: StepName; finished: boolean; steps: { name: StepName; state: string; since?: number; evidence: { code: string; params: Record<string, string | number>; error?: { code: string; params?: Record<string, string | number> } } }[] };

export const onboardingNow = async ({ page, panel }: Pick<Walker, 'page' | 'panel'>): Promise<StepsNow> => (await page.request.get(`${panel.url}/api/onboarding`)).json() as Promise<StepsNow>;

/** What is clicked at each step; each ends when the step is done by evidence. What `phrase` gives is there after the ML operational key was made by clicking. */
export function clicks(walker: Walker): { steps: Record<StepName, () => Promise<void>>; openStep: (step: string) => Promise<void>; run: typeof run; phrase: () => string[] } {
  const { page, panel, operator, language, release, password } = walker;
  const t = words(language);
  const dialog = page.getByRole('dialog');
  const field = (name: string) => page.locator(`[data-field="${name}"] input`);
  const cardText = (title: string) => page.getByRole('region', { name: title }).locator('pre').first().innerText();
  let phrase: string[] = [];

  const openStep = async (step: string) => {
    await page.goto(`${panel.url}/onboarding/${step}`);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(t(`onboarding.steps.${step}.title`));
  };
  const isDone = async (name: StepName, timeout = 60_000) => {
    await expect.poll(async () => (await onboardingNow(walker)).steps.find((one) => one.name === name)?.state, { timeout, message: `${name} is done by evidence` }).toBe('done');
    await walker.look?.(name);
  };

  /** Presses the verb, with a reason where the moment asks for one, until the operation has begun; then waits for its good end. */
  async function run(verb: string, timeout = 120_000, box: Locator = dialog) {
    // In a moment that is no good one it stands beside the offer to wait for a better.
    const button = box.getByRole('button', { name: verb, exact: true }).or(box.getByRole('button', { name: t('operationView.nowAnyway', { verb }), exact: true }));
    const reason = box.getByLabel(t('operationView.reason'), { exact: true });
    const begun = box.getByRole('link', { name: t('operationView.openInHistory') });
    let pressed = false;
    await expect(async () => {
      // A page that changes with what was done takes its dialog along, also before anybody has seen it begin.
      if (pressed && (await box.count()) === 0) return;
      if (await reason.isVisible()) await reason.fill('a test goes on during PoC', { timeout: 2000 });
      if (await button.isVisible()) {
        await button.click({ timeout: 2000 });
        pressed = true;
      }
      await expect(begun).toBeVisible({ timeout: 3000 });
    }).toPass({ timeout: 60_000 });
    const ended = box.locator('[aria-live="polite"]').first();
    await expect(async () => expect((await box.count()) === 0 || (await ended.textContent({ timeout: 1000 }))?.includes(t('operationView.state.succeeded'))).toBe(true)).toPass({ timeout });
    await box.getByRole('button', { name: t('shell.close'), exact: true }).last().click({ timeout: 5000 }).catch(() => undefined);
    await expect(box).toHaveCount(0);
  }

  async function writePhraseDown() {
    await page.getByLabel(t('mlKey.phrase.alone')).check();
    await page.getByLabel(t('mlKey.phrase.password')).fill(ADMIN.password);
    await page.getByRole('button', { name: t('mlKey.phrase.show') }).click();
    const shown = page.getByRole('list', { name: t('mlKey.phrase.title') }).locator('.font-medium');
    await expect(shown).toHaveCount(24);
    phrase = await shown.allInnerTexts();
    await page.getByRole('button', { name: t('mlKey.phrase.written') }).click();
    const asked = page.getByRole('textbox', { name: new RegExp(`^${t('mlKey.phrase.word', { position: '\\d+' }).replace('\\\\', '\\')}$`) });
    await expect(asked).toHaveCount(3);
    for (const box of await asked.all()) {
      const label = await box.evaluate((input) => (input as HTMLInputElement).labels?.[0]?.textContent ?? '');
      await box.fill(phrase[Number(/\d+/.exec(label)?.[0]) - 1]!);
    }
    await page.getByRole('button', { name: t('mlKey.phrase.check') }).click();
    await expect(page.getByText(t('mlKey.phraseIs.written.title'))).toBeVisible();
  }

  const steps: Record<StepName, () => Promise<void>> = {
    prerequisites: async () => {
      await openStep('prerequisites');
      await walker.look?.('prerequisites');
    },
    // The operator's own machine: the tool, the key, and its whole output pasted back. It is in config.env, and so done, with the configuration.
    'account-key': async () => {
      await openStep('account-key');
      const known = operator.key() !== undefined;
      const tool = await operator.run(known ? '' : await cardText(t('accountKey.tool.download', { release: '0.2.9' })));
      expect(tool.code).toBe(0);
      const made = await operator.run(known ? './inferenced keys show gonka-account-key --keyring-backend file' : await cardText(t('accountKey.make.command')));
      expect(made.code, made.output).toBe(0);
      await page.getByLabel(t('accountKey.paste.label')).fill(made.output);
      await expect(page.getByText(t('accountKey.use.keep.title'))).toBeVisible();
      // A key that was made a moment ago shows its phrase in the same output, last of all.
      if (!known) expect(await page.content()).not.toContain(made.output.trim().split('\n').at(-1)!.trim());
      await walker.look?.('account-key');
    },
    deployment: async () => {
      await openStep('deployment');
      await page.getByLabel(t('deploymentStep.get.release')).selectOption(`release/v${release}`);
      if (walker.place) await page.getByLabel(t('deploymentStep.get.place')).fill(walker.place);
      await page.getByRole('button', { name: t('deploymentStep.get.action') }).click();
      await run(t('operationView.verb.get-deployment'));
      await isDone('deployment');
    },
    configuration: async () => {
      await openStep('configuration');
      await expect(field('ACCOUNT_PUBKEY')).toHaveValue(operator.key()!.pubKey);
      await field('PUBLIC_URL').fill(PUBLIC_URL);
      await field('KEYRING_PASSWORD').fill(password);
      await page.getByRole('button', { name: t('configStep.env.review') }).click();
      await run(t('config.review.save'));
      await page.getByRole('button', { name: t('configStep.nodes.propose') }).click();
      await dialog.getByLabel(t('nodeConfig.propose.model')).selectOption(RELEASES[release].models[0]!.id);
      await dialog.getByRole('button', { name: t('nodeConfig.propose.use'), exact: true }).click();
      // The draft is checked first; a release's own file may say the same already.
      const nodes = page.getByRole('button', { name: t('configStep.nodes.review') });
      const same = page.getByText(t('configStep.nodes.same'), { exact: true });
      await expect(nodes.and(page.locator(':enabled')).or(same)).toBeVisible();
      if (!(await same.isVisible())) {
        await nodes.click();
        await run(t('config.review.save'));
      }
      await isDone('account-key');
      await isDone('configuration');
    },
    images: async () => {
      await openStep('images');
      // The walk of this step waits for a registry only where images are missing. The weights belong to the cards, and this machine has none.
      if ((await onboardingNow(walker)).steps.find(({ name }) => name === 'images')?.state !== 'done') {
        await page.getByRole('region', { name: t('onboarding.images.title'), exact: true }).getByRole('button').first().click();
        await run(t('operationView.verb.pull-images'));
      }
      await isDone('images');
    },
    'start-chain': async () => {
      await page.goto(`${panel.url}/start-chain`);
      await page.getByRole('button', { name: t('startChain.start'), exact: true }).click();
      await run(t('operationView.verb.launch-chain'));
      await isDone('start-chain', 120_000);
    },
    'ml-key': async () => {
      await openStep('ml-key');
      await page.getByRole('button', { name: new RegExp(`^(${t('mlKey.start.make')}|${t('mlKey.start.look')})$`) }).click();
      await run(t('operationView.verb.create-ml-key'));
      await writePhraseDown();
      await isDone('ml-key');
    },
    register: async () => {
      await openStep('register');
      await page.getByRole('button', { name: t('onboarding.register.action') }).click({ timeout: 90_000 });
      await run(t('operationView.verb.register-host'));
      await isDone('register');
    },
    grant: async () => {
      await openStep('grant');
      // The tool that made the key is the guide's; a later release needs its own.
      if (needsNewerTool(release)) expect((await operator.run(await cardText(t('accountKey.tool.download', { release })))).code).toBe(0);
      const granted = await operator.run(await cardText(t('onboarding.grant.command')));
      expect(granted.code, granted.output).toBe(0);
      await isDone('grant');
    },
    launch: async () => {
      await openStep('launch');
      await page.getByRole('button', { name: t('onboarding.launch.launch') }).click();
      await run(t('operationView.verb.launch-all'), 180_000);
      await isDone('launch', 120_000);
    },
    verify: async () => {
      await openStep('verify');
      await isDone('verify', 180_000);
      await expect(page.getByText(t('onboarding.finished.title'))).toBeVisible({ timeout: 30_000 });
    },
  };
  return { steps, openStep, run, phrase: () => phrase };
}

export const dirIn = (home: string): string => path.join(home, 'gonka/deploy/join');
