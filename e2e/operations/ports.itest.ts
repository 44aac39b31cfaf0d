import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { panelEnv } from '#lib/core/env.ts';
import { currentDeployment } from '#lib/deployment/current.ts';
import { forgetDeployment } from '#lib/deployment/deployment.ts';
import { PORT_FILE_NAMES } from '#lib/deployment/port-files.ts';
import type { Deployment } from '#lib/deployment/schema.ts';
import { listeners } from '#lib/host/listeners.ts';
import type { PhaseKnowledge } from '#lib/operations/gate.ts';
import { finished, operation, startOperation } from '#lib/operations/journal.ts';
import { portPlan } from '#lib/operations/ports/plan.ts';
import { previewOperation } from '#lib/operations/preview.ts';
import { pace } from '#lib/operations/pace.ts';
import type { OperationView } from '#lib/operations/schema.ts';
import { surroundOperations } from '#lib/operations/surroundings.ts';
import { removeProject } from '../world.ts';
import { type BusyboxHost, busyboxHost } from './busybox-host.ts';
import { panelProcess } from './killed-panel.ts';
import type { Job } from './panel-child.ts';

const by = { user: 'ann', ip: '192.0.2.7' };
let phase: PhaseKnowledge;
let host: BusyboxHost;

let compose = '';
beforeAll(() => {
  host = busyboxHost();
  // As v0.2.4 publishes them (facts 1.1), the admin port moved, and two neighbours that nothing may happen to.
  compose = readFileSync(path.join(host.dir, 'docker-compose.yml'), 'utf8')
    .replace('depends_on: [tmkms]\n', 'depends_on: [tmkms]\n    ports: ["5000:26656", "26657:26657"]\n')
    .replace('depends_on: [node]\n', 'depends_on: [node]\n    ports: ["9100:9100", "19200:9200"]\n')
    .replace('[sh, -c, "echo started; exec sleep 100000"]', '[sh, -c, "echo Received request subsystem=Server method=GET path=/admin/v1/nodes; echo Received request subsystem=Server method=GET path=/admin/v1/config; exec sleep 100000"]')
    .replace(/ {2}loop:[\s\S]*/, '  proxy:\n    image: gp-ops/api:0.2.4\n    command: [sh, -c, "exec sleep 100000"]\n    ports: ["8000:80"]\n    stop_grace_period: 1s\n');
  Object.assign(process.env, host.env);
  Object.assign(pace, { settleMs: 700, lifeMs: 500 });
  surroundOperations({ phase: async () => phase, membership: async () => 'out', ownKey: async () => ({ state: 'not-registered' }), signatures: async () => ({ state: 'known', newest: 1000, gapUnread: false }), audit: async () => {} });
});
afterAll(() => host.remove());
beforeEach(() => {
  phase = { known: true, clock: { phase: 'Inference', epoch: 56, at: Date.now() } };
  removeProject(host.dir);
  for (const name of PORT_FILE_NAMES) rmSync(path.join(host.dir, name), { force: true });
  writeFileSync(path.join(host.dir, 'docker-compose.yml'), compose);
});

async function now(): Promise<Deployment> {
  forgetDeployment();
  return (await currentDeployment()) as Deployment;
}
async function run(kind: 'close-ports' | 'open-ports', params: unknown, more: { reason?: string; shown?: string[] } = {}): Promise<OperationView> {
  const { id } = await startOperation({ kind, params, ...more, ...by });
  await finished(id);
  return (await operation(id)) as OperationView;
}
/** Port → addresses that the kernel hears. */
async function heard(...ports: number[]): Promise<Record<number, string>> {
  const all = (await listeners()) ?? [];
  return Object.fromEntries(ports.map((port) => [port, all.filter((one) => one.protocol === 'tcp' && one.port === port).map(({ address }) => address).sort().join(' ')]));
}
const EVERYWHERE = '0.0.0.0 ::';
const OPEN = { 5000: EVERYWHERE, 26657: EVERYWHERE, 9100: EVERYWHERE, 19200: EVERYWHERE, 8000: EVERYWHERE };
const CLOSED = { ...OPEN, 26657: '127.0.0.1', 9100: '127.0.0.1', 19200: '127.0.0.1' };
const PORTS = Object.keys(OPEN).map(Number);
const files = () => PORT_FILE_NAMES.filter((name) => existsSync(path.join(host.dir, name)));
const detail = (o: OperationView, name: string) => o.steps.find((step) => step.name === name)?.detail;

