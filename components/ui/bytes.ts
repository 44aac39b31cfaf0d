'use client';
import { useFormatter } from 'next-intl';

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** A size in the unit it reads best in: 1,536 bytes are 1.5 KiB. */
export function splitBytes(bytes: number): { value: number; unit: (typeof UNITS)[number] } {
  let value = Math.max(0, bytes);
  let step = 0;
  while (value >= 1024 && step < UNITS.length - 1) {
    value /= 1024;
    step += 1;
  }
  return { value, unit: UNITS[step] ?? 'TiB' };
}

/** `bytes(1536)` → "1.5 KiB" in the reader's own digits. */
export function useBytes() {
  const format = useFormatter();
  return (bytes: number) => {
    const { value, unit } = splitBytes(bytes);
    return `${format.number(value, { maximumFractionDigits: unit === 'B' || value >= 100 ? 0 : 1 })} ${unit}`;
  };
}
