import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SECRET_MARK as SERVER_MARK } from '#lib/core/redact.ts';
import { cleanLine } from './ansi.ts';
import { lineParts, ownTimeLength } from './line-parts.ts';
import { SECRET_MARK } from './secret-mark.ts';

const looks = (raw: string, options = {}) => {
  const { text, runs } = cleanLine(raw);
  return lineParts(text, runs, options).map(({ text: part, look }) => (look ? `${look}:${part}` : part));
};

test('level word, keys, colours', () => {
  expect(looks('2026/11/23 13:42:28 INFO Setting height subsystem=Config height=12', { from: 20 })).toEqual(['lv lv-info:INFO', ' Setting height ', 'key:subsystem=', 'Config ', 'key:height=', '12']);
  expect(looks('\x1b[90m1:22PM\x1b[0m \x1b[31mERR\x1b[0m \x1b[36merr=\x1b[0m"x"')).toEqual(['fg8:1:22PM', ' ', 'lv lv-error:ERR', ' ', 'key:err=', '"x"']);
  expect(looks('2026-11-23T13:42:02Z  INFO tmkms::session: signed')[2]).toBe(' ');
  expect(looks('2026-11-23T13:42:02Z  INFO tmkms::session: signed')[3]).toBe('key:tmkms::session:');
});

test('the mark of the server is the mark of the view', () => {
  expect(SECRET_MARK).toBe(SERVER_MARK);
  expect(looks(`Loaded KEYRING_PASSWORD: ${SERVER_MARK} x`)).toEqual(['Loaded KEYRING_PASSWORD: ', `secret:${SERVER_MARK}`, ' x']);
});

test("programs' own times", () => {
  expect(['2026/11/23 13:42:28 INFO x', '1:22PM INF x', '2026-11-23T13:42:02.440049Z  INFO x', '2025-08-25 20:53:33,568 - pow - INFO', 'x 1:22PM', '12 apples'].map(ownTimeLength)).toEqual([20, 7, 29, 26, 0, 0]);
});

test('the parts together are the line, whatever is marked', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.array(fc.tuple(fc.nat({ max: 60 }), fc.nat({ max: 20 }))), (raw, hits) => {
      const { text, runs } = cleanLine(`\x1b[31m1:22PM ERR ${raw} a=${SECRET_MARK}\x1b[0m k=v`);
      const matches = hits.map(([at, length]): [number, number] => [at, at + length]);
      expect(lineParts(text, runs, { matches }).map((part) => part.text).join('')).toBe(text);
    }),
  );
});
