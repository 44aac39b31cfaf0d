import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { currentDeployment } from '#lib/deployment/current.ts';
import { forgetDeployment } from '#lib/deployment/deployment.ts';
import { db } from '#lib/db/client.ts';
import { cancelOperation, finished, listOperations, operation, operationOutput, retryOperation, startOperation } from '#lib/operations/journal.ts';
import { operationStream } from '#lib/operations/operation-stream.ts';
import { previewOperation, weigh } from '#lib/operations/preview.ts';
import { pace } from '#lib/operations/pace.ts';
import type { OperationView } from '#lib/operations/schema.ts';
import { docker } from './busybox-host.ts';
import { around, by, detail, onBusyboxHost, refusal, run, steps, whys } from './busybox-operations.ts';

onBusyboxHost();

describe('what a recreate that was cut off has left', () => {
  /** As compose leaves it: the old container ended, the new one made beside it under a name of its own, neither runs. */
  function leaveTwo(service: string): void {
    around.host.compose('up', '-d', '--no-deps', service);
    const old = around.host.container(service) as string;
    docker('kill', old);
    const labels = JSON.parse(docker('inspect', '--format', '{{json .Config.Labels}}', old)) as Record<string, string>;
    const name = docker('inspect', '--format', '{{.Name}}', old).trim().slice(1);
    docker('create', '--name', `${old.slice(0, 12)}_${name}`, ...Object.entries(labels).flatMap(([key, value]) => ['--label', `${key}=${value}`]), 'gp-ops/api:0.2.4', 'sh', '-c', 'exec sleep 100000');
  }

  it('is named as two containers, and a start by compose makes one of them', async () => {
    leaveTwo('api');
    expect(around.host.states()).toEqual({ api: 'created + exited' });
    const preview = await previewOperation({ kind: 'start', target: 'api' });
    expect(preview.command.join(' ')).toMatch(/up -d --no-deps -- api$/);
    const done = await run('start', 'api');
    expect(done.error).toBeUndefined();
    expect(String(detail(done, 'look')?.params.containers).split(/: | \+ /).slice(1).sort()).toEqual(['created', 'exited (137)']);
    expect(around.host.states()).toEqual({ api: 'running' });
    docker('rm', '-f', around.host.container('api') as string);
  });

  it('does not stop the next recreate by its name', async () => {
    leaveTwo('api');
    const done = await run('recreate', 'api');
    expect(done.error).toBeUndefined();
    expect(around.host.states()).toEqual({ api: 'running' });
    expect((await operationOutput(done.id)).find((line) => line.stream === 'panel')).toMatchObject({ code: 'left_over_removed' });
    docker('rm', '-f', around.host.container('api') as string);
  });
});

it('a recreate right after config.env was changed by hand gave the container the old values', async () => {
  const file = path.join(around.host.dir, 'config.env');
  const before = readFileSync(file, 'utf8');
  around.host.compose('up', '-d', '--no-deps', 'api');
  forgetDeployment();
  await currentDeployment();
  writeFileSync(file, before.replace(/KEYRING_PASSWORD=.*/, 'KEYRING_PASSWORD=changedByHand'));
  try {
    const done = await run('recreate', 'api');
    expect(done.error).toBeUndefined();
    expect(JSON.parse(docker('inspect', '--format', '{{json .Config.Env}}', around.host.container('api') as string))).toContain('KEYRING_PASSWORD=changedByHand');
  } finally {
    writeFileSync(file, before);
    forgetDeployment();
    docker('rm', '-f', around.host.container('api') as string);
  }
});

