/** `<Amount ngonka="38627452612345" />`: GNK with up to 4 decimals, cut and never rounded up; the exact ngonka on hover. */
import { useLocale } from 'next-intl';

/** 1 GNK = 1e9 ngonka; integers only. Negative amounts are cut towards zero. */
export function formatGnk(ngonka: bigint, locale = 'en'): string {
  const negative = ngonka < 0n;
  const all = negative ? -ngonka : ngonka;
  const whole = (all / 1_000_000_000n).toLocaleString(locale);
  const part = ((all % 1_000_000_000n) / 100_000n).toString().padStart(4, '0').replace(/0+$/, '');
  return `${negative ? '−' : ''}${whole}${part ? `.${part}` : ''}`;
}

export function Amount({ ngonka, className }: { ngonka: string | bigint; className?: string }) {
  const value = BigInt(ngonka);
  return <data value={value.toString()} title={`${value.toLocaleString(useLocale())} ngonka`} className={className}>{formatGnk(value, useLocale())} GNK</data>;
}
