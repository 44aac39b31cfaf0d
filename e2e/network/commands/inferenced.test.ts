/** The commands against the recorded outputs: the same lines on the same stream, the same exit code. */
import { spawnSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startSeed, type Seed } from '../seed.ts';
import { Keyring } from '../keyring.ts';

const SAMPLES = join(import.meta.dirname, '../../../../shared/gonka/samples/v0.2.4/cli');
const CLI = join(import.meta.dirname, '../cli.ts');
const ACCOUNT = 'A1yHeh1YiLS9rol9xwawLl349UFZTfT2fLl/qoA1/vpq';
const VALIDATOR = 'OSQ/YZTpAUNX0UbdV0yI7V55ZFgIQkDFIPGSlaiw/Aw=';

type Run = { code: number | null; stdout: string; stderr: string };
let home: string;
let seed: Seed;

function run(args: string[], stdin = '', env: Record<string, string> = {}): Promise<Run> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [CLI, 'inferenced', ...args], { env: { PATH: process.env.PATH, HOME: home, STANDIN_REGISTER_WAIT_MS: '3000', DAPI_CHAIN_NODE__URL: `${seed.url}/chain-rpc`, ...env } as unknown as NodeJS.ProcessEnv });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => { stdout += chunk; });
    child.stderr.on('data', (chunk) => { stderr += chunk; });
    child.on('close', (code) => resolve({ code, stdout, stderr }));
    child.stdin.end(stdin);
  });
}

/** What a recording is about, without the values that differ from run to run. */
function plain(text: string): string {
  return text
    .replace(/^time="[^"]*" level=warning .*\n/gm, '')
    .replaceAll(home, 'HOME').replaceAll('/home/operator', 'HOME').replaceAll('/root/.inference', 'HOME/.inference')
    .replace(/gonka1[a-z0-9]{38}/g, 'ADDRESS').replace(/(?<="key\\?":\\?")[A-Za-z0-9+/=]{44}/g, 'KEY').replace(/\b[0-9A-F]{64}\b/g, 'HASH')
    .replace(/(Validator Consensus Key: )\S+/g, '$1KEY').replace(/http:\/\/(node2\.gonka\.ai:8000|127\.0\.0\.1:\d+)(?=\/| |$)/gm, 'SEED')
    .replace(/block \d+/g, 'block N').replace(/Block height: \d+/g, 'Block height: N').replace(/gasUsed: \d+/g, 'gasUsed: N').replace(/dial tcp [\d.]+:/g, 'dial tcp IP:')
    .replace(/\b(?:[a-z]+ ){23}[a-z]+/g, 'MNEMONIC').trim();
}

function recorded(name: string): Run {
  const text = readFileSync(join(SAMPLES, `${name}.txt`), 'utf8');
  const [head = '', rest = ''] = text.split('--- stdout\n');
  const [stdout = '', stderr = ''] = rest.split('--- stderr\n');
  return { code: Number(/# exit: (\d+)/.exec(head)?.[1]), stdout, stderr };
}

function expectLike(made: Run, name: string, streams: (keyof Run)[] = ['stdout', 'stderr']): void {
  const record = recorded(name);
  expect(made.code).toBe(record.code);
  for (const stream of streams) expect(plain(String(made[stream]))).toBe(plain(String(record[stream])));
}

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'standin-'));
  seed = await startSeed({ host: '127.0.0.1', rateLimit: false, epochSeconds: 6 });
});
afterAll(async () => {
  await seed.stop();
  rmSync(home, { recursive: true });
});

const KEYRING = ['--keyring-backend', 'file'];
const dir = () => ['--keyring-dir', mkdtempSync(join(home, 'k-'))];

