'use client';
/** `<Command argv={['docker','compose',…]} />` or `text`: the literal command as it runs, quoted so that it can be pasted into a shell, with copy. */
import clsx from 'clsx';
import { CopyButton } from './copy.tsx';

/** One shell line for an argument list; anything unusual is single-quoted. */
export function shellLine(argv: readonly string[]): string {
  return argv.map((arg) => (/^[\w@%+=:,./-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", `'\\''`)}'`)).join(' ');
}

export function Command({ argv, text, className }: { argv?: readonly string[]; text?: string; className?: string }) {
  const line = text ?? shellLine(argv ?? []);
  return (
    <div className={clsx('relative rounded-md border bg-sunken', className)}>
      <pre className="px-3 py-2.5 pr-11 max-sm:py-3.5 max-sm:pr-13 text-[0.8rem] leading-relaxed [overflow-wrap:anywhere] whitespace-pre-wrap text-ink-2">{line}</pre>
      <CopyButton text={line} className="absolute top-1 right-1" />
    </div>
  );
}
