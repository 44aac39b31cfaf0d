'use client';
/** `<Address value="gonka1…" />`: shortened in the middle, the whole on hover, copied on click. Pair it with a name where there is one. */
import clsx from 'clsx';
import { Check } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useCopy } from './copy.tsx';

export const shortAddress = (value: string, head = 10, tail = 6) => (value.length > head + tail + 3 ? `${value.slice(0, head)}…${value.slice(-tail)}` : value);

export function Address({ value, className }: { value: string; className?: string }) {
  const t = useTranslations('shell');
  const { state, copy } = useCopy();
  return (
    <>
      <button type="button" title={value} onClick={() => copy(value)}
        className={clsx('inline-flex items-center gap-1 rounded-sm font-mono text-[0.92em] hover:text-accent', className)}>
        {shortAddress(value)}<span className="sr-only"> {t('copyAddress', { address: value })}</span>
        {state === 'done' && <Check aria-hidden="true" className="size-3 text-ok" />}
      </button>
      <span role="status" className="sr-only">{state === 'done' ? t('copied') : state === 'failed' ? t('copyFailed') : ''}</span>
    </>
  );
}
