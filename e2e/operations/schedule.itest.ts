import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { clock } from '#lib/core/clock.ts';
import { isPanelError } from '#lib/core/errors.ts';
import { db } from '#lib/db/client.ts';
import { changedFile } from '#lib/deployment/config-change.ts';
import { readConfigFile } from '#lib/deployment/config-file.ts';
import { currentDeployment } from '#lib/deployment/current.ts';
import { forgetDeployment } from '#lib/deployment/deployment.ts';
import type { Deployment } from '#lib/deployment/schema.ts';
import type { PhaseKnowledge } from '#lib/operations/gate.ts';
import { cancelOperation, finished, operation, startConfig, startOperation } from '#lib/operations/journal.ts';
import { previewConfig } from '#lib/operations/config/preview.ts';
import { previewOperation } from '#lib/operations/preview.ts';
import { recoverOperations } from '#lib/operations/recovery.ts';
import { pace } from '#lib/operations/pace.ts';
import { weighScheduled } from '#lib/operations/schedule.ts';
import type { Kind, OperationView } from '#lib/operations/schema.ts';
import { closeScheduled, scheduledOperations, takeScheduled } from '#lib/operations/store.ts';
import { docker } from './busybox-host.ts';
import { around, by, onBusyboxHost } from './busybox-operations.ts';

onBusyboxHost();

/** Epochs of 60 blocks, 5 s each; the block is what the test says. */
const phase = (height: number): PhaseKnowledge => {
  const start = Math.floor(height / 60) * 60;
  const epoch = (from: number) => ({ pocValidationEnd: from + 20, setNewValidators: from + 22, nextPocStart: from + 60 });
  return { known: true, clock: { phase: height - start < 20 ? 'PoCGenerate' : 'Inference', epoch: Math.floor(height / 60), at: clock.now(), secondsPerBlock: 5, blocksToNextPoc: start + 60 - height, stages: epoch(start), next: epoch(start + 60) } };
};
const inPoc = () => {
  around.phase = phase(605);
};
const atWindow = () => {
  around.phase = phase(625);
};
const schedule = (kind: Kind, target: string, more: { reason?: string; shown?: string[] } = {}) => startOperation({ kind, target, when: 'window', ...by, ...more });
const seen = async (id: string) => (await operation(id)) as OperationView;
const since = (service: string) => docker('inspect', '--format', '{{.State.StartedAt}}', around.host.container(service) as string).trim();
const code = (work: Promise<unknown>) => work.then(() => undefined, (error: unknown) => (isPanelError(error) ? error.code : String(error)));
/** Weighs once, waits for what it has started. */
async function look(id: string): Promise<OperationView> {
  await weighScheduled();
  await finished(id);
  return seen(id);
}

beforeAll(() => {
  // The timer has no say here: the tests weigh.
  pace.scheduleMs = 24 * 60 * 60_000;
  around.host.compose('up', '-d', 'tmkms', 'node', 'api');
});
afterEach(async () => {
  for (const one of await scheduledOperations()) await closeScheduled(one.id, 'cancelled');
  vi.useRealTimers();
});
afterAll(() => {
  pace.scheduleMs = 15_000;
});

