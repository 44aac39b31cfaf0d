import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BOLD, background, cleanLine, foreground, LONGEST_LINE, readRuns } from './ansi.ts';

describe('colours', () => {
  test('a cosmos line', () => {
    const { text, runs } = cleanLine('\x1b[90m1:22PM\x1b[0m \x1b[31mERR\x1b[0m \x1b[1mError dialing seed\x1b[0m \x1b[36merr=\x1b[0m"x"');
    expect(text).toBe('1:22PM ERR Error dialing seed err="x"');
    expect(readRuns(runs).map(({ at, style }) => [at, foreground(style), Boolean(style & BOLD)])).toEqual([
      [0, 8, false], [6, -1, false], [7, 1, false], [10, -1, false], [11, -1, true], [29, -1, false], [30, 6, false], [34, -1, false],
    ]);
  });
  test('both ways through the code give the same', () => {
    const codes = fc.constantFrom('\x1b[0m', '\x1b[m', '\x1b[1m', '\x1b[2m', '\x1b[31m', '\x1b[92m', '\x1b[1;33m', '\x1b[44m', '\x1b[22;39m', '\x1b[38;5;196m', '\x1b[38;2;1;200;3m', '\x1b[7m');
    fc.assert(fc.property(fc.array(fc.oneof(codes, fc.string())), (parts) => {
      const line = parts.join('').replaceAll(/[^\x1b\x20-\x7e]/g, '');
      const fast = cleanLine(line);
      const slow = cleanLine(`${line}é`);
      expect(slow.text).toBe(`${fast.text}é`);
      expect(readRuns(slow.runs)).toEqual(readRuns(fast.runs));
    }));
  });
  test('256 colours and true colour become the nearest of the sixteen; background too', () => {
    expect(foreground(readRuns(cleanLine('\x1b[38;5;196mx').runs)[0]?.style ?? 0)).toBe(9);
    expect(foreground(readRuns(cleanLine('\x1b[38;2;0;120;0mx').runs)[0]?.style ?? 0)).toBe(2);
    expect(background(readRuns(cleanLine('\x1b[48;5;21mx').runs)[0]?.style ?? 0)).toBe(12);
  });
});

describe('what is no colour goes', () => {
  test.each([
    ['\x1b[2Kdone', 'done'],
    ['a\x1b[3;4Hb\x1b[?25lc', 'abc'],
    ['\x1b]8;;http://evil.example\x07click\x1b]8;;\x07', 'click'],
    ['\x1b]8;;http://evil.example\x1b\\click\x1b]8;;\x1b\\', 'click'],
    ['\x1b]52;c;ZXZpbA==\x07x', 'x'],
    ['\x1b]0;title\x07x', 'x'],
    ['\x1bP1$r0m\x1b\\x', 'x'],
    ['\x1b(B\x1b=x', 'x'],
    ['\x9b31mred\x9b0m', 'red'],
    ['end\r', 'end'],
  ])('%j', (raw, text) => expect(cleanLine(raw).text).toBe(text));

  test('what would be invisible or turn the text is shown', () => {
    expect(cleanLine('\u202egnp.exe').text).toBe('⟨RLO⟩gnp.exe');
    expect(cleanLine('a\u200bb\u2066c').text).toBe('a⟨ZWSP⟩b⟨LRI⟩c');
    expect(cleanLine('a\x00b\x08c\x7f').text).toBe('a␀b␈c␡');
    expect(cleanLine('100%\r50%').text).toBe('100%␍50%');
    expect(cleanLine('\ud800x').text).toBe('⟨U+D800⟩x');
    expect(cleanLine('节点 🎉 é\tx').text).toBe('节点 🎉 é\tx');
  });
  test('an escape without its end takes no text with it', () => {
    expect(cleanLine('\x1b]0;never ends and the error').text).toContain('never ends and the error');
    expect(cleanLine('\x1b[31').text).not.toContain('\x1b');
  });
});

test.each(['\x9d', '\x1b]', '\x1b[', '\x1b[31m', '\u202e', '\r', '\x1b[38;5;1m'])('a line of nothing but %j takes no time', (piece) => {
  const started = performance.now();
  cleanLine(piece.repeat(100_000));
  expect(performance.now() - started).toBeLessThan(500);
});

test('a line without end is cut, and says so', () => {
  const { text } = cleanLine('x'.repeat(10_000_000));
  expect(text.length).toBeLessThan(LONGEST_LINE + 30);
  expect(text).toMatch(/…\+\d+$/);
});

test('fuzz: whatever comes, no control or turning character is left, runs are in order and inside, printable text survives', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('\x1b', '\x1b[', '\x1b]', '\x1b]8;;u\x07', '\x1b[31', 'm', ';', '\x1b[1;31m', '\x9b', '\x07', '\x1b\\', '\u202e', '\u2069', '\r', '\x1b[38;5;', '\x1b[999999999999m', '\x1b[;;;m', '\x1bP'),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (parts) => {
      const { text, runs } = cleanLine(parts.join(''));
      let last = -1;
      // One plain answer a run: thousands of matchers take longer than the work.
      const inOrder = readRuns(runs).every(({ at, style }) => { const fine = at > last && at <= text.length && style < 1 << 15; last = at; return fine; });
      return inOrder && !/[\x00-\x08\x0a-\x1f\x7f-\x9f\u061c\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/.test(text);
    }),
    { numRuns: 2000 },
  );
});