describe('start of the chain services', () => {
  it('is refused while genesis.json is missing, and Docker makes no directory of it', async () => {
    const genesis = path.join(around.host.dir, '../../genesis/genesis.json');
    rmSync(genesis);
    forgetDeployment();
    const failed = await run('launch-chain');
    expect(failed).toMatchObject({ state: 'failed', error: { code: 'operation_bind_missing', params: { service: 'node', target: '/root/genesis.json' } } });
    expect(existsSync(genesis)).toBe(false);
    expect(around.host.states()).toEqual({});
    mkdirSync(genesis);
    forgetDeployment();
    expect((await run('launch-chain')).error?.code).toBe('operation_bind_directory');
    rmSync(genesis, { recursive: true });
    writeFileSync(genesis, '{}');
    forgetDeployment();
  });

  it('shows the command, runs exactly it, and proves what it did', async () => {
    const preview = await previewOperation({ kind: 'launch-chain' });
    expect(preview.command.join(' ')).toMatch(/^docker compose .*-p gpops\w+ -f \S+docker-compose.yml up -d --no-deps -- tmkms node$/);
    expect(preview).toMatchObject({ gate: { answer: 'yes' }, pulls: [], changes: [{ service: 'tmkms', change: 'create', running: false }, { service: 'node', change: 'create', running: false }] });
    expect(preview.notes).toContain('tmkms_makes_key');
    const done = await run('launch-chain');
    expect(done.error).toBeUndefined();
    expect(done).toMatchObject({ state: 'succeeded', startedBy: 'ann', ip: '192.0.2.7', phase: 'Inference', epoch: 56, exitCode: 0, command: preview.command });
    expect(steps(done)).toEqual({ engine: 'done', deployment: 'done', binds: 'done', images: 'skipped', 'tmkms-key': 'done', up: 'done', 'verify-running': 'done', 'remember-key': 'done', 'signs-of-life': 'done' });
    expect(around.host.states()).toEqual({ tmkms: 'running', node: 'running' });
    expect(detail(done, 'signs-of-life')).toMatchObject({ code: 'alive', params: { tmkms: 'connected', node: 'speaks' } });
    const key = readFileSync(path.join(around.host.dir, '.tmkms/secrets/priv_validator_key.softsign'), 'utf8').trim();
    expect(detail(done, 'remember-key')).toEqual({ code: 'tmkms_made', params: { key } });
    expect((await operationOutput(done.id)).some((l) => l.stream !== 'panel' && /Container .*node.*Started/.test(l.line))).toBe(true);
  });

  it('one service that stays as it is made the dialog say that nothing would change', async () => {
    const services = (await currentDeployment())?.services ?? [];
    const affected = (['none', 'create'] as const).map((change, index) => ({ service: services[index]!, others: [], change, image: 'sha256:here' }));
    expect((await weigh('launch-all', { command: [], affected })).notes).not.toContain('nothing_to_do');
    expect((await weigh('launch-all', { command: [], affected: affected.slice(0, 1) })).notes).toContain('nothing_to_do');
  });

  it('does nothing the second time', async () => {
    const ids = [around.host.container('tmkms'), around.host.container('node')];
    const again = await run('launch-chain');
    expect(again.state).toBe('succeeded');
    expect(steps(again).up).toBe('skipped');
    expect([around.host.container('tmkms'), around.host.container('node')]).toEqual(ids);
  });
});

describe('one service', () => {
  it('is created by a start when it has no container, without its dependencies being touched', async () => {
    const node = around.host.container('node');
    const done = await run('start', 'api');
    expect(done).toMatchObject({ state: 'succeeded', target: 'api' });
    expect(done.command?.slice(-5)).toEqual(['up', '-d', '--no-deps', '--', 'api']);
    expect(around.host.container('node')).toBe(node);
  });

  it('is restarted as the same container', async () => {
    const id = around.host.container('api');
    const done = await run('restart', 'api');
    expect(done.command).toEqual(['docker', 'restart', `${around.host.project}-api-1`]);
    expect(done.state).toBe('succeeded');
    expect(around.host.container('api')).toBe(id);
    expect((await previewOperation({ kind: 'restart', target: 'api' })).notes).toEqual(['forgets_disabled_ml_nodes', 'keeps_configuration']);
    expect((await previewOperation({ kind: 'restart', target: 'node' })).notes).toContain('node_takes_api_along');
  });

  it('is replaced by a recreate', async () => {
    const id = around.host.container('api');
    const done = await run('recreate', 'api');
    expect(done.state).toBe('succeeded');
    expect(done.command?.slice(-6)).toEqual(['up', '-d', '--no-deps', '--force-recreate', '--', 'api']);
    expect(around.host.container('api')).not.toBe(id);
  });

  it('is stopped, stays down, and starts again', async () => {
    expect((await run('stop', 'api')).state).toBe('succeeded');
    expect(around.host.states().api).toBe('exited');
    const again = await run('stop', 'api');
    expect(steps(again).stop).toBe('skipped');
    expect((await run('start', 'api')).command).toEqual(['docker', 'start', `${around.host.project}-api-1`]);
    expect(around.host.states().api).toBe('running');
  });

  it('that crashes at once is no success, although the command ends with 0', async () => {
    const failed = await run('start', 'loop');
    expect(failed).toMatchObject({ state: 'failed', exitCode: 0, error: { code: 'service_crash_looping', params: { service: 'loop' } } });
    expect(steps(failed)).toMatchObject({ start: 'done', 'verify-running': 'failed', observe: 'done' });
    // …and it may be restarted although the phase is unknown.
    around.phase = { known: false, reason: 'chain_no_answer' };
    expect((await previewOperation({ kind: 'recreate', target: 'loop' })).gate).toEqual({ answer: 'yes' });
    docker('rm', '-f', around.host.container('loop') as string);
  });

  it('that does not exist is refused, also with a name that compose would read as a flag', async () => {
    expect((await refusal('restart', 'nothing')).code).toBe('service_unknown');
    await expect(startOperation({ kind: 'restart', target: '--help', ...by })).rejects.toThrow();
    await expect(startOperation({ kind: 'restart', ...by })).rejects.toThrow();
    await expect(startOperation({ kind: 'launch-chain', target: 'api', ...by })).rejects.toThrow();
  });
});

