/** ML nodes by the journal: upstream's own files, real containers of tmkms, node and api, the stand-in network of two releases. */
import { execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { connectOperations } from '#app/api/operations/surround.ts';
import { POST as FORGET } from '#app/api/ml-nodes/forget/route.ts';
import { GET } from '#app/api/ml-nodes/route.ts';
import { isPanelError } from '#lib/core/errors.ts';
import { db } from '#lib/db/client.ts';
import { migrate } from '#lib/db/migrate.ts';
import { chooseDeployment } from '#lib/deployment/current.ts';
import type { NodeConfigEntry } from '#lib/deployment/node-config-schema.ts';
import { finished, listOperations, operation, operationOutput, retryOperation, startOperation } from '#lib/operations/journal.ts';
import { keepMlNodes } from '#lib/operations/ml-nodes/keeper.ts';
import { setReapplies, wishes } from '#lib/operations/ml-nodes/wish.ts';
import { wishesNow } from '#lib/operations/ml-nodes/wishes-now.ts';
import { checkMlNodes, startMlNodes } from '#lib/operations/ml-nodes/start.ts';
import { previewOperation } from '#lib/operations/preview.ts';
import { pace } from '#lib/operations/pace.ts';
import type { Kind, OperationView } from '#lib/operations/schema.ts';
import { deployment } from '#lib/operations/situation.ts';
import { adminSideState, adminWedged } from '#lib/watch/admin-wedge.ts';
import { networkSnapshot, networkWatch } from '#lib/watch/network-snapshot.ts';
import { prepareDeployment } from '../network/deployment.ts';
import { ensureImages } from '../network/image.ts';
import type { ReleaseName } from '../network/releases.ts';
import { type Seed, startSeed } from '../network/seed.ts';
import { removeProject } from '../world.ts';
import { docker } from './busybox-host.ts';
import type { Job, Report } from './panel-child.ts';

vi.mock('#lib/access/session.ts', () => ({ requireSession: async () => ({ user: { id: 'u1', name: 'a', username: 'a' }, ip: '127.0.0.1' }) }));

const ROOT = path.resolve(import.meta.dirname, '../..');
const PORT = 4671;
const TOKEN = 'hf_abcdefghijklmnopqrstuvwxyz012345';
const MODEL = 'Qwen/Qwen2.5-7B-Instruct';
const by = { user: 'ann', ip: '192.0.2.7' };
const soon = { timeout: 45_000, interval: 400 };
const dataDir = mkdtempSync(path.join(tmpdir(), 'gp-ml-nodes-data-'));
type Host = { seed: Seed; dir: string; scratch: string; compose: (...args: string[]) => string };
let host: Host;

beforeAll(() => {
  process.env.PANEL_DATA_DIR = dataDir;
  process.env.SEED_API_URLS = `http://127.0.0.1:${PORT}`;
  migrate(path.join(dataDir, 'panel.db'), path.join(ROOT, 'prisma/migrations'));
  connectOperations();
  Object.assign(pace, { settleMs: 800, lifeMs: 500 });
});
afterAll(async () => {
  networkWatch().close();
  await db().$disconnect();
  rmSync(dataDir, { recursive: true, force: true });
});

const addressOf = (name: string): string => docker('inspect', '-f', '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}', name).trim();
const admin = (): string => `http://${addressOf('api')}:9200/admin/v1/nodes`;
/** As a person with curl, past the panel. */
const curl = async (method: string, route: string, body?: unknown) => (await fetch(`${admin()}${route}`, { method, signal: AbortSignal.timeout(2_000), ...(body === undefined ? {} : { body: JSON.stringify(body) }) })).json();
type Listed = { node: { id: string; max_concurrent: number; models: Record<string, { args: string[] }> }; state: { admin_state: { enabled: boolean; epoch: number } } };
const list = async (): Promise<Listed[]> => (await curl('GET', '')) as Listed[];
const enabled = async (): Promise<Record<string, boolean>> => Object.fromEntries((await list()).map(({ node, state }) => [node.id, state.admin_state.enabled]));
async function until(what: string, ask: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + soon.timeout; !(await ask()); await new Promise((resolve) => setTimeout(resolve, soon.interval))) if (Date.now() > end) throw new Error(`${what} did not come`);
}
const again = () => until('the admin side', () => enabled().then(() => true, () => false));

