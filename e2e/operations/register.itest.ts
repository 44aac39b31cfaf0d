/** The registration of a host, with upstream's own files, real containers of the chain and the stand-in network of three releases. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectOperations } from '#app/api/operations/surround.ts';
import { accountAddress } from '#lib/chain/addresses.ts';
import { isPanelError } from '#lib/core/errors.ts';
import { db } from '#lib/db/client.ts';
import { migrate } from '#lib/db/migrate.ts';
import { chooseDeployment } from '#lib/deployment/current.ts';
import { forgetDeployment } from '#lib/deployment/deployment.ts';
import { cancelOperation, finished, operation, operationOutput, retryOperation, startOperation } from '#lib/operations/journal.ts';
import { previewOperation } from '#lib/operations/preview.ts';
import { pace } from '#lib/operations/pace.ts';
import type { OperationView } from '#lib/operations/schema.ts';
import { networkSnapshot, networkWatch } from '#lib/watch/network-snapshot.ts';
import { newAccountKey } from '../network/addresses.ts';
import type { ReleaseName } from '../network/releases.ts';
import { type HostWorld, openHostWorld } from '../world.ts';
import { docker } from './busybox-host.ts';
import type { Job, Report } from './panel-child.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const PORT = 4631;
const URL = 'http://203.0.113.7:8000';
const by = { user: 'ann', ip: '192.0.2.7' };
const soon = { timeout: 90_000, interval: 500 };
const dataDir = mkdtempSync(path.join(tmpdir(), 'gp-register-data-'));
let world: HostWorld;
let ownKey: string;

beforeAll(() => {
  process.env.PANEL_DATA_DIR = dataDir;
  process.env.SEED_API_URLS = `http://127.0.0.1:${PORT}`;
  migrate(path.join(dataDir, 'panel.db'), path.join(ROOT, 'prisma/migrations'));
  connectOperations();
  Object.assign(pace, { settleMs: 800, lifeMs: 500, proofMs: 12_000 });
});
afterAll(async () => {
  networkWatch().close();
  await db().$disconnect();
  rmSync(dataDir, { recursive: true, force: true });
});

/** As after a restart of the panel: nothing is remembered of the network. */
function forgetNetwork(): void {
  networkWatch().close();
  for (const name of ['network-watch', 'chain-gateway']) Reflect.deleteProperty(globalThis, Symbol.for(`gonka-panel.${name}`));
}

async function caughtUp(): Promise<void> {
  for (const until = Date.now() + 90_000; !(await networkSnapshot()).ownNode.value?.synced; await new Promise((resolve) => setTimeout(resolve, 500))) if (Date.now() > until) throw new Error('the own node has not caught up');
}

/** A host whose chain runs and has caught up. */
async function open(release: ReleaseName): Promise<void> {
  forgetNetwork();
  world = await openHostWorld({ release, seedPort: PORT, epochSeconds: 60, startOffset: 30 });
  world.seed.change({ registration: { waitMs: 1500 } });
  await chooseDeployment(world.dir);
  const { gate } = await previewOperation({ kind: 'launch-chain' });
  const { id } = await startOperation({ kind: 'launch-chain', reason: 'a reason in case a PoC runs', shown: gate.answer === 'reason-needed' ? gate.reasons.map(({ why }) => why) : [], ...by });
  await finished(id);
  await caughtUp();
  ownKey = (await networkSnapshot()).ownNode.value?.validatorKey ?? '';
}

/** config.env with other values, as if typed. */
function configure(values: Record<string, string>): void {
  const file = path.join(world.dir, 'config.env');
  let text = readFileSync(file, 'utf8');
  for (const [name, value] of Object.entries(values)) text = text.replace(new RegExp(`^export ${name}=.*$`, 'm'), `export ${name}=${value}`);
  writeFileSync(file, text);
  forgetDeployment();
}
function newAccount(): { pubKey: string; address: string } {
  const { pubKey } = newAccountKey();
  configure({ ACCOUNT_PUBKEY: pubKey, PUBLIC_URL: URL, SEED_API_URL: world.seed.containerUrl });
  return { pubKey, address: accountAddress(pubKey) ?? '' };
}
async function run(): Promise<OperationView> {
  const { id } = await startOperation({ kind: 'register-host', ...by });
  await finished(id);
  return (await operation(id)) as OperationView;
}
const refusal = () => startOperation({ kind: 'register-host', ...by }).then(() => undefined, (error: unknown) => (isPanelError(error) ? error.code : Promise.reject(error)));
const detail = (o: OperationView | undefined, name: string) => o?.steps.find((step) => step.name === name)?.detail;
const states = (o: OperationView) => Object.fromEntries(o.steps.map((step) => [step.name, step.state]));
const posts = () => world.seed.requests.filter(({ path: asked }) => asked === '/v1/participants').length;
const hostsOf = (address: string) => world.seed.ledger.hosts.filter((host) => host.address === address);
const oneOffs = () => docker('ps', '-aq', '--filter', 'label=com.docker.compose.oneoff=True', '--filter', `label=com.docker.compose.project.working_dir=${world.dir}`).trim();

