import { type MessageFormatElement, parse, TYPE } from '@formatjs/icu-messageformat-parser';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const FORBIDDEN = new Set(['index', 'utils', 'util', 'helpers', 'helper', 'common', 'misc', 'types', 'constants', 'shared']);

function filesBelow(folder: string): string[] {
  return readdirSync(path.join(root, folder)).flatMap((name) => {
    const relative = path.join(folder, name);
    if (name === 'generated' || name === 'node_modules') return [];
    return statSync(path.join(root, relative)).isDirectory() ? filesBelow(relative) : [relative];
  });
}

const files = ['lib', 'guard', 'components', 'app', 'e2e', 'scripts', 'i18n'].flatMap(filesBelow);
const code = files.filter((file) => /\.(ts|tsx|mjs)$/.test(file));

test('the search finds the code at all', () => {
  expect(code.length).toBeGreaterThan(50);
});

test('no file and no folder has a name that says nothing', () => {
  const bad = code.filter((file) => file.split(path.sep).some((part) => FORBIDDEN.has(part.replace(/\..*$/, ''))));
  expect(bad).toEqual([]);
});

test('file names are kebab-case', () => {
  const bad = code.filter((file) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.(test|itest|spec|d|config))?\.(ts|tsx|mjs)$/.test(path.basename(file)));
  expect(bad).toEqual([]);
});

test('what runs before our own Node is there runs on Node 18, as Debian and Ubuntu have it', () => {
  const early = code.filter((file) => /^scripts\/(?:[\w-]+\.mjs|machine\/[\w-]+\.mjs)$/.test(file) && path.basename(file) !== 'bundle.mjs');
  expect(early).toEqual(expect.arrayContaining(['scripts/start.mjs', 'scripts/test.mjs', 'scripts/content-hash.mjs', 'scripts/machine/packages.mjs']));
  const newer = early.filter((file) => /import\.meta\.(?:dirname|filename|resolve)|fs\.globSync|Promise\.withResolvers|node:sqlite|\.toSorted\(|\.isWellFormed\(/.test(readFileSync(path.join(root, file), 'utf8')));
  expect(newer).toEqual([]);
});

test('what the build reads is there when the image is built', () => {
  const listed = /const sources = (\[[^\]]+\])/.exec(readFileSync(path.join(root, 'scripts/start.mjs'), 'utf8'))?.[1] ?? '[]';
  const sources = JSON.parse(listed.replaceAll("'", '"')) as string[];
  expect(sources).toEqual(expect.arrayContaining(['app', 'lib']));
  const kept = new Set(readFileSync(path.join(root, '.dockerignore'), 'utf8').split('\n').map((line) => line.replace(/^!/, '')));
  expect(sources.filter((one) => !kept.has(one))).toEqual([]);
});

test('only lib/core/env.ts reads the environment of the process', () => {
  const readers = code.filter((file) => /^(lib|app|components)\//.test(file) && !/\.i?test\.tsx?$/.test(file) && /process\.env/.test(readFileSync(path.join(root, file), 'utf8')));
  expect(readers).toEqual(['lib/core/env.ts']);
});

test('no shell is ever asked to run something', () => {
  const guilty = code
    .filter((file) => /^(lib|app|components)\//.test(file) && !/\.i?test\.tsx?$/.test(file))
    .filter((file) => {
      const text = readFileSync(path.join(root, file), 'utf8');
      return /shell:\s*true/.test(text) || /import[^;]*\b(exec|execSync)\b[^;]*from 'node:child_process'/.test(text) || /\b(childProcess|child_process|cp)\.exec/.test(text);
    });
  expect(guilty).toEqual([]);
});

test('every message has its twin in the other language, with the same placeholders', () => {
  const leaves = (value: unknown, prefix = ''): [string, string][] =>
    typeof value === 'object' && value ? Object.entries(value).flatMap(([key, inner]) => leaves(inner, prefix ? `${prefix}.${key}` : key)) : [[prefix, String(value)]];
  const read = (language: string) => new Map(leaves(JSON.parse(readFileSync(path.join(root, `messages/${language}.json`), 'utf8'))));
  const [en, zh] = [read('en'), read('zh')];
  expect([...zh.keys()].filter((key) => !en.has(key)), 'only in zh').toEqual([]);
  expect([...en.keys()].filter((key) => !zh.has(key)), 'only in en').toEqual([]);
  const differing = [...en].filter(([key, text]) => {
    const [ours, theirs] = [argumentsOf(parse(text)), argumentsOf(parse(zh.get(key) ?? ''))];
    return [...theirs.keys()].some((name) => !ours.has(name)) || [...ours].some(([name, said]) => said && !theirs.has(name));
  }).map(([key]) => key);
  expect(differing).toEqual([]);
});

/** Name of every argument → whether it says something: a plural that only inflects English words needs no twin in Chinese. */
function argumentsOf(elements: MessageFormatElement[], found = new Map<string, boolean>()): Map<string, boolean> {
  for (const one of elements) {
    if (one.type === TYPE.literal || one.type === TYPE.pound) continue;
    if (one.type === TYPE.tag) argumentsOf(one.children, found);
    else if (one.type === TYPE.plural || one.type === TYPE.select) {
      const branches = Object.values(one.options);
      const inflects = one.type === TYPE.plural && !branches.some(({ value }) => value.some(({ type }) => type === TYPE.pound));
      found.set(one.value, (found.get(one.value) ?? false) || !inflects);
      for (const { value } of branches) argumentsOf(value, found);
    } else found.set(one.value, true);
  }
  return found;
}
