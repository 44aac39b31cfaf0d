/**
 * npm run bench: every measurement of the product in one run, against the shipped build, a private engine and Chromium.
 * Figures are for comparing releases on one machine; nothing here is asserted in a test.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Panel, removeData, residentMemory, setUpAndSignIn, startPanel } from '../../e2e/panel-process.ts';
import { openHostWorld } from '../../e2e/world.ts';
import { benchBrowser } from './browser.ts';
import { benchConfig } from './config.ts';
import { type BenchRow, benchLogs, printRows } from './logs.ts';

const PORT = 4090;
const IDLE_SECONDS = 20;
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

// Before anything else of ours uses the processor.
const rows: BenchRow[] = await benchConfig();
const world = await openHostWorld({ release: '0.2.4', seedPort: 4091 });
const env = { ...world.env, GONKA_DEPLOY_DIR: world.dir };
let panel = await startPanel({ port: PORT, env });
try {
  const cookie = await setUpAndSignIn(panel);
  const project = 'join';
  rows.push(...(await benchLogs({ lines: 300_000, viewers: 100, project, panel: { url: panel.url, cookie, pid: panel.pid } })));
  rows.push(...(await benchBrowser(panel.url, project)));
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
