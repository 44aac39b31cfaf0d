import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { panelEnv } from '#lib/core/env.ts';
import { registerSecrets, SECRET_MARK } from '#lib/core/redact.ts';
import { BUSYBOX_IMAGE, ensureBusyboxImage } from '../../scripts/machine/busybox-image.mjs';
import { engineState, listContainers, runOneShot, startContainer, stopContainer } from './client.ts';
import { engineWatch } from './engine-watch.ts';
import type { LogLine } from './log-event.ts';
import { linesOf, type LogViewOptions, logHub } from './log-hub.ts';
import { decodePositions, encodePositions, type Positions } from './log-position.ts';

const PROJECT = `gphub${process.pid}`;
const direct = process.env.DOCKER_HOST ?? '';
const proxyPath = `/tmp/gp-hub-${process.pid}.sock`;
const docker = (...args: string[]) => execFileSync('docker', args, { encoding: 'utf8', env: { ...process.env, DOCKER_HOST: direct } }).trim();

// Between the hub and the engine: a socket that a test can cut, as a stopped engine does.
const cut = { server: undefined as net.Server | undefined, sockets: new Set<net.Socket>() };
async function plugIn(): Promise<void> {
  const server = net.createServer({ allowHalfOpen: true }, (client) => {
    const engine = net.connect({ path: direct.replace('unix://', ''), allowHalfOpen: true });
    for (const socket of [client, engine]) {
      cut.sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        cut.sockets.delete(socket);
        client.destroy();
        engine.destroy();
      });
    }
    client.pipe(engine).pipe(client);
  });
  cut.server = server;
  await new Promise<void>((resolve) => server.listen(proxyPath, resolve));
}
async function pullOut(): Promise<void> {
  const closed = new Promise((resolve) => cut.server?.close(resolve));
  for (const socket of cut.sockets) socket.destroy();
  await closed;
}

let made = 0;
function run(service: string, script: string, ...options: string[]): string {
  return docker('run', '-d', '--name', `${PROJECT}-${service}-${++made}`, '--label', `com.docker.compose.project=${PROJECT}`, '--label', `com.docker.compose.service=${service}`, ...options, BUSYBOX_IMAGE, '/bin/busybox', 'sh', '-c', script);
}
/** Numbered lines, about `perSecond` of them. */
const counter = (perSecond: number, from = 1) => `i=${from}; while true; do j=0; while [ $j -lt ${Math.ceil(perSecond / 50)} ]; do echo "n $i"; i=$((i+1)); j=$((j+1)); done; /bin/busybox sleep 0.015; done`;

function cleanUp(): void {
  const left = docker('ps', '-aq', '--filter', `label=com.docker.compose.project=${PROJECT}`).split('\n').filter(Boolean);
  if (left.length > 0) docker('rm', '-f', ...left);
}

/** A viewer that collects; `stop()` and then `lines`, `positions`. */
const openViews = new Set<AbortController>();
function view(options: Partial<LogViewOptions> & { services: string[] }, pace?: () => Promise<void>) {
  const abort = new AbortController();
  openViews.add(abort);
  const lines: LogLine[] = [];
  // Kept up to date line by line: asking all lines again and again would be the slowest part of the test.
  const seen = { positions: undefined as Positions | undefined, count: 0, last: 0 };
  const done = (async () => {
    for await (const batch of logHub().follow({ project: PROJECT, ...options }, abort.signal)) {
      const shown = linesOf(batch.runs);
      lines.push(...shown);
      const found = numbers(shown);
      seen.count += found.length;
      seen.last = found.at(-1) ?? seen.last;
      seen.positions = new Map(batch.positions);
      await pace?.();
    }
  })();
  return {
    lines,
    seen,
    stop: async () => {
      abort.abort();
      await done;
      return lines;
    },
  };
}

const numbers = (lines: LogLine[]) => lines.map((one) => /^n (\d+)$/.exec(one.line)?.[1]).filter((n) => n !== undefined).map(Number);
/** Every number once, in order, from the first to the last that was seen. */
function expectGapless(lines: LogLine[]): { first: number; last: number } {
  const seen = numbers(lines);
  expect(seen.length).toBeGreaterThan(0);
  const first = seen[0] as number;
  const wrong = seen.findIndex((n, i) => n !== first + i);
  expect(wrong < 0 ? 'gapless' : `${seen[wrong - 1]} then ${seen[wrong]} at ${wrong}`).toBe('gapless');
  return { first, last: seen.at(-1) as number };
}
async function until(what: () => boolean, ms = 20_000): Promise<void> {
  const end = performance.now() + ms;
  while (!what()) {
    if (performance.now() > end) throw new Error(`not within ${ms} ms: ${what}`);
    await sleep(20);
  }
}
const events = (lines: LogLine[]) => lines.filter((one) => one.event).map((one) => one.event?.code);
const descriptors = () => readdirSync('/proc/self/fd').length;

