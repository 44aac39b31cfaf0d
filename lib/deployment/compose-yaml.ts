import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseDocument } from 'yaml';
import { references } from './interpolation.ts';

export type ComposeYaml = { name?: string; services: Record<string, Record<string, unknown>> };

/** Compose files are small; a larger one isn't one. */
const SIZE_CAP = 2 * 1024 * 1024;

/** A compose file as written, not interpolated and not merged. Throws what readFile throws; invalid YAML has no services. */
export async function readComposeYaml(file: string): Promise<ComposeYaml> {
  const text = await readFile(/*turbopackIgnore: true*/ file, 'utf8');
  if (text.length > SIZE_CAP) return { services: {} };
  // Unknown tags such as `!override` are compose's: their values are read as they stand.
  const document = parseDocument(text, { merge: true, logLevel: 'silent' });
  if (document.errors.length > 0) return { services: {} };
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 1000 });
  } catch {
    return { services: {} };
  }
  if (!isMap(value)) return { services: {} };
  const services = isMap(value.services) ? value.services : {};
  return {
    name: typeof value.name === 'string' ? value.name : undefined,
    services: Object.fromEntries(Object.entries(services).filter((pair): pair is [string, Record<string, unknown>] => isMap(pair[1]))),
  };
}

/**
 * Which variables each service reads, from the files as written: compose's own `--no-interpolate` tears
 * `${A:-b}` in a short volume apart (2.26). Of two files, the later one wins per environment key and per scalar.
 */
export async function serviceVariables(dir: string, files: string[]): Promise<Map<string, { all: Set<string>; required: Set<string> }>> {
  const places = new Map<string, Map<string, string[]>>();
  for (const file of files) {
    const { services } = await readComposeYaml(path.resolve(/*turbopackIgnore: true*/ dir, file)).catch(() => ({ services: {} as ComposeYaml['services'] }));
    for (const [name, definition] of Object.entries(services)) {
      const map = places.get(name) ?? new Map<string, string[]>();
      places.set(name, map);
      for (const [key, value] of Object.entries(definition)) {
        if (key === 'environment') for (const [variable, text] of environment(value)) map.set(`environment ${variable}`, [text]);
        else if (typeof value === 'string') map.set(key, [value]);
        else map.set(key, [...(map.get(key) ?? []), ...strings(value)]);
      }
    }
  }
  const result = new Map<string, { all: Set<string>; required: Set<string> }>();
  for (const [name, map] of places) {
    const one = { all: new Set<string>(), required: new Set<string>() };
    for (const text of [...map.values()].flat()) {
      for (const reference of references(text)) {
        one.all.add(reference.name);
        if (reference.required) one.required.add(reference.name);
      }
    }
    result.set(name, one);
  }
  return result;
}

/** Service → key of its environment → variables that its value is written with. Of two files, the later one's value. */
export async function environmentReferences(dir: string, files: string[]): Promise<Map<string, Map<string, string[]>>> {
  const result = new Map<string, Map<string, string[]>>();
  for (const file of files) {
    const { services } = await readComposeYaml(path.resolve(/*turbopackIgnore: true*/ dir, file)).catch(() => ({ services: {} as ComposeYaml['services'] }));
    for (const [name, definition] of Object.entries(services)) {
      const keys = result.get(name) ?? new Map<string, string[]>();
      result.set(name, keys);
      for (const [key, text] of environment(definition.environment)) keys.set(key, [...new Set(references(text).map((one) => one.name))]);
    }
  }
  return result;
}

/** The defaults that compose files write for variables (`${X:-8000}` → `8000`); an empty one is none. Of two, the later file's. */
export async function composeFallbacks(dir: string, files: string[]): Promise<Record<string, string>> {
  const found = new Map<string, string>();
  for (const file of files) {
    const { services } = await readComposeYaml(path.resolve(/*turbopackIgnore: true*/ dir, file)).catch(() => ({ services: {} as ComposeYaml['services'] }));
    for (const text of strings(services)) for (const { name, fallback } of references(text)) if (fallback) found.set(name, fallback);
  }
  return Object.fromEntries(found);
}

function environment(value: unknown): [string, string][] {
  const pairs: [string, string][] = Array.isArray(value)
    ? value.filter((one): one is string => typeof one === 'string').map((one) => (one.includes('=') ? [one.slice(0, one.indexOf('=')), one.slice(one.indexOf('=') + 1)] : [one, `\${${one}:-}`]))
    : isMap(value)
      ? Object.entries(value).map(([key, one]) => [key, one === null ? `\${${key}:-}` : String(one)])
      : [];
  return pairs;
}

function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(strings);
  return isMap(value) ? Object.values(value).flatMap(strings) : [];
}

const isMap = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
