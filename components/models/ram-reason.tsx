'use client';
import { StateMark } from '../ui/state.tsx';
import type { FitReason } from './models-data.ts';
import { useFitWords } from './use-fit-words.ts';

export function RamReason({ reason }: { reason: FitReason }) {
  const words = useFitWords();
  return <span className="num flex items-start gap-2 text-sm text-ink-2">{reason.level !== 'info' && <StateMark state={reason.level} className="mt-1" />}<span className="min-w-0">{words.reason(reason)}</span></span>;
}