beforeAll(async () => {
  ensureBusyboxImage();
  await plugIn();
  panelEnv().docker.host = `unix://${proxyPath}`;
  expect((await engineState()).state).toBe('ok');
});
afterEach(async () => {
  for (const abort of openViews) abort.abort();
  openViews.clear();
  cleanUp();
  registerSecrets('test', []);
  await until(() => logHub().usage.streams === 0 && engineWatch().usage.listeners === 0);
  expect(logHub().usage).toEqual({ views: 0, feeds: 0, streams: 0 });
});
afterAll(async () => {
  cleanUp();
  await pullOut();
});

describe('many viewers, one upstream', () => {
  test('viewers that join in the middle of 5000 lines/s see every line once, and nothing stays open', async () => {
    run('a', counter(5000));
    await sleep(500);
    const before = descriptors();
    const views = [view({ services: ['a'], tail: undefined })];
    for (let i = 0; i < 24; i++) {
      await sleep(40);
      views.push(view({ services: ['a'], tail: [0, 10, 1000, undefined][i % 4] }));
    }
    await sleep(1500);
    expect(logHub().usage.feeds).toBe(1);
    await until(() => logHub().usage.streams === 1);
    const more = Array.from({ length: 75 }, () => view({ services: ['a'], tail: 50 }));
    await until(() => more.every((one) => one.seen.count > 100));
    expect(logHub().usage).toMatchObject({ views: 100, feeds: 1 });
    expect(descriptors() - before).toBeLessThan(100);
    for (const one of [...views, ...more]) expectGapless(await one.stop());
    await until(() => logHub().usage.streams === 0);
    await sleep(200);
    expect(descriptors()).toBeLessThanOrEqual(before);
    expect(engineWatch().usage).toEqual({ listeners: 0, following: false });
  });

  test('the first viewer gets all from line 1, also with a long backlog and a flood', async () => {
    run('a', `/bin/busybox awk 'BEGIN{for(i=1;i<=60000;i++) print "n " i}'; ${counter(4000, 60_001)}`);
    await sleep(300);
    const one = view({ services: ['a'] });
    const other = view({ services: ['a'] });
    await until(() => one.seen.count > 70_000 && other.seen.count > 70_000, 60_000);
    for (const seen of [one, other]) expect(expectGapless(await seen.stop()).first).toBe(1);
  });

  test('a viewer that stops reading holds nobody up, is bounded, and is told what it missed', async () => {
    run('a', `/bin/busybox awk 'BEGIN{for(i=1;i<=400000;i++) print "n " i}'; /bin/busybox sleep 1000`, '--log-opt', 'max-size=100m');
    let go = () => {};
    const gate = new Promise<void>((resolve) => {
      go = resolve;
    });
    const slow = view({ services: ['a'], tail: 0 }, () => gate);
    const quick = view({ services: ['a'] });
    await until(() => quick.seen.last === 400_000, 90_000);
    expect(expectGapless(await quick.stop()).first).toBe(1);
    go();
    await sleep(300);
    await until(() => slow.seen.last === 400_000 || events(slow.lines).includes('skipped'), 60_000);
    await sleep(1500);
    const lines = await slow.stop();
    const skipped = lines.reduce((sum, one) => sum + (one.event?.code === 'skipped' ? one.event.count : 0), 0);
    const seen = numbers(lines);
    // What was shown and what was skipped add up to the end of the log.
    expect(seen.length + skipped).toBe(400_000 - (seen[0] as number) + 1);
  });

  test('a lone viewer that is slow loses nothing', async () => {
    run('a', `/bin/busybox sleep 0.5; /bin/busybox awk 'BEGIN{for(i=1;i<=150000;i++) print "n " i}'; /bin/busybox sleep 1000`);
    let batches = 0;
    const slow = view({ services: ['a'] }, () => (++batches < 20 ? sleep(100) : Promise.resolve()));
    await until(() => slow.seen.last === 150_000, 60_000);
    expect(expectGapless(await slow.stop()).first).toBe(1);
    expect(events(slow.lines)).not.toContain('skipped');
  });

  test('a lone viewer that joins a flood in the middle and reads slowly gets it all', async () => {
    run('a', `/bin/busybox awk 'BEGIN{for(i=1;i<=250000;i++) print "n " i}'; /bin/busybox sleep 1000`);
    await sleep(300);
    let batches = 0;
    const slow = view({ services: ['a'] }, () => (++batches < 15 ? sleep(200) : Promise.resolve()));
    await until(() => slow.seen.last === 250_000, 90_000);
    expect(expectGapless(await slow.stop()).first).toBe(1);
    expect(events(slow.lines)).not.toContain('skipped');
  });
});

