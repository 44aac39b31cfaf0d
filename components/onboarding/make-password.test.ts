import { expect, test } from 'vitest';
import { makePassword } from './make-password.ts';

test('24 signs that no shell changes, another one each time, never with a y', () => {
  const made = Array.from({ length: 2000 }, () => makePassword());
  expect(made.every((one) => /^[A-HJ-NP-XZa-km-xz2-9]{24}$/.test(one))).toBe(true);
  expect(new Set(made).size).toBe(2000);
  expect(new Set(made.join('')).size).toBe(55);
});