describe('the gate', () => {
  it('asks for a reason in a PoC, keeps it, and stores the phase', async () => {
    around.phase = { known: true, clock: { phase: 'PoCGenerate', epoch: 57, at: Date.now() } };
    expect((await previewOperation({ kind: 'restart', target: 'api' })).gate).toEqual({ answer: 'reason-needed', reasons: [{ why: 'poc', params: { phase: 'PoCGenerate', epoch: 57, service: 'api' } }] });
    expect((await refusal('restart', 'api')).code).toBe('operation_reason_needed');
    expect((await refusal('restart', 'api', 'too short')).code).toBe('operation_reason_needed');
    const done = await run('restart', 'api', 'the api hangs since block 12');
    expect(done).toMatchObject({ state: 'succeeded', reason: 'the api hangs since block 12', phase: 'PoCGenerate', epoch: 57, reasonFor: [{ why: 'poc', params: { phase: 'PoCGenerate' } }] });
  });

  it('a retry took the reason of the first try', async () => {
    around.phase = { known: true, clock: { phase: 'PoCGenerate', epoch: 57, at: Date.now() } };
    pace.settleMs = 30_000;
    const { id } = await startOperation({ kind: 'restart', target: 'api', reason: 'the api hangs since block 12', shown: ['poc'], ...by });
    for (let i = 0; i < 100 && steps((await operation(id)) as OperationView)['verify-running'] !== 'running'; i++) await new Promise((r) => setTimeout(r, 100));
    await cancelOperation(id, by);
    await finished(id);
    pace.settleMs = 800;
    await expect(retryOperation(id, by)).rejects.toMatchObject({ code: 'operation_reason_needed', params: { why: 'poc' } });
    const again = await retryOperation(id, { ...by, reason: 'it hangs still, typed anew', shown: ['poc'] });
    await finished(again.id);
    expect(await operation(again.id)).toMatchObject({ state: 'succeeded', reason: 'it hangs still, typed anew' });
  });

  it('one typed reason covered all: the phase, although only the active set was shown', async () => {
    around.membership = 'in';
    around.phase = { known: true, clock: { phase: 'PoCGenerate', epoch: 57, at: Date.now() } };
    expect(whys((await previewOperation({ kind: 'stop', target: 'api' })).gate)).toEqual(['poc', 'active_set']);
    const asked = { kind: 'stop', target: 'api', reason: 'a reason that is long enough', ...by } as const;
    await expect(startOperation({ ...asked, shown: ['active_set'] })).rejects.toMatchObject({ code: 'operation_reason_needed', params: { why: 'poc' } });
    await expect(startOperation(asked)).rejects.toMatchObject({ code: 'operation_reason_needed' });
    expect(around.host.states().api).toBe('running');
  });

  it('asks for one shortly before a PoC', async () => {
    const clock = { phase: 'Inference', epoch: 57, at: Date.now(), secondsPerBlock: 5, stages: { setNewValidators: 1000, nextPocStart: 15_000 } };
    around.phase = { known: true, clock: { ...clock, blocksToNextPoc: 23 } };
    expect(await refusal('restart', 'api')).toMatchObject({ code: 'operation_reason_needed', params: { why: 'poc_near' } });
    around.phase = { known: true, clock: { ...clock, blocksToNextPoc: 100 } };
    expect((await previewOperation({ kind: 'restart', target: 'api' })).gate).toEqual({ answer: 'yes' });
  });

  it('asks for one when the phase is unknown or a stop may cost rewards', async () => {
    around.phase = { known: false, reason: 'chain_no_answer' };
    expect(await refusal('recreate', 'node')).toMatchObject({ code: 'operation_reason_needed', params: { why: 'phase_unknown' } });
    around.phase = { known: true, clock: { phase: 'Inference', epoch: 57, at: Date.now() } };
    around.membership = 'in';
    expect(await refusal('stop', 'api')).toMatchObject({ params: { why: 'active_set' } });
  });

  it('sees that a launch would recreate a node whose files have changed', async () => {
    const file = path.join(around.host.dir, 'config.env');
    const before = readFileSync(file, 'utf8');
    writeFileSync(file, before.replace('KEY_NAME=gonka', 'KEY_NAME=changed'));
    forgetDeployment();
    around.phase = { known: true, clock: { phase: 'PoCValidate', epoch: 57, at: Date.now() } };
    const preview = await previewOperation({ kind: 'launch-chain' });
    expect(preview.changes).toEqual([{ service: 'tmkms', change: 'none', running: true }, { service: 'node', change: 'recreate', running: true }]);
    expect(whys(preview.gate)).toEqual(['poc']);
    expect(preview.notes).toContain('recreates_changed');
    writeFileSync(file, before);
    forgetDeployment();
  });
});

