'use client';
/** What a command printed, follows the end while it runs. Text is put in blocks that the browser skips while they are out of sight. */
import type { OutputLine } from '#lib/operations/schema.ts';
import clsx from 'clsx';
import { useTranslations } from 'next-intl';
import { useEffect, useMemo, useRef } from 'react';
import { CopyButton } from '../ui/copy.tsx';
import { useOperationWords } from './operation-words.ts';

const BLOCK = 200;
// Colours and cursor moves of compose and docker; also what could reorder text on the screen.
const NOT_TEXT = /\u001b\[[0-9;?]*[A-Za-z]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[\u0000-\u0008\u000b-\u001f\u007f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

export const plainOutput = (line: string): string => line.replace(NOT_TEXT, '');

export function OutputView({ lines, running, tall }: { lines: readonly OutputLine[]; running: boolean; tall?: boolean }) {
  const t = useTranslations('operationView');
  const words = useOperationWords();
  const box = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const blocks = useMemo(() => {
    const all: OutputLine[][] = [];
    for (let i = 0; i < lines.length; i += BLOCK) all.push(lines.slice(i, i + BLOCK));
    return all;
  }, [lines]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: new lines are what moves the end
  useEffect(() => {
    if (atEnd.current && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [blocks]);
  const text = (line: OutputLine) => (line.stream === 'panel' ? words.output(line) : plainOutput(line.line));
  if (lines.length === 0) return <p className="text-base text-ink-3">{running ? t('noOutputYet') : t('noOutput')}</p>;
  return (
    <div className="relative">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <div ref={box} role="log" aria-label={t('output')} aria-live="off" tabIndex={0} onScroll={(event) => {
        const el = event.currentTarget;
        atEnd.current = el.scrollHeight - el.scrollTop - el.clientHeight < 40;
      }} className={clsx('overflow-auto rounded-md border bg-sunken px-3 py-2.5 pr-11 font-mono text-[0.8rem] leading-relaxed', tall ? 'max-h-[60dvh]' : 'max-h-56')}>
        {blocks.map((block, i) => (
          <div key={i} className={i < blocks.length - 1 ? '[content-visibility:auto] [contain-intrinsic-size:auto_4000px]' : undefined}>
            {block.map((line) => (
              <div key={line.id} className={clsx('break-words whitespace-pre-wrap', line.stream === 'panel' && 'font-sans text-work')}>{text(line) || ' '}</div>
            ))}
          </div>
        ))}
      </div>
      <CopyButton text={lines.map(text).join('\n')} className="absolute top-1 right-3" />
    </div>
  );
}