describe.each(['0.2.4', '0.2.8', '0.2.14'] as const)('v%s', (release) => {
  afterEach(() => world.close());

  it('registers once, proves it on chain, and finds it there the next time', async () => {
    await open(release);
    const { address, pubKey } = newAccount();
    const preview = await previewOperation({ kind: 'register-host' });
    expect(preview).toMatchObject({ gate: { answer: 'yes' }, changes: [], pulls: [] });
    expect(preview.command.slice(-14)).toEqual(['run', '--rm', '--no-deps', '-T', '-e', 'KEYRING_PASSWORD=', '--entrypoint', 'inferenced', 'api', 'register-new-participant', URL, pubKey, '--node-address', world.seed.containerUrl].concat(['--consensus-key', ownKey]).slice(-14));
    const before = posts();
    const done = await run();
    expect(done.error).toBeUndefined();
    expect(done).toMatchObject({ state: 'succeeded', exitCode: 0, command: preview.command });
    expect(detail(done, 'register-key')).toMatchObject({ params: { key: ownKey, by: 'both' } });
    expect(detail(done, 'register-chain')).toMatchObject({ code: 'register_free', params: { among: 'all' } });
    expect(detail(done, 'register-proof')).toMatchObject({ code: 'registered', params: { url: URL, key: ownKey, address, source: 'own' } });
    expect(hostsOf(address)).toMatchObject([{ url: URL, validatorKey: ownKey }]);
    const output = (await operationOutput(done.id)).map((line) => ('line' in line ? line.line : ''));
    expect(output).toContain('Using provided consensus key (validated)');
    expect(JSON.stringify(output)).not.toContain(world.keyringPassword);
    expect(posts() - before).toBe(1);
    expect(oneOffs()).toBe('');

    const asked = posts();
    const again = await run();
    expect(again.state).toBe('succeeded');
    expect(states(again)).toMatchObject({ 'register-chain': 'skipped', register: 'skipped' });
    expect(posts()).toBe(asked);
  });
});

