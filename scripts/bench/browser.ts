/** How the logs page keeps up in a real Chromium: with the whole of a long log, and with a flood that goes on. */
import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Browser, chromium, type Page } from '@playwright/test';
import { ADMIN } from '../../e2e/panel-process.ts';
import config from '../../playwright.config.ts';
import { BUSYBOX_IMAGE } from '../machine/busybox-image.mjs';
import type { BenchRow } from './logs.ts';

const BACKLOG = 500_000;
const LIVE_RATE = 20_000;
const LIVE_SECONDS = 8;
const WORDS = '" INF committed state module=state height=" i " the quick brown fox jumps"';
const docker = (...args: string[]) => execFileSync('docker', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();

function startPrinter(name: string, project: string, script: string): void {
  docker('run', '-d', '--name', name, '--label', `com.docker.compose.project=${project}`, '--label', `com.docker.compose.service=${name}`, '--log-opt', 'max-size=500m', BUSYBOX_IMAGE, '/bin/busybox', 'sh', '-c', `${script}; /bin/busybox sleep 10000`);
}

type Watched = { longTasks: number[]; inputs: number[] };

/** A signed-in tab that notes its long tasks (ms), and how long each input took until the next frame (ms, in steps of 8). */
async function openTab(browser: Browser, url: string): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  await page.goto(`${url}/login`);
  await page.locator('input[name=username]').fill(ADMIN.username);
  await page.locator('input[name=password]').fill(ADMIN.password);
  await page.keyboard.press('Enter');
  await page.waitForURL(`${url}/`);
  await page.addInitScript(() => {
    const watched: Watched = { longTasks: [], inputs: [] };
    (globalThis as unknown as { watched: Watched }).watched = watched;
    const watch = (type: string, into: number[]) => new PerformanceObserver((list) => into.push(...list.getEntries().map((entry) => entry.duration))).observe({ type, buffered: true, durationThreshold: 16 } as PerformanceObserverInit);
    watch('longtask', watched.longTasks);
    watch('event', watched.inputs);
  });
  return page;
}
const watched = (page: Page) => page.evaluate(() => (globalThis as unknown as { watched: Watched }).watched);
const worst = (durations: number[]) => Math.round(Math.max(0, ...durations));
const waitForLines = (page: Page, lines: number, timeout: number) => page.waitForFunction((least) => Number(document.querySelector('[data-lines]')?.getAttribute('data-lines') ?? 0) >= least, lines, { timeout });

/** Chromium opens a log of half a million lines: lines a second until all are in the view, and the longest task meanwhile. */
async function backlog(browser: Browser, url: string, project: string): Promise<BenchRow[]> {
  const service = 'gp-bench-backlog';
  startPrinter(service, project, `/bin/busybox awk 'BEGIN{for(i=1;i<=${BACKLOG};i++) print "n " i ${WORDS}}'`);
  try {
    for (let i = 0; i < 200 && !docker('logs', '--tail', '1', service).startsWith(`n ${BACKLOG} `); i++) await sleep(200);
    const page = await openTab(browser, url);
    await page.goto(`${url}/logs?service=${service}&tail=all`);
    await waitForLines(page, BACKLOG, 180_000);
    await page.waitForFunction(() => performance.getEntriesByName('logs:done').length > 0);
    const [first, done] = await page.evaluate(() => [performance.getEntriesByName('logs:first')[0]!.startTime, performance.getEntriesByName('logs:done').at(-1)!.startTime] as const);
    const rate = Math.round(BACKLOG / ((done - first) / 1000));
    const longest = worst((await watched(page)).longTasks);
    await page.close();
    return [
      { name: `Chromium, backlog of ${BACKLOG.toLocaleString('en')}`, value: rate, unit: 'lines/s', goal: '≥ 50,000', good: rate >= 50_000 },
      { name: 'Chromium, longest task', value: longest, unit: 'ms', goal: '< 100', good: longest < 100 },
    ];
  } finally {
    docker('rm', '-f', service);
  }
}

