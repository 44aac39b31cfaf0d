import { PanelError } from '#lib/core/errors.ts';
import { SECRET_MARK } from '#lib/core/redact.ts';
import type { EditableFile } from './config-schema.ts';
import { hideToKeep, tokenOwners } from './config-tokens.ts';
import { proveRestored, withSecretsOfToday } from './kept-secrets.ts';

const TOKEN = /⟪secret ([1-9]\d{0,5})⟫/g;
/** In place of a secret, for comparing what else a text says: no shell and no file has this by chance. */
const HOLE = 'gpx0kept0secret0gpx';

/**
 * An earlier version's kept text with the secrets that the file has now: a version never had its own (ADR 011). A secret is
 * found by the variable that it belongs to; a comment never gets one that a statement has, and `…` where it has none today.
 * A secret variable that is set today stays set as it is, also where the version has a placeholder or no such line. Throws
 * config_restore_secret {variable} when the file of today has no secret there, or when the result would say something else
 * than the version said.
 */
export function restoredText(file: EditableFile, kept: string, now: string): string {
  if (kept.includes(SECRET_MARK)) throw new PanelError('config_restore_secret', { variable: '…' }, { status: 409 });
  const today = hideToKeep(file, now);
  const secrets = new Map<string, string[]>();
  for (const [i, owner] of tokenOwners(file, today.text).entries()) secrets.set(key(owner), [...(secrets.get(key(owner)) ?? []), today.hidden[i] as string]);
  const owners = tokenOwners(file, kept);
  const used = new Map<string, number>();
  let at = 0;
  const restored = kept.replace(TOKEN, () => {
    const owner = owners[at++] ?? { name: '', comment: false };
    const all = secrets.get(key(owner)) ?? [];
    const number = used.get(key(owner)) ?? 0;
    used.set(key(owner), number + 1);
    const secret = all[number] ?? all.at(-1);
    if (secret !== undefined) return secret;
    if (owner.comment) return '…';
    throw new PanelError('config_restore_secret', { variable: owner.name || '…' }, { status: 409 });
  });
  if (file !== 'env') return restored;
  const text = withSecretsOfToday(restored, now);
  proveRestored(text, kept.replace(TOKEN, HOLE), HOLE, now);
  return text;
}

const key = ({ name, comment }: { name: string; comment: boolean }) => `${comment ? '#' : ''}${name}`;