describe('what goes wrong', () => {
  beforeAll(() => open('0.2.8'));
  afterAll(() => world.close());
  // Each with a chain that has nobody with our consensus key.
  beforeEach(async () => {
    const { ledger } = world.seed;
    ledger.hosts = ledger.hosts.filter((host) => host.madeUp);
    ledger.revision += 1;
    // The own node reads the ledger a moment later.
    await expect.poll(async () => {
      forgetNetwork();
      await caughtUp();
      return (await networkWatch().holdersOf(ownKey)).value?.addresses;
    }, soon).toEqual([]);
    forgetNetwork();
    await caughtUp();
  });
  afterEach(() => world.seed.change({ registration: { waitMs: 1500 } }));

  it('"successful" with nothing on chain is a failure, and a retry completes', async () => {
    const { address } = newAccount();
    world.seed.change({ registration: { answer: 'ignored', waitMs: 1500 } });
    const failed = await run();
    expect(failed).toMatchObject({ state: 'failed', exitCode: 0, error: { code: 'register_nothing_on_chain', params: { address } } });
    expect((await operationOutput(failed.id)).some((line) => 'line' in line && line.line.includes('Participant registration successful.'))).toBe(true);
    expect(failed.steps.at(-1)).toMatchObject({ name: 'observe', detail: { code: 'not_on_chain' } });
    world.seed.change({ registration: { waitMs: 1500 } });
    const { id } = await retryOperation(failed.id, by);
    await finished(id);
    expect(await operation(id)).toMatchObject({ state: 'succeeded', retryOf: failed.id });
  });

  it('while registration was closed by a vote the command was sent all the same, and said "successful"', async () => {
    newAccount();
    const opensAt = world.seed.view().world.clock.atHeight + 1_000_000;
    world.seed.change({ registration: { opensAt, waitMs: 1500 } });
    const opens = async () => {
      forgetNetwork();
      await caughtUp();
      return (await networkWatch().registrationOpens())?.opensAt;
    };
    await expect.poll(opens, soon).toBe(opensAt);
    const sent = posts();
    const failed = await run();
    expect(failed).toMatchObject({ state: 'failed', error: { code: 'register_closed', params: { block: opensAt } } });
    expect(states(failed)).toMatchObject({ 'register-chain': 'failed', register: 'pending' });
    expect(posts()).toBe(sent);
    world.seed.change({ registration: { waitMs: 1500 } });
    await expect.poll(opens, soon).toBe(0);
    expect((await run()).state).toBe('succeeded');
    expect(posts()).toBe(sent + 1);
  });

  it('the command’s own timeout doesn’t matter when the chain has us', async () => {
    newAccount();
    world.seed.change({ registration: { unseen: true, waitMs: 1500 } });
    const done = await run();
    expect(done).toMatchObject({ state: 'succeeded' });
    expect((await operationOutput(done.id)).some((line) => 'line' in line && line.line.includes('Warning: timeout'))).toBe(true);
  });

  it('an older URL on chain is said, and nothing is sent', async () => {
    const { address, pubKey } = newAccount();
    world.seed.register({ address, pub_key: pubKey, url: 'http://203.0.113.99:8000', validator_key: ownKey });
    await new Promise((resolve) => setTimeout(resolve, 4000));
    const asked = posts();
    const failed = await run();
    expect(failed).toMatchObject({ state: 'failed', error: { code: 'register_url_kept', params: { chain: 'http://203.0.113.99:8000', ours: URL } } });
    expect(states(failed)).toMatchObject({ 'register-chain': 'failed', register: 'pending' });
    expect(posts()).toBe(asked);
  });

  it('our account with another consensus key stops before anything is sent', async () => {
    const { address, pubKey } = newAccount();
    world.seed.register({ address, pub_key: pubKey, url: URL, validator_key: 'OSQ/YZTpAUNX0UbdV0yI7V55ZFgIQkDFIPGSlaiw/Aw=' });
    await new Promise((resolve) => setTimeout(resolve, 4000));
    const asked = posts();
    expect(await run()).toMatchObject({ state: 'failed', error: { code: 'register_key_differs', params: { own: ownKey, address } } });
    expect(posts()).toBe(asked);
  });

  it('a seed that is down: said with its name, and nothing is left behind', async () => {
    const { address } = newAccount();
    configure({ SEED_API_URL: 'http://203.0.113.200:1' });
    world.seed.change({ registration: { waitMs: 1500 } });
    const failed = await run();
    expect(failed).toMatchObject({ state: 'failed', error: { code: 'register_seed_down', params: { seed: '203.0.113.200:1' } } });
    expect(hostsOf(address)).toEqual([]);
    expect(await db().setting.findMany({ where: { key: { startsWith: 'register.sent' } } })).toEqual([]);
    configure({ SEED_API_URL: world.seed.containerUrl });
    const { id } = await retryOperation(failed.id, by);
    await finished(id);
    expect(await operation(id)).toMatchObject({ state: 'succeeded' });
  });

  it('a seed that answers everything late: one request, one host', async () => {
    const { address } = newAccount();
    world.seed.change({ registration: { waitMs: 1500 } });
    world.seed.setFaults({ slowMs: 3000 });
    const asked = posts();
    const done = await run();
    world.seed.setFaults({});
    expect(done).toMatchObject({ state: 'succeeded' });
    expect([hostsOf(address).length, posts() - asked]).toEqual([1, 1]);
  });

  it('a seed that passed it on and hung up was said to have been sent nothing, and was asked again', async () => {
    const { address } = newAccount();
    world.seed.change({ registration: { answer: 'cut', afterBlocks: 4 } });
    const asked = posts();
    const failed = await run();
    expect(failed).toMatchObject({ state: 'failed', error: { code: 'register_seed_cut', params: { seed: new globalThis.URL(world.seed.containerUrl).host } } });
    const { id } = await retryOperation(failed.id, by);
    await finished(id);
    expect(await operation(id)).toMatchObject({ state: 'succeeded' });
    expect(hostsOf(address)).toHaveLength(1);
    expect(posts() - asked).toBe(1);
  });

  it('everybody fell silent while an earlier registration was waited for, and another one was sent', async () => {
    const { address } = newAccount();
    const row = { key: `register.sent:${world.dir}`, value: JSON.stringify({ address, url: URL, key: ownKey, at: Date.now() }) };
    await db().setting.upsert({ where: { key: row.key }, create: row, update: row });
    const asked = posts();
    const { id } = await startOperation({ kind: 'register-host', ...by });
    await expect.poll(async () => (await operation(id))?.steps.find(({ name }) => name === 'register')?.state, soon).toBe('running');
    world.seed.setFaults({ down: true });
    docker('stop', '-t', '0', 'node');
    await finished(id);
    world.seed.setFaults({});
    docker('start', 'node');
    await db().setting.deleteMany({ where: { key: row.key } });
    expect(await operation(id)).toMatchObject({ state: 'failed', error: { code: 'register_chain_unread' } });
    expect(posts()).toBe(asked);
  });

  it('a funded account that has never signed is named', async () => {
    newAccount();
    world.seed.change({ registration: { answer: 'panics', waitMs: 1500 } });
    expect(await run()).toMatchObject({ state: 'failed', exitCode: 1, error: { code: 'register_funded_account' } });
  });

  it('what can’t be right is refused before a command runs', async () => {
    newAccount();
    configure({ PUBLIC_URL: 'http://192.168.1.5:8000' });
    expect(await refusal()).toBe('register_url_private');
    configure({ PUBLIC_URL: 'not-a-url' });
    expect(await refusal()).toBe('register_no_url');
    // A password in a URL would stand in the process list, and on chain.
    configure({ PUBLIC_URL: 'http://ann:sentinel@203.0.113.7:8000' });
    expect(await refusal()).toBe('register_url_password');
    configure({ PUBLIC_URL: URL, SEED_API_URL: world.seed.containerUrl.replace('://', '://ann:sentinel@') });
    expect(await refusal()).toBe('register_url_password');
    configure({ SEED_API_URL: world.seed.containerUrl });
    configure({ PUBLIC_URL: URL, ACCOUNT_PUBKEY: ownKey });
    expect(await refusal()).toBe('register_no_account');
    configure({ ACCOUNT_PUBKEY: newAccountKey().pubKey, SEED_API_URL: `${world.seed.containerUrl}/v1` });
    expect(await refusal()).toBe('register_no_seed');
  });

  it('it can be cancelled while it waits for the chain', async () => {
    newAccount();
    world.seed.change({ registration: { answer: 'ignored', waitMs: 1000 } });
    const { id } = await startOperation({ kind: 'register-host', ...by });
    await expect.poll(async () => (await operation(id))?.steps.find(({ name }) => name === 'register-proof')?.state, soon).toBe('running');
    await cancelOperation(id, by);
    await finished(id);
    expect(await operation(id)).toMatchObject({ state: 'cancelled' });
  });

  it('a seed that goes down while the chain is awaited takes nothing away: the own node proves it', async () => {
    const { address } = newAccount();
    world.seed.change({ registration: { waitMs: 300, afterBlocks: 6 } });
    const { id } = await startOperation({ kind: 'register-host', ...by });
    await expect.poll(async () => (await operation(id))?.steps.find(({ name }) => name === 'register-proof')?.state, soon).toBe('running');
    world.seed.setFaults({ down: true });
    await finished(id);
    world.seed.setFaults({});
    const done = await operation(id);
    expect(done?.error).toBeUndefined();
    expect(detail(done, 'register-proof')).toMatchObject({ code: 'registered', params: { address, source: 'own' } });
  });

  it('a node that signs with another key than .tmkms has is not registered', async () => {
    newAccount();
    const file = path.join(world.dir, '.tmkms/secrets/priv_validator_key.softsign');
    const kept = readFileSync(file);
    writeFileSync(file, randomBytes(32).toString('base64'));
    const asked = posts();
    const failed = await run();
    writeFileSync(file, kept);
    expect(failed).toMatchObject({ state: 'failed', error: { code: 'register_two_keys', params: { node: ownKey } } });
    expect(posts()).toBe(asked);
  });

  it('nobody tells what the chain has: nothing is sent', async () => {
    newAccount();
    docker('stop', 'node');
    world.seed.setFaults({ down: true });
    forgetNetwork();
    const asked = posts();
    const failed = await run();
    world.seed.setFaults({});
    docker('start', 'node');
    expect(failed).toMatchObject({ state: 'failed', error: { code: 'register_chain_unread' } });
    expect(detail(failed, 'register-key')).toMatchObject({ params: { key: ownKey, by: 'tmkms' } });
    expect(posts()).toBe(asked);
  });

  it('another account with our consensus key stops it', async () => {
    const other = newAccountKey().pubKey;
    world.seed.register({ address: accountAddress(other) ?? '', pub_key: other, url: 'http://203.0.113.9:8000', validator_key: ownKey });
    await new Promise((resolve) => setTimeout(resolve, 4000));
    newAccount();
    expect(await run()).toMatchObject({ state: 'failed', error: { code: 'register_key_taken' } });
  });
});

