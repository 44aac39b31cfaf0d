/**
 * How fast log lines walk, side by side in one run: out of dockerd as they are, through the hub, and (with --panel)
 * through the panel's own event stream. Counts every line: none lost, none twice. Then how much stays open after 100
 * viewers have left.
 *
 *   node scripts/bench/logs.ts [--lines 300000] [--viewers 100] [--rounds 5]
 *     [--panel http://127.0.0.1:7700 --cookie 'panel.session_token=…' --project join --pid 1234]
 *
 * DOCKER_HOST names the engine. The container that floods gets the labels of `--project`, so that the panel lets it be seen.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { panelEnv } from '#lib/core/env.ts';
import { FrameDecoder } from '#lib/docker/frame-decoder.ts';
import { logHub } from '#lib/docker/log-hub.ts';
import { BUSYBOX_IMAGE, ensureBusyboxImage } from '../machine/busybox-image.mjs';

export type BenchRow = { name: string; value: number; unit: string; goal?: string; good?: boolean };
export type BenchOptions = { lines: number; viewers: number; /** The best of so many turns counts: other programs on the machine only ever slow one down. Default 5. */ rounds?: number; project: string; panel?: { url: string; cookie: string; pid?: number } };

const SERVICE = 'gp-bench-flood';
const PAD = 'the quick brown fox jumps over the lazy dog 0123456789';
const docker = (...args: string[]) => execFileSync('docker', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();

/** A container that waits, then prints numbered lines of about 75 bytes as fast as it can. */
function flood(project: string, lines: number, waitSeconds: number): string {
  removeFlood();
  return docker(
    'run', '-d', '--name', SERVICE, '--label', `com.docker.compose.project=${project}`, '--label', `com.docker.compose.service=${SERVICE}`, '--log-opt', 'max-size=500m',
    BUSYBOX_IMAGE, '/bin/busybox', 'sh', '-c', `/bin/busybox sleep ${waitSeconds}; /bin/busybox awk 'BEGIN{for(i=1;i<=${lines};i++) print "n " i " ${PAD}"}'; /bin/busybox sleep 10000`,
  );
}
const removeFlood = () => {
  try {
    docker('rm', '-f', SERVICE);
  } catch {
    // there was none
  }
};

/** Sees each number once, in order; counts what is missing and what came twice. */
function counter(expected: number) {
  let next = 1;
  let lost = 0;
  let doubled = 0;
  let started = 0;
  let ended = 0;
  let finish = () => {};
  const done = new Promise<void>((resolve) => {
    finish = resolve;
  });
  return {
    done,
    see(n: number) {
      if (!started) started = performance.now();
      if (n > next) lost += n - next;
      if (n < next) doubled++;
      else next = n + 1;
      if (n >= expected) {
        ended = performance.now();
        finish();
      }
    },
    result: () => ({ rate: Math.round(expected / ((ended - started) / 1000)), lost, doubled }),
  };
}
type Counter = ReturnType<typeof counter>;
const LINE = /^n (\d+) /;
const IN_JSON = Buffer.from('"n ');
/** Enough for the number of a line to be whole. */
const LINE_LENGTH = 20;
const [ZERO, SPACE] = [48, 32];

/** dockerd's own stream with nothing behind it but the frames taken apart. */
function raw(id: string, follow: boolean, to: Counter): () => void {
  const socketPath = panelEnv().docker.host.replace('unix://', '');
  const request = http.get({ socketPath, path: `/containers/${id}/logs?follow=${follow ? 1 : 0}&stdout=1&timestamps=1`, agent: false }, (response) => {
    const decoder = new FrameDecoder((_, bytes, start) => {
      const match = LINE.exec(bytes.toString('latin1', start + 31, start + 48));
      if (match) to.see(Number(match[1]));
    });
    response.on('data', (chunk: Buffer) => decoder.push(chunk));
    response.on('error', () => {});
  });
  request.on('error', () => {});
  return () => request.destroy();
}

function throughHub(project: string, to: Counter): () => void {
  const abort = new AbortController();
  void (async () => {
    for await (const { runs } of logHub().follow({ project, services: [SERVICE] }, abort.signal)) {
      // A plain client gets JSON: its making belongs to the way.
      JSON.stringify(runs);
      for (const { lines } of runs) {
        for (const line of lines) {
          const match = LINE.exec(line);
          if (match) to.see(Number(match[1]));
        }
      }
    }
  })();
  return () => abort.abort();
}

function throughPanel({ url, cookie }: { url: string; cookie: string }, to: Counter | undefined, tail = 'all'): () => void {
  const request = http.get(`${url}/api/logs/stream?service=${SERVICE}&tail=${tail}`, { headers: { cookie, accept: 'text/event-stream' }, agent: false }, (response) => {
    if (response.statusCode !== 200) throw new Error(`the panel answered ${response.statusCode}`);
    // As light as the reading of the raw stream: what a client does with its lines is its own affair.
    let rest: Buffer = Buffer.alloc(0);
    response.on('data', (chunk: Buffer) => {
      if (!to) return;
      const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
      let behind = 0;
      for (let at = bytes.indexOf(IN_JSON); at >= 0 && at + LINE_LENGTH <= bytes.length; at = bytes.indexOf(IN_JSON, behind)) {
        let n = 0;
        for (behind = at + IN_JSON.length; (bytes[behind] as number) !== SPACE; behind++) n = n * 10 + (bytes[behind] as number) - ZERO;
        to.see(n);
      }
      rest = bytes.subarray(Math.max(behind, bytes.length - LINE_LENGTH));
    });
    response.on('error', () => {});
  });
  request.on('error', () => {});
  return () => request.destroy();
}

async function measure(start: (to: Counter) => () => void, lines: number, prepare?: () => void | Promise<void>): Promise<ReturnType<Counter['result']>> {
  await prepare?.();
  const to = counter(lines);
  const stop = start(to);
  await Promise.race([to.done, sleep(180_000).then(() => Promise.reject(new Error('no end within 180 s')))]);
  stop();
  await sleep(200);
  return to.result();
}

const descriptors = (pid: number | 'self') => readdirSync(`/proc/${pid}/fd`).length;

/** All rows; the container that floods is removed at the end. */
export async function benchLogs({ lines, viewers, rounds = 5, project, panel }: BenchOptions): Promise<BenchRow[]> {
  ensureBusyboxImage();
  const rows: BenchRow[] = [];
  const add = (name: string, r: { rate: number; lost: number; doubled: number }, base?: number) => {
    rows.push({ name, value: r.rate, unit: 'lines/s', ...(base ? { goal: `≥ 0.9 of raw (${(r.rate / base).toFixed(2)})`, good: r.rate >= base * 0.9 } : {}) });
    if (base) rows.push({ name: `${name}: lost + doubled`, value: r.lost + r.doubled, unit: 'lines', goal: '0', good: r.lost + r.doubled === 0 });
  };
  try {
    let id = '';
    const live = async () => {
      id = flood(project, lines, 2);
      // The panel learns of a new container from the engine's events.
      await sleep(500);
    };
    const ways: [string, (follow: boolean, to: Counter) => () => void][] = [
      ['dockerd raw', (follow, to) => raw(id, follow, to)],
      ['hub', (_, to) => throughHub(project, to)],
      ...(panel ? [['panel SSE', (_: boolean, to: Counter) => throughPanel(panel, to)] as [string, (follow: boolean, to: Counter) => () => void]] : []),
    ];
    for (const kind of ['live flood', 'backlog']) {
      const best = new Map<string, ReturnType<Counter['result']>>();
      // In turns, so that what else the machine does meets all of them.
      for (let round = 0; round < rounds; round++) {
        for (const [name, way] of ways) {
          const result = await measure((to) => way(kind === 'live flood', to), lines, kind === 'live flood' ? live : undefined);
          const before = best.get(name) ?? { rate: 0, lost: 0, doubled: 0 };
          best.set(name, { rate: Math.max(before.rate, result.rate), lost: before.lost + result.lost, doubled: before.doubled + result.doubled });
        }
      }
      const base = best.get('dockerd raw')?.rate ?? 0;
      for (const [name, result] of best) add(`${kind}, ${name}`, result, name === 'dockerd raw' ? undefined : base);
    }

    const pid = panel?.pid ?? 'self';
    const before = descriptors(pid);
    let during = 0;
    // A session may have 20 streams at once: through the panel they come and go in waves.
    const wave = panel ? 20 : viewers;
    for (let left = viewers; left > 0; left -= wave) {
      const leave = Array.from({ length: Math.min(wave, left) }, () => (panel ? throughPanel(panel, undefined, '10') : throughHub(project, counter(Number.POSITIVE_INFINITY))));
      await sleep(3000 / Math.ceil(viewers / wave) + 500);
      during = Math.max(during, descriptors(pid));
      for (const stop of leave) stop();
      await sleep(panel ? 500 : 0);
    }
    for (let i = 0; i < 50 && descriptors(pid) > before; i++) await sleep(100);
    rows.push({ name: `descriptors with ${wave} viewers`, value: during - before, unit: 'more than before' });
    rows.push({ name: `descriptors after ${viewers} viewers left`, value: descriptors(pid) - before, unit: 'more than before', goal: '0', good: descriptors(pid) <= before });
    if (!panel) rows.push({ name: 'engine streams after all left', value: logHub().usage.streams, unit: 'streams', goal: '0', good: logHub().usage.streams === 0 });
    return rows;
  } finally {
    removeFlood();
  }
}

export function printRows(rows: BenchRow[]): void {
  for (const { name, value, unit, goal, good } of rows) {
    console.log(`${good === undefined ? ' ' : good ? '✓' : '✗'} ${name.padEnd(46)} ${value.toLocaleString('en').padStart(10)} ${unit}${goal ? `   goal ${goal}` : ''}`);
  }
}

if (import.meta.url === `file://${process.argv[1]}`) {
  const { values } = parseArgs({
    options: { lines: { type: 'string', default: '300000' }, viewers: { type: 'string', default: '100' }, rounds: { type: 'string', default: '5' }, panel: { type: 'string' }, cookie: { type: 'string', default: '' }, project: { type: 'string', default: 'gp-bench' }, pid: { type: 'string' } },
  });
  const rows = await benchLogs({
    lines: Number(values.lines),
    viewers: Number(values.viewers),
    rounds: Number(values.rounds),
    project: values.project,
    panel: values.panel ? { url: values.panel, cookie: values.cookie, pid: values.pid ? Number(values.pid) : undefined } : undefined,
  });
  printRows(rows);
  process.exit(rows.some((row) => row.good === false) ? 1 : 0);
}
