import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { editEnvFile } from './env-edit.ts';
import { editability } from './env-editability.ts';
import { parseEnvFile } from './env-file.ts';
import { quoteEnvValue } from './env-quoting.ts';
import { envValues } from './env-values.ts';
import { hideSecrets, showSecrets } from './secret-tokens.ts';
import { isSecretName } from './secret-values.ts';

const scratch = mkdtempSync(path.join(tmpdir(), 'env-edit-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const runs = Number(process.env.PROPERTY_RUNS ?? 700);
const HOME = '/home/op';

function bash(text: string): Map<string, string> {
  writeFileSync(path.join(scratch, 'config.env'), text);
  const run = spawnSync('/bin/bash', ['--noprofile', '--norc', '-c', 'source ./config.env; exec /usr/bin/env -0'], { cwd: scratch, env: { HOME, PATH: '/nonexistent' } as unknown as NodeJS.ProcessEnv, timeout: 10_000, maxBuffer: 1 << 28 });
  return new Map(run.stdout.toString('utf8').split('\0').filter(Boolean).map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
}

/** What `docker compose --env-file` hands to a service; no engine is asked for this. */
function compose(text: string, names: string[]): Map<string, string> {
  writeFileSync(path.join(scratch, 'config.env'), text);
  const environment = names.map((name) => `      ${name}: "\${${name}-unset}"\n`).join('');
  writeFileSync(path.join(scratch, 'docker-compose.yml'), `services:\n  api:\n    image: none\n    environment:\n${environment}`);
  const run = spawnSync('docker', ['compose', '-p', 'env-edit', '--env-file', 'config.env', 'config', '--format', 'json'], { cwd: scratch, env: { HOME: scratch, PATH: process.env.PATH } as unknown as NodeJS.ProcessEnv, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (run.status !== 0) throw new Error(`compose: ${run.stderr.slice(0, 500)}`);
  const read = JSON.parse(run.stdout).services.api.environment as Record<string, string>;
  // `config` prints a dollar sign so that it could be read again.
  return new Map(Object.entries(read).map(([name, value]) => [name, value.replaceAll('$$', '$')]));
}

const PARTS = ['a', 'b', 'Z', '0', '8000', ' ', '  ', '\t', '\\', '\\\\', '\\n', '\\t', '\\$', "'", '"', '`', '$', '$$', '$V1', '${V1}', '${V1:-x}', '${', '$(id)', '$((1))', '#', ' # c', '!', '!!', '~', '~/', ':~', '{a,b}', '{1..3}', '*', '?', '[x]', '&', '&&', '|', ';', '<', '>', '<FILLIN>', '(', ')', '=', ':', '/', '.', ',', '%', '%s', '@', '+', '-', '^', 'export ', 'http://u:p@h:1/', 'é', '世界', '😀', '\u00a0', '\ufeff', '\u2028', '\u0085'];
const nasty = fc.oneof({ weight: 4, arbitrary: fc.array(fc.constantFrom(...PARTS), { maxLength: 8 }).map((all) => all.join('')) }, { weight: 1, arbitrary: fc.string({ unit: fc.constantFrom(...'ab \\$"\'`#!') , maxLength: 10 }) }, { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 12 }) });
/** Said apart from the code: control characters, half characters, or quotes for which there is no common form. */
const unwritable = (value: string) => /[\0-\x08\x0a-\x1f\x7f]/.test(value) || !value.isWellFormed() || (value.includes('`') && (value.includes("'") || (/\\*$/.exec(value)?.[0].length ?? 0) % 2 === 1));

/** A line as a person may have it: before the value, the value, after it; `gets`: what an edit puts before the line's name. */
const form = fc.constantFrom(
  ['export ', 'old', ''], ['export ', "'old # x'", '   # a comment'], ['export ', '"o\\"ld"', ' # c "x\''], ['export ', '', ''], ['export ', '$V1/x', ''], ['  export  ', 'a#b', '\t'], ['', 'plain', ' # not exported'], ['# note = $(x) \'\nexport ', 'o\\ ld', ''], ['\n\nexport ', "a'b'\"c\"", ''], ['export V0=first\nexport ', 'second', ''],
) as fc.Arbitrary<[string, string, string]>;

let tried = 0;
let refused = 0;
let composeRuns = 0;

describe('what is written, read by bash and by docker compose --env-file', () => {
  const SIZE = 400;
  it('files of hundreds of variables, every second one edited or added', () => {
    fc.assert(fc.property(fc.array(fc.tuple(form, nasty, fc.boolean()), { minLength: SIZE, maxLength: SIZE }), fc.constantFrom('', '\n'), (lines, lastEnd) => {
      const changes: Record<string, string> = {};
      const untouched: string[] = [];
      let [before, after, added] = ['export V1=one\n', 'export V1=one\n', ''];
      lines.forEach(([[lead, old, trail], value, edited], i) => {
        const name = `X${i}`;
        const line = (prefix: string, literal: string) => `${prefix}${name}=${literal}${trail}\n`;
        if (unwritable(value)) {
          refused++;
          expect(() => quoteEnvValue(value, name)).toThrow(expect.objectContaining({ code: 'config_value_unwritable', params: expect.objectContaining({ variable: name }) }));
          return;
        }
        tried++;
        if (!edited) {
          // A line of its own at the end.
          changes[name] = value;
          added += `export ${name}=${quoteEnvValue(value)}\n`;
          untouched.push(`U${i}`);
          before += `export U${i}=${quoteEnvValue(value)}\n`;
          after += `export U${i}=${quoteEnvValue(value)}\n`;
          return;
        }
        before += line(lead, old);
        // `a#b` set to `a#b` is no change; of the fixed forms only bare values can be met.
        const same = value === ({ old: 'old', '': '', 'a#b': 'a#b', second: 'second', '$V1/x': 'one/x' } as Record<string, string>)[old] && lead !== '';
        after += line(lead === '' ? 'export ' : lead, same ? old : quoteEnvValue(value));
        changes[name] = value;
      });
      before = before.replace(/\n$/, lastEnd);
      const result = editEnvFile(parseEnvFile(before), changes);
      // Every byte: the expected file is put together without the code under test.
      expect(result.text).toBe(added ? after + added : after.replace(/\n$/, lastEnd));
      const names = [...Object.keys(changes), ...untouched];
      const [fromBash, fromCompose, bashBefore] = [bash(result.text), compose(result.text, names), bash(before)];
      composeRuns++;
      const wrong = Object.entries(changes).filter(([name, value]) => fromBash.get(name) !== value || fromCompose.get(name) !== value);
      expect(wrong.map(([name, value]) => [value, fromBash.get(name), fromCompose.get(name)])).toEqual([]);
      expect(untouched.filter((name) => fromBash.get(name) !== bashBefore.get(name) || fromCompose.get(name) !== bashBefore.get(name))).toEqual([]);
    }), { numRuns: Math.ceil((runs * 20) / SIZE), endOnFailure: true });
    expect(tried).toBeGreaterThan(runs * 15);
    expect(refused).toBeLessThan(tried / 4);
    expect(composeRuns).toBe(Math.ceil((runs * 20) / SIZE));
  }, 600_000);
});

const POOL = ['A', 'B', 'C', 'KEY_NAME'];
const name = fc.constantFrom(...POOL);
const piece = fc.constantFrom('a', 'x y', '8000', '=', ':', '/', '*', '#', '~/', ':~', ' ', '\t', '\\', "\\'", '\\\n', '"', "'", '"x y"', "'x y'", '"$A"', '$A', '${B}', '${A:-d}', '"${A:-$B}"', "$'a\\tb'", '$', '\r', 'é', '$1', '$(a)', '${A%a}', '{a,b}', '..', ';', ' #c', '<FILLIN>', '&', '\n');
const old = fc.array(piece, { maxLength: 3 }).map((all) => all.join(''));
const statement = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(name, old).map(([n, v]) => `export ${n}=${v}`) },
  { weight: 3, arbitrary: fc.tuple(name, old).map(([n, v]) => `${n}=${v}`) },
  { weight: 1, arbitrary: fc.tuple(name, old, name, old).map(([n, v, m, w]) => `export ${n}=${v} ${m}=${w}`) },
  { weight: 1, arbitrary: fc.tuple(name, old, name, old).map(([n, v, m, w]) => `${n}=${v} ${m}=${w} # c`) },
  { weight: 1, arbitrary: fc.tuple(name, old, name, old).map(([n, v, m, w]) => `${n}=${v}; export ${m}=${w} ; # c`) },
  { weight: 1, arbitrary: fc.constantFrom('', '# note', '   ', 'set -a', 'set +a', 'A+=2', 'export A', 'export B C', 'unset A', 'export "C=q r"', "export 'A'=x", 'nosuch', ':', 'export A-B=1', 'B=1 \\\n C=2', 'if true; then B=1; fi', 'return', "A='1", 'true && A=5', 'export KEY_NAME=<FILLIN>', 'A\\\n=1', 'export A=q\\') },
);
const anyFile = fc.tuple(fc.array(statement, { minLength: 1, maxLength: 6 }), fc.constantFrom('\n', '\n', '\n', '\r\n'), fc.constantFrom('', '\n')).map(([lines, end, last]) => lines.join(end) + last);
const read = (text: string) => envValues(parseEnvFile(text), { HOME, PATH: '/nonexistent' });

/** Other variables that bash has otherwise after the edit, of those that the model claims to know and that it doesn't report. */
function changedElsewhere(before: string, after: string, edited: string, alsoChanged: string[]): string[] {
  const [model, was, is] = [read(before), bash(before), bash(after)];
  if (model.stopped || !model.certain) return [];
  return POOL.filter((one) => one !== edited && !alsoChanged.includes(one) && model.variables.get(one)?.state !== 'unknown' && was.get(one) !== is.get(one));
}

describe('any file', () => {
  it('read with another one at hand: the same entries as without', () => {
    fc.assert(fc.property(anyFile, anyFile, (text, other) => {
      expect(parseEnvFile(text, parseEnvFile(other)).entries).toEqual(parseEnvFile(text).entries);
      expect(parseEnvFile(other + text, parseEnvFile(other)).entries).toEqual(parseEnvFile(other + text).entries);
    }), { numRuns: runs * 10 });
  }, 120_000);

  let edits = 0;
  it('one variable set: bash has the value, nothing else moves, and read-only means refused', () => {
    fc.assert(fc.property(anyFile, name, nasty.filter((value) => !unwritable(value)), (text, variable, value) => {
      const file = parseEnvFile(text);
      const may = editability(file, read(text), variable);
      if (!may.editable) {
        if (read(text).variables.get(variable)?.state !== 'exported') expect(() => editEnvFile(file, { [variable]: value })).toThrow(expect.objectContaining({ code: 'config_edit_refused', params: { variable, reason: may.reason } }));
        return;
      }
      const { text: after, alsoChanged } = editEnvFile(file, { [variable]: value });
      // Where a placeholder still stops bash the value is there for when it is filled in.
      if (!/<FILLIN>/.test(after)) {
        edits++;
        expect(bash(after).get(variable)).toBe(value);
        expect(changedElsewhere(text, after, variable, alsoChanged)).toEqual([]);
      }
      // The bytes before the assignment and behind its statement are the old ones.
      const places = file.entries.flatMap((entry) => entry.assignments.filter((one) => one.name === variable).map((one) => [one.start, Math.max(...entry.assignments.map((all) => all.valueEnd))] as const));
      const bytesKept = after === text || after.startsWith(text) || places.some(([from, to]) => after.startsWith(text.slice(0, from)) && after.endsWith(text.slice(to))) || /<FILLIN>/.test(text);
      expect(bytesKept).toBe(true);
    }), { numRuns: runs * 2 });
    expect(edits).toBeGreaterThan(runs / 2);
  }, 600_000);

  it('one variable taken out: bash has none, nothing else moves', () => {
    let removed = 0;
    fc.assert(fc.property(anyFile, name, (text, variable) => {
      let result: ReturnType<typeof editEnvFile>;
      try {
        result = editEnvFile(parseEnvFile(text), { [variable]: null });
      } catch (error) {
        expect(error).toMatchObject({ code: 'config_edit_refused' });
        return;
      }
      if (result.text !== text) removed++;
      if (/<FILLIN>/.test(text) || !read(text).certain || read(text).stopped) return;
      expect(bash(result.text).has(variable)).toBe(false);
      expect(changedElsewhere(text, result.text, variable, result.alsoChanged)).toEqual([]);
    }), { numRuns: runs });
    expect(removed).toBeGreaterThan(runs / 10);
  }, 600_000);
});

describe('secrets as tokens', () => {
  const secretName = fc.constantFrom('KEYRING_PASSWORD', 'CF_DNS_API_TOKEN', 'A', 'PUBLIC_URL');
  const line = fc.oneof(
    { weight: 4, arbitrary: fc.tuple(fc.constantFrom('export ', '', '# ', '# export '), secretName, nasty).map(([lead, n, v]) => `${lead}${n}=${unwritable(v) ? v : quoteEnvValue(v)}`) },
    { weight: 2, arbitrary: fc.tuple(secretName, old).map(([n, v]) => `export ${n}=${v}`) },
    { weight: 1, arbitrary: fc.constantFrom('export U=http://u:s3cr3t@h # s3cr3t', '⟪secret 1⟫', '# ⟪secret', 'A=⟪secret 2⟫', 'export KEYRING_PASSWORD = spaced', 'A=1 KEYRING_PASSWORD=two words', "B='x'") },
  );
  it('come back byte for byte, and no known one is left in the text', () => {
    let seen = 0;
    fc.assert(fc.property(fc.array(line, { maxLength: 8 }), fc.constantFrom('\n', '\r\n'), (lines, end) => {
      const file = parseEnvFile(lines.join(end));
      const { text, hidden } = hideSecrets(file);
      expect(showSecrets(text, file)).toBe(file.toString());
      const shown = text.replace(/⟪secret \d+⟫/g, '\0');
      expect(shown.split('\0').length - 1).toBe(hidden.length);
      for (const [variable, one] of read(file.toString()).variables) {
        if (one.state === 'unknown' || !isSecretName(variable)) continue;
        const secret = one.value.replace(/\r+$/, '');
        if (secret.length < 4 || /^<[^<>]*>$|^\$\{?\w+\}?$/.test(secret)) continue;
        seen++;
        expect(shown).not.toContain(secret);
      }
    }), { numRuns: runs * 4 });
    expect(seen).toBeGreaterThan(runs / 2);
  }, 120_000);
});
