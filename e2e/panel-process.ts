import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export const root = path.resolve(import.meta.dirname, '..');
export const standalone = path.join(root, '.next/standalone');

export type Panel = {
  url: string;
  port: number;
  dataDir: string;
  pid: number;
  /** All that it printed so far. */
  output: () => string;
  setupLink: () => string | undefined;
  /** Milliseconds from the signal to the exit. */
  stop: (signal?: NodeJS.Signals) => Promise<number>;
  exited: Promise<number | null>;
};

export type PanelOptions = { port: number; dataDir?: string; env?: Record<string, string>; waitFor?: 'ready' | 'exit'; /** What is run; default: the server itself, as `npm start` does in the end. */ command?: [string, ...string[]] };

export const SERVER: [string, ...string[]] = [process.execPath, '--disable-warning=ExperimentalWarning', path.join(standalone, 'server.mjs')];

/** A failed test must not leave its panel on the port of the next one. */
const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** The panel as it is shipped: the gate's bundle over Next's standalone build, in a process of its own, with nothing of our environment but PATH, HOME and DOCKER_HOST. */
export async function startPanel({ port, dataDir = mkdtempSync(path.join(tmpdir(), 'panel-data-')), env = {}, waitFor = 'ready', command: [file, ...args] = SERVER }: PanelOptions): Promise<Panel> {
  const child: ChildProcess = spawn(file, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, HOME: process.env.HOME, DOCKER_HOST: process.env.DOCKER_HOST, NODE_ENV: 'production', PANEL_PORT: String(port), PANEL_DATA_DIR: dataDir, SEED_API_URLS: 'http://127.0.0.1:9', ...env } as NodeJS.ProcessEnv,
  });
  running.add(child);
  child.on('exit', () => running.delete(child));
  let output = '';
  child.stdout?.on('data', (data) => (output += data));
  child.stderr?.on('data', (data) => (output += data));
  const exited = new Promise<number | null>((resolve) => child.on('exit', (code) => resolve(code)));
  const url = `http://127.0.0.1:${port}`;
  const panel: Panel = {
    url,
    port,
    dataDir,
    pid: child.pid!,
    output: () => output,
    setupLink: () => /http:\/\/\S+\/setup\?token=\S+/.exec(output)?.[0],
    exited,
    stop: async (signal = 'SIGTERM') => {
      const started = performance.now();
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      await exited;
      return performance.now() - started;
    },
  };
  if (waitFor === 'exit') {
    await exited;
    return panel;
  }
  for (const started = Date.now(); Date.now() - started < 20_000; await sleep(25)) {
    if (child.exitCode !== null) throw new Error(`the panel ended while starting:\n${output}`);
    if (output.includes('is ready') && (await fetch(`${url}/api/health`).then((answer) => answer.ok, () => false))) return panel;
  }
  child.kill('SIGKILL');
  throw new Error(`the panel did not get ready:\n${output}`);
}

export const ADMIN = { username: 'operator', password: 'correct horse battery staple' };

/** Makes the administrator by the link that the start printed, as a person would, and signs in. Returns the Cookie header. */
export async function setUpAndSignIn(panel: Panel): Promise<string> {
  const token = new URL(panel.setupLink()!).searchParams.get('token');
  const answer = await post(panel, '/api/setup', { token, ...ADMIN });
  if (!answer.ok) throw new Error(`set-up answered ${answer.status}: ${await answer.text()}`);
  return signIn(panel);
}

export async function signIn(panel: Panel): Promise<string> {
  const answer = await post(panel, '/api/auth/sign-in/username', ADMIN);
  if (!answer.ok) throw new Error(`sign-in answered ${answer.status}: ${await answer.text()}`);
  return answer.headers.getSetCookie().map((cookie) => cookie.split(';')[0]).join('; ');
}

/** A kept connection may have been closed by a panel that ended, or while this process was busy, without being noticed yet. */
export const ONCE = { connection: 'close' };

export function post(panel: Panel, target: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(panel.url + target, { method: 'POST', redirect: 'manual', headers: { ...ONCE, origin: panel.url, 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) });
}

/** Resident memory in MiB. */
export function residentMemory(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}

export function removeData(panel: Panel): void {
  rmSync(panel.dataDir, { recursive: true, force: true });
}
