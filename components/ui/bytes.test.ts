import { expect, test } from 'vitest';
import { splitBytes } from './bytes.ts';

test.each([[0, 0, 'B'], [1023, 1023, 'B'], [1024, 1, 'KiB'], [1536, 1.5, 'KiB'], [5 * 1024 ** 3, 5, 'GiB'], [3 * 1024 ** 5, 3072, 'TiB'], [-1, 0, 'B']])('%d bytes', (bytes, value, unit) => {
  expect(splitBytes(bytes)).toEqual({ value, unit });
});