describe.skipIf(!existsSync(SAMPLES))('inferenced', () => {
  test('keys: a new keyring', { timeout: 90_000 }, async () => {
    expectLike(await run(['keys', 'list', ...KEYRING, '--output', 'json', ...dir()]), 'keys-list-empty');
    expectLike(await run(['keys', 'add', 'k2', ...KEYRING, ...dir(), '--output', 'json'], 'password1\npassword1\n'), 'keys-add-json');
    expectLike(await run(['keys', 'add', 'k2', ...KEYRING, ...dir()]), 'keys-add-no-stdin');
    expectLike(await run(['keys', 'add', 'k2', ...KEYRING, ...dir()], 'password1\npassword2\n'), 'keys-add-passwords-differ');
    expectLike(await run(['keys', 'add', 'k2', ...KEYRING, ...dir()], 'short\nshort\nshort\nshort\n'), 'keys-add-short-password');
  });

  test('keys: an existing one, its files, and the trap of measured 4', async () => {
    const add = ['keys', 'add', 'gonka-op-key', ...KEYRING];
    expectLike(await run(add, 'password1\npassword1\n'), 'keys-add-warm');
    const files = join(home, '.inference/keyring-file');
    expect(readdirSync(files).map((file) => file.replace(/^[0-9a-f]{40}/, 'HEX')).sort()).toEqual(['HEX.address', 'gonka-op-key.info', 'keyhash']);
    expect(statSync(files).mode & 0o777).toBe(0o700);
    expect(statSync(join(files, 'gonka-op-key.info')).mode & 0o777).toBe(0o600);
    expect(statSync(join(files, 'keyhash')).size).toBe(60);
    expectLike(await run(add, 'password1\npassword1\n'), 'keys-add-warm-again');
    expectLike(await run(['keys', 'show', 'gonka-op-key', ...KEYRING, '-a'], 'password1\n'), 'keys-show');
    expectLike(await run(['keys', 'show', 'gonka-op-key', ...KEYRING, '-a'], 'wrongpass\nwrongpass\nwrongpass\n'), 'keys-show-wrong-password');
    expectLike(await run(['keys', 'show', 'nobody', ...KEYRING, '-a'], 'password1\n'), 'keys-show-missing');
    expectLike(await run(['keys', 'list', ...KEYRING], 'wrongpass\nwrongpass\nwrongpass\n'), 'keys-list-wrong-password');

    const trap = dir();
    const first = await run(['keys', 'add', 'k3', ...KEYRING, ...trap, '--output', 'json'], 'yes-password1\nyes-password1\n');
    const second = await run(['keys', 'add', 'k3', ...KEYRING, ...trap, '--output', 'json'], 'yes-password1\nyes-password1\n');
    expect([first.code, second.code]).toEqual([0, 0]);
    expect(JSON.parse(second.stdout).address).not.toBe(JSON.parse(first.stdout).address);
    expect(new Keyring(trap[1]!).read('k3', 'yes-password1').address).toBe(JSON.parse(second.stdout).address);
  }, 90_000);

  test('keys: passwords are read as the SDK reads them', async () => {
    const add = (name: string, stdin: string, ...where: string[]) => run(['keys', 'add', name, ...KEYRING, ...where, '--output', 'json'], stdin);
    const nasty = `'"$(x) \\ \`y\` #!& 密码`;
    const where = dir();
    expect((await add('k4', `${nasty}\n${nasty}\n`, ...where)).code).toBe(0);
    expect(new Keyring(where[1]!).read('k4', nasty).name).toBe('k4');
    const blanks = dir();
    await add('k5', '  password1 \n  password1 \n', ...blanks);
    expect(new Keyring(blanks[1]!).read('k5', 'password1').name).toBe('k5');
    expect((await add('k6', '一二三\n一二三\n', ...dir())).code, 'nine bytes').toBe(0);
    const long = `${'x'.repeat(73)}\n`.repeat(6);
    expect((await add('k7', long, ...dir())).stderr.match(/^bcrypt: password length exceeds 72 bytes$/gm)).toHaveLength(3);
    expect((await add('k8', 'password1\npassword1', ...dir())).stderr, 'a line without its end').toMatch(/^EOF\n/);
  }, 90_000);

  test('keys: the answer comes while stdin is still open', async () => {
    const child = spawn(process.execPath, [CLI, 'inferenced', 'keys', 'add', 'k9', ...KEYRING, ...dir()], { stdio: ['pipe', 'ignore', 'ignore'] });
    child.stdin.write('password1\npassword1\n');
    expect(await new Promise((resolve) => child.on('close', resolve))).toBe(0);
  }, 30_000);

  test('keys: the backends test and os ask for nothing and keep their keys apart', async () => {
    const where = dir();
    for (const backend of ['test', 'os']) {
      const [made, again] = [await run(['keys', 'add', 'k', '--keyring-backend', backend, ...where, '--output', 'json']), await run(['keys', 'show', 'k', '-a', '--keyring-backend', backend, ...where])];
      expect([made.code, again.stdout]).toEqual([0, `${JSON.parse(made.stdout).address}\n`]);
      expect(existsSync(join(where[1]!, `keyring-${backend}`, 'k.info'))).toBe(true);
    }
    const byDefault = await run(['keys', 'list', ...where, '--output', 'json']);
    expect(JSON.parse(byDefault.stdout)).toHaveLength(1);
    expect((await run(['keys', 'list', '--keyring-backend', 'kwallet2', ...where])).stderr).toContain('kwallet2: unknown keyring backend');
  }, 60_000);

  const register = (...args: string[]) => run(['register-new-participant', ...args]);
  const at = () => ['--node-address', seed.url];

  test('registration', async () => {
    expectLike(await register('not-a-url', ACCOUNT, ...at()), 'register-address-as-key', []);
    expect(seed.ledger.hosts.filter((host) => !host.madeUp)).toEqual([]);
    expectLike(await register('http://203.0.113.7:8000', ACCOUNT, ...at()), 'register');
    expectLike(await register('http://203.0.113.99:8000', ACCOUNT, ...at()), 'register-another-url');
    expect(seed.ledger.hosts.find((host) => !host.madeUp)?.url).toBe('http://203.0.113.7:8000');
    expectLike(await register('not-a-url', ACCOUNT, ...at()), 'register-bad-url');
    expectLike(await register('http://203.0.113.7:8000', 'gonka1rsk4j9wqjk3q3spjlsvhw6ztd0ydjrxwuh6ufc', ...at()), 'register-address-as-key');
    expectLike(await register('http://203.0.113.7:8000', ...at()), 'register-missing-argument');
    expectLike(await register('http://203.0.113.7:8000', ACCOUNT, '--node-address', 'http://nowhere.invalid:8000'), 'register-seed-unknown-host');
    const panicked = await register('http://203.0.113.7:8000', VALIDATOR, ...at());
    expect(panicked.code).toBe(2);
    expect(panicked.stderr.split('\n').slice(0, 3)).toEqual(recorded('register-consensus-key-as-account-key').stderr.split('\n').slice(1, 4));
    seed.change({ registration: { answer: 'panics' } });
    const funded = await register('http://203.0.113.7:8000', ACCOUNT, ...at());
    expect([funded.code, funded.stderr.trim().split('\n').at(-1)]).toEqual([1, 'server returned status 500: {"error":"rpc error: code = Unknown desc = runtime error: invalid memory address or nil pointer dereference: panic"}']);
    seed.change({ registration: { unseen: true } });
    const unseen = await register('http://203.0.113.7:8000', ACCOUNT, ...at());
    expect([unseen.code, unseen.stdout.includes('Participant registration successful.'), unseen.stdout.includes('Warning: timeout after 30s')]).toEqual([0, true, true]);
    seed.change({ registration: {} });
    const down = await run(['register-new-participant', 'http://203.0.113.7:8000', ACCOUNT, ...at()], '', { DAPI_CHAIN_NODE__URL: 'http://127.0.0.1:9' });
    expect(down.stderr.trim().split('\n').at(-1)).toBe('failed to auto-fetch consensus key: node RPC endpoint not responding. Please check if the node is properly configured: post failed: Post "http://127.0.0.1:9": dial tcp 127.0.0.1:9: connect: connection refused');
  }, 90_000);

  test('grants', async () => {
    await run(['keys', 'add', 'gonka-account-key', ...KEYRING], 'password1\npassword1\n');
    const key = new Keyring(join(home, '.inference')).read('gonka-account-key', 'password1');
    const warm = 'gonka1ena5pcz77qa82ucqcj3xary429k3uqnkyezflg';
    const grant = (node: string, ...more: string[]) => ['tx', 'inference', 'grant-ml-ops-permissions', 'gonka-account-key', ...more, '--from', 'gonka-account-key', ...KEYRING, '--node', node];
    const node = `${seed.url}/chain-rpc/`;
    const before = await run([...grant(node, warm), '--gas', '2000000'], 'password1\n');
    expect(before.stderr).toContain(`failed to get account details: rpc error: code = NotFound desc = account ${key.address} not found: key not found`);
    seed.register({ address: key.address, url: 'http://203.0.113.9:8000', validator_key: VALIDATOR, pub_key: key.pubKey });
    expectLike(await run([...grant(node, warm), '--gas', '2000000'], 'password1\n'), 'grant');
    const first = seed.ledger.grants[0]!;
    expect(first.messages).toHaveLength(24);
    expectLike(await run([...grant(node, warm), '--gas', '2000000'], 'password1\n'), 'grant-again');
    expect(seed.ledger.grants).toHaveLength(1);
    await run([...grant(node, warm), '--gas', '2000000'], 'password1\n', { STANDIN_RELEASE: '0.2.14' });
    expect(new Set(seed.ledger.grants.flatMap((item) => item.messages)).size, 'another release of the CLI grants other types too').toBe(28);
    expectLike(await run(grant(node, warm), 'password1\n'), 'grant-low-gas');
    expectLike(await run([...grant(node, 'gonka1nonsense'), '--gas', '2000000'], 'password1\n'), 'grant-bad-address');
    expectLike(await run([...grant('http://127.0.0.1:9/chain-rpc/', warm), '--gas', '2000000'], 'password1\n'), 'grant-node-down');
    expectLike(await run([...grant(node, warm), '--gas', '2000000'], 'wrongpass\nwrongpass\nwrongpass\n'), 'grant-wrong-password');
  }, 90_000);

  test('version is an empty line', () => {
    const made = spawnSync(process.execPath, [CLI, 'inferenced', 'version'], { encoding: 'utf8' });
    expect([made.status, made.stdout]).toEqual([0, '\n']);
  });
});
