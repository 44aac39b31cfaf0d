/** The route with a real config.env and the stand-in network. Session and compose files are taken for granted. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { AccountKeyAnswer, AccountKeyNow } from '#components/onboarding/account-key-data.ts';
import type { Deployment } from '#lib/deployment/schema.ts';
import { startSeed, type Seed } from '../../../../e2e/network/seed.ts';

const KEY = 'A1yHeh1YiLS9rol9xwawLl349UFZTfT2fLl/qoA1/vpq';
const ADDRESS = 'gonka1rsk4j9wqjk3q3spjlsvhw6ztd0ydjrxwuh6ufc';
const CONSENSUS = 'OSQ/YZTpAUNX0UbdV0yI7V55ZFgIQkDFIPGSlaiw/Aw=';
const here: { deployment?: Deployment; error?: { code: string; params: Record<string, string> } } = {};
vi.mock('#lib/access/session.ts', () => ({ requireSession: async () => ({ user: { username: 'tester' }, ip: '127.0.0.1' }) }));
vi.mock('../../deployment-now.ts', () => ({ deploymentNow: async () => here }));

let seed: Seed;
let dir: string;
let route: typeof import('./route.ts');
beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  seed = await startSeed({ host: '127.0.0.1', epochSeconds: 360, release: '0.2.8', now: Date.now() });
  seed.register({ address: ADDRESS, url: 'http://203.0.113.7:8000', validator_key: CONSENSUS, pub_key: KEY });
  pass(15_000); // registration is in one of the next blocks
  dir = mkdtempSync(path.join(os.tmpdir(), 'account-key-'));
  vi.stubEnv('SEED_API_URLS', seed.url);
  vi.stubEnv('GONKA_DEPLOY_DIR', path.join(dir, 'none'));
  vi.stubEnv('DOCKER_HOST', `unix://${path.join(dir, 'no.sock')}`);
  route = await import('./route.ts');
});
afterAll(async () => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  rmSync(dir, { recursive: true, force: true });
  await seed.stop();
});
const pass = (ms: number) => vi.setSystemTime(Date.now() + ms);
const now = async (): Promise<AccountKeyNow> => (await route.GET()).json();
const post = (body: string) => route.POST(new Request('http://panel/api/onboarding/account-key', { method: 'POST', body }));
const deployment = (values: Record<string, string>): Deployment => ({ dir, project: { name: 'join', dir, files: [], profiles: [], env: {} }, release: '0.2.8', services: [], problems: [], values });

test('before a deployment there is no place for the key, and nothing fails', async () => {
  expect(await now()).toMatchObject({ deployment: null, keys: { consensus: { state: 'unknown' } } });
  expect((await now()).env).toBeUndefined();
});

test('config.env is offered with its version, and its value is judged', async () => {
  here.deployment = deployment({});
  const file = path.join(dir, 'config.env');
  writeFileSync(file, 'export ACCOUNT_PUBKEY=<ACCOUNT_PUBKEY_FROM_STEP_ABOVE>\nexport API_PORT=8000\n', { mode: 0o600 });
  const before = await now();
  expect(before).toMatchObject({ deployment: { dir, release: '0.2.8' }, keys: { account: { state: 'absent' }, operational: { state: 'unknown' } }, env: { path: file } });
  expect(before.env?.version).toMatch(/^[0-9a-f]{64}$/);
  writeFileSync(file, `export ACCOUNT_PUBKEY=${KEY}\n`);
  expect(await now()).toMatchObject({ keys: { account: { state: 'ok', key: KEY, address: ADDRESS } } });
  writeFileSync(file, `export ACCOUNT_PUBKEY=${CONSENSUS}\n`);
  expect(await now()).toMatchObject({ keys: { account: { state: 'wrong', kind: 'consensus-key' } } });
  chmodSync(file, 0o444);
  expect(await now()).toMatchObject({ envError: { code: 'config_read_only' } });
  expect((await now()).env).toBeUndefined();
});

test('a key that a host has already is said with its URL and consensus key, and nothing is stored', async () => {
  const before = readFileSync(path.join(dir, 'config.env'), 'utf8');
  here.deployment = deployment({ PUBLIC_URL: 'http://203.0.113.9:8000' });
  const first: AccountKeyAnswer = await (await post(JSON.stringify({ key: KEY }))).json();
  expect(first).toMatchObject({ address: ADDRESS, onChain: { state: 'ok', source: '127.0.0.1', value: { url: 'http://203.0.113.7:8000', validatorKey: CONSENSUS, owner: 'another-host' } } });
  here.deployment = deployment({ PUBLIC_URL: 'http://203.0.113.7:8000' });
  expect(await (await post(JSON.stringify({ key: KEY }))).json()).toMatchObject({ onChain: { value: { owner: 'this-address' } } });
  expect(readFileSync(path.join(dir, 'config.env'), 'utf8')).toBe(before);
});

test('an account without a host is free', async () => {
  pass(61_000);
  expect(await (await post(JSON.stringify({ key: 'Anw+LUso+dR92ze1FimRv6hRJo2oTlQq9sdsvIWeNN36' }))).json()).toMatchObject({ address: 'gonka18x0zmhwpjhf2n7akc8ty6yh5rh0wzwl4qrhers', onChain: { state: 'ok', value: false } });
});

test('a mnemonic is refused, and the answer repeats none of it', async () => {
  const asked = seed.requests.length;
  const answer = await post(JSON.stringify({ key: KEY, mnemonic: 'lamp '.repeat(24) }));
  expect(answer.status).toBe(400);
  expect(await answer.json()).toEqual({ error: { code: 'account_key_only', params: {} } });
  expect(seed.requests.length).toBe(asked);
});
