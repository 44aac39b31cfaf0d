import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { parseEnvFile } from './env-file.ts';
import { envValues } from './env-values.ts';

const scratch = mkdtempSync(path.join(tmpdir(), 'env-values-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** What bash itself makes of the file: a fresh shell, nothing in its environment but HOME, no programs to find. */
function bash(text: string, extra: Record<string, string> = {}): Map<string, string> {
  const file = path.join(scratch, 'config.env');
  writeFileSync(file, text);
  const run = spawnSync('/bin/bash', ['--noprofile', '--norc', '-c', 'source ./config.env; exec /usr/bin/env -0'], { cwd: scratch, env: { HOME: '/home/op', PATH: '/nonexistent', ...extra } as unknown as NodeJS.ProcessEnv, timeout: 10_000 });
  return new Map(
    run.stdout
      .toString('utf8')
      .split('\0')
      .filter(Boolean)
      .map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  );
}

const POOL = ['A', 'B', 'C', 'KEY_NAME', 'D1'];
let claimed = 0;
let unclaimed = 0;

/** Every claim of the model must be bash's. Returns what differs. */
function differences(text: string): string[] {
  const real = bash(text);
  const file = parseEnvFile(text);
  if (file.toString() !== text) return ['the text itself'];
  const model = envValues(file, { HOME: '/home/op', PATH: '/nonexistent' });
  const wrong: string[] = [];
  for (const name of [...POOL, 'HOME']) {
    const one = model.variables.get(name);
    if (one?.state === 'unknown' || (!one && !model.certain)) {
      unclaimed++;
      continue;
    }
    claimed++;
    const want = one ? (one.state === 'exported' ? one.value : undefined) : name === 'HOME' ? '/home/op' : undefined;
    const got = real.get(name);
    // A value of bash that isn't UTF-8 can't be compared as text; the model never claims one.
    if (want !== got) wrong.push(`${name}: model ${JSON.stringify(want)}, bash ${JSON.stringify(got)}`);
  }
  return wrong;
}

const name = fc.constantFrom(...POOL);
const harmless = ['a', 'b c', 'x', '1', '8000', '=', ':', '/', '.', ',', '-', '+', '@', '%', '^', '*', '?', '[', ']', '{', '}', '!', '#', '~', '~/', ':~', ' ', '\t', '\\', "\\'", '\\"', '\\\\', '\\$', '\\ ', '\\\n', '"', "'", '"x y"', "'x y'", "'$A'", '"$A"', '$A', '${B}', '${A:-d}', '${A-d e}', '${C:+z}', '${C+z}', '"${A:-d e}"', '${A:-$B}', "$'a\\tb'", "$'\\x41\\101\\''", "$'\\q\\e'", '$', '"$"', '$.', '$/', '\r', 'é', '世界', '$1', '$?', '`a`', '$(a)', '$((1+1))', '${A%a}', '${A:=q}', '~x', '~+', '..', '{a,b}', '{1..3}', '"', "'", '""', "''", ';', ' #c', '#c', 'http://h:80/', 'tcp://h:5000'];
const risky = ['<FILLIN>', '<HOST>:<PORT>', '<', '>', '&', '&&', '||', '|', '(', ')', ';;', '; ', '\n', '<<E', '2>&1', '<a>b'];
const value = (parts: string[]) => fc.array(fc.constantFrom(...parts), { minLength: 0, maxLength: 5 }).map((all) => all.join(''));
const line = (parts: string[]) =>
  fc.oneof(
    { weight: 6, arbitrary: fc.tuple(name, value(parts)).map(([n, v]) => `export ${n}=${v}`) },
    { weight: 3, arbitrary: fc.tuple(name, value(parts)).map(([n, v]) => `${n}=${v}`) },
    { weight: 1, arbitrary: fc.tuple(name, value(parts)).map(([n, v]) => `${n}+=${v}`) },
    { weight: 1, arbitrary: fc.tuple(name, value(parts), name, value(parts)).map(([n, v, m, w]) => `export ${n}=${v} ${m}=${w}`) },
    { weight: 1, arbitrary: fc.tuple(name, value(parts), name, value(parts)).map(([n, v, m, w]) => `${n}=${v} ${m}=${w}`) },
    { weight: 1, arbitrary: fc.tuple(name, value(parts), name, value(parts)).map(([n, v, m, w]) => `${n}=${v};export ${m}=${w}`) },
    { weight: 1, arbitrary: name.map((n) => `export ${n}`) },
    { weight: 1, arbitrary: name.map((n) => `unset ${n}`) },
    { weight: 1, arbitrary: fc.constantFrom('', '# note', '   ', '\t# x', 'set -a', 'set +a', 'set -o allexport', 'echo hi', 'nosuch', ':', '\r', 'export A-B=1', 'export "C=q r"', 'export', 'true && A=5', 'A=1 echo', "A='1", 'if true; then B=1; fi', 'cat <<E', 'f() { A=2; }', 'return', '}', 'fi', 'export A B', '  export  B=2   # c', 'HOME=/h2') },
    { weight: 1, arbitrary: value(parts) },
  );
const fileOf = (parts: string[]) => fc.tuple(fc.array(line(parts), { minLength: 1, maxLength: 6 }), fc.constantFrom('\n', '\n', '\n', '\r\n'), fc.constantFrom('', '\n')).map(([lines, end, last]) => lines.join(end) + last);

const runs = Number(process.env.PROPERTY_RUNS ?? 700);
const check = (arbitrary: fc.Arbitrary<string>, numRuns: number) => fc.assert(fc.property(arbitrary, (text) => {
      expect(differences(text)).toEqual([]);
    }), { numRuns });

describe('against bash itself', () => {
  it('files of readable forms', () => check(fileOf(harmless), runs), 300_000);
  it('files with redirections and operators', () => check(fileOf([...harmless.filter((part) => !/[/~]/.test(part)), ...risky]), runs), 300_000);
  it('one value of any characters', () => check(fc.tuple(fc.string({ unit: fc.constantFrom(...'ab1 $\\"\'`;#{}()~:=!*?\t') , maxLength: 12 }), fc.constantFrom('export A=', 'A=')).map(([v, start]) => `${start}${v}\nexport B=after\nexport A`), runs), 300_000);
  it.each(["$(;)'", '$({)"', '$(;)"', "`;`'"])('an open quote after a command that bash cannot read: %s ends the whole shell', (v) => expect(differences(`export A=${v}\nexport B=after\nexport A`)).toEqual([]));
  it('an operator broken over joined lines', () => expect(differences('A=>\\\n&\r\nexport A=')).toEqual([]));
  it('claims most of what it reads', () => expect(claimed / (claimed + unclaimed)).toBeGreaterThan(0.4));
});

it('keeps every byte', () => {
  fc.assert(fc.property(fc.oneof(fc.string({ unit: 'binary' }), fileOf([...harmless, ...risky])), (text) => {
      expect(parseEnvFile(text).toString()).toBe(text);
    }), { numRuns: 3000 });
});
