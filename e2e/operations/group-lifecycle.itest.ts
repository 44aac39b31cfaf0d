import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { db } from '#lib/db/client.ts';
import { forgetDeployment } from '#lib/deployment/deployment.ts';
import { finished, operation, retryOperation } from '#lib/operations/journal.ts';
import { previewOperation } from '#lib/operations/preview.ts';
import type { OperationView } from '#lib/operations/schema.ts';
import { docker } from './busybox-host.ts';
import { around, by, onBusyboxHost, refusal, run, steps, whys } from './busybox-operations.ts';

onBusyboxHost();

const MORE = 'docker-compose.mlnode.yml';
const ids = () => Object.fromEntries(['tmkms', 'node', 'api', 'mlnode-1', 'mlnode-2'].map((name) => [name, around.host.container(name)]));
const since = (service: string) => docker('inspect', '--format', '{{.State.StartedAt}}', around.host.container(service) as string).trim();
const tail = (command: string[]) => command.slice(command.findIndex((part) => part.endsWith('.yml') && !part.startsWith('-')) + 1).filter((part) => part !== '-f' && !part.endsWith('.yml')).join(' ');

beforeAll(() => {
  const service = (name: string, more = '') => `  ${name}:\n    image: gp-ops/api:0.2.4\n    command: [sh, -c, "exec sleep 100000"]\n    stop_grace_period: 1s\n${more}`;
  writeFileSync(path.join(around.host.dir, MORE), `services:\n${service('mlnode-1')}${service('mlnode-2', '    environment: ["SPEED=${SPEED:-1}"]\n')}`);
  // What the busybox host has to be broken with stays out of groups here.
  writeFileSync(path.join(around.host.dir, 'docker-compose.override.yml'), 'services:\n  loop:\n    profiles: [off]\n  absent:\n    profiles: [off]\n');
  forgetDeployment();
});

describe('a group of services', () => {
  it('is brought up: what has no container gets one, by the services’ names', async () => {
    const preview = await previewOperation({ kind: 'up', target: '@ml' });
    expect(tail(preview.command)).toBe('up -d --no-deps -- mlnode-1 mlnode-2');
    expect(preview.changes.map(({ change }) => change)).toEqual(['create', 'create']);
    expect((await run('up', '@ml')).error).toBeUndefined();
    expect((await run('up', '@network')).error).toBeUndefined();
    expect(around.host.states()).toEqual({ tmkms: 'running', node: 'running', api: 'running', 'mlnode-1': 'running', 'mlnode-2': 'running' });
  });

  it('is stopped, and started with the containers that it had', async () => {
    const before = ids();
    const stopped = await run('stop', '@ml');
    expect([stopped.error, tail(stopped.command ?? [])]).toEqual([undefined, 'stop -- mlnode-1 mlnode-2']);
    expect(around.host.states()).toMatchObject({ 'mlnode-1': 'exited', 'mlnode-2': 'exited', api: 'running' });
    expect(steps(await run('stop', '@ml')).stop).toBe('skipped');
    const started = await run('start', '@ml');
    expect([started.error, tail(started.command ?? [])]).toEqual([undefined, 'up -d --no-deps --no-recreate -- mlnode-1 mlnode-2']);
    expect(ids()).toEqual(before);
    expect(steps(await run('start', '@ml')).start).toBe('skipped');
  });

  it('is restarted as the same containers, and no other is touched', async () => {
    const [before, node] = [ids(), since('node')];
    const done = await run('restart', '@ml');
    expect([done.error, tail(done.command ?? [])]).toEqual([undefined, 'restart --no-deps -- mlnode-1 mlnode-2']);
    expect([ids(), since('node')]).toEqual([before, node]);
  });

  it('a restart that was cut off goes on with those that are left', async () => {
    const done = await run('restart', '@ml');
    // As a panel leaves it that was killed after the first of them.
    await db().operation.update({ where: { id: done.id }, data: { state: 'interrupted' } });
    docker('restart', '-t', '1', around.host.container('mlnode-1') as string);
    const look = done.steps.find((one) => one.name === 'look');
    const first = since('mlnode-1');
    await db().operationStep.updateMany({ where: { operationId: done.id, name: 'look' }, data: { detail: JSON.stringify({ ...look?.detail, params: { ...look?.detail?.params, ids: String(look?.detail?.params.ids).replace(/mlnode-2 (\S+) \S+/, `mlnode-2 $1 ${since('mlnode-2')}`) } }) } });
    // Docker's stamp has nanoseconds in inspect, the journal the engine's own text: both are the same here.
    const second = since('mlnode-2');
    const { id } = await retryOperation(done.id, by);
    await finished(id);
    expect((await operation(id) as OperationView).error).toBeUndefined();
    expect(since('mlnode-1')).toBe(first);
    expect(since('mlnode-2')).not.toBe(second);
  });

  it('is recreated, each of them', async () => {
    const before = ids();
    const done = await run('recreate', '@ml');
    expect([done.error, tail(done.command ?? [])]).toEqual([undefined, 'up -d --no-deps --force-recreate -- mlnode-1 mlnode-2']);
    const after = ids();
    expect([after['mlnode-1'] === before['mlnode-1'], after['mlnode-2'] === before['mlnode-2'], after.api === before.api]).toEqual([false, false, true]);
  });

  it('bringing up names what the files have changed, and replaces that alone', async () => {
    const file = path.join(around.host.dir, 'config.env');
    writeFileSync(file, `export KEY_NAME=gonka\nexport KEYRING_PASSWORD=${around.host.secret}\nexport SPEED=2\n`, { mode: 0o600 });
    forgetDeployment();
    const preview = await previewOperation({ kind: 'up', target: '@ml' });
    expect(preview.changes).toEqual([{ service: 'mlnode-1', change: 'none', running: true }, { service: 'mlnode-2', change: 'recreate', running: true }]);
    expect(preview.notes).toContain('recreates_changed');
    const before = ids();
    expect((await run('up', '@ml')).error).toBeUndefined();
    const after = ids();
    expect([after['mlnode-1'] === before['mlnode-1'], after['mlnode-2'] === before['mlnode-2']]).toEqual([true, false]);
  });

  it('asks for a reason for each service that the network would miss', async () => {
    around.phase = { known: true, clock: { phase: 'PoCGenerate', epoch: 56, at: Date.now() } };
    around.membership = 'in';
    const { gate } = await previewOperation({ kind: 'stop', target: '@ml' });
    expect(whys(gate)).toEqual(['poc', 'active_set', 'poc', 'active_set']);
    expect((await refusal('restart', '@all')).code).toBe('operation_reason_needed');
  });
});
