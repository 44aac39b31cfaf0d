/** The ML operational key on a real engine with the stand-in `api` image: made once, found ever after, its phrase nowhere but in memory. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isPanelError } from '#lib/core/errors.ts';
import { redact } from '#lib/core/redact.ts';
import { migrate } from '#lib/db/migrate.ts';
import { db } from '#lib/db/client.ts';
import { forgetDeployment } from '#lib/deployment/deployment.ts';
import { finished, operation, operationOutput, startOperation } from '#lib/operations/journal.ts';
import { mlKeyPlace } from '#lib/operations/ml-key/container.ts';
import { confirmPhrase, dropPhrase, noteStarter, phraseState, takePhrase } from '#lib/operations/ml-key/phrase.ts';
import { mlKeyRecord } from '#lib/operations/ml-key/record.ts';
import { previewOperation } from '#lib/operations/preview.ts';
import type { OperationView } from '#lib/operations/schema.ts';
import { surroundOperations } from '#lib/operations/surroundings.ts';
import type { ChainKey } from '#lib/operations/interlock/tmkms-interlock.ts';
import { currentDeployment } from '#lib/deployment/current.ts';
import { prepareDeployment } from '../network/deployment.ts';
import { ensureImages } from '../network/image.ts';
import { Keyring } from '../network/keyring.ts';
import type { ReleaseName } from '../network/releases.ts';
import { docker } from './busybox-host.ts';
import type { Job, Report } from './panel-child.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const NAME = 'gonka-op-key';
const by = { user: 'ann', ip: '192.0.2.7' };
const RELEASES: ReleaseName[] = ['0.2.4', '0.2.14'];
/** Everything that a shell, YAML, or a sloppy command would trip over. */
const NASTY = `y'e"s $HOME \`id\` $(id) \\n;#&|密码`;

type Host = { scratch: string; dir: string; dataDir: string; home: string; env: Record<string, string> };
const hosts: Host[] = [];

