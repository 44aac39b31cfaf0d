/** The upstream deployments, unchanged, on the stand-in network and a real engine. */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newAccountKey } from './addresses.ts';
import { prepareDeployment, UPSTREAM } from './deployment.ts';
import { ensureImages } from './image.ts';
import type { ReleaseName } from './releases.ts';
import { startSeed, type Seed } from './seed.ts';
import { shapeDifferences } from './shape.ts';

const run = promisify(execFile);
const SAMPLES = join(import.meta.dirname, '../../../shared/gonka/samples');
const ESC = /\x1b\[[0-9;]*m/g;

type Host = { seed: Seed; dir: string; scratch: string; address: string; password: string; files: string[]; env: NodeJS.ProcessEnv };

async function open(release: ReleaseName, port: number): Promise<Host> {
  await ensureImages();
  const scratch = mkdtempSync(join(tmpdir(), 'standin-'));
  const seed = await startSeed({ port, release, epochSeconds: 20, stateSyncMs: 2000 });
  const key = newAccountKey();
  const made = prepareDeployment({ release, scratch, seedUrl: seed.containerUrl, accountPubkey: key.pubKey, withoutGpu: true, ports: { api: port + 1, apiSsl: port + 2, ml: port + 3, inference: port + 4 } });
  const files = [...made.files, ...(made.override ? [made.override] : [])].flatMap((file) => ['-f', file]);
  return { seed, dir: made.dir, scratch, address: key.address, password: made.env.KEYRING_PASSWORD!, files, env: { ...process.env, ...made.env } };
}

const compose = (host: Host, ...args: string[]) => run('docker', ['compose', ...host.files, ...args], { cwd: host.dir, env: host.env, maxBuffer: 1e8 });
const logs = async (name: string) => { const { stdout, stderr } = await run('docker', ['logs', name], { maxBuffer: 1e8 }); return `${stdout}${stderr}`; };
const inspect = async (name: string, format: string) => (await run('docker', ['inspect', '-f', format, name])).stdout.trim();
const address = (name: string) => inspect(name, '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}');
// biome-ignore lint/suspicious/noExplicitAny: answers of many shapes, looked at field by field
const json = async (url: string, init?: RequestInit) => (await fetch(url, { ...init, signal: AbortSignal.timeout(5000) })).json() as Promise<any>;

async function until<T>(what: string, ms: number, ask: () => Promise<T | undefined | false>): Promise<T> {
  let last: unknown;
  for (const end = Date.now() + ms; Date.now() < end;) {
    try {
      const answer = await ask();
      if (answer) return answer;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  throw new Error(`${what} didn't come about in ${ms / 1000} s${last instanceof Error ? `: ${last.message}` : ''}`);
}

async function close(host: Host | undefined): Promise<void> {
  if (!host) return;
  await compose(host, '--profile', '*', 'down', '-t', '2').catch(() => {});
  await host.seed.stop();
  rmSync(host.scratch, { recursive: true, force: true });
}

function inOrder(text: string, parts: string[]): void {
  let at = 0;
  for (const part of parts) {
    const found = text.indexOf(part, at);
    expect(found, `"${part}" after its predecessors`).toBeGreaterThanOrEqual(at);
    at = found;
  }
}

/** Key, registration, grant: the quickstart's steps, with its commands. */
async function joinNetwork(host: Host): Promise<void> {
  const inApi = (script: string) => compose(host, 'run', '--rm', '--no-deps', '-T', 'api', 'sh', '-c', script);
  const added = await inApi('printf "%s\\n%s\\n" "$KEYRING_PASSWORD" "$KEYRING_PASSWORD" | inferenced keys add "$KEY_NAME" --keyring-backend file');
  expect(added.stdout).toMatch(/^- address: gonka1/);
  expect(added.stderr).toContain('**Important** write this mnemonic phrase');
  const warm = (await inApi('echo "$KEYRING_PASSWORD" | inferenced keys show "$KEY_NAME" --keyring-backend file -a')).stdout.trim();
  const registered = await inApi('inferenced register-new-participant $DAPI_API__PUBLIC_URL $ACCOUNT_PUBKEY --node-address $DAPI_CHAIN_NODE__SEED_API_URL');
  expect(registered.stdout).toContain('Participant is now available at');
  await json(`${host.seed.url}/standin/grant`, { method: 'POST', body: JSON.stringify({ granter: host.address, grantee: warm }) });
}

describe.skipIf(!existsSync(UPSTREAM))('v0.2.4 on a real engine', () => {
  let host: Host;
  beforeAll(async () => { host = await open('0.2.4', 4120); });
  afterAll(() => close(host));

  test('tmkms and node come up as the recordings say', async () => {
    await compose(host, 'up', 'tmkms', 'node', '-d', '--no-deps');
    const rpc = `http://${await address('node')}:26657`;
    const status = await until('a synced node', 60_000, async () => {
      const body = await json(`${rpc}/status`);
      return body.result.sync_info.catching_up === false && body;
    });
    expect(existsSync(join(host.dir, '.inference/.node_initialized'))).toBe(true);
    const pubkey = JSON.parse((await run('docker', ['exec', 'tmkms', 'tmkms-pubkey'])).stdout);
    expect(status.result.validator_info.pub_key.value).toBe(pubkey.key);
    expect(Buffer.from(readFileSync(join(host.dir, '.tmkms/secrets/priv_validator_key.softsign'), 'utf8'), 'base64')).toHaveLength(32);

    const peer = async () => (await json(`${host.seed.url}/chain-rpc/net_info`)).result.peers.find((item: { node_info: { id: string } }) => item.node_info.id === status.result.node_info.id)?.is_outbound;
    await until('the node among the peers of the seed', 10_000, async () => (await peer()) === false);
    host.seed.change({ reach: { '203.0.113.7:5000': '127.0.0.1:5000' } });
    await until('a call from outside that finds it', 20_000, async () => (await peer()) === true);

    const node = (await logs('node')).replace(ESC, '');
    inOrder(node, ['need KEY_NAME', 'Initialising node (first run)', "+ output='{", 'Starting node', 'SignerListener: Blocking for connection', 'SignerListener: Connected', 'Discovering snapshots for 15s',
      'Discovered new snapshot', 'Offering snapshot to ABCI app', 'Snapshot accepted, restoring', 'Fetching snapshot chunk', 'Applied snapshot chunk to ABCI app', 'Verified ABCI app', 'Snapshot restored', 'finalized block', 'committed state']);
    const tmkms = (await logs('tmkms')).replace(ESC, '');
    inOrder(tmkms, ['Initializing /root/.tmkms from template', 'Set addr to "tcp://node:26658"', 'Generating new key', `Pubkey:\\n{\n  "@type": "/cosmos.crypto.ed25519.PubKey",\n  "key": "${pubkey.key}"\n}`, 'tmkms 0.12.2 starting up', 'connected to validator successfully', 'unverified validator peer ID!']);
    for (const [path, name] of [['status', 'rpc_status'], ['validators', 'rpc_validators'], ['net_info', 'rpc_net_info'], ['health', 'rpc_health'], ['abci_info', 'rpc_abci_info']] as const) {
      expect(shapeDifferences(JSON.parse(readFileSync(join(SAMPLES, 'v0.2.4/http/launched-before-first-poc', `${name}.json`), 'utf8')), await json(`${rpc}/${path}`))).toEqual([]);
    }
  });

  test('the key outlives a restart, a second node start is no first run', async () => {
    const before = readFileSync(join(host.dir, '.tmkms/secrets/priv_validator_key.softsign'), 'utf8');
    await compose(host, 'restart', '-t', '2', 'tmkms', 'node');
    const rpc = `http://${await address('node')}:26657`;
    await until('the node again', 30_000, async () => (await json(`${rpc}/status`)).result.sync_info.catching_up === false);
    expect(readFileSync(join(host.dir, '.tmkms/secrets/priv_validator_key.softsign'), 'utf8')).toBe(before);
    expect((await logs('node')).match(/Initialising node \(first run\)\n/g)).toHaveLength(1);
    expect(await logs('tmkms')).toContain('already exists. WITHKEYGEN is true, but skipping generation.');
  });

  test('a service floods its log when it is told to, and stops', async () => {
    const lines = async (name: string) => (await logs(name)).split('\n').length;
    for (const service of ['node', 'tmkms']) {
      host.seed.change({ flood: { service, linesPerSecond: 3000 } });
      const before = await lines(service);
      await until(`a flood of ${service}`, 20_000, async () => (await lines(service)) > before + 5000);
    }
    host.seed.change({ flood: undefined });
  });

  test('a registered host with the whole stack is in the set after the next PoC', async () => {
    await joinNetwork(host);
    await compose(host, 'up', '-d');
    const api = await address('api');
    const listed = await until('own entry among the participants', 70_000, async () => {
      const body = await json(`http://${api}:9000/v1/epochs/current/participants`);
      return body.active_participants?.participants.find((item: { index: string }) => item.index === host.address);
    });
    expect(listed).toMatchObject({ weight: 40, ml_nodes: [{ ml_nodes: [{ node_id: 'node1', poc_weight: 40 }] }] });
    const folder = join(SAMPLES, 'v0.2.4/http/active-in-epoch');
    const compare = async (name: string, url: string) => expect(shapeDifferences(JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')), await json(url)), name).toEqual([]);
    await until('an ML node that serves', 30_000, async () => (await json(`http://${api}:9200/admin/v1/nodes`))[0].state.current_status === 'INFERENCE');
    await compare('admin_nodes', `http://${api}:9200/admin/v1/nodes`);
    await compare('admin_config', `http://${api}:9200/admin/v1/config`);
    await compare('admin_setup_report', `http://${api}:9200/admin/v1/setup/report`);
    await compare('admin_upgrade_status', `http://${api}:9200/admin/v1/nodes/upgrade-status`);
    await compare('chain_participant', `http://${await address('node')}:1317/productscience/inference/inference/participant/${host.address}`);
    await compare('rpc_status', `http://127.0.0.1:4121/chain-rpc/status`);
    expect(await (await fetch('http://127.0.0.1:4121/health')).text()).toBe('healthy\n');
    expect((await json(`http://${api}:9200/admin/v1/config`)).ChainNode.KeyringPassword).toBe(host.password);
    await until('tmkms signing', 30_000, async () => /signed PreVote:[0-9A-F]{10} at h\/r\/s \d+\/0\/1/.test((await logs('tmkms')).replace(ESC, '')));
  });

  test('disable, a restart that forgets it, four forms of the password, and the wedge', async () => {
    const admin = `http://${await address('api')}:9200/admin/v1`;
    expect(await json(`${admin}/nodes/node1/disable`, { method: 'POST' })).toEqual({ message: 'node disabled successfully', node_id: 'node1' });
    expect((await json(`${admin}/nodes`))[0].state.admin_state.enabled).toBe(false);
    await compose(host, 'restart', '-t', '2', 'api');
    const again = `http://${await address('api')}:9200/admin/v1`;
    const state = await until('the admin API again', 30_000, async () => (await json(`${again}/nodes`))[0].state);
    expect(state.admin_state).toEqual({ enabled: true, epoch: 0 });
    const text = await logs('api');
    for (const form of [`    KeyringPassword: ${host.password}`, `Loaded KEYRING_PASSWORD: ${host.password}`, `"KeyringPassword": "${host.password}"`, `KeyringPassword:${host.password}} UpcomingSeed:{Seed:`]) expect(text).toContain(form);
    expect(text).toContain('Node config already merged. Skipping');

    const unknown = await fetch(`${again}/nodes/nobody/disable`, { method: 'POST' });
    expect([unknown.status, await unknown.json()]).toEqual([404, { error: 'node not found: nobody' }]);
    await expect(fetch(`${again}/nodes`, { signal: AbortSignal.timeout(2000) })).rejects.toThrow();
    expect(await json(`http://${await address('api')}:9000/v1/status`)).toEqual({ status: 'ok' });
  });

  test('stopping the node: tmkms finds nobody, the api panics and starts again', async () => {
    const starts = Number(await inspect('api', '{{.RestartCount}}'));
    await compose(host, 'stop', '-t', '2', 'node');
    await until('the panic', 30_000, async () => (await logs('api')).includes('panic: runtime error: invalid memory address or nil pointer dereference'));
    await until('a new start', 30_000, async () => Number(await inspect('api', '{{.RestartCount}}')) > starts);
    await until('the words of tmkms', 20_000, async () => (await logs('tmkms')).includes('I/O error: failed to lookup address information: Name or service not known'));
  });
});

describe.skipIf(!existsSync(UPSTREAM))('v0.2.14 on a real engine', () => {
  let host: Host;
  beforeAll(async () => { host = await open('0.2.14', 4130); });
  afterAll(() => close(host));

  test('without a required variable the node says which and starts again and again', async () => {
    const broken = { ...host, env: { ...host.env, P2P_EXTERNAL_ADDRESS: '' } };
    await compose(broken, 'up', 'tmkms', 'node', '-d', '--no-deps');
    await until('the complaint', 20_000, async () => (await logs('node')).includes('P2P_EXTERNAL_ADDRESS: Environment variable P2P_EXTERNAL_ADDRESS is required'));
    await until('restarts', 20_000, async () => Number(await inspect('node', '{{.RestartCount}}')) > 0);
    await compose(host, 'down', '-t', '1');
  });

  test('the whole stack runs; chain routes of the own proxy are closed', async () => {
    await compose(host, 'up', 'tmkms', 'node', '-d', '--no-deps');
    const rpc = `http://${await address('node')}:26657`;
    await until('a synced node', 60_000, async () => (await json(`${rpc}/status`)).result.sync_info.catching_up === false);
    await joinNetwork(host);
    await compose(host, 'up', '-d');
    const names = (await compose(host, 'ps', '--format', '{{.Service}} {{.State}}')).stdout.trim().split('\n').sort();
    expect(names).toEqual(['api', 'bridge', 'explorer', 'inference', 'mlnode-308', 'node', 'proxy', 'tmkms', 'versiond'].map((name) => `${name} running`));
    const closed = await until('the proxy', 20_000, () => fetch('http://127.0.0.1:4131/chain-rpc/status'));
    expect([closed.status, await closed.text()]).toEqual([404, 'Chain RPC Disabled']);
    const api = await address('api');
    await until('own entry among the participants', 70_000, async () => {
      const body = await json(`http://${api}:9000/v1/epochs/current/participants`);
      return body.active_participants?.participants.find((item: { index: string }) => item.index === host.address);
    });
    expect((await json(`http://${api}:9200/admin/v1/config`)).chain_node.KeyringPassword).toBeUndefined();
    const wrong = await fetch(`http://${api}:9200/admin/v1/nodes`, { method: 'POST', body: '{"id":"bad"}' });
    expect(wrong.status).toBe(400);
    expect((await wrong.json() as { error: string }).error).toContain('failed to create node: validation failed: host is required and cannot be empty');
    await until('the proxy being healthy', 60_000, async () => (await inspect('proxy', '{{.State.Health.Status}}')) === 'healthy');
  });

  test('a wrong password keeps the api up and its ports shut', async () => {
    const wrong = { ...host, env: { ...host.env, KEYRING_PASSWORD: 'not-the-password' } };
    await compose(wrong, 'up', '-d', '--no-deps', 'api');
    await until('its complaint', 30_000, async () => /Error creating api account: failed to get signer account '.*' from keyring: too many failed passphrase attempts/.test(await logs('api')));
    expect(await inspect('api', '{{.State.Status}}')).toBe('running');
    await expect(fetch(`http://${await address('api')}:9200/admin/v1/nodes`)).rejects.toThrow();
    const shut = await fetch('http://127.0.0.1:4131/v1/status');
    expect([shut.status, shut.headers.get('content-type')]).toEqual([502, 'text/html']);
  });
});

describe.skipIf(!existsSync(UPSTREAM))('a chain node that has a way to go', () => {
  let host: Host;
  beforeAll(async () => { host = await open('0.2.8', 4140); });
  afterAll(() => close(host));

  test('it stalls where it is told to, catches up block by block, and stands still in trouble', async () => {
    host.seed.change({ sync: { chunks: 3, blocksBehind: 300, blocksPerSecond: 60, stallsAt: 'chunks' } });
    await compose(host, 'up', 'tmkms', 'node', '-d', '--no-deps');
    const info = async () => (await json(`http://${await address('node')}:26657/status`)).result.sync_info as { latest_block_height: string; catching_up: boolean };
    await until('the first chunk', 40_000, async () => (await logs('node')).includes('Applied snapshot chunk'));
    expect(await info()).toMatchObject({ latest_block_height: '0', catching_up: true });
    host.seed.change({ sync: { chunks: 3, blocksBehind: 300, blocksPerSecond: 60 } });
    const first = await until('a height', 20_000, async () => { const now = await info(); return now.latest_block_height !== '0' && now; });
    expect(first.catching_up).toBe(true);
    expect(Number(first.latest_block_height)).toBeLessThan(host.seed.height() - 20);
    await until('the newest block', 40_000, async () => (await info()).catching_up === false);
    const text = (await logs('node')).replace(ESC, '');
    inOrder(text, ['chunk=2 ', 'Snapshot restored', 'Block Sync Rate', 'max_peer_height=']);

    host.seed.change({ nodeTrouble: 'consensus-failure' });
    await until('its words', 20_000, async () => (await logs('node')).includes('CONSENSUS FAILURE!!!'));
    const stood = (await info()).latest_block_height;
    await until('blocks that it lacks', 20_000, async () => host.seed.height() > Number(stood) + 5);
    expect((await info()).latest_block_height).toBe(stood);
    host.seed.change({ nodeTrouble: 'disk-full' });
    await compose(host, 'restart', '-t', '1', 'node');
    await until('restarts', 40_000, async () => Number(await inspect('node', '{{.RestartCount}}')) > 0);
    expect(await logs('node')).toContain('no space left on device');
  });
});
