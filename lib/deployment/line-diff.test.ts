import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { DiffLine } from './config-schema.ts';
import { configDiff, maskedDiff } from './line-diff.ts';

const old = (lines: DiffLine[]) => lines.filter((one) => one.kind !== 'added').map((one) => one.text);
const now = (lines: DiffLine[]) => lines.filter((one) => one.kind !== 'removed').map((one) => one.text);

it('both texts can be read out of the difference, and each line is numbered in its own', () => {
  const text = fc.array(fc.constantFrom('A=1', 'B=2', 'C=3', '', '# x'), { maxLength: 12 });
  fc.assert(fc.property(text, text, (a, b) => {
    const diff = maskedDiff(a.map((one) => `${one}\n`).join(''), b.map((one) => `${one}\n`).join(''));
    expect([old(diff), now(diff)]).toEqual([a, b]);
    expect(diff.filter((one) => one.kind === 'removed').every((one) => a[one.line - 1] === one.text)).toBe(true);
    expect(diff.filter((one) => one.kind !== 'removed').map((one) => one.line)).toEqual(b.map((_, i) => i + 1));
  }), { numRuns: 300 });
});

it('a change of one line among many is one line out and one in', () => {
  const lines = Array.from({ length: 3000 }, (_, i) => `export V${i}=${i}`);
  const diff = configDiff('env', lines.join('\n'), lines.with(1500, 'export V1500=x').join('\n'));
  expect(diff.filter((one) => one.kind !== 'same')).toEqual([
    { kind: 'removed', line: 1501, text: 'export V1500=1500' },
    { kind: 'added', line: 1501, text: 'export V1500=x' },
  ]);
});

it('a changed secret is a changed line with nothing of either in it; an unchanged one has no mark of change', () => {
  const diff = configDiff('env', "export KEYRING_PASSWORD='first one'\nexport A=1\nexport HF_TOKEN=abcdef\n", "export KEYRING_PASSWORD='other one'\nexport A=2\nexport HF_TOKEN=abcdef\n");
  expect(diff.map((one) => `${one.kind} ${one.text}`)).toEqual(['removed export KEYRING_PASSWORD=••••••', 'removed export A=1', 'added export KEYRING_PASSWORD=••••••*', 'added export A=2', 'same export HF_TOKEN=••••••']);
});

it('no part of a secret is in a difference, whatever stands around it', () => {
  const secret = fc.string({ minLength: 6, maxLength: 12, unit: fc.constantFrom(...'abXY01$"\\ #') }).filter((one) => one.trim().length > 5);
  const quoted = (value: string) => `'${value}'`;
  fc.assert(fc.property(secret, secret, fc.constantFrom('# note', 'export A=1', 'B=${KEYRING_PASSWORD}'), (a, b, other) => {
    const shown = JSON.stringify(configDiff('env', `${other}\nexport KEYRING_PASSWORD=${quoted(a)}\n`, `export KEYRING_PASSWORD=${quoted(b)}\n${other}\n`).map((one) => one.text));
    for (const one of [a, b]) expect(shown).not.toContain(JSON.stringify(one).slice(1, -1));
  }));
});

it('line ends of another system are seen', () => {
  expect(configDiff('env', 'A=1\n', 'A=1\r\n').map((one) => one.text)).toEqual(['A=1', 'A=1␍']);
});
