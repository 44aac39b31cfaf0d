import { combinationProblems } from './combination-rules.ts';
import type { ConfigEnv } from './config-env.ts';
import type { EnvFile } from './env-file.ts';
import { exportedValues } from './env-values.ts';
import { isPlaceholder } from './placeholder.ts';
import type { DeploymentProblem, DeploymentService } from './schema.ts';
import { isSecretName } from './secret-names.ts';
import { secretPlaces } from './secret-places.ts';
import { VALUE_RULES } from './value-rules.ts';

type Input = { env: ConfigEnv; dotEnv: Record<string, string>; services: DeploymentService[]; /** Variables that compose's own environment brings, such as HOME. */ given: string[] };

/** What of config.env keeps the active services from getting the values that they read. */
export function variableProblems({ env, dotEnv, services, given }: Input): DeploymentProblem[] {
  const problems: DeploymentProblem[] = [];
  const add = (level: DeploymentProblem['level'], code: string, params: DeploymentProblem['params']) => problems.push({ level, code, params });
  const active = services.filter((one) => one.active);
  const readers = (...names: string[]) => active.filter((one) => names.some((name) => one.variables.includes(name))).map((one) => one.name);
  const needed = new Set(active.flatMap((one) => one.variables));
  const required = new Set(active.flatMap((one) => one.required));
  const { variables, certain, stopped, doubts } = env.values;
  const placeholders = placeholdersIn(env.file);
  const lost = new Set((stopped?.lost ?? []).filter((name) => needed.has(name)));
  const doubted = new Map<number, { reason: string; names: Set<string> }>();
  for (const { line, reason, names, wide } of doubts) {
    const concerned = names.filter((name) => {
      const now = variables.get(name);
      return needed.has(name) && now?.state === 'unknown' && now.line === line;
    });
    if (wide) for (const name of required) if (!variables.has(name) && !lost.has(name) && !given.includes(name) && !dotEnv[name]) concerned.push(name);
    const one = doubted.get(line) ?? { reason, names: new Set<string>() };
    for (const name of concerned) if (!placeholders.has(name)) one.names.add(name);
    doubted.set(line, one);
  }

  for (const name of [...needed].sort()) {
    const services = readers(name).join(', ');
    const line = placeholders.get(name);
    if (line !== undefined) {
      add('broken', 'variable_placeholder', { variable: name, line, services });
      continue;
    }
    const value = variables.get(name);
    if (lost.has(name) || value?.state === 'unknown') continue;
    if (value?.state === 'shell') {
      if (!dotEnv[name]) add(required.has(name) ? 'broken' : 'attention', 'variable_not_exported', { variable: name, line: value.line, services });
      continue;
    }
    if (!value) {
      if (required.has(name) && certain && !given.includes(name) && !dotEnv[name] && env.readable) add('broken', 'variable_missing', { variable: name, services });
      continue;
    }
    if (value.value.trim() === '') {
      if (required.has(name)) add('broken', 'variable_empty', { variable: name, line: value.line, services });
      continue;
    }
    // Said once for the whole file, below; the rules would only echo it.
    if (value.value.endsWith('\r')) continue;
    const broken = VALUE_RULES[name]?.(value.value);
    if (broken) add(broken.level, broken.code, { variable: name, line: value.line, services, ...broken.params });
  }
  problems.push(...combinations(env, dotEnv, active, problems));

  const windows = [...variables].filter(([name, one]) => needed.has(name) && one.state !== 'unknown' && one.value.endsWith('\r')).map(([name]) => name);
  if (windows.length > 0) add('broken', 'config_windows_lines', { count: windows.length, variables: windows.join(', '), services: readers(...windows).join(', ') });
  const stopsAtPlaceholder = stopped && [...placeholders].some(([name, line]) => line === stopped.line && needed.has(name));
  if (stopped && !stopsAtPlaceholder) add(lost.size > 0 ? 'broken' : 'attention', 'config_stops', { line: stopped.line, reason: stopped.reason, count: lost.size, variables: [...lost].join(', '), services: readers(...lost).join(', ') });
  for (const [line, { reason, names }] of doubted) {
    if (names.size === 0 && [...placeholders.values()].includes(line)) continue;
    add(names.size > 0 ? 'broken' : 'attention', 'config_line', { line, reason, count: names.size, variables: [...names].join(', '), services: readers(...names).join(', ') });
  }
  for (const { line, variable, name } of env.values.undefinedReferences) if (needed.has(variable)) add('attention', 'variable_reference', { variable, line, name: isSecretName(variable) ? '…' : name });
  // A word behind a secret without quotes is a piece of it.
  const places = secretPlaces(env.file);
  const inSecret = (line: number) => env.file.entries.some((entry) => entry.line === line && places.some(({ start, end }) => start < entry.start + entry.text.length && end > entry.start));
  for (const { line, name } of env.values.invalidNames) add('attention', 'config_invalid_name', { line, name: inSecret(line) ? '…' : shownName(name) });
  for (const [name, one] of variables) if (one.state === 'exported' && /^(?:DOCKER_|COMPOSE_|BUILDKIT_)/.test(name) && name !== 'COMPOSE_PROFILES' && name !== 'COMPOSE_PROJECT_NAME') add('attention', 'docker_variable', { variable: name, line: one.line });
  return problems;
}

/** Values that need or contradict each other, where both are known and nothing worse is said of the variable already. */
function combinations({ values, readable }: ConfigEnv, dotEnv: Record<string, string>, active: DeploymentService[], said: DeploymentProblem[]): DeploymentProblem[] {
  if (!readable || !values.certain || values.stopped) return [];
  const unknown = [...values.variables].flatMap(([name, one]) => (one.state === 'unknown' ? [name] : []));
  const taken = new Set<string | number | undefined>([...unknown, ...said.map((one) => one.params.variable)]);
  const found = combinationProblems({ ...dotEnv, ...exportedValues(values) }, active);
  return found.filter((one) => !taken.has(one.params.variable)).map((one) => {
    const line = values.variables.get(String(one.params.variable))?.line;
    return line === undefined ? one : { ...one, params: { ...one.params, line } };
  });
}

/** Variables whose last value in the file is still the template's `<…>`, with the line (facts 2.3, trap 5). */
export function placeholdersIn(file: EnvFile): Map<string, number> {
  const found = new Map<string, number>();
  const note = (name: string, raw: string, line: number) => {
    if (isPlaceholder(raw, isSecretName(name))) found.set(name, line);
    else found.delete(name);
  };
  for (const entry of file.entries) {
    for (const one of entry.assignments) note(one.name, entry.text.slice(one.valueStart - entry.start, one.valueEnd - entry.start), entry.line);
    if (entry.kind === 'opaque') for (const match of entry.text.matchAll(/(?:^|[\s;])([A-Za-z_][A-Za-z0-9_]*)=(\S*)/g)) note(match[1] as string, match[2] as string, entry.line);
  }
  return found;
}

/** `A-B=value` → `A-B=…`; a word without `=` may be a value that slipped out of its place, and is not shown. */
const shownName = (word: string): string => (/^[A-Za-z0-9_.-]{1,40}=/.test(word) ? word.replace(/=[\s\S]*$/, '=…') : '…');
