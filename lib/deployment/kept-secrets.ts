import { isPanelError, PanelError } from '#lib/core/errors.ts';
import { editEnvFile } from './env-edit.ts';
import { NO_MACHINE } from './env-edit-proof.ts';
import { parseEnvFile } from './env-file.ts';
import { withQuotedPlaceholders } from './env-placeholders.ts';
import { type EnvValue, type EnvValues, envValues } from './env-values.ts';
import { isSecretName } from './secret-names.ts';
import { placeholdersIn } from './variable-checks.ts';

const URL_PASSWORD = /:\/\/[^/@:\s]*:([^/@\s]+)@/g;
const read = (text: string): EnvValues => envValues(withQuotedPlaceholders(parseEnvFile(text)).file, NO_MACHINE);

/** Secret variables that this text of config.env gives a value; a placeholder is none. */
function secretsSet(text: string): Map<string, EnvValue> {
  const placeholders = placeholdersIn(parseEnvFile(text));
  return new Map([...read(text).variables].filter(([name, one]) => isSecretName(name) && !placeholders.has(name) && (one.state === 'unknown' || one.value !== '')));
}

/** Secret variables that are set in `old` and aren't in `now`: what they were is kept nowhere else. */
export function lostSecrets(old: string, now: string): string[] {
  const after = secretsSet(now);
  return [...secretsSet(old).keys()].filter((name) => !after.has(name)).sort();
}

const refuse = (variable: string) => new PanelError('config_restore_secret', { variable }, { status: 409 });

/**
 * `restored` with every secret variable that `today` sets: a kept version may have a placeholder there, or no such line
 * (facts 2.3), and today's value is kept nowhere else. Throws config_restore_secret {variable} where that can't be written.
 */
export function withSecretsOfToday(restored: string, today: string): string {
  let text = restored;
  for (const [name, one] of secretsSet(today)) {
    const now = secretsSet(text).get(name);
    if (one.state === 'unknown') {
      if (now?.state !== 'unknown') throw refuse(name);
    } else if (now?.state !== one.state || now.value !== one.value) {
      try {
        text = editEnvFile(parseEnvFile(text), { [name]: one.value }).text;
      } catch (error) {
        throw isPanelError(error) ? refuse(name) : error;
      }
    }
  }
  return text;
}

/**
 * Proves that a restored text says what the kept version said, with the secrets of today: a secret put between other
 * quotes may end them. `alike` is the kept text with `hole` for each secret. Throws config_restore_secret {variable}.
 */
export function proveRestored(restored: string, alike: string, hole: string, today: string): void {
  const [is, was, now] = [restored, alike, today].map(read) as [EnvValues, EnvValues, EnvValues];
  for (const [name, one] of now.variables) {
    if (!isSecretName(name) || one.state === 'unknown' || one.value === '' || placeholdersIn(parseEnvFile(today)).has(name)) continue;
    const there = is.variables.get(name);
    if (there?.state === 'unknown' || there?.value !== one.value) throw refuse(name);
  }
  const passwords = new Set([...now.variables.values()].flatMap((one) => (one.state === 'unknown' ? [] : passwordsOf(one.value))));
  for (const name of new Set([...was.variables.keys(), ...is.variables.keys(), ...(was.stopped?.lost ?? []), ...(is.stopped?.lost ?? [])])) {
    if (isSecretName(name)) continue;
    const [a, b] = [was.variables.get(name), is.variables.get(name)];
    const known = a && b && a.state !== 'unknown' && b.state !== 'unknown';
    if (!known) {
      if (a?.state !== b?.state || was.stopped?.lost.includes(name) !== is.stopped?.lost.includes(name)) throw refuse(name);
    } else if (a.state !== b.state || !fits(b.value, a.value.split(hole)) || (a.value.includes(hole) && passwordsOf(b.value).some((one) => !passwords.has(one)))) throw refuse(name);
  }
}

const passwordsOf = (value: string) => [...value.matchAll(URL_PASSWORD)].map((match) => match[1] as string);

/** The value has these pieces in this order, from its start to its end, and something between each two. */
function fits(value: string, pieces: string[]): boolean {
  if (pieces.length === 1) return value === pieces[0];
  const [first, last] = [pieces[0] as string, pieces.at(-1) as string];
  if (!value.startsWith(first) || !value.endsWith(last) || value.length <= first.length + last.length) return false;
  let at = first.length;
  for (const piece of pieces.slice(1, -1)) {
    at = value.indexOf(piece, at);
    if (at < 0) return false;
    at += piece.length;
  }
  return at <= value.length - last.length;
}