it('closes what is open, proves it by the kernel, touches no neighbour, does nothing twice, and takes it back', async () => {
  host.compose('up', '-d');
  expect(await heard(...PORTS)).toEqual(OPEN);
  const before = Object.fromEntries(['tmkms', 'proxy'].map((name) => [name, host.container(name)]));
  const { params } = await portPlan(await now(), '127.0.0.1');
  expect(params).toMatchObject({ address: '127.0.0.1', services: expect.arrayContaining(['node', 'api']) });
  const preview = await previewOperation({ kind: 'close-ports', params });
  expect(preview).toMatchObject({ gate: { answer: 'yes' }, changes: expect.arrayContaining([{ service: 'node', change: 'recreate', running: true }, { service: 'api', change: 'recreate', running: true }]) });
  expect(preview.command.join(' ')).toMatch(/-f \S+docker-compose\.panel-ports\.yml up -d --no-deps -- (node api|api node)$/);

  const closed = await run('close-ports', params);
  expect(closed.error).toBeUndefined();
  expect(closed.state).toBe('succeeded');
  expect(detail(closed, 'ports-listeners')).toMatchObject({ code: 'ports_listening', params: { addresses: '127.0.0.1:9100, 127.0.0.1:19200, 127.0.0.1:26657' } });
  expect(detail(closed, 'ports-reached')).toMatchObject({ code: 'ports_reached', params: { count: 1, whole: 'yes' } });
  expect(await heard(...PORTS)).toEqual(CLOSED);
  expect(Object.fromEntries(['tmkms', 'proxy'].map((name) => [name, host.container(name)]))).toEqual(before);

  const again = await portPlan(await now(), '127.0.0.1');
  expect(again.params.services).toEqual([]);
  const twice = await run('close-ports', params);
  expect([twice.state, twice.steps.filter(({ state }) => state === 'skipped').map(({ name }) => name)]).toEqual(['succeeded', ['ports-write', 'images', 'ports-reached', 'recreate']]);

  const back = await run('open-ports', (await portPlan(await now(), undefined)).params);
  expect([back.error, back.state, files(), await heard(...PORTS)]).toEqual([undefined, 'succeeded', [], OPEN]);
});

it('every later command of the panel takes the files along; one typed by hand without them opens the ports, and closing finds that', async () => {
  host.compose('up', '-d');
  await run('close-ports', (await portPlan(await now(), '127.0.0.1')).params);
  const { id } = await startOperation({ kind: 'recreate', target: 'api', ...by });
  await finished(id);
  expect(await heard(9100, 19200)).toEqual({ 9100: '127.0.0.1', 19200: '127.0.0.1' });
  host.compose('up', '-d', '--no-deps', 'api');
  expect(await heard(9100, 19200)).toEqual({ 9100: EVERYWHERE, 19200: EVERYWHERE });
  const { params } = await portPlan(await now(), '127.0.0.1');
  expect(params.services).toEqual(['api']);
  expect((await run('close-ports', params)).state).toBe('succeeded');
  expect(await heard(...PORTS)).toEqual(CLOSED);
});

it('needs a reason in a PoC, does only what was shown, and leaves everything as it was where compose refuses', async () => {
  host.compose('up', '-d');
  const { params } = await portPlan(await now(), '127.0.0.1');
  phase = { known: true, clock: { phase: 'PoCGenerate', epoch: 56, at: Date.now() } };
  const { gate } = await previewOperation({ kind: 'close-ports', params });
  expect(gate).toMatchObject({ answer: 'reason-needed', reasons: [{ why: 'poc' }, { why: 'poc' }] });
  await expect(startOperation({ kind: 'close-ports', params, ...by })).rejects.toMatchObject({ code: 'operation_reason_needed' });
  phase = { known: true, clock: { phase: 'Inference', epoch: 56, at: Date.now() } };
  const less = await run('close-ports', { ...params, services: ['api'] });
  expect(less.error).toMatchObject({ code: 'ports_plan_changed', params: { service: 'node' } });
  writeFileSync(path.join(host.dir, 'docker-compose.yml'), compose.replace('"9100:9100"', '"9100:9100", "9101:9101"'));
  expect((await run('close-ports', params)).error).toMatchObject({ code: 'ports_plan_changed' });
  const absent = (await portPlan(await now(), '10.255.255.1')).params;
  expect((await run('close-ports', absent)).error).toMatchObject({ code: 'ports_address_absent' });
  writeFileSync(path.join(host.dir, 'docker-compose.panel-ports.yml'), 'services: {}\n');
  expect((await run('close-ports', (await portPlan(await now(), '127.0.0.1')).params)).error).toMatchObject({ code: 'ports_file_foreign' });
  expect(files()).toEqual(['docker-compose.panel-ports.yml']);
  expect(await heard(...PORTS)).toEqual(OPEN);
});

it('for ML nodes on other servers the callback port is bound to the private address, and nothing else leaves the machine', async () => {
  const inner = privateCard();
  try {
    host.compose('up', '-d');
    const closed = await run('close-ports', (await portPlan(await now(), inner.address)).params);
    expect([closed.error, closed.state]).toEqual([undefined, 'succeeded']);
    expect(await heard(...PORTS)).toEqual({ ...CLOSED, 9100: inner.address });
    expect(detail(closed, 'ports-listeners')?.params).toMatchObject({ addresses: expect.stringContaining(`${inner.address}:9100`) });
    // Taken back by the other choice, without a file left open in between.
    expect((await run('close-ports', (await portPlan(await now(), '127.0.0.1')).params)).state).toBe('succeeded');
    expect(await heard(...PORTS)).toEqual(CLOSED);
  } finally {
    removeProject(host.dir);
    inner.remove();
  }
});

