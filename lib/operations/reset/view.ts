import { isPanelError } from '#lib/core/errors.ts';
import type { Deployment } from '#lib/deployment/schema.ts';
import { finished, startOperation } from '#lib/operations/journal.ts';
import { backupFor, keyBackups, shownBackup } from './key-backup-store.ts';
import { atTheTop, bytesOf, filesOf, whatGoes } from './listing.ts';
import { dropPassphrase, holdPassphrase } from './passphrase.ts';
import { hostStanding, resetGate, type Standing } from './plan.ts';
import { holdsKey, PASSPHRASE_MIN, RESET_PARTS, RESET_PHRASES, type ResetPart, type ResetPartView, type ResetView, resetInput } from './schema.ts';

/** Every part with what would go, by name and size, and what speaks against it. Reads every folder: for a page that asks once. */
export async function resetView(of: Deployment): Promise<ResetView> {
  const parts: ResetPartView[] = [];
  // Asked once: seeds that don't answer take their time.
  const standing = hostStanding(of);
  standing.catch(() => undefined);
  for (const part of RESET_PARTS) parts.push(await partView(of, part, standing));
  return { parts, backups: (await keyBackups(of.dir)).map(shownBackup), passphraseMin: PASSPHRASE_MIN };
}

async function partView(of: Deployment, part: ResetPart, standing: Promise<Standing>): Promise<ResetPartView> {
  const view: ResetPartView = { part, phrase: RESET_PHRASES[part], holdsKey: holdsKey(part), folders: [], files: 0, bytes: 0, blocked: [], reasons: [] };
  try {
    const { places, trees, listing } = await whatGoes(of, part);
    const backup = view.holdsKey ? await backupFor(of.dir, listing) : undefined;
    Object.assign(view, { listing, files: filesOf(trees), bytes: bytesOf(trees), folders: trees.map((tree, i) => atTheTop(tree, (name) => places[i]?.choice(name) === 'through')), ...(backup ? { backup: shownBackup(backup) } : {}) });
    if (trees.every((tree) => tree.entries.length === 0)) view.blocked.push({ code: 'reset_nothing', params: {} });
    const gate = await resetGate(of, part, standing);
    if (gate.answer === 'refused') view.blocked.push({ code: `gate_${gate.why}`, params: gate.params });
    if (gate.answer === 'reason-needed') view.reasons = gate.reasons;
  } catch (error) {
    if (!isPanelError(error)) throw error;
    view.blocked.push({ code: error.code, params: error.params });
  }
  return view;
}

/** Starts a reset; the passphrase goes along in memory and ends with the operation. Throws what startOperation throws. */
export async function startReset(given: unknown, by: { user: string; ip: string }): Promise<{ id: string }> {
  const { part, phrase, listing, passphrase, reason, shown } = resetInput.parse(given);
  const handle = passphrase === undefined ? undefined : holdPassphrase(passphrase);
  try {
    const started = await startOperation({ kind: 'reset', params: { part, phrase, listing, ...(handle ? { held: handle } : {}) }, reason, shown, ...by });
    if (handle) void finished(started.id).finally(() => dropPassphrase(handle));
    return started;
  } catch (error) {
    if (handle) dropPassphrase(handle);
    throw error;
  }
}
