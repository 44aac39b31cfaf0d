import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isPanelError } from '#lib/core/errors.ts';
import { redact } from '#lib/core/redact.ts';
import { db } from '#lib/db/client.ts';
import { forgetDeployment } from '#lib/deployment/deployment.ts';
import { listTree } from '#lib/host/folder-tree.ts';
import { finished, operation, operationOutput, retryOperation, startOperation } from '#lib/operations/journal.ts';
import { makeBackup, readBack } from '#lib/operations/reset/key-backup.ts';
import { removeInContainer } from '#lib/operations/reset/in-container.ts';
import { RESET_PHRASES, type ResetPart, type ResetPartView } from '#lib/operations/reset/schema.ts';
import { resetView, startReset } from '#lib/operations/reset/view.ts';
import type { OperationView } from '#lib/operations/schema.ts';
import { deployment } from '#lib/operations/situation.ts';
import { docker } from './busybox-host.ts';
import { around, by, detail, onBusyboxHost, steps } from './busybox-operations.ts';
import { clear, furnish, home, PASSPHRASE, treeOf, unpacked } from './reset-host.ts';

onBusyboxHost();
let dir: string;
let hf: string;
beforeAll(() => {
  docker('tag', 'gp-ops/api:0.2.4', 'gp-ops/mlnode:0.2.4');
});
beforeEach(() => ({ dir, hf } = furnish(around.host)));
afterEach(() => {
  around.host.compose('rm', '-s', '-f');
  clear(around.host);
});

const at = (...parts: string[]) => path.join(dir, ...parts);
const backups = () => path.join(around.host.dataDir, 'backups');
const shown = async (part: ResetPart): Promise<ResetPartView> => (await resetView(await deployment())).parts.find((one) => one.part === part) as ResetPartView;
const blocked = async (part: ResetPart) => (await shown(part)).blocked.map((one) => one.code);

type Asked = Partial<{ phrase: string; listing: string; passphrase: string; reason: string; shown: string[] }>;
async function ask(part: ResetPart, given: Asked = {}): Promise<OperationView> {
  const { id } = await startReset({ part, phrase: RESET_PHRASES[part], listing: (await shown(part)).listing, ...given }, by);
  await finished(id);
  return (await operation(id)) as OperationView;
}
/** The code that it was refused with; nothing may have been touched. */
async function refused(part: ResetPart, given: Asked = {}): Promise<string> {
  const before = treeOf(dir);
  const error = await startReset({ part, phrase: RESET_PHRASES[part], listing: 'a'.repeat(64), ...given }, by).then(({ id }) => finished(id).then(() => operation(id)), (thrown: unknown) => thrown);
  expect(treeOf(dir)).toEqual(before);
  if (isPanelError(error)) return error.code;
  const ended = error as OperationView;
  expect(ended.state, JSON.stringify(error)).toBe('failed');
  return ended.error?.code ?? '';
}