describe('resume', () => {
  test('by id, again and again, each line once; while nobody looked too', async () => {
    run('a', counter(3000));
    run('b', counter(500));
    const all: LogLine[] = [];
    let resume: Positions | undefined;
    for (let i = 0; i < 6; i++) {
      const one = view({ services: ['a', 'b'], resume });
      await until(() => ['a', 'b'].every((service) => one.lines.some((l) => l.service === service && !l.event)));
      await sleep(60 * i);
      all.push(...(await one.stop()));
      const id = encodePositions(one.seen.positions as Positions);
      resume = decodePositions(id);
      await sleep(80 * i);
    }
    for (const service of ['a', 'b']) expect(expectGapless(all.filter((one) => one.service === service)).first).toBe(1);
  });

  test('a viewer without a backlog resumes where it began', async () => {
    run('a', `for i in 1 2 3; do echo "n $i"; done; /bin/busybox sleep 2; echo "n 4"; /bin/busybox sleep 100`);
    await sleep(600);
    const one = view({ services: ['a'], tail: 0 });
    await until(() => one.seen.count === 1);
    expect(numbers(await one.stop())).toEqual([4]);
  });
});

describe('what happens to containers and the engine', () => {
  test('restart: the same view goes on, with the stop and the start in between', async () => {
    const id = run('a', counter(200));
    const one = view({ services: ['a'] });
    await until(() => one.seen.count > 50);
    docker('restart', '-t', '0', id);
    await until(() => numbers(one.lines).filter((n) => n === 1).length === 2);
    await sleep(300);
    await stopContainer(id, 0);
    await until(() => events(one.lines).filter((code) => code === 'die').length === 2);
    await startContainer(id);
    await until(() => numbers(one.lines).filter((n) => n === 1).length === 3);
    const lines = await one.stop();
    expect(events(lines)).toEqual(['start', 'die', 'start', 'die', 'start']);
    const runs = numbers(lines).join(' ').split(/(?<=\d) (?=1 2 )/);
    expect(runs).toHaveLength(3);
    for (const each of runs) expect(each).toBe(each.split(' ').map((_, i) => i + 1).join(' '));
  });

  test('recreated while watched: the successor’s lines come in the same view, from its first', async () => {
    const id = run('a', counter(300));
    const one = view({ services: ['a'] });
    await until(() => one.seen.count > 50);
    docker('rm', '-f', id);
    run('a', counter(300, 1_000_000));
    await until(() => numbers(one.lines).filter((n) => n >= 1_000_000).length > 50);
    const lines = await one.stop();
    expectGapless(lines.filter((l) => numbers([l])[0] === undefined || (numbers([l])[0] as number) < 1_000_000));
    expect(expectGapless(lines.filter((l) => (numbers([l])[0] ?? 0) >= 1_000_000)).first).toBe(1_000_000);
    expect(events(lines)).toContain('removed');
    expect(events(lines).filter((code) => code === 'start')).toHaveLength(2);
  });

  test('a service without a container says so, and its lines come when it has one', async () => {
    const one = view({ services: ['later'] });
    await until(() => events(one.lines).includes('absent'));
    run('later', 'echo "n 1"; echo "n 2"; /bin/busybox sleep 100');
    await until(() => one.seen.count === 2);
    await one.stop();
  });

  test('the engine away and back: said once each, lines go on where they ended', async () => {
    run('a', counter(2000));
    const views = [view({ services: ['a'] }), view({ services: ['a'], tail: 0 })];
    await until(() => views.every((one) => one.seen.count > 500));
    await pullOut();
    await until(() => views.every((one) => events(one.lines).includes('engine-lost')));
    expect((await engineState()).state).not.toBe('ok');
    await sleep(1500);
    await plugIn();
    await until(() => views.every((one) => events(one.lines).includes('engine-back')));
    const then = views.map((one) => one.seen.count);
    await until(() => views.every((one, i) => one.seen.count > (then[i] as number) + 3000));
    for (const one of views) {
      expectGapless(await one.stop());
      expect(events(one.lines).filter((code) => code?.startsWith('engine'))).toEqual(['engine-lost', 'engine-back']);
    }
  });

  test('opened while the engine is away: the lines come when it is there', async () => {
    run('a', counter(500));
    await pullOut();
    const one = view({ services: ['a'] });
    await until(() => events(one.lines).includes('engine-lost'));
    await plugIn();
    await until(() => one.seen.count > 500);
    expect(expectGapless(await one.stop()).first).toBe(1);
  });

  test('a log driver that keeps nothing is told', async () => {
    run('a', 'while true; do echo x; /bin/busybox sleep 0.1; done', '--log-driver', 'none');
    const one = view({ services: ['a'] });
    await until(() => events(one.lines).includes('unreadable'));
    await one.stop();
  });
});