describe('at the next safe window', () => {
  it('a restart waits through the PoC, says for what, and runs once at the window', async () => {
    inPoc();
    const before = since('api');
    const preview = await previewOperation({ kind: 'restart', target: 'api' });
    expect(preview.gate).toMatchObject({ answer: 'reason-needed', window: { from: 620, until: 647 } });
    const { id } = await schedule('restart', 'api');
    expect(await look(id)).toMatchObject({ state: 'scheduled', startedBy: 'ann', waits: { reasons: [{ why: 'poc' }], window: { from: 620, until: 647, at: expect.any(Number) } } });
    expect((await seen(id)).startedAt).toBeUndefined();
    expect((await previewOperation({ kind: 'restart', target: 'api' })).scheduled).toEqual({ id, startedBy: 'ann' });
    expect(since('api')).toBe(before);
    atWindow();
    const done = await look(id);
    expect(done).toMatchObject({ state: 'succeeded', phase: 'Inference', epoch: 10, command: preview.command });
    expect(done.reason).toBeUndefined();
    const after = since('api');
    expect(after).not.toBe(before);
    await weighScheduled();
    expect(since('api')).toBe(after);
  });

  it('what may be done now is done now', async () => {
    atWindow();
    const { id } = await schedule('restart', 'api');
    await finished(id);
    expect((await seen(id)).state).toBe('succeeded');
  });

  it('a window that was missed is followed by the next one', async () => {
    inPoc();
    const { id } = await schedule('restart', 'api');
    around.phase = phase(658);
    expect(await look(id)).toMatchObject({ state: 'scheduled', waits: { reasons: [{ why: 'poc_near' }], window: { from: 680, until: 707 } } });
    around.phase = phase(690);
    expect((await look(id)).state).toBe('succeeded');
  });

  it('a chain that falls silent is waited for', async () => {
    inPoc();
    const { id } = await schedule('restart', 'api');
    around.phase = { known: false, reason: 'chain_no_answer' };
    expect(await look(id)).toMatchObject({ state: 'scheduled', waits: { reasons: [{ why: 'phase_unknown', params: { reason: 'chain_no_answer' } }] } });
    expect((await seen(id)).waits).not.toHaveProperty('window');
    await cancelOperation(id, by);
  });

  it('while another operation is under way it waits for that, too', async () => {
    inPoc();
    const first = await schedule('restart', 'api');
    const second = await schedule('restart', 'node');
    atWindow();
    await weighScheduled();
    expect((await seen(second.id)).waits?.reasons).toEqual([{ why: 'busy', params: { kind: 'restart', user: 'ann' } }]);
    await finished(first.id);
    expect((await look(second.id)).state).toBe('succeeded');
  });

  it('a stop of a host in the active set can not be waited for, and a reason for it answers no PoC', async () => {
    inPoc();
    around.membership = 'in';
    expect(await code(schedule('stop', 'api'))).toBe('operation_reason_needed');
    const { id } = await schedule('stop', 'api', { reason: 'this host moves today', shown: ['poc', 'active_set'] });
    expect(await look(id)).toMatchObject({ state: 'scheduled', reasonFor: [{ why: 'active_set' }], waits: { reasons: [{ why: 'poc' }] } });
    atWindow();
    expect((await look(id)).state).toBe('succeeded');
    around.host.compose('up', '-d', '--no-deps', 'api');
  });

  it('something that came up meanwhile and does not pass ends it', async () => {
    inPoc();
    const { id } = await schedule('stop', 'api');
    atWindow();
    around.membership = 'in';
    expect(await look(id)).toMatchObject({ state: 'failed', error: { code: 'operation_reason_needed', params: { why: 'active_set' } } });
    expect(around.host.states().api).toBe('running');
  });
});

describe('at the next safe window, for tmkms', () => {
  it('a seed that had no answer left for this minute ended what had waited for days', async () => {
    inPoc();
    const { id } = await schedule('restart', 'api');
    const tmkms = await schedule('recreate', 'tmkms');
    await cancelOperation(id, by);
    atWindow();
    around.signatures = { state: 'unknown', why: 'chain_polite_wait' };
    expect(await look(tmkms.id)).toMatchObject({ state: 'scheduled', waits: { reasons: [{ why: 'tmkms_signatures_unknown' }] } });
    around.signatures = { state: 'known', newest: 1000, last: 999, gapUnread: false };
    const ended = await look(tmkms.id);
    expect(ended).toMatchObject({ state: 'failed', error: { code: 'gate_tmkms_state_old' } });
    inPoc();
    around.signatures = { state: 'known', newest: 1000, gapUnread: false };
    const again = await schedule('recreate', 'tmkms');
    atWindow();
    expect((await look(again.id)).error).toBeUndefined();
  });
});

