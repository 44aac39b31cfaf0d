import { expect, it } from 'vitest';
import { formatGnk } from './amount.tsx';

it('cuts to four decimals and never rounds up', () => {
  expect(formatGnk(38_627_452_699_999n)).toBe('38,627.4526');
  expect(formatGnk(999_999_999n)).toBe('0.9999');
  expect(formatGnk(99_999n)).toBe('0');
  expect(formatGnk(1_000_000_000n)).toBe('1');
  expect(formatGnk(1_050_000_000n)).toBe('1.05');
  expect(formatGnk(-1_500_000_000n)).toBe('−1.5');
  expect(formatGnk(12_345_678_901_234_567_890_000_000_000n)).toBe('12,345,678,901,234,567,890');
});
