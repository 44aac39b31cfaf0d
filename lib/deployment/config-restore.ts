import { PanelError } from '#lib/core/errors.ts';
import { SECRET_MARK } from '#lib/core/redact.ts';
import type { EditableFile } from './config-schema.ts';
import { hideIn, tokenOwners } from './config-tokens.ts';

const TOKEN = /⟪secret ([1-9]\d{0,5})⟫/g;

/**
 * An earlier version's kept text with the secrets that the file has now: a version never had its own (ADR 011). A secret is
 * found by the variable that it belongs to; a comment never gets one that a statement has, and `…` where it has none today. Throws config_restore_secret
 * {variable} when the file of today has no secret there, or when the kept text was masked beyond that.
 */
export function restoredText(file: EditableFile, kept: string, now: string): string {
  if (kept.includes(SECRET_MARK)) throw new PanelError('config_restore_secret', { variable: '…' }, { status: 409 });
  const today = hideIn(file, now);
  const secrets = new Map<string, string[]>();
  for (const [i, owner] of tokenOwners(file, today.text).entries()) secrets.set(key(owner), [...(secrets.get(key(owner)) ?? []), today.hidden[i] as string]);
  const owners = tokenOwners(file, kept);
  const used = new Map<string, number>();
  let at = 0;
  return kept.replace(TOKEN, () => {
    const owner = owners[at++] ?? { name: '', comment: false };
    const all = secrets.get(key(owner)) ?? [];
    const number = used.get(key(owner)) ?? 0;
    used.set(key(owner), number + 1);
    const secret = all[number] ?? all.at(-1);
    if (secret !== undefined) return secret;
    if (owner.comment) return '…';
    throw new PanelError('config_restore_secret', { variable: owner.name || '…' }, { status: 409 });
  });
}

const key = ({ name, comment }: { name: string; comment: boolean }) => `${comment ? '#' : ''}${name}`;