/** Until this step is under way. */
async function during(id: string, step: string): Promise<void> {
  for (;;) {
    const now = (await operation(id)) as OperationView;
    if (now.steps.find((one) => one.name === step)?.state === 'running') return;
    if (now.endedAt) throw new Error(`it ended before: ${JSON.stringify(now.error)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('what is deleted', () => {
  it('chain data: exactly what was listed, and no key', async () => {
    const { folders, files, listing } = await shown('chain');
    expect(folders).toMatchObject([{ dir: at('.inference'), entries: [{ path: 'data/application.db', bytes: 5000, files: 1 }, { path: 'data/blockstore.db' }, { path: 'wasm', type: 'dir' }, { path: 'data/upgrade-info.json', type: 'file' }, { path: '.node_initialized' }] }]);
    expect(files).toBe(5);
    const before = treeOf(dir);
    const done = await ask('chain', { listing });
    expect(done.error).toBeUndefined();
    expect(before.filter((name) => !treeOf(dir).includes(name))).toEqual(before.filter((name) => /^\.inference\/(data\/|wasm|\.node_initialized)/.test(name)));
    expect(treeOf(dir)).toContain('.inference/data /');
    expect(existsSync(backups())).toBe(false);
    expect(steps(done)).toMatchObject({ 'reset-backup': 'skipped', 'reset-delete': 'done', 'reset-verify': 'done' });
  });

  it('the consensus key: after a backup that was made and read back, and nothing else with it', async () => {
    const before = treeOf(dir);
    const key = readFileSync(at('.tmkms/secrets/priv_validator_key.softsign'), 'utf8');
    const done = await ask('tmkms', { passphrase: PASSPHRASE });
    expect(done.error).toBeUndefined();
    expect(treeOf(dir)).toEqual(before.filter((name) => !name.startsWith('.tmkms/')));
    const [id] = readdirSync(backups()).filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -5));
    for (const name of [`${id}.json`, `${id}.tar.age`]) expect(statSync(path.join(backups(), name)).mode & 0o777).toBe(0o600);
    expect(statSync(backups()).mode & 0o777).toBe(0o700);
    expect(detail(done, 'reset-read-back')).toMatchObject({ code: 'reset_backup_read', params: { id, files: 4, key } });
    // The manifest has names and sizes, the ciphertext nothing to read.
    const [manifest, cipher] = [readFileSync(path.join(backups(), `${id}.json`), 'utf8'), readFileSync(path.join(backups(), `${id}.tar.age`))];
    expect(JSON.parse(manifest)).toMatchObject({ part: 'tmkms', publicKey: key, files: expect.arrayContaining([{ path: '.tmkms/secrets/kms-identity.key', bytes: 8 }]) });
    expect(cipher.subarray(0, 22).toString()).toBe('age-encryption.org/v1\n');
    expect(cipher.includes(key)).toBe(false);
    expect(await unpacked(path.join(backups(), `${id}.tar.age`), PASSPHRASE, path.join(around.host.dataDir, 'restored'))).toEqual(before.filter((name) => name.startsWith('.tmkms')));
    expect(readFileSync(path.join(around.host.dataDir, 'restored/.tmkms/secrets/priv_validator_key.softsign'), 'utf8')).toBe(key);
    await expect(unpacked(path.join(backups(), `${id}.tar.age`), `${PASSPHRASE}!`, path.join(around.host.dataDir, 'not-restored'))).rejects.toThrow();
    // Nobody has kept the passphrase, and it is masked no longer than it has to be.
    const rows = JSON.stringify([await db().operation.findMany(), await db().operationStep.findMany(), await operationOutput(done.id)]);
    expect(rows).not.toContain(PASSPHRASE);
    expect(manifest).not.toContain(PASSPHRASE);
    expect(redact(PASSPHRASE)).toBe(PASSPHRASE);
    expect(existsSync(path.join(around.host.dataDir, 'resets')) ? readdirSync(path.join(around.host.dataDir, 'resets')) : []).toEqual([]);
  });

  it('everything: three folders, the weights stay; the backup has the keys and not the chain', async () => {
    const weights = treeOf(hf);
    const done = await ask('everything', { passphrase: PASSPHRASE });
    expect(done.error).toBeUndefined();
    for (const name of ['.inference', '.dapi', '.tmkms']) expect(treeOf(at(name))).toEqual([]);
    expect(treeOf(hf)).toEqual(weights);
    const id = detail(done, 'reset-read-back')?.params.id as string;
    const held = await unpacked(path.join(backups(), `${id}.tar.age`), PASSPHRASE, path.join(around.host.dataDir, 'restored-all'));
    expect(held).toEqual(expect.arrayContaining(['.dapi/a name with spaces\nand a line/ünï.txt 3', '.dapi/gonka.db 9000', '.inference/config/node_key.json 2', '.inference/keyring-file/gonka.info 9', '.tmkms/state/priv_validator_state.json 53']));
    expect(held.filter((name) => /application|wasm|cosmovisor/.test(name))).toEqual([]);
  });

  it('weights: what the hub keeps, and nothing that lies beside it', async () => {
    const done = await ask('weights');
    expect(done.error).toBeUndefined();
    expect(treeOf(hf)).toEqual(['hub /', 'torch /', 'torch/kernel.bin 700']);
  });

  it('where the panel may not, a one-off container does it, and it sees this folder only', async () => {
    symlinkSync(around.host.dataDir, at('.dapi/out'));
    const data = treeOf(around.host.dataDir).length;
    const tree = await listTree(at('.dapi'));
    writeFileSync(at('.dapi/came later'), '');
    await removeInContainer('gp-ops/api:0.2.4', tree, new AbortController().signal);
    expect(treeOf(at('.dapi'))).toEqual(['came later 0']);
    expect(treeOf(around.host.dataDir).length).toBe(data);
  });
});

describe('what is refused', () => {
  it('a path that leads out of the deployment', async () => {
    const file = at('docker-compose.yml');
    const text = readFileSync(file, 'utf8');
    for (const source of ['../outside', '..', '.', '/etc']) {
      writeFileSync(file, text.replace('".tmkms:/root/.tmkms"', `"${source}:/root/.tmkms"`));
      forgetDeployment();
      expect(await refused('tmkms', { passphrase: PASSPHRASE })).toBe('reset_outside');
      expect(await blocked('tmkms')).toEqual(['reset_outside']);
    }
    writeFileSync(file, text);
    forgetDeployment();
  });

  it('chain data that lies behind a link, or on a folder that is mounted there', async () => {
    const outside = path.join(around.host.dataDir, 'chain-elsewhere');
    renameSync(at('.inference/data'), outside);
    symlinkSync(outside, at('.inference/data'));
    expect(await blocked('chain')).toEqual(['folder_link']);
    expect(await refused('chain')).toBe('folder_link');
    rmSync(at('.inference/data'));
    mkdirSync(at('.inference/data'));
    execFileSync('mount', ['--bind', outside, at('.inference/data')]);
    try {
      expect(await blocked('chain')).toEqual(['folder_mount']);
      expect(await refused('everything', { passphrase: PASSPHRASE })).toBe('folder_mount');
      expect(treeOf(outside).length).toBeGreaterThan(2);
    } finally {
      execFileSync('umount', [at('.inference/data')]);
    }
    rmSync(at('.inference/data'), { recursive: true });
    renameSync(outside, at('.inference/data'));
  });

  it('a folder that is a link, and one that lies behind a link', async () => {
    const outside = path.join(around.host.dataDir, 'kept-elsewhere');
    renameSync(at('.tmkms'), outside);
    symlinkSync(outside, at('.tmkms'));
    expect(await blocked('tmkms')).toEqual(['reset_link']);
    expect(await refused('tmkms', { passphrase: PASSPHRASE })).toBe('reset_link');
    expect(await refused('everything', { passphrase: PASSPHRASE })).toBe('reset_link');
    expect(treeOf(outside).length).toBe(6);
    rmSync(at('.tmkms'));
    rmSync(outside, { recursive: true });
  });

  it('HF_HOME=/, a home, a directory of the system, a parent of the deployment, a link', async () => {
    mkdirSync('/home/gp-somebody', { recursive: true });
    symlinkSync(hf, path.join(around.host.dataDir, 'hf-link'));
    for (const [place, code] of [['/', 'reset_forbidden'], ['/root', 'reset_forbidden'], ['/home/gp-somebody', 'reset_forbidden'], ['/etc', 'reset_forbidden'], ['/mnt/', 'reset_forbidden'], [dir, 'reset_forbidden'], [path.dirname(path.dirname(path.dirname(dir))), 'reset_forbidden'], [path.join(around.host.dataDir, 'hf-link'), 'reset_link']] as const) {
      home(around.host, place);
      expect([place, await refused('weights')]).toEqual([place, code]);
    }
    rmSync(path.join(around.host.dataDir, 'hf-link'));
    rmSync('/home/gp-somebody', { recursive: true });
  });

  it('a host in the active set, and one that may be', async () => {
    around.membership = 'in';
    for (const part of ['dapi', 'tmkms', 'everything'] as const) expect(await refused(part, { passphrase: PASSPHRASE, reason: 'a reason that is long enough', shown: ['active_set'] })).toBe('gate_reset_active');
    expect(await refused('chain')).toBe('operation_reason_needed');
    around.membership = 'unknown';
    for (const part of ['dapi', 'tmkms', 'everything'] as const) expect(await refused(part, { passphrase: PASSPHRASE })).toBe('gate_reset_membership');
    expect(await refused('weights')).toBe('operation_reason_needed');
    // Without a key inside, a reason is enough.
    const { listing } = await shown('chain');
    expect((await ask('chain', { listing, reason: 'the chain data is broken', shown: ['membership_unknown'] })).state).toBe('succeeded');
  });

  it('the keys of an active host, whose account config.env did not name, were deleted: the chain knew no such account', async () => {
    const { listing } = await shown('tmkms');
    around.chain = { state: 'not-registered' };
    around.holders = { state: 'ok', value: { addresses: ['gonka1another'], of: 'active' } };
    for (const part of ['dapi', 'tmkms', 'everything'] as const) expect(await refused(part, { passphrase: PASSPHRASE })).toBe('gate_reset_membership');
    around.holders = { state: 'unknown' };
    expect(await refused('tmkms', { listing, passphrase: PASSPHRASE })).toBe('gate_reset_membership');
    // Two sources say that the host which the account names is out: its key is the chain's own word.
    around.chain = { state: 'registered', key: 'A'.repeat(44) };
    expect(await blocked('tmkms')).toEqual([]);
  });

  it('a missing backup: no passphrase, or one that is too short', async () => {
    const { listing } = await shown('tmkms');
    expect(await refused('tmkms', { listing })).toBe('reset_no_passphrase');
    await expect(startReset({ part: 'tmkms', phrase: RESET_PHRASES.tmkms, listing, passphrase: 'short' }, by)).rejects.toThrow();
  });

  it('a backup whose ciphertext was touched, or that is of an older folder', async () => {
    around.membership = 'out';
    const { listing } = await shown('tmkms');
    // Made, and then kept from deleting: the container comes up between.
    const failing = await startReset({ part: 'tmkms', phrase: RESET_PHRASES.tmkms, listing, passphrase: PASSPHRASE }, by);
    await during(failing.id, 'reset-read-back');
    around.membership = 'in';
    await finished(failing.id);
    expect((await operation(failing.id))?.error?.code).toBe('gate_reset_active');
    around.membership = 'out';
    const backup = (await shown('tmkms')).backup;
    expect(backup).toBeDefined();
    const cipher = path.join(backups(), `${backup?.id}.tar.age`);
    const bytes = readFileSync(cipher);
    writeFileSync(cipher, Buffer.concat([bytes.subarray(0, -1), Buffer.from([(bytes.at(-1) as number) ^ 1])]));
    expect(await refused('tmkms', { listing })).toBe('reset_no_passphrase');
    // The page had offered it all the same, and so no field for another passphrase.
    expect((await shown('tmkms')).backup).toBeUndefined();
    writeFileSync(cipher, bytes);
    expect((await shown('tmkms')).backup?.id).toBe(backup?.id);
    // The signing state went on: the backup is of an older folder.
    writeFileSync(at('.tmkms/state/priv_validator_state.json'), '{"height":"991","round":"0","step":2,"block_id":null}');
    expect((await shown('tmkms')).backup).toBeUndefined();
    expect(await refused('tmkms', { listing: (await shown('tmkms')).listing })).toBe('reset_no_passphrase');
  });

  it('a container that uses the folder is up', async () => {
    around.host.compose('up', '-d', '--no-deps', 'tmkms');
    expect(await blocked('tmkms')).toEqual(['gate_reset_running']);
    expect(await refused('tmkms', { passphrase: PASSPHRASE })).toBe('gate_reset_running');
    // Of another project, too, and one that only reads.
    around.host.compose('stop', 'tmkms');
    expect(await blocked('tmkms')).toEqual([]);
    const other = docker('run', '-d', '--network', 'none', '-v', `${at('.tmkms/secrets')}:/secrets:ro`, 'gp-ops/api:0.2.4', 'sleep', '1000').trim();
    expect(await refused('everything', { passphrase: PASSPHRASE })).toBe('gate_reset_running');
    docker('rm', '-f', other);
  });

  it('something that changed since it was on the screen', async () => {
    const { listing } = await shown('chain');
    writeFileSync(at('.inference/data/new'), 'x');
    expect(await refused('chain', { listing })).toBe('reset_changed');
  });

  it('another phrase', async () => {
    const { listing } = await shown('chain');
    await expect(startReset({ part: 'tmkms', phrase: RESET_PHRASES.chain, listing, passphrase: PASSPHRASE }, by)).rejects.toThrow();
    await expect(startOperation({ kind: 'reset', params: { part: 'chain', phrase: 'yes', listing }, ...by })).rejects.toThrow();
  });
});

it('a backup that does not read back the same is thrown away', async () => {
  const tree = await listTree(at('.tmkms'));
  const making = { part: 'tmkms' as const, dir, listing: 'b'.repeat(64), folders: [{ tree, name: '.tmkms' }], passphrase: PASSPHRASE, signal: new AbortController().signal, progress: () => {} };
  const one = await makeBackup(making);
  const cipher = path.join(backups(), `${one.id}.tar.age`);
  const bytes = readFileSync(cipher);
  bytes[bytes.length - 20] = (bytes[bytes.length - 20] as number) ^ 1;
  writeFileSync(cipher, bytes);
  await expect(readBack(one, making)).rejects.toMatchObject({ code: 'backup_unreadable' });
  expect(existsSync(cipher)).toBe(false);
  expect(existsSync(path.join(backups(), `${one.id}.json`))).toBe(false);
  // What changes while it is read is no backup either.
  writeFileSync(at('.tmkms/state/priv_validator_state.json'), '{"height":"992"}');
  await expect(makeBackup(making)).rejects.toMatchObject({ code: 'folder_changed' });
  expect(readdirSync(backups()).filter((name) => name.endsWith('.part'))).toEqual([]);
});

it('what failed half way is completed by a retry without the passphrase, by the backup that it made', async () => {
  const before = treeOf(dir);
  const started = await startReset({ part: 'dapi', phrase: RESET_PHRASES.dapi, listing: (await shown('dapi')).listing, passphrase: PASSPHRASE }, by);
  await during(started.id, 'reset-read-back');
  around.membership = 'unknown';
  await finished(started.id);
  expect((await operation(started.id))?.error?.code).toBe('gate_reset_membership');
  expect(treeOf(dir)).toEqual(before);
  around.membership = 'out';
  const again = await retryOperation(started.id, by);
  await finished(again.id);
  const done = (await operation(again.id)) as OperationView;
  expect(done.error).toBeUndefined();
  expect(detail(done, 'reset-backup')?.code).toBe('reset_backup_there');
  expect(treeOf(dir)).toEqual(before.filter((name) => !name.startsWith('.dapi/')));
});
