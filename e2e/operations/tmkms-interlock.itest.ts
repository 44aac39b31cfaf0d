import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { db } from '#lib/db/client.ts';
import { forgetDeployment } from '#lib/deployment/deployment.ts';
import { finished, operation, operationOutput, startOperation } from '#lib/operations/journal.ts';
import { previewOperation } from '#lib/operations/preview.ts';
import type { OperationView } from '#lib/operations/schema.ts';
import { docker } from './busybox-host.ts';
import { around, by, onBusyboxHost, refusal, run, whys } from './busybox-operations.ts';

onBusyboxHost();
beforeAll(async () => {
  expect((await run('launch-chain')).state).toBe('succeeded');
});

describe('the interlock of tmkms', () => {
  const secrets = () => path.join(around.host.dir, '.tmkms/secrets/priv_validator_key.softsign');

  it('lets the key pass that is on chain, and no other', async () => {
    const own = readFileSync(secrets(), 'utf8').trim();
    around.chain = { state: 'registered', key: own };
    expect((await run('restart', 'tmkms')).state).toBe('succeeded');
    around.chain = { state: 'registered', key: `${'B'.repeat(43)}=` };
    expect(await refusal('restart', 'tmkms', 'a reason that is long enough')).toMatchObject({ code: 'gate_tmkms_key_differs', params: { own, chain: around.chain.key } });
    expect((await refusal('recreate', 'tmkms')).code).toBe('gate_tmkms_key_differs');
  });

  it('does not start one with an empty folder beside an .inference that has run', async () => {
    const key = readFileSync(secrets(), 'utf8');
    expect((await run('stop', 'tmkms')).state).toBe('succeeded');
    rmSync(secrets());
    expect((await refusal('start', 'tmkms')).code).toBe('gate_tmkms_empty');
    expect((await refusal('launch-chain')).code).toBe('gate_tmkms_empty');
    expect((await refusal('recreate', 'tmkms', 'a reason that is long enough')).code).toBe('gate_tmkms_empty');
    expect(existsSync(secrets())).toBe(false);
    writeFileSync(secrets(), key);
    // The chain is silent now, but this key was proven here.
    around.chain = { state: 'unknown', why: 'chain_no_answer' };
    expect((await run('start', 'tmkms')).state).toBe('succeeded');
  });

  it('does not start another key while the chain is silent', async () => {
    const key = readFileSync(secrets(), 'utf8');
    await run('stop', 'tmkms');
    writeFileSync(secrets(), `${'C'.repeat(43)}=\n`);
    around.chain = { state: 'unknown', why: 'chain_no_answer' };
    expect((await refusal('start', 'tmkms')).code).toBe('gate_tmkms_chain_unknown');
    writeFileSync(secrets(), key);
    expect((await run('start', 'tmkms')).state).toBe('succeeded');
  });
});

