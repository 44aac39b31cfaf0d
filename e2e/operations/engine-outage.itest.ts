import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { finished, operation, operationOutput, retryOperation, startOperation } from '#lib/operations/journal.ts';
import { endOrphanedCommands } from '#lib/operations/orphaned-commands.ts';
import { OutputWriter } from '#lib/operations/output-writer.ts';
import { PROCESS_MARK } from '#lib/operations/process-mark.ts';
import { pace } from '#lib/operations/pace.ts';
import type { OperationView } from '#lib/operations/schema.ts';
import { insertOperation } from '#lib/operations/store.ts';
import { surroundOperations } from '#lib/operations/surroundings.ts';
import { type BusyboxHost, busyboxHost, docker } from './busybox-host.ts';

const real = (process.env.DOCKER_HOST ?? 'unix:///var/run/docker.sock').slice('unix://'.length);
const by = { user: 'ann', ip: '192.0.2.7' };
let host: BusyboxHost;
let socket: string;
let outage: (() => Promise<void>) | undefined;

/** A socket of our own in front of the engine, that can go away as dockerd does. */
function engineInFront(): Promise<void> {
  const open = new Set<net.Socket>();
  const server = net.createServer((near) => {
    const far = net.connect(real);
    for (const [one, other] of [[near, far], [far, near]] as const) {
      open.add(one);
      one.pipe(other);
      one.on('error', () => other.destroy()).on('close', () => open.delete(one));
    }
  });
  outage = () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      for (const one of open) one.destroy();
    });
  return new Promise((resolve) => server.listen(socket, resolve));
}

beforeAll(async () => {
  host = busyboxHost();
  socket = path.join(host.dataDir, 'engine.sock');
  await engineInFront();
  Object.assign(process.env, host.env);
  // The panel reads its environment once; the docker CLI of this test goes on asking the engine itself.
  const before = process.env.DOCKER_HOST;
  process.env.DOCKER_HOST = `unix://${socket}`;
  const { panelEnv } = await import('#lib/core/env.ts');
  expect(panelEnv().docker.host).toBe(`unix://${socket}`);
  process.env.DOCKER_HOST = before;
  Object.assign(pace, { settleMs: 3000, lifeMs: 500 });
  surroundOperations({ phase: async () => ({ known: true, clock: { phase: 'Inference', epoch: 7, at: Date.now() } }), membership: async () => 'out' });
});
afterAll(async () => {
  await outage?.();
  host.remove();
});

const step = async (id: string, name: string) => (await operation(id))?.steps.find((s) => s.name === name)?.state;
async function until(what: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 3000 && !(await what()); i++) await new Promise((r) => setTimeout(r, 10));
}

for (const during of ['restart', 'verify-running']) {
  it(`the engine goes away during ${during}: failed with its words, what is true is said to be unknown, a retry completes`, async () => {
    host.compose('up', '-d', '--no-deps', 'api');
    const { id } = await startOperation({ kind: 'restart', target: 'api', ...by });
    await until(async () => (await step(id, during)) === 'running');
    await outage?.();
    await finished(id);
    const failed = (await operation(id)) as OperationView;
    expect(failed.state).toBe('failed');
    expect(failed.error?.code).toMatch(/^engine_|^container_restart_failed$/);
    expect(failed.steps.at(-1)).toMatchObject({ name: 'observe', detail: { code: 'cannot_tell' } });
    await expect(startOperation({ kind: 'restart', target: 'api', ...by })).rejects.toMatchObject({ code: expect.stringMatching(/^engine_/) });
    rmSync(socket, { force: true });
    await engineInFront();
    const again = await retryOperation(id, by);
    await finished(again.id);
    expect((await operation(again.id))?.error).toBeUndefined();
    expect((await operation(again.id))?.state).toBe('succeeded');
    expect(host.states().api).toBe('running');
  });
}

it('a command that outlived its panel is ended, and no other', async () => {
  const sleep = (mark?: string) => spawn('sleep', ['300'], { env: { ...process.env, ...(mark ? { [PROCESS_MARK]: mark } : {}) }, detached: true, stdio: 'ignore' });
  const [left, other, none] = [sleep('one'), sleep('two'), sleep()];
  const gone = new Promise<string | null>((resolve) => left.on('close', (_code, signal) => resolve(signal)));
  await until(async () => (await endOrphanedCommands('one')) > 0);
  expect(await gone).toBe('SIGTERM');
  expect([other.exitCode, other.signalCode, none.exitCode, none.signalCode]).toEqual([null, null, null, null]);
  other.kill();
  none.kill();
});

it('output is kept up to its limit, redacted before it is shortened, and says that it was cut', async () => {
  const id = await insertOperation({ kind: 'stop', target: 'x', project: 'none', command: [`--pass=${host.secret}`], reason: `because of ${host.secret}`, startedBy: 'ann', ip: '-', steps: [] });
  const writer = new OutputWriter(id, 100 * 1024);
  // The secret lies across the place where the line is shortened.
  writer.line('y'.repeat(16 * 1024 - 10) + host.secret + 'z'.repeat(9000), 'stdout');
  for (let i = 0; i < 10_000; i++) writer.line(`line ${i} ${'x'.repeat(90)}`, i % 2 ? 'stdout' : 'stderr');
  await writer.flush();
  const lines = [...(await operationOutput(id, 0, 5000))];
  expect(JSON.stringify([lines, await operation(id)])).not.toMatch(new RegExp(host.secret.slice(0, 12)));
  expect(lines.at(-1)).toMatchObject({ stream: 'panel', code: 'cut' });
  expect(lines.reduce((sum, l) => sum + ('line' in l ? l.line.length : 0), 0)).toBeLessThanOrEqual(100 * 1024);
  expect(lines.map((l) => ('line' in l ? l.line : '')).filter((l) => l.startsWith('line ')).every((l, i) => l.startsWith(`line ${i} `))).toBe(true);
  docker('version');
});
