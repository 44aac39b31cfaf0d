import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { configQuestion, openDeployment, runOperation, saveConfig } from './operate.ts';
import { type Panel, post, removeData, setUpAndSignIn, startPanel } from './panel-process.ts';
import { entrances, methodsOf } from './surface.ts';
import { type HostWorld, openHostWorld } from './world.ts';

/** The middle survives every quoting, so that one search finds every form; around it what each form has to escape. */
const newCore = () => `Zq7sentinel${randomBytes(8).toString('hex')}`;
/** At first, saved, saved and applied, and refused: each in its time the only one, and never told. */
const CORES = { first: newCore(), saved: newCore(), applied: newCore(), refused: newCore() };
const PASSWORD = `p"'$ ${CORES.first} \\é&<`;
const NEW = { saved: `q'#${CORES.saved} ;|`, applied: `r"\`$(\\ ${CORES.applied} é!` };
const formsOf = (core: string) => [
  core,
  ...[0, 1, 2].map((shift) => Buffer.from('x'.repeat(shift) + core).toString('base64').slice(4, -4)),
  Buffer.from(core).toString('hex'),
  Buffer.from(core).toString('hex').toUpperCase(),
  ...[' ', ',', ', '].map((between) => [...Buffer.from(core)].join(between)),
];
const FORMS = Object.values(CORES).flatMap(formsOf);
const hits = (text: string | Buffer) => FORMS.filter((form) => text.includes(form));
const around = (text: string) => {
  const at = text.indexOf(hits(text)[0] ?? '');
  return `…${text.slice(Math.max(0, at - 60), at + 40)}…`;
};

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

type Ask = (target: string, body: unknown) => Promise<string>;

/** The flows of the configuration with new passwords: asked, refused, saved, applied, looked back at. */
async function configure(ask: Ask, read: (target: string) => Promise<string>): Promise<void> {
  const values = (password: string) => configQuestion(panel, cookie, { KEYRING_PASSWORD: password, PUBLIC_URL: 'http://203.0.113.8:8000' });
  for (const password of Object.values(NEW)) {
    expect(await ask('/api/config/check', await values(password))).toContain('KEYRING_PASSWORD');
    expect(await ask('/api/config/plan', await values(password))).toContain('up');
  }
  // A value that has no form, one over a file that is another by now, and a text with it in the clear.
  const refused = await values(`'${CORES.refused}\``);
  for (const door of ['check', 'plan']) expect(await ask(`/api/config/${door}`, refused)).toContain('config_value_unwritable');
  expect(await ask('/api/config/save', { ...refused, apply: true })).toContain('config_value_unwritable');
  const stale = { file: 'env', change: { by: 'values', version: 'a'.repeat(64), values: { KEYRING_PASSWORD: CORES.refused } } };
  expect(await ask('/api/config/save', { ...stale, apply: false })).toContain('config_changed');
  const { text, version } = JSON.parse(await read('/api/config')) as { text: string; version: string };
  const typed = { file: 'env', change: { by: 'text', version, text: text.replace('⟪secret 1⟫', `'${CORES.refused}'`) } };
  for (const door of ['check', 'plan']) expect(await ask(`/api/config/${door}`, typed)).toContain('KEYRING_PASSWORD');

  await saveConfig(panel, cookie, { values: { KEYRING_PASSWORD: NEW.saved } });
  await read('/api/config/effective');
  await saveConfig(panel, cookie, { values: { KEYRING_PASSWORD: NEW.applied, PUBLIC_URL: 'http://203.0.113.8:8000' }, apply: true });
  expect(await read('/api/config/effective')).toContain('KEYRING_PASSWORD');
  expect(await read('/api/config')).toContain('⟪secret 1⟫');
  const { versions } = JSON.parse(await read('/api/config/versions?file=env')) as { versions: { id: string; version: string }[] };
  expect(versions.length).toBeGreaterThanOrEqual(3);
  for (const { id } of versions) {
    expect(await read(`/api/config/versions/${id}`)).toContain('KEYRING_PASSWORD');
    const now = (await configQuestion(panel, cookie, {})).change.version;
    await ask('/api/config/plan', { file: 'env', change: { by: 'restore', version: now, from: id } });
  }
  for (const page of ['/config?view=raw', '/config?view=versions', '/config/ml-nodes', '/config/models']) await read(page);
}

/** Files below a directory that hold one of the passwords, by their path in it. */
function holders(dir: string): string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true }).flatMap((entry) => {
    const file = path.join(entry.parentPath, entry.name);
    return entry.isFile() && hits(readFileSync(file)).length ? [path.relative(dir, file)] : [];
  });
}

test('the keyring password leaves in no form, by no door', async ({ browser }) => {
  test.setTimeout(420_000);
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
  const configured = await watchingProcesses(() => configure(async (target, body) => {
    const text = await (await post(panel, target, body, { cookie })).text();
    bodies.push([`POST ${target}`, text]);
    return text;
  }, read));
  expect(configured.looks).toBeGreaterThan(20);
  expect([...configured.seen]).toEqual([]);

  // The api does print it, the new one: without that this test would show nothing.
  await expect.poll(() => execFileSync('docker', ['logs', 'api'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).includes(CORES.applied), { timeout: 30_000 }).toBe(true);

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
  expect(operations.operations.length).toBeGreaterThanOrEqual(8);
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
  expect(bodies.filter(([, text]) => hits(text).length).map(([target, text]) => `${target}: ${around(text)}`)).toEqual([]);
  expect(hits(panel.output())).toEqual([]);
  await panel.stop();
  expect(hits(panel.output())).toEqual([]);
  expect(holders(panel.dataDir)).toEqual([]);
  // In the deployment it is in one file, the one of today; what api keeps in its own directory is upstream's (measured 40).
  expect(holders(world.dir).filter((file) => !file.startsWith('.dapi/'))).toEqual(['config.env']);
  expect(hits(readFileSync(path.join(world.dir, 'config.env'))).every((form) => form === CORES.applied)).toBe(true);
});