describe('another signer', () => {
  const file = (name: string) => path.join(around.host.dir, '.tmkms', name);
  const STATE = 'state/priv_validator_state.json';

  it('is refused while its signatures come, and when it has signed above the state of this folder', async () => {
    const own = readFileSync(file('secrets/priv_validator_key.softsign'), 'utf8').trim();
    around.chain = { state: 'registered', key: own };
    expect((await run('stop', 'tmkms')).state).toBe('succeeded');
    around.signatures = { state: 'known', newest: 1000, last: 999, gapUnread: false };
    expect(await refusal('start', 'tmkms', 'a reason that is long enough')).toMatchObject({ code: 'gate_tmkms_foreign_signer', params: { own, height: 999, signed: 990 } });
    expect((await refusal('launch-chain')).code).toBe('gate_tmkms_foreign_signer');
    // It stopped long ago; what it has signed is still above what this folder knows of.
    around.signatures = { state: 'known', newest: 5000, last: 991, gapUnread: false };
    expect(await refusal('start', 'tmkms', 'a reason that is long enough')).toMatchObject({ code: 'gate_tmkms_state_old', params: { height: 991, signed: 990 } });
    writeFileSync(file(STATE), '{"height":"991","round":"0","step":2,"block_id":null}');
    expect((await run('start', 'tmkms')).state).toBe('succeeded');
  });

  it('is unknown when the chain shows nothing: a reason, and none that was typed for something else', async () => {
    const own = readFileSync(file('secrets/priv_validator_key.softsign'), 'utf8').trim();
    around.chain = { state: 'registered', key: own };
    await run('stop', 'tmkms');
    around.signatures = { state: 'unknown', why: 'chain_no_answer' };
    expect(await refusal('start', 'tmkms')).toMatchObject({ code: 'operation_reason_needed', params: { why: 'tmkms_signatures_unknown' } });
    expect((await run('start', 'tmkms', 'the only server there ever was')).state).toBe('succeeded');
  });

  it('a start failed because a seed had no answer left for this minute', async () => {
    around.chain = { state: 'registered', key: readFileSync(file('secrets/priv_validator_key.softsign'), 'utf8').trim() };
    await run('stop', 'tmkms');
    const { id } = await startOperation({ kind: 'start', target: 'tmkms', ...by });
    // Before the step that looks for other signers.
    around.signatures = { state: 'unknown', why: 'chain_polite_wait' };
    setTimeout(() => Object.assign(around, { signatures: { state: 'known', newest: 1000, gapUnread: false } }), 4_000);
    await finished(id);
    expect((await operation(id))?.error).toBeUndefined();
    // It waited for a minute and a quarter without a word.
    expect((await operationOutput(id)).filter((line) => line.stream === 'panel' && line.code === 'waits_for_signatures')).toMatchObject([{ params: { seconds: 75 } }]);
  });

  it('tmkms was recreated in a PoC that began while the chain was asked for other signers', async () => {
    around.chain = { state: 'registered', key: readFileSync(file('secrets/priv_validator_key.softsign'), 'utf8').trim() };
    const { id } = await startOperation({ kind: 'recreate', target: 'tmkms', ...by });
    around.signatures = { state: 'unknown', why: 'chain_polite_wait' };
    setTimeout(() => Object.assign(around, { signatures: { state: 'known', newest: 1000, gapUnread: false }, phase: { known: true, clock: { phase: 'PoCGenerate', epoch: 57, at: Date.now() } } }), 4_000);
    await finished(id);
    expect((await operation(id))?.error).toMatchObject({ code: 'operation_moment_passed', params: { why: 'poc' } });
  });

  it('a lost signing state began at block 0 without a word', async () => {
    const own = readFileSync(file('secrets/priv_validator_key.softsign'), 'utf8').trim();
    around.chain = { state: 'registered', key: own };
    await run('stop', 'tmkms');
    rmSync(file(STATE));
    around.signatures = { state: 'known', newest: 1000, last: 999, gapUnread: false };
    expect((await refusal('start', 'tmkms', 'a reason that is long enough')).code).toBe('gate_tmkms_foreign_signer');
    around.signatures = { state: 'known', newest: 1000, gapUnread: false };
    expect(whys((await previewOperation({ kind: 'start', target: 'tmkms' })).gate)).toEqual(['tmkms_state_missing']);
    writeFileSync(file(STATE), '{"height":"not a number"}');
    expect(whys((await previewOperation({ kind: 'start', target: 'tmkms' })).gate)).toEqual(['tmkms_state_unreadable']);
    writeFileSync(file(STATE), '{"height":"991","round":"0","step":2}');
    expect((await run('start', 'tmkms')).state).toBe('succeeded');
  });

  it('everything was deleted here, and while the chain was silent tmkms made a new key for a registered host', async () => {
    const key = readFileSync(file('secrets/priv_validator_key.softsign'), 'utf8');
    around.chain = { state: 'registered', key: key.trim() };
    expect((await run('restart', 'tmkms')).error).toBeUndefined();
    around.host.compose('rm', '-s', '-f', 'tmkms', 'node');
    const kept = path.join(around.host.dataDir, 'kept');
    mkdirSync(kept);
    for (const name of ['.tmkms', '.inference']) renameSync(path.join(around.host.dir, name), path.join(kept, name));
    around.chain = { state: 'unknown', why: 'chain_no_answer' };
    expect(await refusal('launch-chain', undefined, 'a reason that is long enough')).toMatchObject({ code: 'gate_tmkms_empty_proven', params: { own: key.trim() } });
    for (const name of ['.tmkms', '.inference']) {
      rmSync(path.join(around.host.dir, name), { recursive: true, force: true });
      renameSync(path.join(kept, name), path.join(around.host.dir, name));
    }
    expect((await run('launch-chain')).error).toBeUndefined();
  });

  it('a new host makes its key and starts again without a question', async () => {
    await run('stop', 'tmkms');
    const kept = readFileSync(file('secrets/priv_validator_key.softsign'), 'utf8');
    rmSync(path.join(around.host.dir, '.tmkms'), { recursive: true });
    rmSync(path.join(around.host.dir, '.inference'), { recursive: true });
    await db().setting.deleteMany({ where: { key: { startsWith: 'tmkms.' } } });
    around.host.compose('rm', '-s', '-f', 'tmkms', 'node');
    expect((await run('launch-chain')).state).toBe('succeeded');
    expect(readFileSync(file('secrets/priv_validator_key.softsign'), 'utf8')).not.toBe(kept);
    await run('stop', 'tmkms');
    expect((await run('start', 'tmkms')).state).toBe('succeeded');
  });
});

