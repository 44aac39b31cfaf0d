import { chmodSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { isPanelError } from '#lib/core/errors.ts';
import { changedFile } from '#lib/deployment/config-change.ts';
import { configCheck } from '#lib/deployment/config-check.ts';
import { readConfigFile } from '#lib/deployment/config-file.ts';
import { configNow } from '#lib/deployment/config-now.ts';
import type { ConfigChange, EditableFile } from '#lib/deployment/config-schema.ts';
import { versionDetail, versionList } from '#lib/deployment/config-versions.ts';
import { currentDeployment } from '#lib/deployment/current.ts';
import { forgetDeployment } from '#lib/deployment/deployment.ts';
import { effectiveServices } from '#lib/deployment/effective.ts';
import { revealedValue } from '#lib/deployment/revealed.ts';
import type { Deployment } from '#lib/deployment/schema.ts';
import { listContainers } from '#lib/docker/client.ts';
import { type ConfigPlan, previewConfig } from '#lib/operations/config/preview.ts';
import { finished, listOperations, operation, operationOutput, retryOperation, startConfig, startOperation } from '#lib/operations/journal.ts';
import type { PhaseKnowledge } from '#lib/operations/gate.ts';
import { pace } from '#lib/operations/pace.ts';
import type { OperationView } from '#lib/operations/schema.ts';
import { surroundOperations } from '#lib/operations/surroundings.ts';
import { type BusyboxHost, busyboxHost, docker } from './busybox-host.ts';

const by = { user: 'ann', ip: '192.0.2.7' };
let host: BusyboxHost;
let phase: PhaseKnowledge;
let file: string;

beforeAll(() => {
  host = busyboxHost();
  file = path.join(host.dir, 'config.env');
  const compose = path.join(host.dir, 'docker-compose.yml');
  const text = readFileSync(compose, 'utf8')
    .replace('environment: ["KEYRING_PASSWORD=${KEYRING_PASSWORD}"]', 'environment: ["KEYRING_PASSWORD=${KEYRING_PASSWORD}", "NASTY=${NASTY:-}", "SHOWN=${SHOWN:-}", "FIXED=always"]\n    volumes: ["./node-config.json:/root/node_config.json"]')
    .replace('volumes: [".tmkms:/root/.tmkms"]', 'volumes: [".tmkms:/root/.tmkms"]\n    environment: ["TMKMS_ONLY=${TMKMS_ONLY:-}"]')
    .replace(/ {2}absent:[\s\S]*/, '');
  writeFileSync(compose, text);
  writeFileSync(path.join(host.dir, 'node-config.json'), '[]\n');
  Object.assign(process.env, host.env);
  Object.assign(pace, { settleMs: 700, lifeMs: 500 });
  surroundOperations({ phase: async () => phase, membership: async () => 'out', ownKey: async () => ({ state: 'not-registered' }), signatures: async () => ({ state: 'known', newest: 1000, gapUnread: false }), audit: async () => {} });
  host.compose('up', '-d', 'tmkms', 'node', 'api');
});
afterAll(() => host.remove());
beforeEach(() => {
  phase = { known: true, clock: { phase: 'Inference', epoch: 56, at: Date.now() } };
});

async function now(): Promise<Deployment> {
  forgetDeployment();
  return (await currentDeployment()) as Deployment;
}
const version = async () => (await configNow(await now())).version;
const values = async (changes: Record<string, string | null>): Promise<ConfigChange> => ({ by: 'values', version: await version(), values: changes });
const ids = () => Object.fromEntries(['tmkms', 'node', 'api'].map((name) => [name, host.container(name)]));
const inside = (service: string, variable: string) => docker('exec', host.container(service) as string, 'sh', '-c', `printf %s "$${variable}"`);

async function save(change: ConfigChange, apply: boolean, more: { file?: EditableFile; reason?: string; shown?: string[]; announced?: string[] } = {}): Promise<OperationView> {
  const name = more.file ?? 'env';
  const of = await now();
  const changed = await changedFile(of.dir, name, change);
  const announced = more.announced ?? (apply ? announcedBy(await previewConfig(of, name, change)) : []);
  const { id } = await startConfig({ file: name, changed, how: change.by === 'restore' ? 'restored' : 'saved', apply, announced, reason: more.reason, shown: more.shown, ...by });
  await finished(id);
  return (await operation(id)) as OperationView;
}
const announcedBy = (plan: ConfigPlan) => plan.services.filter((one) => one.change !== 'none').map((one) => one.service);
async function refusal(work: Promise<unknown>): Promise<string> {
  const error = await work.then(() => undefined, (e: unknown) => e);
  if (!isPanelError(error)) throw error ?? new Error('not refused');
  return error.code;
}
const steps = (o: OperationView) => Object.fromEntries(o.steps.map((s) => [s.name, s.state]));

/** Everything that the panel has written down or answered, for looking for secrets. */
async function everything(): Promise<string> {
  const database = new Database(path.join(host.dataDir, 'panel.db'), { readonly: true });
  const tables = (database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all() as { name: string }[]).map((one) => database.prepare(`SELECT * FROM "${one.name}"`).all());
  database.close();
  const of = await now();
  const versions = await versionList(of.dir, 'env');
  const details = await Promise.all(versions.map((one) => versionDetail(of.dir, one.id)));
  return JSON.stringify([tables, await configNow(of), details, await effectiveServices(of, await listContainers({ project: of.project.name }))]);
}

it('an edit is shown, applied to exactly the announced services, and arrives byte by byte', async () => {
  const nasty = 'a"b\\c$d${e}`f`!g#h&i*(j){k}[l]|m;n<o>p?q~r ü 中 %s -- x=y\\z';
  const secret = 'sentinelNEW $1 "quoted" pass';
  const before = ids();
  const change = await values({ NASTY: nasty, KEYRING_PASSWORD: secret });
  const plan = await previewConfig(await now(), 'env', change);
  expect(plan.unknown).toBeUndefined();
  expect(plan.check.changed).toEqual(['KEYRING_PASSWORD', 'NASTY']);
  expect(plan.services).toEqual([{ service: 'api', role: 'api', change: 'recreate', running: true, variables: ['KEYRING_PASSWORD', 'NASTY'] }]);
  expect(plan.command.slice(-5)).toEqual(['up', '-d', '--no-deps', '--', 'api']);
  expect(plan.check.diff.filter((line) => line.kind !== 'same').map((line) => `${line.kind} ${line.text}`)).toContain('added export KEYRING_PASSWORD=••••••*');
  expect(JSON.stringify(plan)).not.toContain('sentinel');

  const done = await save(change, true);
  expect(done.error).toBeUndefined();
  expect(steps(done)).toMatchObject({ file: 'done', remember: 'done', write: 'done', 'version-row': 'done', recreate: 'done', 'verify-running': 'done' });
  expect([inside('api', 'NASTY'), inside('api', 'KEYRING_PASSWORD')]).toEqual([nasty, secret]);
  const after = ids();
  expect([after.tmkms, after.node]).toEqual([before.tmkms, before.node]);
  expect(after.api).not.toBe(before.api);
  expect(await revealedValue(host.dir, 'KEYRING_PASSWORD')).toBe(secret);
  const written = JSON.stringify([await everything(), await operationOutput(done.id)]);
  for (const one of [host.secret, 'sentinelNEW', 'quoted\\" pass']) expect(written).not.toContain(one);
});

it('a value with single quotes arrives too, and nothing of it is left when it is taken out', async () => {
  const value = `it's "$HOME" \\ 'done'`;
  expect((await save(await values({ NASTY: value }), true)).error).toBeUndefined();
  expect(inside('api', 'NASTY')).toBe(value);
  expect((await save(await values({ NASTY: null }), true)).error).toBeUndefined();
  expect(inside('api', 'NASTY')).toBe('');
});

it('a container that was made in other company than today is not replaced for nothing', async () => {
  // api was recreated alone, node and tmkms together: compose's dry run of all three names api.
  const before = ids();
  const change: ConfigChange = { by: 'text', version: await version(), text: `${(await configNow(await now())).text}# only a comment\n` };
  const plan = await previewConfig(await now(), 'env', change);
  expect([plan.services, plan.command, plan.gate]).toEqual([[], [], { answer: 'yes' }]);
  const done = await save(change, true);
  expect([done.state, steps(done).recreate]).toEqual(['succeeded', 'skipped']);
  // tmkms changes, and compose would take node and api along.
  const tmkms = await values({ TMKMS_ONLY: 'one' });
  expect((await previewConfig(await now(), 'env', tmkms)).services.map((one) => [one.service, one.change])).toEqual([['tmkms', 'recreate']]);
  expect((await save(tmkms, true)).error).toBeUndefined();
  const after = ids();
  expect([after.node, after.api]).toEqual([before.node, before.api]);
  expect(inside('tmkms', 'TMKMS_ONLY')).toBe('one');
});

it('a compose file that changed while the review was open: more services would have been recreated than were announced', async () => {
  const compose = path.join(host.dir, 'docker-compose.yml');
  const text = readFileSync(compose, 'utf8');
  const before = ids();
  const content = readFileSync(file, 'utf8');
  const change = await values({ SHOWN: 'announced' });
  const announced = announcedBy(await previewConfig(await now(), 'env', change));
  expect(announced).toEqual(['api']);
  writeFileSync(compose, text.replace('"TMKMS_ONLY=', '"ADDED=meanwhile", "TMKMS_ONLY='));
  try {
    const count = (await listOperations()).operations.length;
    expect(await refusal(save(change, true, { announced }))).toBe('config_plan_changed');
    // Saying nothing announces nothing.
    expect(await refusal(save(change, true, { announced: [] }))).toBe('config_plan_changed');
    expect((await listOperations()).operations.length).toBe(count);
    expect([ids(), readFileSync(file, 'utf8')]).toEqual([before, content]);
    // The new plan names both, and what it names is done.
    expect(announcedBy(await previewConfig(await now(), 'env', change)).sort()).toEqual(['api', 'tmkms']);
  } finally {
    writeFileSync(compose, text);
    forgetDeployment();
  }
  expect((await save(change, true, { announced })).error).toBeUndefined();
  expect(inside('api', 'SHOWN')).toBe('announced');
});

it('saved and not applied: the containers keep their values, and the view of both says so', async () => {
  const before = ids();
  expect((await save(await values({ SHOWN: 'two words', KEYRING_PASSWORD: 'sentinelTHIRD' }), false)).state).toBe('succeeded');
  expect(ids()).toEqual(before);
  const of = await now();
  const api = (await effectiveServices(of, await listContainers({ project: of.project.name }))).find((one) => one.service === 'api');
  expect(api?.rows.slice(0, 2)).toEqual([
    { kind: 'variable', variable: 'KEYRING_PASSWORD', secret: true, state: 'differs' },
    { kind: 'variable', variable: 'SHOWN', running: 'announced', file: 'two words', compose: 'two words', secret: false, state: 'differs' },
  ]);
  expect(api?.rows.find((one) => one.variable === 'FIXED')).toEqual({ kind: 'variable', variable: 'FIXED', running: 'always', compose: 'always', secret: false, state: 'same' });
  expect(api?.rows.some((one) => one.variable === 'PATH')).toBe(false);
  // Applying what the file has already is a change of no line.
  const applied = await save(await values({}), true);
  expect([applied.error, steps(applied).write, steps(applied).recreate]).toEqual([undefined, 'skipped', 'done']);
  expect([inside('api', 'SHOWN'), inside('api', 'KEYRING_PASSWORD')]).toEqual(['two words', 'sentinelTHIRD']);
});

it('a file that somebody else changed is not overwritten, before nor after the plan', async () => {
  const change = await values({ SHOWN: 'mine' });
  const changed = await changedFile((await now()).dir, 'env', change);
  const theirs = `${readFileSync(file, 'utf8')}# theirs\n`;
  writeFileSync(file, theirs);
  const count = (await listOperations()).operations.length;
  expect(await refusal(configCheck(await now(), 'env', change))).toBe('config_changed');
  expect(await refusal(startConfig({ file: 'env', changed, how: 'saved', apply: true, ...by }))).toBe('config_changed');
  expect((await listOperations()).operations.length).toBe(count);
  expect(readFileSync(file, 'utf8')).toBe(theirs);
  // The next save keeps what they had made.
  expect((await save(await values({ SHOWN: 'mine' }), false)).state).toBe('succeeded');
  const [saved, found] = await versionList(host.dir, 'env');
  expect([saved, found]).toMatchObject([{ how: 'saved', changed: ['SHOWN'], current: true, by: 'ann' }, { how: 'found', by: '', current: false }]);
  expect((await versionDetail(host.dir, found?.id ?? ''))?.text).toContain('# theirs');
});

it('an earlier version is restored with the secret of today', async () => {
  await save(await values({ SHOWN: 'old', KEYRING_PASSWORD: 'sentinelOLD!' }), false);
  const [old] = await versionList(host.dir, 'env');
  await save(await values({ SHOWN: 'new', KEYRING_PASSWORD: "sentinel'TODAY" }), false);
  const change: ConfigChange = { by: 'restore', version: await version(), from: old?.id as string };
  const plan = await previewConfig(await now(), 'env', change);
  expect(plan.check.changed).toEqual(['SHOWN']);
  expect((await save(change, false)).state).toBe('succeeded');
  const of = await now();
  expect([of.values.SHOWN, of.values.KEYRING_PASSWORD]).toEqual(['old', "sentinel'TODAY"]);
  expect((await versionList(host.dir, 'env'))[0]).toMatchObject({ how: 'restored', changed: ['SHOWN'] });
  const text = await everything();
  for (const one of ['sentinelOLD', "sentinel'TODAY", 'sentinelTHIRD', host.secret]) expect(text).not.toContain(one);
});

it('a read-only file stays as it is, and says why', async () => {
  const text = readFileSync(file, 'utf8');
  chmodSync(file, 0o444);
  try {
    const failed = await save(await values({ SHOWN: 'x' }), true);
    expect(failed).toMatchObject({ state: 'failed', error: { code: 'config_read_only' } });
    expect(readFileSync(file, 'utf8')).toBe(text);
    // Its content was in memory only.
    expect(await refusal(retryOperation(failed.id, by))).toBe('config_content_gone');
  } finally {
    chmodSync(file, 0o600);
  }
});

it('an apply that failed after it wrote is gone on with', async () => {
  const compose = path.join(host.dir, 'docker-compose.yml');
  const text = readFileSync(compose, 'utf8');
  const genesis = path.join(host.dir, '../../genesis/genesis.json');
  // node's mount is missing: found out when it is to be recreated, after the file was written.
  rmSync(genesis);
  const failed = await save(await values({ KEY_NAME: 'other' }), true);
  expect(failed).toMatchObject({ state: 'failed', error: { code: 'operation_bind_missing' } });
  expect(steps(failed)).toMatchObject({ write: 'done', 'version-row': 'done', binds: 'failed', recreate: 'pending' });
  writeFileSync(genesis, '{}');
  forgetDeployment();
  const { id } = await retryOperation(failed.id, by);
  await finished(id);
  const again = (await operation(id)) as OperationView;
  expect(again.error).toBeUndefined();
  expect(steps(again)).toMatchObject({ write: 'skipped', 'version-row': 'skipped', recreate: 'done' });
  expect(inside('node', 'KEY_NAME')).toBe('other');
  expect(readFileSync(compose, 'utf8')).toBe(text);
});

it('a bad moment needs a reason for what it interrupts, and none for saving alone', async () => {
  phase = { known: true, clock: { phase: 'PoCGenerate', epoch: 56, at: Date.now() } };
  const change = await values({ SHOWN: 'in a poc' });
  expect((await previewConfig(await now(), 'env', change)).gate).toMatchObject({ answer: 'reason-needed', reasons: [{ why: 'poc' }] });
  expect(await refusal(save(change, true))).toBe('operation_reason_needed');
  expect((await now()).values.SHOWN).not.toBe('in a poc');
  expect((await save(change, false)).state).toBe('succeeded');
  expect((await save(await values({}), true, { reason: 'it has to be now', shown: ['poc'] })).error).toBeUndefined();
  expect(inside('api', 'SHOWN')).toBe('in a poc');
});

it('a value that a service can not start with is written, and no container is replaced', async () => {
  const change = await values({ KEY_NAME: '' });
  const plan = await previewConfig(await now(), 'env', change);
  expect(plan.check.problems.some((one) => one.code === 'variable_empty' && one.variable === 'KEY_NAME')).toBe(true);
  const failed = await save(change, true);
  expect(failed).toMatchObject({ state: 'failed', error: { code: 'operation_deployment_broken' } });
  expect(inside('node', 'KEY_NAME')).toBe('other');
  expect((await save(await values({ KEY_NAME: 'other' }), true)).error).toBeUndefined();
});

it('node-config.json is applied by a new api, unless api has taken it over', async () => {
  const text = '[\n  {"id": "n1", "host": "inference", "inference_port": 5000, "poc_port": 8080, "max_concurrent": 500, "models": {"m": {"args": []}}}\n]\n';
  const change = async (next: string): Promise<ConfigChange> => ({ by: 'text', version: (await readConfigFile(host.dir, 'node-config.json')).version, text: next });
  const before = ids();
  const first = await change(text);
  const plan = await previewConfig(await now(), 'node-config', first);
  expect([plan.check.changed, plan.services.map((one) => [one.service, one.change])]).toEqual([['n1'], [['api', 'recreate']]]);
  const done = await save(first, true, { file: 'node-config' });
  expect(done.error).toBeUndefined();
  expect(docker('exec', host.container('api') as string, 'cat', '/root/node_config.json')).toBe(text);
  expect(ids()).toMatchObject({ tmkms: before.tmkms, node: before.node });
  mkdirSync(path.join(host.dir, '.dapi'), { recursive: true });
  writeFileSync(path.join(host.dir, '.dapi/api-config.yaml'), 'merged_node_config: true\n');
  const second = await change(text.replace('n1', 'n2'));
  expect((await previewConfig(await now(), 'node-config', second)).gate).toMatchObject({ answer: 'refused', why: 'node_config_merged' });
  expect(await refusal(save(second, true, { file: 'node-config' }))).toBe('gate_node_config_merged');
  expect((await save(second, false, { file: 'node-config' })).state).toBe('succeeded');
  expect(await refusal(startOperation({ kind: 'apply-config', target: 'env', ...by }))).toBe('bad_request');
});

it('node-config.json was "applied" to an api that reads another file', async () => {
  const compose = path.join(host.dir, 'docker-compose.yml');
  const text = readFileSync(compose, 'utf8');
  rmSync(path.join(host.dir, '.dapi'), { recursive: true });
  writeFileSync(path.join(host.dir, 'my-nodes.json'), '[]\n');
  const change = async (): Promise<ConfigChange> => ({ by: 'text', version: (await readConfigFile(host.dir, 'node-config.json')).version, text: '[ ]\n' });
  const before = ids();
  writeFileSync(compose, text.replace('./node-config.json:/root', '${NODE_CONFIG:-./node-config.json}:/root'));
  try {
    expect((await previewConfig(await now(), 'node-config', await change())).gate).toEqual({ answer: 'yes' });
    await save(await values({ NODE_CONFIG: './my-nodes.json' }), false);
    expect((await previewConfig(await now(), 'node-config', await change())).gate).toMatchObject({ answer: 'refused', why: 'node_config_other', params: { path: path.join(host.dir, 'my-nodes.json') } });
    expect(await refusal(save(await change(), true, { file: 'node-config' }))).toBe('gate_node_config_other');
    // The same file by another name is this file.
    symlinkSync('node-config.json', path.join(host.dir, 'linked.json'));
    await save(await values({ NODE_CONFIG: './linked.json' }), false);
    expect((await previewConfig(await now(), 'node-config', await change())).gate).toEqual({ answer: 'yes' });
    expect(ids()).toEqual(before);
  } finally {
    writeFileSync(compose, text);
    forgetDeployment();
  }
});

it('the view of both said "runs with what the files say" of a port, a mount or an image that had changed', async () => {
  const compose = path.join(host.dir, 'docker-compose.yml');
  const text = readFileSync(compose, 'utf8');
  const plain = `gp-ops/plain-${host.project}`;
  const ported = `${text}
  ported:
    image: ${plain}:1
    command: [sleep, "1"]
    ports: ["\${API_PORT:-18000}:80", "127.0.0.1:18001:81/udp", "[::1]:18002-18003:82-83"]
    volumes: ["\${HF_HOME:-./hf}:/cache:ro", "./hf/:/other/"]
`;
  const rows = async () => {
    const of = await now();
    const all = await effectiveServices(of, await listContainers({ project: of.project.name }));
    return Object.fromEntries(all.map((one) => [one.service, one.rows.filter((row) => row.state !== 'same').map((row) => [row.kind, row.variable, row.running, row.file, row.compose, row.state])]));
  };
  for (const tag of ['1', '2']) docker('tag', 'gp-ops/api:0.2.4', `${plain}:${tag}`);
  writeFileSync(compose, ported);
  try {
    // Created and never started: nothing is published on this machine.
    host.compose('create', 'ported');
    expect(host.states().ported).toBe('created');
    expect((await rows()).ported).toEqual([]);
    const of = await now();
    expect((await effectiveServices(of, await listContainers({ project: of.project.name }))).find((one) => one.service === 'ported')?.rows.length).toBe(7);
    await save(await values({ API_PORT: '127.0.0.1:18080', HF_HOME: './elsewhere' }), false);
    writeFileSync(compose, ported.replace(`${plain}:1`, `${plain}:2`));
    expect((await rows()).ported).toEqual([
      ['port', '80/tcp', '18000', '127.0.0.1:18080', '127.0.0.1:18080', 'differs'],
      ['mount', '/cache', path.join(host.dir, 'hf:ro'), './elsewhere', path.join(host.dir, 'elsewhere:ro'), 'differs'],
      ['image', '', `${plain}:1`, undefined, `${plain}:2`, 'differs'],
    ]);
    writeFileSync(compose, ported.replace('"127.0.0.1:18001:81/udp", ', '').replace('"./hf/:/other/"', '"./hf:/new"'));
    expect((await rows()).ported?.map((row) => [row[0], row[1], row.at(-1)])).toEqual([['port', '80/tcp', 'differs'], ['port', '81/udp', 'only-running'], ['mount', '/cache', 'differs'], ['mount', '/new', 'only-compose'], ['mount', '/other', 'only-running']]);
  } finally {
    writeFileSync(compose, ported);
    host.compose('rm', '-sf', 'ported');
    writeFileSync(compose, text);
    for (const tag of ['1', '2']) docker('rmi', `${plain}:${tag}`);
    forgetDeployment();
  }
});
