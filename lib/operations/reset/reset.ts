import path from 'node:path';
import { PanelError } from '#lib/core/errors.ts';
import { tmkmsFolder } from '#lib/deployment/tmkms-key.ts';
import { imageId } from '#lib/docker/local-image.ts';
import { isRestOf, listTree, removeListed, restOf, type Tree } from '#lib/host/folder-tree.ts';
import { type BackedFolder, type Made, makeBackup, readBack } from './key-backup.ts';
import { backupFor, dropUnfinished } from './key-backup-store.ts';
import { removeInContainer } from './in-container.ts';
import { bytesOf, filesOf, type Going, keepListing, keptListing, whatGoes } from './listing.ts';
import { dropEndedListings } from './ended-listings.ts';
import { passphraseOf } from './passphrase.ts';
import { resetPlaces } from './places.ts';
import { inUse, resetGate } from './plan.ts';
import { holdsKey, type ResetParams, resetParams } from './schema.ts';
import type { Procedure, RunContext, Step, StepResult } from '#lib/operations/step.ts';
import { unshown, type Words } from '#lib/operations/schema.ts';

/** While it deletes, it looks this often (ms) whether a container has come up. */
const LOOK_MS = 2_000;

const paramsOf = (run: RunContext): ResetParams => resetParams.parse(run.params);

/** Nothing is deleted under a container that runs, nor on a host that is in the set: asked at every turn. */
async function refuseNow(run: RunContext): Promise<void> {
  const gate = await resetGate(run.deployment, paramsOf(run).part);
  if (gate.answer === 'refused') throw new PanelError(`gate_${gate.why}`, gate.params, { status: 409 });
  const [open] = unshown(gate, run.reason ? run.answered : []);
  if (open) throw new PanelError('operation_reason_needed', { why: open.why }, { status: 409 });
}

/** What was agreed on: as it was kept, when this is a retry of something that has begun, else as it is, if it is still the same. */
async function agreed(run: RunContext): Promise<Going & { begun: boolean }> {
  const { part, listing } = paramsOf(run);
  const kept = run.origin ? await keptListing(listing) : undefined;
  const places = await resetPlaces(run.deployment, part);
  if (kept && kept.length === places.length && kept.every(({ dir }, i) => dir === places[i]?.dir)) return { places, trees: kept, listing, begun: true };
  const now = await whatGoes(run.deployment, part, run.signal);
  if (now.listing !== listing) throw new PanelError('reset_changed', {}, { status: 409 });
  return { ...now, begun: false };
}

/** A later step goes by what the first one has kept. */
async function listed(run: RunContext): Promise<Going> {
  const { part, listing } = paramsOf(run);
  const [places, trees] = await Promise.all([resetPlaces(run.deployment, part), keptListing(listing)]);
  if (!trees) throw new PanelError('reset_changed', {}, { status: 409 });
  return { places, trees, listing };
}

const allowed: Step = {
  name: 'reset-allowed',
  async run(run): Promise<StepResult> {
    await refuseNow(run);
    return { evidence: { code: holdsKey(paramsOf(run).part) ? 'reset_out_of_set' : 'reset_down', params: {} } };
  },
};

const list: Step = {
  name: 'reset-list',
  async run(run): Promise<StepResult> {
    const going = await agreed(run);
    if (!going.begun) await keepListing(going);
    const params = { files: filesOf(going.trees), bytes: bytesOf(going.trees), folders: going.places.map((one) => one.dir).join(', ') };
    for (const line of topLines(going)) run.output.say(line);
    return { evidence: { code: 'reset_listed', params } };
  },
};

/** The names at the top, for the record. */
const topLines = ({ trees }: Going): Words[] => trees.flatMap(({ dir, entries }) => [...new Set(entries.map((one) => one.path.split('/').slice(0, 2).join('/')))].slice(0, 100).map((name): Words => ({ code: 'reset_goes', params: { path: path.join(/*turbopackIgnore: true*/ dir, name) } })));

/** Between two steps of one run: what was packed is compared with what is read back, and is written nowhere. */
const made = new Map<string, Made>();

async function making(run: RunContext, { places, trees, listing }: Going, passphrase: string): Promise<Parameters<typeof makeBackup>[0]> {
  const { part } = paramsOf(run);
  const total = bytesOf(trees.map((tree, i) => backedTree(tree, places[i]?.backs)));
  const tmkms = run.deployment.services.find((one) => one.role === 'tmkms');
  const folder = tmkms && (part === 'tmkms' || part === 'everything') ? await tmkmsFolder(tmkms) : undefined;
  const folders: BackedFolder[] = trees.map((tree, i) => ({ tree: backedTree(tree, places[i]?.backs), name: path.relative(run.deployment.dir, tree.dir) }));
  return { part, dir: run.deployment.dir, listing, folders, passphrase, signal: run.signal, progress: (done) => run.progress({ done: Math.min(done, total), total, parts: [] }), ...(folder?.state === 'key' ? { publicKey: folder.publicKey } : {}) };
}

