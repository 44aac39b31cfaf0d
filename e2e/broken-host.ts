/** A host on a small disk of its own, one browser, and what goes wrong with them: for the specs that break every step of the path. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Browser, expect, type Page } from '@playwright/test';
import { createTranslator } from 'use-intl/core';
import type { StepName } from '#lib/onboarding/schema.ts';
import { startDocker, stopDocker } from '../scripts/machine/private-docker.mjs';
import { signedIn } from './config-page.ts';
import { fillDisk } from './fill-disk.ts';
import { type OperatorMachine, startOperatorMachine } from './network/operator-machine.ts';
import type { ReleaseName } from './network/releases.ts';
import { type Seed, startSeed } from './network/seed.ts';
import { clicks, dirIn, onboardingNow } from './onboarding-walk.ts';
import { begin, runOperation, type Started } from './operate.ts';
import { ONCE, type Panel, removeData, root, setUpAndSignIn, startPanel } from './panel-process.ts';
import { removeProject } from './world.ts';

export const RELEASE: ReleaseName = '0.2.8';
/** Its backtick is told apart: with a single quote beside it there is no form that bash and compose read alike, which the form says. */
export const PASSWORD = `y'e"s $HOME $(id) \\ #;&| 密码`;
const REASON = 'a test goes on whatever the phase';
const ENGINE_DIR = path.dirname((process.env.DOCKER_HOST ?? '').replace('unix://', ''));

const english = createTranslator({ locale: 'en', messages: JSON.parse(readFileSync(path.join(root, 'messages/en.json'), 'utf8')) as never });
const reason = (why: string | number): string | number => (english.has(`operationView.why.${why}` as never) ? (english(`operationView.why.${why}` as never) as string) : why);
/** A message as its page has it: the code of a reason in words, too. */
export const say = (key: string, params: Record<string, string | number> = {}): string => english(key as never, { ...params, ...('why' in params ? { why: reason(params.why as string) } : {}) } as never) as string;

type Operation = { id: string; state: string; error?: { code: string; params: Record<string, string | number> }; steps: { name: string; state: string; detail?: { code: string } }[] };

export type BrokenHost = Awaited<ReturnType<typeof openBrokenHost>>;