function makeHost(release: ReleaseName, keyringPassword: string): Host {
  const scratch = mkdtempSync(path.join(tmpdir(), 'gp-mlkey-'));
  const { dir } = prepareDeployment({ release, scratch, seedUrl: 'http://127.0.0.1:4699', keyringPassword });
  const dataDir = path.join(scratch, 'data');
  mkdirSync(dataDir, { mode: 0o700 });
  migrate(path.join(dataDir, 'panel.db'), path.join(ROOT, 'prisma/migrations'));
  const host = { scratch, dir, dataDir, home: path.join(dir, '.inference'), env: { PANEL_DATA_DIR: dataDir, GONKA_DEPLOY_DIR: dir, SEED_API_URLS: 'http://127.0.0.1:4699' } };
  hosts.push(host);
  return host;
}
const setPassword = (host: Host, password: string) => {
  const file = path.join(host.dir, 'config.env');
  const quoted = password.startsWith("$'") ? password : `'${password.replaceAll("'", `'\\''`)}'`;
  writeFileSync(file, readFileSync(file, 'utf8').replace(/^export KEYRING_PASSWORD=[\s\S]*?(?=\nexport )/m, () => `export KEYRING_PASSWORD=${quoted}`));
  forgetDeployment();
};
const ring = (host: Host) => path.join(host.home, 'keyring-file');
const files = (host: Host) => Object.fromEntries(readdirSync(ring(host)).sort().map((name) => [name, readFileSync(path.join(ring(host), name), 'utf8')]));
const containers = () => docker('ps', '-a', '--filter', 'name=gonka-panel-ml-key', '--format', '{{.Names}} {{.State}}').trim();

/** A panel of its own, in a process of its own. */
function panel(host: Host, job: Job, more: Record<string, string> = {}): Promise<{ signal: string | null; report?: Report; said: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['e2e/operations/panel-child.ts', JSON.stringify({ unregistered: true, ...job }), 'no-project'], { cwd: ROOT, env: { ...process.env, ...host.env, ...more, NODE_NO_WARNINGS: '1' }, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    child.stdout.on('data', (chunk) => { said += chunk; });
    child.stderr.on('data', (chunk) => { said += chunk; });
    child.on('error', reject);
    child.on('close', (_code, signal) => {
      const line = said.split('\n').find((one) => one.startsWith('{"recovered"'));
      resolve({ signal, report: line ? (JSON.parse(line) as Report) : undefined, said });
    });
  });
}
const step = (o: OperationView | undefined, name = 'ml-key') => o?.steps.find((one) => one.name === name);

let host: Host;
let chain: ChainKey;
beforeAll(async () => {
  await ensureImages(process.env, RELEASES.map((release) => `ghcr.io/product-science/api:${release}`));
  host = makeHost('0.2.4', NASTY);
  Object.assign(process.env, host.env);
  surroundOperations({ phase: async () => ({ known: true, clock: { phase: 'Inference', epoch: 7, at: Date.now() } }), membership: async () => 'out', ownKey: async () => chain, audit: async () => {} });
}, 120_000);
afterAll(() => {
  for (const one of hosts) rmSync(one.scratch, { recursive: true, force: true });
});
beforeEach(async () => {
  chain = { state: 'not-registered' };
  rmSync(host.home, { recursive: true, force: true });
  await db().setting.deleteMany({ where: { key: { startsWith: 'ml-key:' } } });
  setPassword(host, NASTY);
});
afterEach(() => expect(containers()).toBe(''));

async function run(reason?: string): Promise<OperationView> {
  const shown = reason ? (await previewOperation({ kind: 'create-ml-key' })).gate : undefined;
  const { id } = await startOperation({ kind: 'create-ml-key', ...by, ...(reason ? { reason, shown: shown?.answer === 'reason-needed' ? shown.reasons.map((one) => one.why) : [] } : {}) });
  noteStarter(id, 'browser-1');
  await finished(id);
  return (await operation(id)) as OperationView;
}
const refused = (work: () => unknown) => Promise.resolve().then(work).then(() => 'not refused', (error: unknown) => (isPanelError(error) ? error.code : String(error)));

describe('in one panel', () => {
  it('makes the key, shows its phrase once to who started it, and finds it ever after', async () => {
    const done = await run();
    expect(done.error).toBeUndefined();
    const { address, publicKey } = (await mlKeyRecord(host.dir)) ?? {};
    expect(step(done)).toMatchObject({ state: 'done', detail: { code: 'ml_key_made', params: { address, key: publicKey } } });
    expect(new Keyring(host.home).read(NAME, NASTY)).toMatchObject({ address, pubKey: publicKey });
    expect(phraseState('browser-1')).toMatchObject({ operation: done.id, mine: true, shown: false });
    expect(phraseState('browser-2')).toMatchObject({ mine: false });
    expect(await refused(() => takePhrase(done.id, 'browser-2'))).toBe('ml_key_phrase_other');
    const { words, ask } = takePhrase(done.id, 'browser-1');
    expect([words.length, ask.length]).toEqual([24, 3]);
    expect(redact(`said: ${words.join(' ')}`)).toBe('said: ••••••');
    expect(await refused(() => takePhrase(done.id, 'browser-1'))).toBe('ml_key_phrase_shown');
    expect(await refused(() => confirmPhrase(done.id, 'browser-1', ask.map(() => 'zoo')))).toBe('ml_key_words');
    expect(await refused(() => confirmPhrase(done.id, 'browser-2', ask.map((at) => words[at - 1] as string)))).toBe('ml_key_phrase_other');
    confirmPhrase(done.id, 'browser-1', ask.map((at) => ` ${words[at - 1]?.toUpperCase()} `));
    expect([phraseState('browser-1'), await refused(() => takePhrase(done.id, 'browser-1'))]).toEqual([undefined, 'ml_key_phrase_gone']);

    const before = files(host);
    const again = await run();
    expect(again.state).toBe('succeeded');
    expect(step(again)?.detail).toEqual({ code: 'ml_key_found', params: { address, key: publicKey } });
    expect([files(host), phraseState('browser-1')]).toEqual([before, undefined]);
  }, 60_000);

  it('password and phrase are in no process, no container, no file below the data root, no database, no journal', async () => {
    const { id } = await startOperation({ kind: 'create-ml-key', ...by });
    noteStarter(id, 'browser-1');
    let [watching, seen, elsewhere] = [true, '', ''];
    const name = mlKeyPlace((await currentDeployment()) as never).container;
    const watch = (async () => {
      for (; watching; await new Promise((resolve) => setTimeout(resolve, 20))) {
        const inspected = spawnSync('docker', ['inspect', name], { encoding: 'utf8' });
        seen += inspected.status === 0 ? inspected.stdout : '';
        for (const pid of readdirSync('/proc').filter((one) => /^\d+$/.test(one))) {
          try {
            const command = readFileSync(`/proc/${pid}/cmdline`, 'latin1');
            const environment = readFileSync(`/proc/${pid}/environ`, 'latin1');
            // Compose reads the variables of config.env from its environment, and is no part of this.
            if (command.includes('compose')) elsewhere += command + environment;
            else seen += command + environment;
          } catch {
            // gone meanwhile
          }
        }
      }
    })();
    await finished(id);
    watching = false;
    await watch;
    // It was looked at while it was at work.
    expect(seen).toContain('"Type": "none"');
    expect(seen).toContain('keys\0add');
    const { words } = takePhrase(id, 'browser-1');
    const phrase = words.slice(3, 9).join(' ');
    const latin = (secret: string) => Buffer.from(secret).toString('latin1');
    for (const secret of [NASTY, phrase]) expect(seen.includes(latin(secret))).toBe(false);
    expect(elsewhere.includes(phrase)).toBe(false);
    // The same search finds what a container with a log prints.
    docker('run', '--name', 'gp-mlkey-log', '--network', 'none', '--log-driver', 'json-file', '--entrypoint', '/bin/sh', 'ghcr.io/product-science/api:0.2.4', '-c', 'echo planted for the search');
    const dataRoot = docker('info', '--format', '{{.DockerRootDir}}').trim();
    const found = (text: string, ...dirs: string[]) => spawnSync('grep', ['-rlaF', '--', text, ...dirs], { encoding: 'utf8' }).stdout.trim();
    expect(found('planted for the search', dataRoot)).toContain(dataRoot);
    docker('rm', '-f', 'gp-mlkey-log');
    expect(found(phrase, dataRoot, host.scratch)).toBe('');
    expect(found(NASTY, dataRoot)).toBe('');
    const journal = JSON.stringify([await operation(id), await operationOutput(id), await db().setting.findMany(), await db().auditEntry.findMany()]);
    for (const word of [phrase, NASTY]) expect(journal).not.toContain(word);
    dropPhrase(id);
  }, 120_000);

  it('two clicks at once: one operation', async () => {
    const both = await Promise.allSettled([startOperation({ kind: 'create-ml-key', ...by }), startOperation({ kind: 'create-ml-key', ...by })]);
    const started = both.flatMap((one) => (one.status === 'fulfilled' ? [one.value.id] : []));
    expect(started).toHaveLength(1);
    expect(both.flatMap((one) => (one.status === 'rejected' ? [(one.reason as { code: string }).code] : []))).toEqual(['operation_running']);
    await finished(started[0] as string);
    dropPhrase(started[0] as string);
  }, 60_000);

  it('a keyring that can not be read, or is half there, is not an empty one', async () => {
    mkdirSync(host.home);
    symlinkSync(path.join(host.home, 'not-there'), ring(host));
    expect((await run()).error?.code).toBe('ml_key_unreadable');
    rmSync(ring(host));
    // Runs as the files say: that user may not look into the folder.
    const compose = path.join(host.dir, 'docker-compose.yml');
    const text = readFileSync(compose, 'utf8');
    writeFileSync(compose, text.replace('container_name: api\n', 'container_name: api\n    user: "12345:12345"\n'));
    mkdirSync(ring(host), { mode: 0o700 });
    forgetDeployment();
    expect((await run()).error?.code).toBe('ml_key_unreadable');
    writeFileSync(compose, text);
    forgetDeployment();
    writeFileSync(path.join(ring(host), 'another.info'), 'x');
    expect((await run()).error?.code).toBe('ml_key_partial');
    expect(readdirSync(ring(host))).toEqual(['another.info']);
  }, 60_000);

  it('a wrong password makes nothing in a keyring that is there, and leaves a key as it is', async () => {
    mkdirSync(host.home);
    execFileSync('docker', ['run', '--rm', '-i', '--network', 'none', '--log-driver', 'none', '-v', `${host.home}:/root/.inference`, '--entrypoint', 'inferenced', 'ghcr.io/product-science/api:0.2.4', 'keys', 'add', 'another', '--keyring-backend', 'file'], { input: 'right-password\nright-password\n', stdio: ['pipe', 'pipe', 'pipe'] });
    const before = files(host);
    expect((await run()).error?.code).toBe('ml_key_keyring_password');
    expect(files(host)).toEqual(before);
    setPassword(host, 'right-password');
    const made = await run();
    dropPhrase(made.id);
    expect(made.state).toBe('succeeded');
    const kept = files(host);
    setPassword(host, NASTY);
    expect((await run()).error?.code).toBe('ml_key_password');
    expect(files(host)).toEqual(kept);
  }, 60_000);

  it('a registered host, one that may be, and one whose key was here: only with a reason', async () => {
    const reasons = async () => {
      const { gate } = await previewOperation({ kind: 'create-ml-key' });
      return gate.answer === 'reason-needed' ? gate.reasons.map((one) => one.why) : gate.answer;
    };
    expect(await reasons()).toBe('yes');
    chain = { state: 'unknown', why: 'x' };
    expect(await reasons()).toEqual(['ml_key_chain_unknown']);
    expect(await refused(() => run())).toBe('operation_reason_needed');
    chain = { state: 'registered', key: 'K' };
    expect(await reasons()).toEqual(['ml_key_registered']);
    const made = await run('the old key is lost for good');
    expect(made.error).toBeUndefined();
    dropPhrase(made.id);
    // It is there: nothing speaks against reading it.
    expect(await reasons()).toBe('yes');
    chain = { state: 'not-registered' };
    rmSync(host.home, { recursive: true });
    expect(await reasons()).toEqual(['ml_key_was_here']);
    expect(await refused(() => run())).toBe('operation_reason_needed');
    expect(existsSync(ring(host))).toBe(false);
  }, 60_000);

  it('passwords that the keyring would not take are refused before anything runs', async () => {
    for (const [password, code] of [['short', 'ml_key_password_length'], ['x'.repeat(73), 'ml_key_password_length'], ['two\nlines-of-it', 'ml_key_password_unset'], ["$'two\\nlines-of-it'", 'ml_key_password_lines']] as const) {
      setPassword(host, password);
      expect((await run()).error?.code).toBe(code);
    }
    expect(existsSync(host.home)).toBe(false);
  }, 60_000);
});

describe.each(RELEASES)('release %s, panels in processes of their own', (release) => {
  it('two panels at once make one key', async () => {
    const one = makeHost(release, 'yes-password-1');
    const other = path.join(one.scratch, 'other');
    mkdirSync(other, { mode: 0o700 });
    migrate(path.join(other, 'panel.db'), path.join(ROOT, 'prisma/migrations'));
    const job: Job = { start: { kind: 'create-ml-key' } };
    const both = await Promise.all([panel(one, job), panel(one, job, { PANEL_DATA_DIR: other })]);
    const details = both.map(({ report, said }) => {
      expect(report?.operation?.state, said).toBe('succeeded');
      return step(report?.operation)?.detail;
    });
    expect(details.map((one) => one?.code).sort()).toEqual(['ml_key_found', 'ml_key_made']);
    expect(details[0]?.params).toEqual(details[1]?.params);
    expect(readdirSync(ring(one)).filter((name) => name.endsWith('.address'))).toHaveLength(1);
  }, 120_000);

  const moments = [...['queued', 'ml-key-config', 'ml-key-image', 'ml-key-proof'].map((name) => ({ step: name, afterMs: 0 })), ...[0, 150, 400, 700, 1000, 1400].map((afterMs) => ({ step: 'ml-key', afterMs }))];
  it.each(moments)('the panel is killed (-9) in step $step after $afterMs ms: a retry finds or makes the key, never another one', async (killAt) => {
    const one = makeHost(release, 'yes-password-1');
    const first = await panel(one, { start: { kind: 'create-ml-key' }, killAt });
    // The container goes on without the panel: what it makes is there in a moment.
    await expect.poll(() => containers().includes('running'), { timeout: 30_000 }).toBe(false);
    const made = existsSync(ring(one)) ? files(one) : undefined;
    if (first.signal !== 'SIGKILL') {
      // Too late, or the step was over between two looks: then it must have worked.
      expect(first.report?.operation?.state, first.said).toBe('succeeded');
      return;
    }
    const { report, said } = await panel(one, { recover: true });
    expect(report?.recovered[0], said).toMatchObject({ state: 'interrupted' });
    expect(report?.recovered[0]?.steps.at(-1)).toMatchObject({ name: 'observe', detail: { code: made?.[`${NAME}.info`] ? 'ml_key_present' : 'ml_key_absent' } });
    expect(report?.operation?.error, said).toBeUndefined();
    expect(step(report?.operation)?.detail?.code).toBe(made?.[`${NAME}.info`] ? 'ml_key_found' : 'ml_key_made');
    // What was there is the same to the byte.
    if (made?.[`${NAME}.info`]) expect(files(one)).toEqual(made);
    expect(readdirSync(ring(one)).filter((name) => name.endsWith('.info'))).toEqual([`${NAME}.info`]);
    const address = step(report?.operation)?.detail?.params.address;
    expect(new Keyring(one.home).read(NAME, 'yes-password-1').address).toBe(address);
  }, 120_000);
});
