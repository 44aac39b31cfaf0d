import type { Doubt } from './shell-doubt.ts';

const SIMPLE: Record<string, string> = { n: '\n', r: '\r', t: '\t', '\\': '\\', "'": "'", '"': '"', '?': '?' };

/** The inside of `$'…'` with the escapes of C (bash manual, "ANSI-C Quoting"). `from` is behind the opening quote, `end` behind the closing one. */
export function readAnsiQuoted(text: string, from: number): { value: string; end: number; doubts: Doubt[] } {
  const doubts: Doubt[] = [];
  let at = from;
  let value = '';
  const unclosed = () => ({ value, end: text.length, doubts: [...doubts, { reason: 'unclosed', reach: 'stop' } as Doubt] });
  for (;;) {
    const char = text[at];
    if (char === undefined) return unclosed();
    if (char === "'") return { value, end: at + 1, doubts };
    if (char === '\n') doubts.push({ reason: 'multi_line', reach: 'names' });
    if (char !== '\\') {
      value += char;
      at++;
      continue;
    }
    const next = text[at + 1];
    if (next === undefined) return unclosed();
    const simple = SIMPLE[next];
    const number = /^(?:([0-7]{1,3})|x([0-9a-fA-F]{1,2}))/.exec(text.slice(at + 1, at + 5));
    if (simple !== undefined) {
      value += simple;
      at += 2;
    } else if (number) {
      const code = number[1] ? Number.parseInt(number[1], 8) & 255 : Number.parseInt(number[2] as string, 16);
      // Zero ends the string, a byte above 127 is a part of some character, and bash has a use of its own for some below 32.
      if (code > 126 || (code < 32 && ![9, 10, 13].includes(code))) doubts.push({ reason: 'control_character', reach: 'names' });
      value += String.fromCharCode(code);
      at += 1 + number[0].length;
    } else if ('abeEfv'.includes(next)) {
      doubts.push({ reason: 'control_character', reach: 'names' });
      at += 2;
    } else if ('uUc'.includes(next) || (next === 'x' && text[at + 2] === '{')) {
      // Where these end depends on bash's release and locale.
      doubts.push({ reason: next === 'c' ? 'control_character' : 'locale', reach: 'rest' });
      at += 2;
    } else {
      if (next === '\n') doubts.push({ reason: 'multi_line', reach: 'names' });
      value += `\\${next}`;
      at += 2;
    }
  }
}
