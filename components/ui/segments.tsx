'use client';
/** `<Segments label value options onChange>`: one of a few, side by side (native radio buttons underneath: arrows work, forms see them). */
import { useId } from 'react';

type Props<V extends string> = { label: string; value: V; options: readonly { value: V; label: React.ReactNode; lang?: string }[]; onChange: (value: V) => void };

export function Segments<V extends string>({ label, value, options, onChange }: Props<V>) {
  const name = useId();
  return (
    <fieldset className="inline-flex overflow-hidden rounded-md border border-line-strong text-sm has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent">
      <legend className="sr-only">{label}</legend>
      {options.map((option) => (
        <label key={option.value} lang={option.lang} className="inline-flex cursor-pointer items-center px-3 py-1.5 whitespace-nowrap max-sm:min-h-11 text-ink-2 border-l first-of-type:border-l-0 hover:text-ink has-checked:bg-accent-soft has-checked:font-medium has-checked:text-ink">
          <input type="radio" name={name} value={option.value} checked={option.value === value} onChange={() => onChange(option.value)} className="sr-only" />
          {option.label}
        </label>
      ))}
    </fieldset>
  );
}