it('a compose that adds ports instead of replacing them is refused before anything is written', async () => {
  host.compose('up', '-d');
  const { params } = await portPlan(await now(), '127.0.0.1');
  const before = ['tmkms', 'node', 'api'].map((name) => host.container(name));
  const bin = mkdtempSync(path.join(tmpdir(), 'old-compose-'));
  const { PATH } = panelEnv().child;
  const real = execFileSync('which', ['docker'], { encoding: 'utf8' }).trim();
  writeFileSync(path.join(bin, 'docker'), `#!/bin/sh\ncase " $* " in *" version --short "*) echo 2.24.3;; *) exec ${real} "$@";; esac\n`, { mode: 0o755 });
  panelEnv().child.PATH = `${bin}:${PATH}`;
  try {
    const refused = await run('close-ports', params);
    expect(refused).toMatchObject({ state: 'failed', error: { code: 'ports_compose_old', params: { version: '2.24.3', least: '2.24.4' } } });
    // Only looked at once more afterwards.
    expect(refused.steps.filter(({ state }) => state === 'done').map(({ name }) => name)).toEqual(['observe']);
    // Without a file there is nothing that compose has to know: taking back works with an old one.
    expect((await run('open-ports', (await portPlan(await now(), undefined)).params)).state).toBe('succeeded');
  } finally {
    panelEnv().child.PATH = PATH as string;
    rmSync(bin, { recursive: true, force: true });
  }
  expect([files(), ['tmkms', 'node', 'api'].map((name) => host.container(name)), await heard(...PORTS)]).toEqual([[], before, OPEN]);
});

/** A card of this machine with a private address. Not one of Docker's: without a container on it, that has no carrier, and Node doesn't list it. */
function privateCard(): { address: string; remove(): void } {
  const ip = (...args: string[]) => execFileSync('ip', args);
  ip('link', 'add', 'gpinner', 'type', 'bridge');
  ip('address', 'add', '10.213.7.1/24', 'dev', 'gpinner');
  ip('link', 'set', 'gpinner', 'up');
  return { address: '10.213.7.1', remove: () => void ip('link', 'delete', 'gpinner') };
}

it('another program that listens on the port is found out', async () => {
  host.compose('up', '-d', 'tmkms', 'node');
  const { params } = await portPlan(await now(), '127.0.0.1');
  const card = privateCard();
  const other = spawn(process.execPath, ['-e', `const s = require('node:net').createServer(); const go = () => s.listen(19200, '${card.address}', () => console.log('on')).on('error', () => setTimeout(go, 50)); go()`], { stdio: ['ignore', 'pipe', 'ignore'] });
  await new Promise((resolve) => other.stdout.once('data', resolve));
  try {
    // api has no container: its port is nobody's yet.
    expect((await run('close-ports', params)).state).toBe('succeeded');
    const { id } = await startOperation({ kind: 'start', target: 'api', ...by });
    await finished(id);
    const told = await run('close-ports', (await portPlan(await now(), '127.0.0.1')).params);
    expect(told.error).toMatchObject({ code: 'ports_still_open', params: { addresses: `${card.address}:19200` } });
  } finally {
    other.kill('SIGKILL');
    card.remove();
  }
});

const panel = (job: Job) => panelProcess(job, host.project, host.env);

describe('the panel is killed (-9) while it closes ports', () => {
  const STEPS = ['queued', 'compose-version', 'ports-look', 'ports-check', 'ports-write', 'deployment', 'binds', 'ports-reached', 'recreate', 'verify-running', 'ports-listeners'];
  for (const { step, afterMs } of STEPS.flatMap((step) => (step === 'recreate' ? [0, 300, 900] : [0]).map((afterMs) => ({ step, afterMs })))) {
    it(`step ${step}, after ${afterMs} ms: a retry completes, and only where nothing is open it says so`, async () => {
      host.compose('up', '-d');
      const { params } = await portPlan(await now(), '127.0.0.1');
      const first = await panel({ start: { kind: 'close-ports', params }, killAt: { step, afterMs } });
      if (first.signal !== 'SIGKILL') {
        // A step of a few milliseconds can be over before the killer has seen it.
        expect(first.report?.operation?.state, first.said).toBe('succeeded');
        return;
      }
      const { report, said } = await panel({ recover: true });
      expect(report?.recovered[0], said).toMatchObject({ state: 'interrupted' });
      expect(report?.operation?.error, said).toBeUndefined();
      expect(report?.operation, said).toMatchObject({ state: 'succeeded' });
      expect(await heard(...PORTS)).toEqual(CLOSED);
      expect(host.states()).toEqual({ tmkms: 'running', node: 'running', api: 'running', proxy: 'running' });
    });
  }
});