/** The numbers of all lines in the view, as copying them gives them: a selection at a time, the way a person would. */
async function copiedNumbers(page: Page, most: number): Promise<number[]> {
  return page.evaluate(async (step) => {
    const view = document.querySelector('[role=log]') as HTMLElement;
    const seqs = () => [...view.querySelectorAll<HTMLElement>('[data-seq]')].sort((a, b) => Number(a.dataset.seq) - Number(b.dataset.seq));
    const rowAt = async (seq: number) => {
      view.scrollTop = (seq - first) * 20;
      for (let i = 0; i < 100; i++) {
        await new Promise((resolve) => requestAnimationFrame(resolve));
        const row = seqs().find((each) => Number(each.dataset.seq) === seq);
        if (row) return row;
      }
      throw new Error(`line ${seq} is not shown`);
    };
    let first = 0;
    view.scrollTop = 0;
    for (let i = 0; i < 5; i++) await new Promise((resolve) => requestAnimationFrame(resolve));
    first = Number(seqs()[0]?.dataset.seq);
    const end = first + Math.round(view.scrollHeight / 20);
    const numbers: number[] = [];
    for (let from = first; from < end; from += step) {
      const a = await rowAt(from);
      getSelection()?.setBaseAndExtent(a, 0, a, 1);
      getSelection()?.extend(await rowAt(Math.min(from + step, end) - 1), 1);
      const clipboardData = new DataTransfer();
      view.dispatchEvent(new ClipboardEvent('copy', { clipboardData, bubbles: true, cancelable: true }));
      for (const [, number] of clipboardData.getData('text/plain').matchAll(/ {2}n (\d+) INF /g)) numbers.push(Number(number));
    }
    return numbers;
  }, most);
}

/** Chromium follows a container that prints 20,000 lines a second, and a person uses the page meanwhile. */
async function live(browser: Browser, url: string, project: string): Promise<BenchRow[]> {
  const service = 'gp-bench-live';
  const lines = LIVE_RATE * LIVE_SECONDS;
  // As many lines as the kernel's clock says are due, a hundred times a second.
  const printer = `BEGIN{up="/proc/uptime"; getline t < up; close(up); split(t, a); while ((getline tick) > 0 && i < ${lines}) { getline t < up; close(up); split(t, b); for (due = (b[1] - a[1]) * ${LIVE_RATE}; i < due && i < ${lines};) { i++; print "n " i ${WORDS} } fflush() } }`;
  startPrinter(service, project, `until [ -e /go ]; do /bin/busybox usleep 50000; done; (while /bin/busybox usleep 10000; do echo; done) | /bin/busybox awk '${printer}'`);
  try {
    const page = await openTab(browser, url);
    await page.goto(`${url}/logs?service=${service}&tail=all`);
    await page.locator('[data-state=open]').waitFor();
    docker('exec', service, '/bin/busybox', 'touch', '/go');
    await waitForLines(page, LIVE_RATE / 2, 30_000);
    const begun = performance.now();
    const from = Number(await page.locator('[data-lines]').getAttribute('data-lines'));
    // Pause, follow, wrap on and off, choose a line, close it again.
    while (Number(await page.locator('[data-lines]').getAttribute('data-lines')) < lines - LIVE_RATE) {
      for (const key of ['p', 'f', 'w', 'w', 'k', 'Escape', 'f']) {
        await page.keyboard.press(key);
        await sleep(120);
      }
    }
    const until = Number(await page.locator('[data-lines]').getAttribute('data-lines'));
    const rate = Math.round((until - from) / ((performance.now() - begun) / 1000));
    await waitForLines(page, lines, 30_000).catch(() => undefined);
    const { longTasks, inputs } = await watched(page);
    await page.keyboard.press('p');
    const numbers = await copiedNumbers(page, 50_000);
    const seen = new Set(numbers);
    const wrong = lines - seen.size + (numbers.length - seen.size);
    await page.close();
    return [
      { name: `Chromium, live at ${LIVE_RATE.toLocaleString('en')} lines/s: came`, value: rate, unit: 'lines/s' },
      { name: 'Chromium, live: lost + doubled', value: wrong, unit: 'lines', goal: '0', good: wrong === 0 },
      { name: 'Chromium, live: longest task', value: worst(longTasks), unit: 'ms', goal: '< 100', good: worst(longTasks) < 100 },
      { name: 'Chromium, live: slowest input to next frame', value: worst(inputs), unit: 'ms', goal: '≤ 200', good: worst(inputs) <= 200 },
    ];
  } finally {
    docker('rm', '-f', service);
  }
}

export async function benchBrowser(url: string, project: string): Promise<BenchRow[]> {
  const browser = await chromium.launch(config.use!.launchOptions);
  try {
    return [...(await backlog(browser, url, project)), ...(await live(browser, url, project))];
  } finally {
    await browser.close();
  }
}
