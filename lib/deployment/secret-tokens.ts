import { PanelError } from '#lib/core/errors.ts';
import { SECRET_MARK } from '#lib/core/redact.ts';
import { NO_MACHINE } from './env-edit-proof.ts';
import type { EnvFile } from './env-file.ts';
import { envValues } from './env-values.ts';
import { secretPlaces } from './secret-places.ts';
import { secretsOf } from './secret-values.ts';

type Stretch = { start: number; end: number };

/** Shorter ones are hidden where they are assigned, not wherever these letters stand. */
const SHORTEST = 4;
const TOKEN = /⟪secret ([1-9]\d{0,5})⟫/g;
/** What a token begins with: in a file it is hidden, so that it can't be taken for one. */
const TOKEN_START = '⟪secret';
const URL_PASSWORD = /:\/\/[^/@:\s]*:([^/@\s]+)@/g;

/**
 * The text with every secret stretch replaced by `⟪secret N⟫`, counted from the top (ADR 011): values of secret variables
 * as they are written, passwords in URLs, the same secrets wherever else they stand, and what follows a secret name in
 * comments and in lines that aren't understood. `hidden[N - 1]` is what token N stands for: it never leaves the server.
 */
export function hideSecrets(file: EnvFile): { text: string; hidden: string[] } {
  const text = file.toString();
  const hidden: string[] = [];
  let shown = '';
  let at = 0;
  for (const { start, end } of joined(stretches(file, text))) {
    hidden.push(text.slice(start, end));
    shown += `${text.slice(at, start)}⟪secret ${hidden.length}⟫`;
    at = end;
  }
  return { text: shown + text.slice(at), hidden };
}

/**
 * Puts back what the tokens of `hideSecrets(original)` stood for. A token may have been moved, doubled or taken out.
 * Throws config_secret_token {token} for one that this version of the file doesn't have, or that was damaged.
 */
export function showSecrets(text: string, original: EnvFile): string {
  const { hidden } = hideSecrets(original);
  // What a damaged token runs into may be a secret: it isn't repeated.
  if (text.replace(TOKEN, '').includes(TOKEN_START)) throw new PanelError('config_secret_token', { token: `${TOKEN_START} …` });
  return text.replace(TOKEN, (token, number: string) => {
    const secret = hidden[Number(number) - 1];
    if (secret === undefined) throw new PanelError('config_secret_token', { token });
    return secret;
  });
}

function stretches(file: EnvFile, text: string): Stretch[] {
  const found: Stretch[] = [];
  const secrets = new Set<string>([TOKEN_START, SECRET_MARK]);
  const add = (start: number, end: number) => {
    const raw = text.slice(start, end);
    if (raw === '') return;
    found.push({ start, end });
    secrets.add(raw);
    secrets.add(raw.replace(/^(['"])([\s\S]*)\1$/, '$2'));
  };
  for (const { start, end } of secretPlaces(file)) add(start, end);
  for (const match of text.matchAll(URL_PASSWORD)) {
    const end = match.index + match[0].length - 1;
    add(end - (match[1] as string).length, end);
  }
  const values = envValues(file, NO_MACHINE).variables;
  const known = [...values].flatMap(([name, one]): [string, string][] => (one.state === 'unknown' ? [] : [[name, one.value]]));
  // A carriage return is bash's reading of a CRLF file, and stays in sight.
  for (const secret of secretsOf(file, known)) secrets.add(secret.replace(/\r+$/, ''));
  for (const secret of secrets) {
    if (secret.length < SHORTEST) continue;
    for (let at = text.indexOf(secret); at !== -1; at = text.indexOf(secret, at + 1)) found.push({ start: at, end: at + secret.length });
  }
  return found;
}

/** Stretches that overlap become one. */
function joined(stretches: Stretch[]): Stretch[] {
  const result: Stretch[] = [];
  for (const { start, end } of stretches.sort((a, b) => a.start - b.start || a.end - b.end)) {
    const last = result.at(-1);
    if (last && start < last.end) last.end = Math.max(last.end, end);
    else if (end > start) result.push({ start, end });
  }
  return result;
}