describe('two windows, and a cancel', () => {
  it('two browsers schedule the same: the second is refused', async () => {
    inPoc();
    const both = await Promise.allSettled([schedule('restart', 'api'), schedule('restart', 'api')]);
    expect(both.map((one) => one.status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await scheduledOperations()).toHaveLength(1);
    expect(await code(schedule('restart', 'api'))).toBe('schedule_twice');
  });

  it('doing it now takes the place of what waits', async () => {
    inPoc();
    const { id } = await schedule('restart', 'api');
    const now = await startOperation({ kind: 'restart', target: 'api', reason: 'the operator needs it now', shown: ['poc'], ...by });
    await finished(now.id);
    expect(await seen(id)).toMatchObject({ state: 'cancelled', error: { code: 'operation_superseded', params: { id: now.id } } });
  });

  it('cancelled before its time it never runs', async () => {
    inPoc();
    const before = since('api');
    const { id } = await schedule('restart', 'api');
    await cancelOperation(id, by);
    expect(around.attempts.at(-1)).toMatchObject({ action: 'operation.cancel', target: id, result: 'ok' });
    atWindow();
    expect((await look(id)).state).toBe('cancelled');
    expect(since('api')).toBe(before);
  });

  it('cancelled in the moment of its start it either never ran or was stopped, and the row says which', async () => {
    for (let i = 0; i < 6; i++) {
      inPoc();
      const before = since('api');
      const { id } = await schedule('restart', 'api');
      atWindow();
      const weighing = weighScheduled();
      // Later and later into the start.
      await new Promise((resolve) => setTimeout(resolve, i * 60));
      const refused = await code(cancelOperation(id, by));
      await weighing;
      await finished(id);
      const end = await seen(id);
      expect([undefined, 'operation_over']).toContain(refused);
      if (end.startedAt === undefined) expect([end.state, since('api')]).toEqual(['cancelled', before]);
      else expect(['cancelled', 'succeeded']).toContain(end.state);
      expect(await takeScheduled(id, { command: [] })).toBe(false);
    }
  });
});

describe('the deployment has changed meanwhile', () => {
  it('a service that was stopped by hand is not started by a restart that was scheduled before', async () => {
    inPoc();
    const { id } = await schedule('restart', 'api');
    docker('stop', around.host.container('api') as string);
    atWindow();
    expect(await look(id)).toMatchObject({ state: 'failed', error: { code: 'schedule_plan_changed', params: { services: 'api' } } });
    expect(around.host.states().api).toBe('exited');
    around.host.compose('up', '-d', '--no-deps', 'api');
  });

  it('a service that the files name no longer is left alone, in words', async () => {
    inPoc();
    const file = path.join(around.host.dir, 'docker-compose.override.yml');
    writeFileSync(file, 'services:\n  more:\n    image: gp-ops/api:0.2.4\n    command: [sleep, "100000"]\n    stop_grace_period: 1s\n');
    around.host.compose('-f', file, 'up', '-d', '--no-deps', 'more');
    forgetDeployment();
    const { id } = await schedule('restart', 'more');
    writeFileSync(file, 'services: {}\n');
    forgetDeployment();
    atWindow();
    expect(await look(id)).toMatchObject({ state: 'failed', error: { code: 'service_unknown', params: { service: 'more' } } });
    docker('rm', '-f', around.host.container('more') as string);
  });
});

describe('over a restart of the panel', () => {
  it('it is not closed as interrupted, and one that was taken but had begun nothing waits on', async () => {
    inPoc();
    const { id } = await schedule('restart', 'api');
    const held = globalThis as unknown as Record<symbol, unknown>;
    delete held[Symbol.for('gonka-panel.operations.recovery')];
    expect(await recoverOperations()).toMatchObject({ interrupted: [] });
    expect((await seen(id)).state).toBe('scheduled');
    expect(await takeScheduled(id, { command: [], phase: 'Inference', epoch: 3 })).toBe(true);
    delete held[Symbol.for('gonka-panel.operations.recovery')];
    expect(await recoverOperations()).toMatchObject({ interrupted: [] });
    expect((await seen(id)).state).toBe('scheduled');
  });
});

describe('the gate never says yes', () => {
  it('after three days it is given up, in words', async () => {
    inPoc();
    const { id } = await schedule('restart', 'api');
    await db().operation.update({ where: { id }, data: { createdAt: new Date(Date.now() - 3 * 24 * 60 * 60_000 - 1000) } });
    expect(await look(id)).toMatchObject({ state: 'failed', error: { code: 'schedule_expired', params: { days: 3 } } });
  });
});

describe('a configuration', () => {
  it('is saved at once; what waits is its apply', async () => {
    inPoc();
    const before = around.host.container('api');
    const { version } = await readConfigFile(around.host.dir, 'config.env');
    const change = { by: 'values' as const, version, values: { KEYRING_PASSWORD: 'sentinelLATER' } };
    const changed = await changedFile(around.host.dir, 'env', change);
    const plan = await previewConfig((await currentDeployment()) as Deployment, 'env', change);
    const announced = plan.services.filter((one) => one.change !== 'none').map((one) => one.service);
    const { id, saved } = await startConfig({ file: 'env', changed, how: 'saved', apply: true, when: 'window', announced, ...by });
    expect(await seen(saved as string)).toMatchObject({ kind: 'save-config', state: 'succeeded' });
    expect((await readConfigFile(around.host.dir, 'config.env')).text).toContain('sentinelLATER');
    expect(await look(id)).toMatchObject({ kind: 'apply-config', state: 'scheduled', waits: { reasons: [{ why: 'poc' }] } });
    expect(around.host.container('api')).toBe(before);
    expect(JSON.stringify(await db().operation.findMany())).not.toContain('sentinelLATER');
    atWindow();
    const done = await look(id);
    expect(done.error).toBeUndefined();
    expect(done).toMatchObject({ state: 'succeeded' });
    expect(docker('exec', around.host.container('api') as string, 'sh', '-c', 'printf %s "$KEYRING_PASSWORD"')).toBe('sentinelLATER');
  });

  it('that was edited again meanwhile is not applied half', async () => {
    inPoc();
    const { version } = await readConfigFile(around.host.dir, 'config.env');
    const change = { by: 'values' as const, version, values: { KEYRING_PASSWORD: 'sentinelONE' } };
    const changed = await changedFile(around.host.dir, 'env', change);
    const { id } = await startConfig({ file: 'env', changed, how: 'saved', apply: true, when: 'window', announced: ['api'], ...by });
    writeFileSync(path.join(around.host.dir, 'config.env'), 'export KEY_NAME=gonka\nexport KEYRING_PASSWORD=sentinelTWO\n');
    forgetDeployment();
    atWindow();
    expect(await look(id)).toMatchObject({ state: 'failed', error: { code: 'config_changed' } });
    expect(docker('exec', around.host.container('api') as string, 'sh', '-c', 'printf %s "$KEYRING_PASSWORD"')).toBe('sentinelLATER');
  });
});