const backedTree = ({ dir, entries }: Tree, backs: (path: string) => boolean = () => true): Tree => ({ dir, entries: entries.filter((one) => backs(one.path)) });

const NO_KEY = { skipped: true, evidence: { code: 'reset_no_key', params: {} } } satisfies StepResult;

const backup: Step = {
  name: 'reset-backup',
  async run(run): Promise<StepResult> {
    const { part, listing, held } = paramsOf(run);
    if (!holdsKey(part)) return NO_KEY;
    const there = await backupFor(run.deployment.dir, listing, run.signal);
    if (there) return { skipped: true, evidence: { code: 'reset_backup_there', params: { id: there.id, at: new Date(there.at).toISOString() } } };
    const passphrase = passphraseOf(held);
    if (!passphrase) throw new PanelError('reset_no_passphrase', {}, { status: 409 });
    await dropUnfinished();
    const one = await makeBackup(await making(run, await listed(run), passphrase));
    made.set(run.id, one);
    return { evidence: { code: 'reset_backup_made', params: { id: one.id, bytes: one.bytes } } };
  },
};

const rehearse: Step = {
  name: 'reset-read-back',
  async run(run): Promise<StepResult> {
    const { part, listing, held } = paramsOf(run);
    if (!holdsKey(part)) return NO_KEY;
    const one = made.get(run.id);
    made.delete(run.id);
    const passphrase = passphraseOf(held);
    const going = await listed(run);
    if (one && passphrase) await readBack(one, await making(run, going, passphrase));
    const there = await backupFor(run.deployment.dir, listing, run.signal);
    if (!there) throw new PanelError('reset_no_passphrase', {}, { status: 409 });
    return { evidence: { code: 'reset_backup_read', params: { id: there.id, files: there.files.length, sha256: there.cipher.sha256, key: there.publicKey ?? '-' } } };
  },
};

const remove: Step = {
  name: 'reset-delete',
  async run(run): Promise<StepResult> {
    const { part, listing } = paramsOf(run);
    const { places, trees } = await listed(run);
    await refuseNow(run);
    // Before the first name goes: the backup is of what is here now, to the byte.
    if (holdsKey(part) && !(await backupFor(run.deployment.dir, listing, run.signal))) throw new PanelError('reset_no_passphrase', {}, { status: 409 });
    const now = await whatGoes(run.deployment, part, run.signal);
    // A retry finds a rest of it, and nothing that is new or has changed.
    if (now.listing !== listing && !(run.origin && now.trees.every((tree, i) => trees[i] && isRestOf(tree, trees[i])))) throw new PanelError('reset_changed', {}, { status: 409 });
    const total = bytesOf(trees);
    let [before, seen, files] = [0, 0, 0];
    const turn = async (_removed: number, bytes: number) => {
      run.signal.throwIfAborted();
      run.progress({ done: before + bytes, total, parts: [] });
      if (Date.now() - seen < LOOK_MS) return;
      const used = await inUse(run.deployment, part);
      if (used.length > 0) throw new PanelError('gate_reset_running', { containers: used.join(', ') }, { status: 409 });
      seen = Date.now();
    };
    for (const [i, tree] of trees.entries()) {
      const result = await removeListed(tree, turn);
      before += result.bytes;
      files += result.removed;
      const image = places[i]?.image;
      if (!result.left.some(({ why }) => why === 'denied')) continue;
      // What containers have written as their root: by one more of them, which sees this folder only.
      if (!image || !(await imageId(image))) throw new PanelError('reset_denied', { dir: tree.dir }, { status: 409 });
      await refuseNow(run);
      // It goes by names alone: what has come in place of a listed one since isn't named to it.
      await removeInContainer(image, restOf(await listTree(tree.dir, places[i]?.choice, run.signal), tree), run.signal);
    }
    return { evidence: { code: 'reset_deleted', params: { files, bytes: before } } };
  },
};

const verify: Step = {
  name: 'reset-verify',
  async run(run): Promise<StepResult> {
    const { places, trees } = await listed(run);
    const still: string[] = [];
    for (const [i, { dir, entries }] of trees.entries()) {
      const wanted = new Set(entries.map((one) => one.path));
      for (const one of (await listTree(dir, places[i]?.choice, run.signal)).entries) if (wanted.has(one.path)) still.push(path.join(/*turbopackIgnore: true*/ dir, one.path));
    }
    if (still.length > 0) throw new PanelError('reset_left', { count: still.length, path: still[0] as string }, { status: 409 });
    return { evidence: { code: 'reset_done', params: { folders: places.map((one) => one.dir).join(', ') } } };
  },
};

export const RESET: Record<'reset', Procedure> = { reset: { steps: [allowed, list, backup, rehearse, remove, verify], ended: dropEndedListings } };