describe('the interlock of tmkms, where it was passed by', () => {
  const secrets = () => path.join(around.host.dir, '.tmkms/secrets/priv_validator_key.softsign');
  const files = () => path.join(around.host.dir, 'docker-compose.yml');
  const edit = (change: (text: string) => string) => {
    const before = readFileSync(files(), 'utf8');
    writeFileSync(files(), change(before));
    forgetDeployment();
    return () => {
      writeFileSync(files(), before);
      forgetDeployment();
    };
  };

  it('a kept container whose image has lost its tag was started and restarted with any key', async () => {
    const own = readFileSync(secrets(), 'utf8').trim();
    const back = edit((text) => text.replace('gp-ops/tmkms:0.2.4', 'gp-ops/tmkms:0.0.0-gone'));
    around.chain = { state: 'registered', key: `${'B'.repeat(43)}=` };
    expect((await previewOperation({ kind: 'restart', target: 'tmkms' })).notes).not.toContain('tmkms_checked_after_pull');
    expect(await refusal('restart', 'tmkms', 'a reason that is long enough')).toMatchObject({ code: 'gate_tmkms_key_differs', params: { own } });
    expect((await run('stop', 'tmkms')).state).toBe('succeeded');
    expect(await refusal('start', 'tmkms', 'a reason that is long enough')).toMatchObject({ code: 'gate_tmkms_key_differs', params: { own } });
    expect(around.host.states().tmkms).toBe('exited');
    around.chain = { state: 'registered', key: own };
    expect((await run('start', 'tmkms')).error).toBeUndefined();
    back();
  });

  it('a kept container was judged by the folder of the files, not by its own', async () => {
    const own = readFileSync(secrets(), 'utf8').trim();
    const other = `${'D'.repeat(43)}=`;
    mkdirSync(path.join(around.host.dir, '.tmkms-other/secrets'), { recursive: true });
    writeFileSync(path.join(around.host.dir, '.tmkms-other/secrets/priv_validator_key.softsign'), other);
    const back = edit((text) => text.replace('".tmkms:/root/.tmkms"', '".tmkms-other:/root/.tmkms"'));
    around.chain = { state: 'registered', key: other };
    expect(await refusal('restart', 'tmkms')).toMatchObject({ code: 'gate_tmkms_key_differs', params: { own, chain: other } });
    back();
  });

  it('a whole copy of a host started tmkms with a plain yes', async () => {
    const own = readFileSync(secrets(), 'utf8').trim();
    // .inference beside it has run; what the panel that was copied from knew is not here.
    await db().setting.deleteMany({ where: { key: { startsWith: 'tmkms.' } } });
    around.chain = { state: 'registered', key: own };
    await run('stop', 'tmkms');
    expect((await previewOperation({ kind: 'start', target: 'tmkms' })).gate).toEqual({ answer: 'reason-needed', reasons: [{ why: 'tmkms_moved', params: { own } }] });
    expect(await refusal('start', 'tmkms')).toMatchObject({ code: 'operation_reason_needed', params: { why: 'tmkms_moved' } });
    expect(await refusal('launch-chain')).toMatchObject({ params: { why: 'tmkms_moved' } });
    const done = await run('start', 'tmkms', 'the old server is wiped, this is the only one');
    expect(done).toMatchObject({ state: 'succeeded', reasonFor: [{ why: 'tmkms_moved', params: { own } }] });
    // Asked once: now it is known to run here.
    await run('stop', 'tmkms');
    expect((await previewOperation({ kind: 'start', target: 'tmkms' })).gate).toEqual({ answer: 'yes' });
    expect((await run('start', 'tmkms')).state).toBe('succeeded');
  });

  it('of the key and the phase only the key was shown', async () => {
    const key = readFileSync(secrets(), 'utf8');
    writeFileSync(secrets(), 'garbage');
    around.phase = { known: true, clock: { phase: 'PoCValidate', epoch: 57, at: Date.now() } };
    expect(whys((await previewOperation({ kind: 'restart', target: 'tmkms' })).gate)).toEqual(['tmkms_unreadable_running', 'poc']);
    const asked = { kind: 'restart', target: 'tmkms', reason: 'a reason that is long enough', ...by } as const;
    await expect(startOperation({ ...asked, shown: ['tmkms_unreadable_running'] })).rejects.toMatchObject({ params: { why: 'poc' } });
    expect((await run('restart', 'tmkms', asked.reason)).reasonFor?.map((one) => one.why)).toEqual(['tmkms_unreadable_running', 'poc']);
    writeFileSync(secrets(), key);
  });

  it('a reason typed for the phase covered a key that became unreadable after it', async () => {
    const key = readFileSync(secrets(), 'utf8');
    const container = around.host.container('tmkms') as string;
    const since = docker('inspect', '--format', '{{.State.StartedAt}}', container);
    around.phase = { known: true, clock: { phase: 'PoCValidate', epoch: 57, at: Date.now() } };
    const shown = whys((await previewOperation({ kind: 'restart', target: 'tmkms' })).gate);
    expect(shown).toEqual(['poc']);
    const { id } = await startOperation({ kind: 'restart', target: 'tmkms', reason: 'a reason that is long enough', shown, ...by });
    // Before the step that looks at the key: the steps in front of it take a while, this does not.
    writeFileSync(secrets(), 'garbage');
    await finished(id);
    const done = (await operation(id)) as OperationView;
    writeFileSync(secrets(), key);
    expect(done).toMatchObject({ state: 'failed', error: { code: 'operation_reason_needed', params: { why: 'tmkms_unreadable_running' } } });
    expect(docker('inspect', '--format', '{{.State.StartedAt}}', container)).toBe(since);
  });
});