describe('the lock', () => {
  it('of two starts at once one runs, the other is told which', async () => {
    const both = await Promise.allSettled([startOperation({ kind: 'restart', target: 'api', ...by }), startOperation({ kind: 'restart', target: 'node', user: 'bob', ip: '192.0.2.8' })]);
    expect(both.map((b) => b.status).sort()).toEqual(['fulfilled', 'rejected']);
    const won = both.find((b) => b.status === 'fulfilled') as PromiseFulfilledResult<{ id: string }>;
    const lost = both.find((b) => b.status === 'rejected') as PromiseRejectedResult;
    expect(lost.reason).toMatchObject({ code: 'operation_running', params: { id: won.value.id, kind: 'restart', user: expect.stringMatching(/ann|bob/), target: expect.stringMatching(/api|node/) } });
    await finished(won.value.id);
    expect((await operation(won.value.id))?.state).toBe('succeeded');
  });
});

describe('cancel and retry', () => {
  it('ends an operation, says what is true, and a retry completes it', async () => {
    pace.settleMs = 30_000;
    const { id } = await startOperation({ kind: 'recreate', target: 'api', ...by });
    for (let i = 0; i < 100 && steps((await operation(id)) as OperationView)['verify-running'] !== 'running'; i++) await new Promise((r) => setTimeout(r, 100));
    const replaced = around.host.container('api');
    await cancelOperation(id, by);
    await finished(id);
    const cancelled = (await operation(id)) as OperationView;
    expect(cancelled.state).toBe('cancelled');
    expect(steps(cancelled)).toMatchObject({ recreate: 'done', 'verify-running': 'interrupted', observe: 'done' });
    expect(detail(cancelled, 'observe')).toEqual({ code: 'found', params: { containers: 'api: running' } });
    await expect(cancelOperation(id, by)).rejects.toMatchObject({ code: 'operation_over' });
    pace.settleMs = 800;
    const again = await retryOperation(id, by);
    await finished(again.id);
    const retried = (await operation(again.id)) as OperationView;
    expect(retried).toMatchObject({ state: 'succeeded', retryOf: id });
    expect(steps(retried).recreate, 'what was reached already is not done again').toBe('skipped');
    expect(around.host.container('api')).toBe(replaced);
    await expect(retryOperation(again.id, by)).rejects.toMatchObject({ code: 'operation_not_retryable' });
  });

  it('cancels a command that is under way', async () => {
    const { id } = await startOperation({ kind: 'recreate', target: 'api', ...by });
    for (let i = 0; i < 400 && steps((await operation(id)) as OperationView).recreate !== 'running'; i++) await new Promise((r) => setTimeout(r, 10));
    await cancelOperation(id, by);
    await finished(id);
    expect((await operation(id))?.state).toBe('cancelled');
    const again = await retryOperation(id, by);
    await finished(again.id);
    expect((await operation(again.id))?.state).toBe('succeeded');
    expect(around.host.states().api).toBe('running');
  });
});

