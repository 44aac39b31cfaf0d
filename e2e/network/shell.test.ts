import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { printf, Shell } from './shell.ts';

const sh = async (text: string, env: Record<string, string> = {}) => {
  const result = await new Shell({ PATH: process.env.PATH, ...env }).run(text, { capture: true });
  return `${result.out.toString()}[${result.code}]`;
};

test('quotes, variables and words', async () => {
  const fallback = '$' + '{Y:-d}';
  expect(await sh(`echo a   "b  $X" '$X' ${fallback} $EMPTY e`, { X: "c d'" })).toBe("a b  c d' $X d e\n[0]");
  expect(await sh('P=x; echo "$P"; echo $?')).toBe('x\n0\n[0]');
  expect(await sh('echo $X', { X: 'a  b' })).toBe('a b\n[0]');
  expect(await sh("printf '%s\\n%s\\n' \"$P\" \"$P\"", { P: 'pa"$ss' })).toBe('pa"$ss\npa"$ss\n[0]');
  expect(printf('%s-%d\\n', ['a', '1', 'b', '2'])).toBe('a-1\nb-2\n');
});

test('lists, pipes, substitution', async () => {
  expect(await sh('false && echo no; false || echo yes; true && echo also')).toBe('yes\nalso\n[0]');
  expect(await sh('printf "b\\na\\n" | sort | head -1')).toBe('a\n[0]');
  expect(await sh('echo "n: $(echo 1 | cat)"')).toBe('n: 1\n[0]');
  expect(await sh('[ -n "$X" ] && echo set || echo unset')).toBe('unset\n[0]');
  expect(await sh('nothing-there; echo $?')).toBe('127\n[0]');
});

test('redirections', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'standin-')), 'out');
  expect(await sh(`echo one > ${file}; echo two >> ${file}; cat < ${file}; sh -c 'echo err >&2' 2>/dev/null; echo gone >/dev/null 2>&1`)).toBe('one\ntwo\n[0]');
  expect(readFileSync(file, 'utf8')).toBe('one\ntwo\n');
  rmSync(dirname(file), { recursive: true });
});

test('read takes one line, what is assigned stays in the shell', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'standin-')), 'in');
  writeFileSync(file, '  two  blanks \nrest\n');
  expect(await sh(`IFS= read -r P < ${file}; echo "[$P]"; env`, { P: 'before' })).toContain('[  two  blanks ]\n');
  expect(await sh('Q=secret; env')).not.toContain('secret');
  expect(await sh('Q=given; export Q; env')).toContain('Q=given');
  expect(await sh(`printf no-end > ${file}; read -r P < ${file} || echo cut`)).toBe('cut\n[0]');
  symlinkSync(`${file}.not-there`, `${file}.link`);
  expect(await sh(`[ -L ${file}.link ] && [ ! -e ${file}.link ] && echo dangling`)).toBe('dangling\n[0]');
  rmSync(dirname(file), { recursive: true });
});
