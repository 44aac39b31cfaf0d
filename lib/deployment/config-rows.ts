import type { ConfigEnv } from './config-env.ts';
import { CONFIG_FIELDS, configField } from './config-fields.ts';
import type { ConfigField, ConfigRow } from './config-schema.ts';
import type { EnvFile } from './env-file.ts';
import type { DeploymentProblem, DeploymentService } from './schema.ts';
import { isSecretName } from './secret-names.ts';
import { secretPlaces } from './secret-places.ts';
import { secretsOf } from './secret-values.ts';
import { placeholdersIn } from './variable-checks.ts';

type Input = {
  env: ConfigEnv;
  /** `.env` beside the compose files: compose takes a value from it that config.env doesn't export. */
  dotEnv: Record<string, string>;
  services: DeploymentService[];
  problems: DeploymentProblem[];
  /** Of composeFallbacks. */
  fallbacks: Record<string, string>;
  /** Key under `config.readOnly`, or undefined for a variable whose line can be edited. */
  readOnly: (name: string) => string | undefined;
};

/** Shorter than this a secret can't be searched for inside other values: it would be found everywhere. */
const SHORTEST_INSIDE = 4;

/**
 * The rows of the form: known fields in the catalogue's order (in the file, or read by an active service), then what
 * else stands in the file or is required. A secret's value, and a value that contains one, is never in a row.
 */
export function configRows({ env, dotEnv, services, problems, fallbacks, readOnly }: Input): ConfigRow[] {
  const active = services.filter((one) => one.active);
  const inFile = written(env.file);
  const placeholders = placeholdersIn(env.file);
  const known = [...env.values.variables].flatMap(([name, one]): [string, string][] => (one.state === 'unknown' ? [] : [[name, one.value]]));
  const literal = [...inFile].flatMap(([name, one]): [string, string][] => (one.value === undefined ? [] : [[name, one.value]]));
  const secrets = secretsOf(env.file, [...known, ...literal, ...Object.entries(dotEnv)]);
  const hidden = (text: string) => secrets.some((secret) => text === secret || (secret.length >= SHORTEST_INSIDE && text.includes(secret)));

  const row = (field: ConfigField, isKnown: boolean): ConfigRow => {
    const { name } = field;
    const place = inFile.get(name);
    const now = env.values.variables.get(name);
    const lost = env.values.stopped?.lost.includes(name) ?? false;
    const placeholder = placeholders.has(name);
    // A line that bash never reaches is shown as it stands: it counts as soon as what stops bash is gone.
    const value = now && now.state !== 'unknown' ? now.value : !now && lost ? place?.value : undefined;
    const present = place !== undefined && (now !== undefined || lost);
    const fallback = dotEnv[name] ?? fallbacks[name];
    const secret = field.kind === 'secret' || isSecretName(name) || place?.inSecret === true || [value, fallback].some((text) => text !== undefined && hidden(text));
    const read = services.some((one) => one.variables.includes(name));
    const line = now?.line || placeholders.get(name) || place?.line;
    const locked = present ? readOnly(name) : undefined;
    return {
      ...field,
      ...(services.length > 0 && !read && !/^COMPOSE_/.test(name) ? { takesEffect: 'unread' as const } : {}),
      known: isKnown,
      secret,
      set: present && !placeholder && value !== '',
      ...(present && !placeholder && !secret && value !== undefined ? { value } : {}),
      ...(fallback !== undefined && fallback !== '' && !secret ? { fallback } : {}),
      ...(present && line ? { line } : {}),
      exported: now ? now.state === 'exported' : lost && (place?.exported ?? false),
      ...(locked ? { readOnly: locked } : {}),
      services: active.filter((one) => one.variables.includes(name)).map((one) => one.name),
      required: active.some((one) => one.required.includes(name)),
      problems: problems.filter((one) => concerns(one, name, line)),
    };
  };

  const wanted = (name: string) => inFile.has(name) || active.some((one) => one.variables.includes(name));
  const others = new Set([...[...inFile].flatMap(([name, one]) => (one.inSecret ? [] : [name])), ...active.flatMap((one) => one.required)]);
  return [
    ...CONFIG_FIELDS.filter(({ name }) => wanted(name)).map((field) => row(field, true)),
    // A word of a line that isn't understood may be a piece of a secret.
    ...[...others].filter((name) => !configField(name) && name !== 'HOME' && name !== 'PATH' && !hidden(name)).map((name) => row(unknownField(name), false)),
  ];
}

const unknownField = (name: string): ConfigField => ({ name, group: 'unknown', kind: isSecretName(name) ? 'secret' : 'text', takesEffect: 'recreate', source: 'file' });

/** A line that stops bash concerns its own variable only: of all later ones it would be said again and again. */
function concerns({ code, params }: DeploymentProblem, name: string, line: number | undefined): boolean {
  if (params.variable === name) return true;
  const listed = typeof params.variables === 'string' && params.variables.split(', ').includes(name);
  return listed && (code !== 'config_stops' || params.line === line);
}

type Written = { line: number; exported: boolean; value?: string; inSecret: boolean };

/** Variables that the file gives a value, by their last line; `value` where it stands there literally, `inSecret` where the name may be a piece of one. */
function written(file: EnvFile): Map<string, Written> {
  const found = new Map<string, Written>();
  const places = secretPlaces(file);
  const inSecret = (position: number) => places.some(({ start, end }) => start <= position && position < end);
  for (const { assignments, kind, line, start, text } of file.entries) {
    for (const one of assignments) {
      const plain = !one.doubt && !one.append && one.value.every((piece) => piece.kind === 'text' && (piece.quoted || !piece.text.startsWith('~')));
      found.set(one.name, { line, exported: kind === 'export', inSecret: inSecret(one.start), ...(plain ? { value: one.value.map((piece) => (piece.kind === 'text' ? piece.text : '')).join('') } : {}) });
    }
    if (kind !== 'opaque') continue;
    for (const match of text.matchAll(/(?<=^|[\s;])([A-Za-z_][A-Za-z0-9_]*)=/g)) found.set(match[1] as string, { line, exported: /(?:^|\s)export\s/.test(text), inSecret: inSecret(start + match.index) });
  }
  return found;
}
