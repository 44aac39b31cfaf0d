import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { openDeployment, runOperation } from './operate.ts';
import { type Panel, post, removeData, setUpAndSignIn, startPanel } from './panel-process.ts';
import { entrances, methodsOf } from './surface.ts';
import { type HostWorld, openHostWorld } from './world.ts';

/** The middle survives every quoting, so that one search finds every form; around it what each form has to escape. */
const CORE = `Zq7sentinel${randomBytes(8).toString('hex')}`;
const PASSWORD = `p"'$ ${CORE} \\é&<`;
const BYTES = [...Buffer.from(CORE)];
const FORMS = [
  CORE,
  ...[0, 1, 2].map((shift) => Buffer.from('x'.repeat(shift) + CORE).toString('base64').slice(4, -4)),
  Buffer.from(CORE).toString('hex'),
  Buffer.from(CORE).toString('hex').toUpperCase(),
  ...[' ', ',', ', '].map((between) => BYTES.join(between)),
];
const hits = (text: string | Buffer) => FORMS.filter((form) => text.includes(form));

let world: HostWorld;
let panel: Panel;
let cookie: string;

test.beforeAll(async () => {
  world = await openHostWorld({ release: '0.2.4', seedPort: 4060, keyringPassword: PASSWORD, epochSeconds: 120 });
  panel = await startPanel({ port: 4061, env: world.env });
  cookie = await setUpAndSignIn(panel);
});
test.afterAll(async () => {
  await panel?.stop();
  await world?.close();
  if (panel) removeData(panel);
});

/** Command lines of every process on the machine, again and again, while `work` runs. */
async function watchingProcesses<T>(work: () => Promise<T>): Promise<{ result: T; seen: Set<string>; looks: number }> {
  const seen = new Set<string>();
  let looks = 0;
  let over = false;
  const watch = (async () => {
    while (!over) {
      looks++;
      for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
        try {
          const line = readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ');
          if (hits(line).length) seen.add(line);
        } catch {
          // ended meanwhile
        }
      }
      await sleep(20);
    }
  })();
  const result = await work().finally(() => {
    over = true;
  });
  await watch;
  return { result, seen, looks };
}

test('the keyring password leaves in no form, by no door', async ({ browser }) => {
  test.setTimeout(300_000);
  const bodies: [string, string][] = [];
  const read = async (target: string) => {
    const answer = await fetch(panel.url + target, { headers: { cookie }, signal: AbortSignal.timeout(20_000) });
    const text = await answer.text();
    bodies.push([target, text]);
    return text;
  };

  await openDeployment({ browser, panel, dir: world.dir });
  const processes = await watchingProcesses(async () => {
    await runOperation(panel, cookie, { kind: 'launch-chain' });
    await runOperation(panel, cookie, { kind: 'start', target: 'api' });
    await runOperation(panel, cookie, { kind: 'restart', target: 'api', reason: 'the sentinel looks at what a restart prints' });
    await runOperation(panel, cookie, { kind: 'recreate', target: 'api', reason: 'the sentinel looks at what a recreate prints' });
    await runOperation(panel, cookie, { kind: 'stop', target: 'api', reason: 'the sentinel looks at what a stop prints' });
    await runOperation(panel, cookie, { kind: 'start', target: 'api' });
  });
  expect(processes.looks).toBeGreaterThan(50);
  expect([...processes.seen]).toEqual([]);

  // The api does print it: without that this test would show nothing.
  await expect.poll(() => hits(execFileSync('docker', ['logs', 'api'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })).length, { timeout: 30_000 }).toBeGreaterThan(0);

  const stream = await fetch(`${panel.url}/api/logs/stream?service=api&service=node&service=tmkms&tail=all`, { headers: { cookie } });
  const reader = stream.body!.getReader();
  let streamed = '';
  for (const started = Date.now(); Date.now() - started < 5000; ) {
    const part = await Promise.race([reader.read(), sleep(1000)]);
    if (part && !part.done) streamed += new TextDecoder().decode(part.value);
  }
  await reader.cancel();
  expect(streamed).toContain('KEYRING_PASSWORD');
  bodies.push(['/api/logs/stream', streamed]);
  expect(await read('/api/logs/download?service=api&service=node&service=tmkms')).toContain('KEYRING_PASSWORD');
  await read('/api/logs/download?service=api&ansi=keep');

  const operations = JSON.parse(await read('/api/operations')) as { operations: { id: string }[] };
  expect(operations.operations.length).toBeGreaterThanOrEqual(6);
  for (const { id } of operations.operations) {
    await read(`/api/operations/${id}`);
    await read(`/history/${id}`);
    // Over by now: the stream tells all of it and ends.
    expect(await read(`/api/operations/${id}/stream`)).toContain('event: end');
  }
  for (const entrance of entrances()) if (methodsOf(entrance).includes('GET') && !entrance.path.endsWith('/stream')) await read(entrance.path);
  await read('/services/api');
  bodies.push(['preview', await (await post(panel, '/api/operations/preview', { kind: 'recreate', target: 'api' }, { cookie })).text()]);

  expect(bodies.length).toBeGreaterThan(25);
  expect(bodies.filter(([, text]) => hits(text).length).map(([target, text]) => `${target}: …${text.slice(Math.max(0, text.indexOf(CORE) - 60), text.indexOf(CORE) + 40)}…`)).toEqual([]);
  expect(hits(panel.output())).toEqual([]);
  await panel.stop();
  expect(hits(panel.output())).toEqual([]);
  for (const file of readdirSync(panel.dataDir, { recursive: true, withFileTypes: true })) {
    if (file.isFile()) expect(`${file.name} ${hits(readFileSync(path.join(file.parentPath, file.name)))}`).toBe(`${file.name} `);
  }
});