/** `environment`: what the panel is started with, beside its HOME. The seed's port is the panel's less one. */
export async function openBrokenHost({ browser, port, withoutTool, environment }: { browser: Browser; port: number; withoutTool: boolean; environment: (host: { seed: Seed; home: string; operator: OperatorMachine }) => Promise<Record<string, string>> }) {
  const seed = await startSeed({ port: port - 1, release: RELEASE, epochSeconds: 60, startOffset: 25 });
  seed.change({ registration: { waitMs: 1500 } });
  const operator = startOperatorMachine(withoutTool ? { withoutTool } : { release: RELEASE });
  const scratch = mkdtempSync(path.join(tmpdir(), 'broken-'));
  // Not at the top of the disk: other panels on this machine look there for deployments.
  const disk = path.join(scratch, 'disk');
  const home = path.join(disk, 'home');
  const image = path.join(scratch, 'disk.img');
  execFileSync('truncate', ['-s', '640M', image]);
  execFileSync('mkfs.ext4', ['-q', '-F', '-m', '0', image]);
  mkdirSync(disk);
  execFileSync('mount', ['-o', 'loop,nodelalloc', image, disk]);
  mkdirSync(home);
  const env = { HOME: home, ...(await environment({ seed, home, operator })) };
  let panel: Panel = await startPanel({ port, env });
  let printed = '';
  const cookie = await setUpAndSignIn(panel);
  /** One browser all the way: it keeps the account key between two steps, as the operator's does. */
  const page: Page = await browser.newPage({ locale: 'en-US', viewport: { width: 1280, height: 900 } });
  await signedIn(page, panel, cookie);

  const restartPanel = async () => {
    printed += panel.output();
    panel = await startPanel({ port, dataDir: panel.dataDir, env });
  };
  const stepNow = async (name: StepName) => (await onboardingNow({ page, panel })).steps.find((one) => one.name === name);
  const walk = () => clicks({ page, panel, operator, language: 'en', release: RELEASE, password: PASSWORD, place: path.join(home, 'gonka') });
  const shot = (name: string) => page.screenshot({ path: path.join(root, `.test/screens/broken-${name}.png`), fullPage: true });

  async function operation(id: string): Promise<Operation> {
    const answer = await fetch(`${panel.url}/api/operations/${id}`, { headers: { ...ONCE, cookie } });
    return ((await answer.json()) as { operation: Operation }).operation;
  }
  const start = async (started: Started): Promise<string> => {
    const { id, error } = await begin(panel, cookie, { reason: REASON, ...started });
    expect(id, JSON.stringify(error)).toBeDefined();
    return id!;
  };
  const comesTo = (id: string, step: string) => expect.poll(async () => (await operation(id)).steps.find(({ name }) => name === step)?.state, { intervals: [50], timeout: 60_000 }).toBe('running');

  /** The page of an operation names what happened and what to do next. */
  async function isSaid({ id, error }: Operation): Promise<void> {
    await page.goto(`${panel.url}/history/${id}`);
    for (const part of ['what', 'next']) await expect(page.getByText(say(`errors.${error?.code}.${part}`, error?.params)).first()).toBeVisible();
  }

  /** It fails by this code, and its page says so in words. */
  async function fails(started: Started, code: string): Promise<void> {
    // A command that said "successful" is given three minutes to come true.
    const failed = await operation(await runOperation(panel, cookie, { reason: REASON, ...started }, 'failed', 240_000));
    expect(failed.error?.code, JSON.stringify(failed.error)).toBe(code);
    await isSaid(failed);
  }

  async function wasInterrupted(id: string): Promise<void> {
    await expect.poll(async () => { const { state, error } = await operation(id); return [state, error?.code]; }, { timeout: 30_000 }).toEqual(['interrupted', 'operation_interrupted']);
    await isSaid(await operation(id));
  }

  /** The panel is killed (-9) while the operation is at `step`, and comes back: the journal says that it was interrupted. */
  async function isKilledDuring(started: Started, step: string, afterMs = 300): Promise<void> {
    const id = await start(started);
    await comesTo(id, step);
    await sleep(afterMs);
    await panel.stop('SIGKILL');
    await restartPanel();
    await wasInterrupted(id);
  }

  /** The host's disk has no room while `work` runs. */
  async function withoutRoom(work: () => Promise<void>): Promise<void> {
    const fillers: string[] = [];
    const fill = () => {
      fillers.push(path.join(home, `filler-${fillers.length}`));
      fillDisk(fillers.at(-1)!);
    };
    // What the filesystem had set aside for itself is free again once all is written, some of it later.
    do {
      fill();
      execFileSync('sync', ['-f', home]);
    } while (statSync(fillers.at(-1)!).size > 0);
    const refill = setInterval(fill, 200);
    try {
      await work();
    } finally {
      clearInterval(refill);
      for (const filler of fillers) rmSync(filler);
    }
  }

  /** The engine is away while `work` runs. */
  async function withoutEngine(work: () => Promise<void>): Promise<void> {
    await stopDocker(ENGINE_DIR);
    try {
      await work();
    } finally {
      await startDocker(ENGINE_DIR);
    }
  }
  const restartEngine = () => withoutEngine(async () => {});

  /** It ends without success by itself, and its page says why in words. */
  async function comesToFail(id: string): Promise<void> {
    await expect.poll(async () => (await operation(id)).state, { timeout: 120_000 }).toBe('failed');
    await isSaid(await operation(id));
  }

  return {
    seed, operator, home, dir: dirIn(home), page, cookie, walk, shot, operation, start, comesTo, isSaid, fails, isKilledDuring, withoutRoom, withoutEngine, restartEngine, comesToFail,
    get panel() { return panel; },
    /** All that the panels of this host have printed. */
    output: () => printed + panel.output(),
    stepNow,
    /** The evidence says so, in its time. */
    comesToBe: (name: StepName, state: string, timeout = 60_000) => expect.poll(async () => (await stepNow(name))?.state, { timeout, message: `${name} is ${state}` }).toBe(state),
    /** The server loses its power: panel and engine are gone in the same moment, and both come back. */
    async powerCut() {
      await panel.stop('SIGKILL');
      await restartEngine();
      await restartPanel();
    },
    wasInterrupted,
    /** Stopped as a service is, and started again. */
    async restartPanel() {
      await panel.stop();
      await restartPanel();
    },
    /** Runs an operation to its good end. */
    succeeds: (started: Started) => runOperation(panel, cookie, { reason: REASON, ...started }),
    async close() {
      await page.close();
      await panel.stop();
      removeProject(dirIn(home));
      execFileSync('umount', ['-l', disk]);
      rmSync(scratch, { recursive: true, force: true });
      removeData(panel);
      await seed.stop();
      operator.remove();
    },
  };
}
