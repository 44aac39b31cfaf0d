/** One-off containers, as a program starts them: own argv, no shell, answers on stdin. `inferenced` of the `api` image, `hf` of the ML node's. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ensureImages } from './image.ts';
import { startHub } from './hub.ts';
import { Keyring } from './keyring.ts';
import { startSeed, type Seed } from './seed.ts';

const IMAGE = 'ghcr.io/product-science/api:0.2.4';
const ML_IMAGE = 'ghcr.io/product-science/mlnode:3.0.10';
const NETWORK = 'standin-one-off';
const ACCOUNT = 'A1yHeh1YiLS9rol9xwawLl349UFZTfT2fLl/qoA1/vpq';
let seed: Seed;
let state: string;

function docker(args: string[], stdin = ''): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = spawn('docker', args);
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk) => { stdout += chunk; });
    child.stderr.on('data', (chunk) => { stderr += chunk; });
    child.on('close', (code) => resolve({ code, stdout, stderr }));
    child.stdin.end(stdin);
  });
}
const oneOff = (program: string, args: string[], stdin = '', env: string[] = []) =>
  docker(['run', '--rm', '-i', '--network', NETWORK, '--log-driver', 'none', '-v', `${state}:/root/.inference`, ...env.flatMap((item) => ['-e', item]), '--entrypoint', program, IMAGE, ...args], stdin);

beforeAll(async () => {
  state = mkdtempSync(join(tmpdir(), 'standin-'));
  seed = await startSeed({ rateLimit: false, epochSeconds: 12 });
  seed.change({ registration: { waitMs: 1500 } });
  await ensureImages(process.env, [IMAGE, ML_IMAGE]);
  await docker(['rm', '-f', 'standin-hf']);
  // A private engine has no default bridge.
  await docker(['network', 'create', NETWORK]);
});
afterAll(async () => {
  await seed.stop();
  await docker(['network', 'rm', NETWORK]);
  rmSync(state, { recursive: true });
});

test('keys add with the password on stdin, the files in the mount; list and show', async () => {
  const password = `'"$HOME $(id) \\ ;密码`;
  const made = await oneOff('inferenced', ['keys', 'add', 'gonka-op-key', '--keyring-backend', 'file', '--output', 'json'], `${password}\n${password}\n`);
  expect(made.code).toBe(0);
  const { address, mnemonic } = JSON.parse(made.stdout) as { address: string; mnemonic: string };
  expect(mnemonic.split(' ')).toHaveLength(24);
  expect(readdirSync(join(state, 'keyring-file'))).toContain('gonka-op-key.info');
  expect(new Keyring(state).read('gonka-op-key', password).address).toBe(address);
  const wrong = await oneOff('inferenced', ['keys', 'list', '--keyring-backend', 'file', '--output', 'json'], 'wrongpass\n');
  expect([wrong.code, wrong.stdout]).toEqual([0, '[]']);
  const shown = await oneOff('inferenced', ['keys', 'show', 'gonka-op-key', '-a', '--keyring-backend', 'file', '--home', '/root/.inference'], `${password}\n`);
  expect(shown.stdout).toBe(`${address}\n`);
});

test('a container that is created first and started attached', async () => {
  const { stdout } = await docker(['create', '-i', '-e', 'KEY_NAME=gonka-op-key', '-v', `${state}:/root/.inference`, '--entrypoint', '/bin/sh', IMAGE, '-c', '[ -f /root/.inference/keyring-file/"$KEY_NAME".info ] && echo there || echo absent']);
  const ran = await docker(['start', '-ai', stdout.trim()]);
  expect([ran.code, ran.stdout]).toEqual([0, 'there\n']);
  await docker(['rm', stdout.trim()]);
});

test('registration from it: on chain, and "successful" with nothing on chain', async () => {
  const register = (url: string) => oneOff('inferenced', ['register-new-participant', url, ACCOUNT, '--node-address', seed.containerUrl], '', [`DAPI_CHAIN_NODE__URL=${seed.containerUrl}/chain-rpc`]);
  const nothing = await register('not-a-url');
  expect([nothing.code, nothing.stdout.includes('Participant registration successful.'), nothing.stdout.includes('Warning: timeout')]).toEqual([0, true, true]);
  expect(seed.ledger.hosts.some((host) => host.pubKey === ACCOUNT)).toBe(false);
  expect((await register('http://203.0.113.7:8000')).stdout).toContain('Found participant with pubkey');
  expect(seed.ledger.hosts.find((host) => host.pubKey === ACCOUNT)?.url).toBe('http://203.0.113.7:8000');
});

test('a program that the image lacks', async () => {
  expect((await oneOff('/bin/sh', ['-c', 'nothing-there'])).code).toBe(127);
  expect(existsSync(join(state, 'nothing'))).toBe(false);
});

test('weights: progress on disk, a kill, going on, a full disk', async () => {
  const hub = await startHub({ bytesPerSecond: 4_000_000, models: { 'Qwen/QwQ-32B': { bytes: 12_000_000 } } });
  const cache = mkdtempSync(join(tmpdir(), 'standin-'));
  const download = (name: string, mount: string[]) => docker(['run', '--name', name, '--network', NETWORK, ...mount, '-e', 'HF_HOME=/root/.cache', '-e', `HF_ENDPOINT=${hub.containerUrl}`, '--entrypoint', 'huggingface-cli', ML_IMAGE, 'download', 'Qwen/QwQ-32B']);
  const blobs = join(cache, 'hub/models--Qwen--QwQ-32B/blobs');
  const bytes = () => (existsSync(blobs) ? readdirSync(blobs).reduce((sum, name) => sum + (statSync(join(blobs, name), { throwIfNoEntry: false })?.size ?? 0), 0) : 0);

  const first = download('standin-hf', ['-v', `${cache}:/root/.cache`]);
  await expect.poll(bytes, { timeout: 30_000 }).toBeGreaterThan(1_000_000);
  await docker(['kill', 'standin-hf']);
  expect((await first).code).toBe(137);
  const left = bytes();
  expect(left).toBeLessThan(hub.files('Qwen/QwQ-32B').bytes);
  await docker(['rm', 'standin-hf']);
  hub.setRate(0);
  const second = await download('standin-hf', ['-v', `${cache}:/root/.cache`]);
  expect([second.code, second.stdout]).toEqual([0, `/root/.cache/hub/models--Qwen--QwQ-32B/snapshots/${hub.files('Qwen/QwQ-32B').commit}\n`]);
  expect(bytes()).toBe(hub.files('Qwen/QwQ-32B').bytes);
  await docker(['rm', 'standin-hf']);

  const full = await download('standin-hf', ['--tmpfs', '/root/.cache:size=2m']);
  expect([full.code, full.stderr.trim().split('\n').at(-1)]).toEqual([1, 'OSError: [Errno 28] No space left on device']);
  expect(full.stderr).toContain('UserWarning: Not enough free disk space to download the file.');
  await docker(['rm', 'standin-hf']);
  await hub.close();
  rmSync(cache, { recursive: true });
});
