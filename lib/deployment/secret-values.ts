import { secretsIn } from '../../guard/secret-arguments.ts';
import { registerSecrets } from '#lib/core/redact.ts';
import { singleton } from '#lib/core/singleton.ts';
import type { ConfigEnv } from './config-env.ts';
import type { EnvFile } from './env-file.ts';
import { isTemplateWord } from './placeholder.ts';
import type { ComposeConfiguration } from './schema.ts';
import { isSecretName } from './secret-names.ts';
import { secretPlaces } from './secret-places.ts';

export { isSecretName };

const usable = (value: string) => value !== '' && !isTemplateWord(value);
const isReference = (raw: string) => /^\$\{?\w+\}?$/.test(raw);

/** Secrets of the file as bash reads them, and as they stand: also of lines that are overwritten, lost or not understood. */
export function secretsOf(file: EnvFile, known: Iterable<[string, string]>): string[] {
  const found = new Set<string>();
  /** A piece of the file as it stands. */
  const add = (raw: string) => {
    if (usable(raw) && !isReference(raw)) found.add(raw);
  };
  /** What bash makes of it: `'$abc'` in quotes is a password, no reference. */
  const addValue = (value: string) => {
    if (usable(value)) found.add(value);
  };
  for (const [name, value] of known) {
    if (isSecretName(name)) addValue(value);
    // `http://user:password@host`
    for (const match of value.matchAll(/:\/\/[^/@:\s]*:([^/@\s]+)@/g)) add(match[1] as string);
  }
  /** A variable's own name is no secret, though it stands behind one: `export A_TOKEN B_TOKEN`. */
  const names = new Set(file.entries.flatMap((entry) => entry.assignments.map((one) => one.name)));
  for (const entry of file.entries) {
    for (const one of entry.assignments) {
      if (!isSecretName(one.name)) continue;
      const raw = entry.text.slice(one.valueStart - entry.start, one.valueEnd - entry.start);
      add(raw);
      if (one.value.every((piece) => piece.kind === 'text')) addValue(one.value.map((piece) => (piece.kind === 'text' ? piece.text : '')).join(''));
    }
  }
  const text = file.toString();
  for (const { start, end, broken } of secretPlaces(file)) {
    const raw = text.slice(start, end).replace(/\r$/, '');
    add(raw);
    add(raw.replace(/^(['"])(.*)\1$/, '$2'));
    add(raw.replace(/\s+#.*$/, ''));
    add(raw.replace(/\s+#.*$/, '').replace(/^(['"])(.*)\1$/, '$2'));
    if (broken) for (const word of wordsOf(raw)) if (!names.has(word)) add(word);
  }
  return [...found];
}

/** What any script is made of: masked, it would make every output unreadable. */
const COMMON = new Set(['true', 'false', 'echo', 'export', 'printf', 'then', 'else', 'test', 'exit', 'read', 'cat', 'EOF']);
/** Bash cuts a secret without quotes into words, and complains of each by itself. */
const wordsOf = (raw: string) => raw.split(/[\s;&|<>()'"`]+/).filter((word) => word.length >= SHORTEST_WORD && !COMMON.has(word));
const SHORTEST_WORD = 4;

/**
 * Registers them for masking. What was a secret while this process ran stays one: containers that were not
 * recreated yet go on printing the old value.
 */
export function registerConfigSecrets(env: ConfigEnv, dotEnv: Record<string, string>): void {
  const known = [...env.values.variables].flatMap(([name, one]): [string, string][] => (one.state === 'unknown' ? [] : [[name, one.value]]));
  remember('config.env', secretsOf(env.file, [...known, ...Object.entries(dotEnv)]));
}

/** Secrets among the fields and model arguments of node-config.json: an ML node prints the arguments that it starts a model with. */
export const registerNodeConfigSecrets = (text: string): void => remember('node-config.json', secretsIn(text));

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