async function open(release: ReleaseName): Promise<void> {
  await ensureImages();
  const scratch = mkdtempSync(path.join(tmpdir(), 'gp-ml-nodes-'));
  const seed = await startSeed({ port: PORT, release, epochSeconds: 600, startOffset: 400, stateSyncMs: 1000 });
  const made = prepareDeployment({ release, scratch, seedUrl: seed.containerUrl, ports: { api: PORT + 1, apiSsl: PORT + 2, ml: PORT + 3, inference: PORT + 4 } });
  const files = ['-f', 'docker-compose.yml', '-f', 'docker-compose.mlnode.yml'];
  const compose = (...args: string[]) => execFileSync('docker', ['compose', ...files, ...args], { cwd: made.dir, env: { ...process.env, ...made.env }, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  host = { seed, dir: made.dir, scratch, compose };
  compose('up', '-d', '--no-deps', 'tmkms', 'node');
  compose('run', '--rm', '--no-deps', '-T', 'api', 'sh', '-c', 'printf "%s\\n%s\\n" "$KEYRING_PASSWORD" "$KEYRING_PASSWORD" | inferenced keys add "$KEY_NAME" --keyring-backend file');
  compose('up', '-d', '--no-deps', 'api');
  await chooseDeployment(made.dir);
  await again();
  await until('the epoch', async () => (await networkSnapshot()).epoch.state === 'ok');
}
async function close(): Promise<void> {
  removeProject(host.dir);
  await host.seed.stop();
  rmSync(host.scratch, { recursive: true, force: true });
  await db().mlNodeIntent.deleteMany({});
  networkWatch().close();
  for (const name of ['network-watch', 'chain-gateway', 'admin-hang', 'api-nodes', 'api-node-configs', 'operations.ml-nodes-seen', 'operations.ml-node-keeper-tried']) Reflect.deleteProperty(globalThis, Symbol.for(`gonka-panel.${name}`));
}

async function done(id: string): Promise<OperationView> {
  await finished(id);
  return (await operation(id)) as OperationView;
}
async function run(kind: Kind, nodes: string[]): Promise<OperationView> {
  const { gate } = await previewOperation({ kind, params: { nodes } });
  const shown = gate.answer === 'reason-needed' ? gate.reasons.map(({ why }) => why) : [];
  return done((await startOperation({ kind, params: { nodes }, reason: 'a reason for the test', shown, ...by })).id);
}
const refusal = (work: Promise<unknown>) => work.then(() => undefined, (error: unknown) => (isPanelError(error) ? { code: error.code, ...error.params } : Promise.reject(error)));
const step = (o: OperationView | undefined, name: string) => o?.steps.find((one) => one.name === name);
const entry = (id: string, more: Partial<NodeConfigEntry> = {}): NodeConfigEntry => ({ id, host: '10.0.0.21', inferencePort: 5050, pocPort: 8080, maxConcurrent: 500, models: [{ id: MODEL, args: ['--quantization', 'fp8'] }], extra: [], ...more });
const count = async (user: string) => (await listOperations({ user })).operations.length;
const api = () => docker('inspect', '-f', '{{.State.StartedAt}}', 'api').trim();

function child(job: Job): Promise<Report | undefined> {
  return new Promise((resolve, reject) => {
    const process_ = spawn(process.execPath, [path.join(import.meta.dirname, 'panel-child.ts'), JSON.stringify({ ...job, network: true })], { env: { ...process.env, DEPLOY_DIR: host.dir }, stdio: ['ignore', 'pipe', 'inherit'] });
    let out = '';
    process_.stdout.on('data', (chunk) => {
      out += chunk;
    });
    process_.on('error', reject);
    process_.on('exit', (_code, signal) => {
      const last = out.trim().split('\n').at(-1);
      resolve(signal === 'SIGKILL' || !last ? undefined : (JSON.parse(last) as Report));
    });
  });
}

describe.each(['0.2.4', '0.2.8'] as const)('v%s', (release) => {
  beforeAll(() => open(release), 120_000);
  afterAll(close, 60_000);

  it('a save is what the list shows afterwards, and its secret is nowhere', async () => {
    const node = entry('node2', { models: [{ id: MODEL, args: ['--quantization', 'fp8', '--hf-token', TOKEN] }] });
    const check = await checkMlNodes({ node });
    expect(check).toMatchObject({ sendable: true, gate: { answer: 'yes' } });
    expect(JSON.stringify(check)).not.toContain(TOKEN);
    const saved = await done((await startMlNodes({ kind: 'ml-save', nodes: [node], ...by })).id);
    expect(saved).toMatchObject({ state: 'succeeded', error: undefined });
    expect(step(saved, 'ml-saved')?.detail).toMatchObject({ code: 'ml_saved', params: { nodes: 'node2' } });
    expect((await list()).find((one) => one.node.id === 'node2')?.node.models).toEqual({ [MODEL]: { args: ['--quantization', 'fp8', '--hf-token', TOKEN] } });
    expect(JSON.stringify([saved, await operationOutput(saved.id)])).not.toContain(TOKEN);
    // The very same once more: refused, since a new node would replace one that is there.
    expect(await refusal(startMlNodes({ kind: 'ml-save', nodes: [node], ...by }))).toMatchObject({ code: 'ml_nodes_broken' });

    // An edit keeps the secret that the form never had.
    const view = (await (await GET()).json()) as { list: { value: { id: string; version: string; entry: NodeConfigEntry }[] } };
    expect(JSON.stringify(view)).not.toContain(TOKEN);
    const shown = view.list.value.find(({ id }) => id === 'node2');
    expect(shown?.entry.models[0]?.args).toEqual(['--quantization', 'fp8', '--hf-token', '⟪secret 1⟫']);
    const edited = await done((await startMlNodes({ kind: 'ml-save', nodes: [{ ...(shown?.entry as NodeConfigEntry), maxConcurrent: 123 }], base: shown?.version, ...by })).id);
    expect(edited.error).toBeUndefined();
    expect((await list()).find((one) => one.node.id === 'node2')?.node).toMatchObject({ max_concurrent: 123, models: { [MODEL]: { args: ['--quantization', 'fp8', '--hf-token', TOKEN] } } });
    expect(await refusal(startMlNodes({ kind: 'ml-save', nodes: [{ ...(shown?.entry as NodeConfigEntry), maxConcurrent: 5 }], base: shown?.version, ...by }))).toMatchObject({ code: 'ml_node_changed', there: 'yes' });
    // The content went with its operation.
    expect(await refusal(startOperation({ kind: 'ml-save', params: { content: randomUUID(), nodes: [{ id: 'node9', wanted: 'a'.repeat(64) }] }, ...by }))).toMatchObject({ code: 'gate_ml_content_gone', nodes: 'node9' });
  });

  it('what no release may be trusted with is refused before it is sent', async () => {
    // An ML node's status moves by itself; what a request would change doesn't.
    const changeable = async () => (await list()).map(({ node, state }) => ({ node, admin: state.admin_state }));
    const before = await changeable();
    const bad = await checkMlNodes({ text: `[${JSON.stringify({ id: 'node1', host: 'http://10.0.0.9', inference_port: 0, poc_port: 8080, max_concurrent: 500, models: { nothing: { args: ['--tp=2'] } } })}, ${JSON.stringify({ id: 'x', host: '10.0.0.21', inference_port: 5050, poc_port: 8080, max_concurrent: 500, models: { [MODEL]: { args: [] } } })}]` });
    expect(bad.problems.filter(({ level }) => level === 'broken').map(({ code }) => code).sort()).toEqual(expect.arrayContaining(['node_address_twice', 'node_host_scheme', 'node_id_listed', 'node_model_unapproved', 'node_port_range']));
    expect(bad.sendable).toBe(false);
    expect(await refusal(startMlNodes({ kind: 'ml-add-many', nodes: bad.nodes.map(({ node }) => node), ...by }))).toMatchObject({ code: 'ml_nodes_broken' });
    expect(await changeable()).toEqual(before);

    const csv = await checkMlNodes({ text: `id,host,model,args\nnode3,10.0.0.31,${MODEL},"--quantization fp8"\nnode4,10.0.0.32,${MODEL},\n` });
    expect(csv).toMatchObject({ sendable: true, problems: [] });
    const added = await done((await startMlNodes({ kind: 'ml-add-many', nodes: csv.nodes.map(({ node }) => node), ...by })).id);
    expect(added.error).toBeUndefined();
    expect(Object.keys(await enabled()).sort()).toEqual(['node1', 'node2', 'node3', 'node4']);
    const removed = await run('ml-delete', ['node3', 'node4']);
    expect([removed.error, step(removed, 'ml-deleted')?.detail?.params]).toEqual([undefined, { nodes: 'node3, node4', count: 2 }]);
    expect(Object.keys(await enabled()).sort()).toEqual(['node1', 'node2']);
    expect(step(await run('ml-delete', ['node3']), 'ml-delete')?.state).toBe('skipped');
  });

  it('a panel that is killed in the middle of a disable still wants it, and a retry does nothing twice', async () => {
    expect(await child({ start: { kind: 'ml-disable', params: { nodes: ['node1'] } }, killAt: { step: 'ml-disable', afterMs: 0 } })).toBeUndefined();
    expect((await wishes(host.dir)).map(({ nodeId, by: who }) => [nodeId, who])).toEqual([['node1', 'tester']]);
    const report = await child({ recover: true });
    expect(report?.recovered[0]).toMatchObject({ kind: 'ml-disable', state: 'interrupted' });
    expect(report?.operation).toMatchObject({ state: 'succeeded' });
    expect(step(report?.operation, 'ml-switched')?.detail).toMatchObject({ code: 'ml_disabled_from', params: { nodes: 'node1' } });
    expect((await enabled()).node1).toBe(false);
    expect(step(await run('ml-disable', ['node1']), 'ml-disable')?.state).toBe('skipped');
  });

  it('a panel that is killed in the middle of a save tells by the list whether it was saved; what it held is gone', async () => {
    const node = entry('node7', { host: '10.0.0.77', models: [{ id: MODEL, args: ['--hf-token', TOKEN] }] });
    // Before anything is sent, and after it was sent.
    const sent = release === '0.2.8';
    expect(await child({ start: { kind: 'ml-save', node }, killAt: { step: sent ? 'ml-saved' : 'ml-list', afterMs: 0 } })).toBeUndefined();
    expect(Object.keys(await enabled()).includes('node7')).toBe(sent);
    const report = await child({ recover: true });
    expect(report?.recovered[0]).toMatchObject({ kind: 'ml-save', state: 'interrupted' });
    expect(step(report?.recovered[0], 'observe')?.detail).toMatchObject({ code: 'ml_nodes_as_wanted', params: sent ? { nodes: 'node7', others: '-' } : { nodes: '-', others: 'node7' } });
    expect(sent ? report?.operation?.state : report?.refused).toBe(sent ? 'succeeded' : 'gate_ml_content_gone');
    if (sent) expect(step(report?.operation, 'ml-send')?.state).toBe('skipped');
    expect(JSON.stringify([report, await db().operation.findMany({}), await db().operationOutput.findMany({})])).not.toContain(TOKEN);
    if (sent) expect((await run('ml-delete', ['node7'])).error).toBeUndefined();
  });

  it('an id that the list does not have is never sent', async () => {
    expect(await refusal(startOperation({ kind: 'ml-disable', params: { nodes: ['nobody'] }, ...by }))).toEqual({ code: 'ml_node_unknown', nodes: 'nobody' });
    expect((await enabled()).node1).toBe(false);
  });

  it('a restart of api forgets the disable, and the panel does it again; an enable by hand it leaves alone', async () => {
    await expect.poll(async () => (await wishesNow(await deployment())).map(({ state }) => state), soon).toEqual(['kept']);
    const before = await count('panel');
    docker('restart', '-t', '1', 'api');
    await again();
    expect((await enabled()).node1).toBe(true);
    await setReapplies(false);
    await expect.poll(async () => (await wishesNow(await deployment())).map(({ state }) => state), soon).toEqual(['forgotten']);
    await keepMlNodes();
    expect([await count('panel'), (await enabled()).node1]).toEqual([before, true]);
    await setReapplies(true);
    await keepMlNodes();
    expect((await enabled()).node1).toBe(false);
    const [last] = (await listOperations({ user: 'panel' })).operations;
    expect(last).toMatchObject({ kind: 'ml-disable', state: 'succeeded', startedBy: 'panel', params: { nodes: ['node1'] } });
    await expect.poll(async () => (await wishesNow(await deployment())).map(({ state }) => state), soon).toEqual(['kept']);

    await curl('POST', '/node1/enable');
    await expect.poll(async () => (await wishesNow(await deployment())).map(({ state }) => state), soon).toEqual(['by_hand']);
    const operations = await count('panel');
    await keepMlNodes();
    await keepMlNodes();
    expect([await count('panel'), (await enabled()).node1]).toEqual([operations, true]);
    // Asked is asked, also when the api starts once more.
    docker('restart', '-t', '1', 'api');
    await again();
    await expect.poll(async () => { await keepMlNodes(); return (await wishesNow(await deployment())).map(({ state }) => state); }, soon).toEqual(['by_hand']);
    expect([await count('panel'), (await enabled()).node1]).toEqual([operations, true]);
    expect((await run('ml-enable', ['node1'])).error).toBeUndefined();
    expect(await wishes(host.dir)).toEqual([]);
    // The panel had seen it forgotten, and the operator enabled it here before the panel's own request began.
    const late = await done((await startOperation({ kind: 'ml-disable', params: { nodes: ['node1'], kept: true }, user: 'panel', ip: '' })).id);
    expect([late.error?.code, (await enabled()).node1, await wishes(host.dir)]).toEqual(['ml_wish_gone', true, []]);
  });

  it('a node that was taken out elsewhere for good was asked about for ever', async () => {
    await curl('POST', '', { id: 'gone', host: 'gone.example', inference_port: 5000, poc_port: 8080, max_concurrent: 10, models: { [MODEL]: { args: [] } } });
    expect((await run('ml-disable', ['gone'])).error).toBeUndefined();
    const forget = (nodes: string[]) => FORGET(new Request('http://panel/', { method: 'POST', body: JSON.stringify({ nodes }) })).then((answer) => answer.json());
    expect(await forget(['gone'])).toMatchObject({ error: { code: 'ml_node_listed' } });
    expect((await wishes(host.dir)).map(({ nodeId }) => nodeId)).toEqual(['gone']);
    await curl('DELETE', '/gone');
    await expect.poll(async () => (await wishesNow(await deployment())).map(({ state }) => state), soon).toEqual(['missing']);
    expect(await forget(['gone', 'node1'])).toMatchObject({ error: { code: 'ml_node_listed', params: { nodes: 'node1' } } });
    expect(await forget(['gone'])).toEqual({ ok: true });
    expect(await wishes(host.dir)).toEqual([]);
  });

  it('a wedged admin side is named, its cure is a restart of api, and what that forgets is disabled again', async () => {
    expect((await run('ml-disable', ['node2'])).error).toBeUndefined();
    await curl('POST', '/nobody/disable');
    const of = await deployment();
    if (release !== '0.2.4') {
      // The lock is given back there (measured 43).
      expect([(await enabled()).node2, (await adminSideState(of)).state, await adminWedged()]).toEqual([false, 'ok', false]);
      return;
    }
    await expect.poll(async () => (await adminSideState(of)).state, { timeout: 40_000, interval: 500 }).toBe('wedged');
    expect(await adminWedged()).toBe(true);
    expect(await refusal(startOperation({ kind: 'ml-enable', params: { nodes: ['node2'] }, ...by }))).toEqual({ code: 'ml_admin_hangs', host: expect.any(String), seconds: 5 });
    expect((await wishes(host.dir)).map(({ nodeId }) => nodeId)).toEqual(['node2']);
    const since = api();
    const preview = await previewOperation({ kind: 'restart', target: 'api' });
    const shown = preview.gate.answer === 'reason-needed' ? preview.gate.reasons.map(({ why }) => why) : [];
    expect(await done((await startOperation({ kind: 'restart', target: 'api', reason: 'its admin side hangs', shown, ...by })).id)).toMatchObject({ state: 'succeeded' });
    expect(api()).not.toBe(since);
    await again();
    await expect.poll(async () => { await keepMlNodes(); return (await enabled()).node2; }, soon).toBe(false);
    expect((await adminSideState(of)).state).toBe('ok');
    expect(await retryOperation((await listOperations({ user: 'panel' })).operations[0]?.id ?? '', by).then(() => undefined, (error: { code?: string }) => error.code)).toBe('operation_not_retryable');
  });
});