describe('the panel is killed (-9) while it registers', () => {
  const STEPS = ['queued', 'register-data', 'register-key', 'register-chain', 'register', 'register-proof'];
  /** Steps that live a few milliseconds: when the killer missed one, the registration must simply have worked. */
  const BRIEF = ['queued', 'register-data'];
  const childData = mkdtempSync(path.join(tmpdir(), 'gp-register-child-'));
  beforeAll(() => open('0.2.8'));
  afterAll(async () => {
    await world.close();
    rmSync(childData, { recursive: true, force: true });
  });
  const panel = (job: Job): Promise<{ signal: string | null; report?: Report; said: string }> =>
    new Promise((resolve, reject) => {
      const env = { ...process.env, PANEL_DATA_DIR: childData, GONKA_DEPLOY_DIR: world.dir, NODE_NO_WARNINGS: '1' };
      const child = spawn(process.execPath, ['e2e/operations/panel-child.ts', JSON.stringify({ network: true, ...job } satisfies Job), 'join'], { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
      let said = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => { said += chunk; });
      child.on('error', reject);
      child.on('close', (_code, signal) => {
        const line = said.split('\n').find((one) => one.startsWith('{"recovered"'));
        resolve({ signal, report: line ? (JSON.parse(line) as Report) : undefined, said });
      });
    });

  for (const [step, afterMs] of STEPS.flatMap((name) => (name === 'register' ? [0, 400, 1500] : [0]).map((ms) => [name, ms] as const))) {
    it(`step ${step}, after ${afterMs} ms: the journal tells the truth, a retry completes, and the seed is asked once`, async () => {
      migrate(path.join(childData, 'panel.db'), path.join(ROOT, 'prisma/migrations'));
      const { ledger } = world.seed;
      ledger.hosts = ledger.hosts.filter((host) => host.madeUp);
      ledger.revision += 1;
      const { address } = newAccount();
      const before = posts();
      const first = await panel({ start: { kind: 'register-host' }, killAt: { step, afterMs } });
      if (first.signal === 'SIGKILL') {
        const { report, said } = await panel({ recover: true });
        const left = report?.recovered[0];
        expect(left, said).toMatchObject({ state: 'interrupted', error: { code: 'operation_interrupted' } });
        expect(left?.steps.some(({ state }) => state === 'running')).toBe(false);
        expect(left?.steps.at(-1)?.name).toBe('observe');
        expect(['registered', 'not_on_chain', 'cannot_tell']).toContain(left?.steps.at(-1)?.detail?.code);
        expect(report?.operation?.error, said).toBeUndefined();
        expect(report?.operation, said).toMatchObject({ state: 'succeeded', retryOf: left?.id });
      } else {
        expect(BRIEF, `not killed: ${first.said}`).toContain(step);
        expect(first.report?.operation?.state, first.said).toBe('succeeded');
      }
      expect(hostsOf(address)).toMatchObject([{ url: URL, validatorKey: ownKey }]);
      expect(posts() - before).toBe(1);
      expect(oneOffs()).toBe('');
    });
  }
});
