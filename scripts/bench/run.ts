/**
 * npm run bench: every measurement of the product in one run, against the shipped build, a private engine and Chromium.
 * Figures are for comparing releases on one machine; nothing here is asserted in a test.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium } from '@playwright/test';
import config from '../../playwright.config.ts';
import { ADMIN, type Panel, removeData, residentMemory, setUpAndSignIn, startPanel } from '../../e2e/panel-process.ts';
import { openHostWorld } from '../../e2e/world.ts';
import { BUSYBOX_IMAGE } from '../machine/busybox-image.mjs';
import { benchConfig } from './config.ts';
import { type BenchRow, benchLogs, printRows } from './logs.ts';

const PORT = 4090;
const BACKLOG = 500_000;
const IDLE_SECONDS = 20;
const SERVICE = 'gp-bench-backlog';
const docker = (...args: string[]) => execFileSync('docker', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();

/** Clock ticks (10 ms) of processor time that a process has used. */
function processorTicks(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

async function idle(panel: Panel): Promise<BenchRow[]> {
  const before = processorTicks(panel.pid);
  await sleep(IDLE_SECONDS * 1000);
  const percent = (processorTicks(panel.pid) - before) / IDLE_SECONDS;
  return [
    { name: 'idle, resident memory', value: Math.round(residentMemory(panel.pid)), unit: 'MiB' },
    { name: `idle, processor over ${IDLE_SECONDS} s`, value: Math.round(percent * 100) / 100, unit: '% of one core' },
  ];
}

async function secondStart(panel: Panel, env: Record<string, string>): Promise<{ panel: Panel; rows: BenchRow[] }> {
  const stopped = await panel.stop();
  const begun = performance.now();
  // With npm and the look for what has changed, as its operator starts it.
  const next = await startPanel({ port: PORT, dataDir: panel.dataDir, env, command: ['npm', 'start', '--silent'] });
  await (await fetch(`${next.url}/login`)).text();
  const took = Math.round(performance.now() - begun);
  await next.stop();
  for (let i = 0; i < 100 && (await fetch(`${next.url}/api/health`).then(() => true, () => false)); i++) await sleep(100);
  return {
    panel: await startPanel({ port: PORT, dataDir: panel.dataDir, env }),
    rows: [
      { name: 'stop', value: Math.round(stopped), unit: 'ms', goal: '< 500', good: stopped < 500 },
      { name: 'second start to the first page', value: took, unit: 'ms', goal: '< 3000', good: took < 3000 },
    ],
  };
}

/** Chromium opens a log of half a million lines: lines a second until all are in the view, and the longest task meanwhile. */
async function backlogInChromium(panel: Panel, project: string): Promise<BenchRow[]> {
  docker('run', '-d', '--name', SERVICE, '--label', `com.docker.compose.project=${project}`, '--label', `com.docker.compose.service=${SERVICE}`, '--log-opt', 'max-size=500m', BUSYBOX_IMAGE, '/bin/busybox', 'sh', '-c', `/bin/busybox awk 'BEGIN{for(i=1;i<=${BACKLOG};i++) print "n " i " INF committed state module=state height=" i " the quick brown fox jumps"}'; /bin/busybox sleep 10000`);
  const browser = await chromium.launch(config.use!.launchOptions);
  try {
    for (let i = 0; i < 200 && !docker('logs', '--tail', '1', SERVICE).startsWith(`n ${BACKLOG} `); i++) await sleep(200);
    const page = await (await browser.newContext()).newPage();
    await page.goto(`${panel.url}/login`);
    await page.locator('input[name=username]').fill(ADMIN.username);
    await page.locator('input[name=password]').fill(ADMIN.password);
    await page.keyboard.press('Enter');
    await page.waitForURL(`${panel.url}/`);
    await page.addInitScript(() => {
      const tasks: number[] = [];
      (globalThis as unknown as { longTasks: number[] }).longTasks = tasks;
      new PerformanceObserver((list) => tasks.push(...list.getEntries().map((entry) => entry.duration))).observe({ type: 'longtask', buffered: true });
    });
    await page.goto(`${panel.url}/logs?service=${SERVICE}&tail=all`);
    await page.waitForFunction((lines) => Number(document.querySelector('[data-lines]')?.getAttribute('data-lines') ?? 0) >= lines && performance.getEntriesByName('logs:done').length > 0, BACKLOG, { timeout: 180_000 });
    const seen = await page.evaluate(() => ({
      first: performance.getEntriesByName('logs:first')[0]!.startTime,
      done: performance.getEntriesByName('logs:done').at(-1)!.startTime,
      longest: Math.max(0, ...(globalThis as unknown as { longTasks: number[] }).longTasks),
    }));
    const rate = Math.round(BACKLOG / ((seen.done - seen.first) / 1000));
    return [
      { name: `Chromium, backlog of ${BACKLOG.toLocaleString('en')}`, value: rate, unit: 'lines/s', goal: '≥ 50,000', good: rate >= 50_000 },
      { name: 'Chromium, longest task', value: Math.round(seen.longest), unit: 'ms', goal: '< 100', good: seen.longest < 100 },
    ];
  } finally {
    await browser.close();
    docker('rm', '-f', SERVICE);
  }
}

// Before anything else of ours uses the processor.
const rows: BenchRow[] = await benchConfig();
const world = await openHostWorld({ release: '0.2.4', seedPort: 4091 });
const env = { ...world.env, GONKA_DEPLOY_DIR: world.dir };
let panel = await startPanel({ port: PORT, env });
try {
  const cookie = await setUpAndSignIn(panel);
  const project = 'join';
  rows.push(...(await benchLogs({ lines: 300_000, viewers: 100, project, panel: { url: panel.url, cookie, pid: panel.pid } })));
  rows.push(...(await backlogInChromium(panel, project)));
  const again = await secondStart(panel, env);
  panel = again.panel;
  rows.push(...again.rows, ...(await idle(panel)));
  console.log(`\nNode ${process.version}, Docker ${docker('version', '--format', '{{.Server.Version}}')}\n`);
  printRows(rows);
} finally {
  await panel.stop();
  removeData(panel);
  await world.close();
}