describe('what is kept', () => {
  it('never the secret, although an image name and the registry\'s error carry it', async () => {
    const preview = await previewOperation({ kind: 'start', target: 'absent' });
    const failed = await run('start', 'absent');
    expect(failed.state).toBe('failed');
    expect(failed.error?.code).toBe('operation_command_failed');
    expect(steps(failed)).toMatchObject({ images: 'failed', start: 'pending' });
    const output = await operationOutput(failed.id);
    expect(output.length).toBeGreaterThan(0);
    // The pull ran before the command that was shown, and nobody saw its own.
    expect(preview.pullCommand?.slice(-3)).toEqual(['pull', '--', 'absent']);
    expect(preview.pullCommand?.slice(0, 2)).toEqual(['docker', 'compose']);
    expect(output.find((l) => l.stream === 'panel')).toMatchObject({ code: 'runs', params: { command: preview.pullCommand?.join(' ') } });
    const kept = JSON.stringify([preview, failed, output, await listOperations(), await db().operation.findMany({ include: { steps: true, output: true } }), around.attempts]);
    expect(kept).toContain('gp-ops/absent');
    expect(kept).not.toContain(around.host.secret);
    await db().$queryRawUnsafe('PRAGMA wal_checkpoint(TRUNCATE)');
    expect(readFileSync(path.join(around.host.dataDir, 'panel.db')).includes(around.host.secret)).toBe(false);
  });

  it('is the same for one who watches from the start, comes late, or comes back', async () => {
    const { id } = await startOperation({ kind: 'recreate', target: 'api', ...by });
    const whole: number[] = [];
    const states: string[] = [];
    for await (const event of operationStream(id)) {
      if (event.type === 'output') whole.push(...event.lines.map((l) => l.id));
      if (event.type === 'operation') states.push(event.operation.state);
    }
    expect(states.at(-1)).toBe('succeeded');
    expect(states).toContain('running');
    const stored = (await operationOutput(id)).map((l) => l.id);
    expect(whole).toEqual(stored);
    const late: number[] = [];
    for await (const event of operationStream(id, { after: stored[1] })) if (event.type === 'output') late.push(...event.lines.map((l) => l.id));
    expect(late).toEqual(stored.slice(2));
  });

  it('is found by filter and page', async () => {
    const all = (await listOperations({ limit: 200 })).operations;
    const failed = await listOperations({ state: ['failed'], limit: 1 });
    expect(failed.operations[0]?.state).toBe('failed');
    const next = await listOperations({ state: ['failed'], limit: 1, before: failed.next });
    expect(next.operations[0]?.id).not.toBe(failed.operations[0]?.id);
    const stops = (await listOperations({ service: ['api'], kind: ['stop'] })).operations;
    expect(new Set(stops.map((o) => `${o.kind} ${o.target}`))).toEqual(new Set(['stop api']));
    expect((await listOperations({ user: 'nobody' })).operations).toEqual([]);
    expect(all.length).toBeGreaterThan(15);
  });
});

describe('two clones with one project name', () => {
  it('are not mixed up', async () => {
    const other = path.join(around.host.dir, '../../clone/join');
    mkdirSync(other, { recursive: true });
    docker('run', '-d', '--name', `${around.host.project}-foreign`, '--label', `com.docker.compose.project=${around.host.project}`, '--label', 'com.docker.compose.service=api', '--label', 'com.docker.compose.oneoff=False', '--label', `com.docker.compose.project.working_dir=${other}`, 'gp-ops/api:0.2.4', 'sleep', '1000');
    expect(await refusal('restart', 'api')).toMatchObject({ code: 'operation_other_directory', params: { dir: other } });
    docker('rm', '-f', `${around.host.project}-foreign`);
  });
});
