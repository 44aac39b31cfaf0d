import { registerSecrets } from '#lib/core/redact.ts';
import { singleton } from '#lib/core/singleton.ts';
import type { ConfigEnv } from './config-env.ts';
import type { EnvFile } from './env-file.ts';
import type { ComposeConfiguration } from './schema.ts';

/** Facts 2.2: the keyring's password, providers' credentials, tokens, whatever is called like one. */
const SECRET_NAME = /PASSW|PASSPHRASE|PASSWD|SECRET|TOKEN|API_?KEY|ACCESS_KEY|PRIVATE_KEY|MNEMONIC|CREDENTIAL|SERVICE_ACCOUNT|OTEL_HEADERS|AUTH_HEADER|(?:^|_)JWT(?:_|$)|(?:^|_)PGPASS/;
export const isSecretName = (name: string): boolean => SECRET_NAME.test(name.toUpperCase());

const PLACEHOLDER = /^<[^<>]*>$/;
const usable = (value: string) => value !== '' && !PLACEHOLDER.test(value) && !/^\$\{?\w+\}?$/.test(value);

/** Secrets of the file as bash reads them, and as they stand: also of lines that are overwritten, lost or not understood. */
export function secretsOf(file: EnvFile, known: Iterable<[string, string]>): string[] {
  const found = new Set<string>();
  const add = (value: string) => {
    if (usable(value)) found.add(value);
  };
  for (const [name, value] of known) {
    if (isSecretName(name)) add(value);
    // `http://user:password@host`
    for (const match of value.matchAll(/:\/\/[^/@:\s]*:([^/@\s]+)@/g)) add(match[1] as string);
  }
  for (const entry of file.entries) {
    for (const one of entry.assignments) {
      if (!isSecretName(one.name)) continue;
      const raw = entry.text.slice(one.valueStart - entry.start, one.valueEnd - entry.start);
      add(raw);
      if (one.value.every((piece) => piece.kind === 'text')) add(one.value.map((piece) => (piece.kind === 'text' ? piece.text : '')).join(''));
    }
    // `export KEYRING_PASSWORD = value`
    if (entry.names.some(isSecretName)) for (const word of [...entry.names, ...entry.invalidNames]) if (!/^[A-Z_]+$|^=/.test(word)) add(word);
    // In comments, and in lines that aren't understood: wherever on the line the name stands.
    const assigned = new Set(entry.assignments.map((one) => one.valueStart - entry.start));
    for (const match of entry.text.matchAll(/([A-Za-z_]\w*)[ \t]*\+?=/g)) {
      const start = match.index + match[0].length;
      if (!isSecretName(match[1] as string) || assigned.has(start)) continue;
      const raw = (/^[^\n]*/.exec(entry.text.slice(start))?.[0] ?? '').replace(/\r$/, '').replace(/\s+#.*$/, '').trim();
      add(raw);
      add(raw.replace(/^(['"])(.*)\1$/, '$2'));
    }
  }
  return [...found];
}

/**
 * Registers them for masking. What was a secret while this process ran stays one: containers that were not
 * recreated yet go on printing the old value.
 */
export function registerConfigSecrets(env: ConfigEnv, dotEnv: Record<string, string>): void {
  const known = [...env.values.variables].flatMap(([name, one]): [string, string][] => (one.state === 'unknown' ? [] : [[name, one.value]]));
  remember('config.env', secretsOf(env.file, [...known, ...Object.entries(dotEnv)]));
}

/** Secrets that stand in the compose files themselves. */
export function registerComposeSecrets(config: ComposeConfiguration): void {
  const pairs = Object.values(config.services).flatMap((service) => Object.entries(service.environment ?? {}).flatMap(([name, value]): [string, string][] => (typeof value === 'string' ? [[name, value]] : [])));
  remember('compose files', pairs.flatMap(([name, value]) => (isSecretName(name) && usable(value) && !/^(?:\/|https?:\/\/[^@]*$|true$|false$)/.test(value) ? [value] : [])));
}

function remember(source: string, values: string[]): void {
  const all = singleton(`deployment.secrets.${source}`, () => new Set<string>());
  for (const value of values) all.add(value);
  registerSecrets(source, [...all]);
}