describe('what the lines say', () => {
  test('several services merged by time; streams told apart; a terminal, a 40 KB line, a progress bar', async () => {
    run('a', 'for i in 1 2 3 4 5; do echo "a $i"; /bin/busybox sleep 0.1; done; /bin/busybox sleep 100');
    run('b', '/bin/busybox sleep 0.05; for i in 1 2 3 4 5; do echo "b $i" >&2; /bin/busybox sleep 0.1; done; /bin/busybox sleep 100');
    run('tty', 'echo "on a terminal"; /bin/busybox sleep 100', '-t');
    run('long', `/bin/busybox awk 'BEGIN{for(i=0;i<4000;i++) printf "0123456789"; print "END"; printf "1%%\\r2%%\\r3%%\\n"}'; /bin/busybox sleep 100`);
    await sleep(1200);
    const one = view({ services: ['a', 'b', 'tty', 'long'] });
    await until(() => one.lines.some((l) => l.line === 'b 5') && one.lines.some((l) => l.line === '3%'));
    const lines = (await one.stop()).filter((l) => !l.event);
    expect(lines.map((l) => l.time)).toEqual(lines.map((l) => l.time).toSorted());
    expect(lines.filter((l) => l.service === 'b').every((l) => l.stream === 'stderr')).toBe(true);
    expect(lines.find((l) => l.service === 'tty')?.line).toBe('on a terminal');
    expect(lines.filter((l) => l.service === 'long').map((l) => l.line.length)).toEqual([40_003, 2]);
  });

  test('secrets are masked before anyone sees a line, live and past', async () => {
    registerSecrets('test', ['Sentinel-Xyz-99']);
    run('a', 'while true; do echo "KeyringPassword: Sentinel-Xyz-99"; printf "Sentinel-"; /bin/busybox sleep 0.1; echo "Xyz-99"; done');
    const one = view({ services: ['a'] });
    await until(() => one.lines.length > 20);
    const lines = await one.stop();
    expect(JSON.stringify(lines)).not.toContain('Sentinel');
    expect(JSON.stringify(lines)).toContain(SECRET_MARK);
    const past: LogLine[] = [];
    for await (const some of logHub().past({ project: PROJECT, services: ['a'], tail: 10 }, new AbortController().signal)) past.push(...some);
    expect(past).toHaveLength(10);
    expect(JSON.stringify(past)).not.toContain('Sentinel');
  });

  test('a download merges, stops at `until`, and leaves nothing open when it is broken off', async () => {
    run('a', `/bin/busybox awk 'BEGIN{for(i=1;i<=50000;i++) print "n " i}'; /bin/busybox sleep 100`);
    run('b', 'echo "n 1"; /bin/busybox sleep 100');
    await sleep(1500);
    let count = 0;
    for await (const some of logHub().past({ project: PROJECT, services: ['a', 'b'] }, new AbortController().signal)) count += some.length;
    expect(count).toBe(50_001);
    for await (const some of logHub().past({ project: PROJECT, services: ['a'] }, new AbortController().signal)) {
      expect(some.length).toBeGreaterThan(0);
      break;
    }
    const none: LogLine[] = [];
    for await (const some of logHub().past({ project: PROJECT, services: ['a'], until: '2026-01-01T00:00:00.000000000Z' }, new AbortController().signal)) none.push(...some);
    expect(none).toEqual([]);
  });
});

test('a one-off container: output, exit code, standard input, no log, gone afterwards', async () => {
  const result = await runOneShot({ image: BUSYBOX_IMAGE, argv: ['/bin/busybox', 'sh', '-c', 'read x; echo "got $x"; echo bad >&2; exit 7'], stdin: 'word\n', timeoutMs: 20_000 });
  expect(result).toEqual({ exitCode: 7, stdout: 'got word\n', stderr: 'bad\n' });
  await expect(runOneShot({ image: BUSYBOX_IMAGE, argv: ['/bin/busybox', 'sleep', '60'], timeoutMs: 800 })).rejects.toMatchObject({ code: 'one_shot_timeout' });
  await expect(runOneShot({ image: 'gp-test/there-is-none', argv: ['x'], timeoutMs: 800 })).rejects.toMatchObject({ code: 'image_absent' });
  expect(docker('ps', '-aq', '--filter', 'label=gonka-panel.one-shot.deadline', '--filter', `ancestor=${BUSYBOX_IMAGE}`)).toBe('');
});

test('containers as they are', async () => {
  const id = run('a', 'exit 3');
  await sleep(500);
  const [one] = await listContainers({ project: PROJECT });
  expect(one).toMatchObject({ id, project: PROJECT, service: 'a', state: 'exited', exitCode: 3, oneOff: false, restartCount: 0 });
  await expect(startContainer('gphub-none-such')).rejects.toMatchObject({ code: 'container_unknown' });
  await expect(startContainer('../x')).rejects.toMatchObject({ code: 'container_unknown' });
});
