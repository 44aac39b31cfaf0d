'use client';
import { useTranslations } from 'next-intl';
import { useId, useRef } from 'react';
import { ProblemLines } from '../config/problem-lines.tsx';
import { RawEditor, type RawEditorHandle } from '../config/raw-editor.tsx';
import type { StateWord } from '../ui/state.tsx';
import type { NodeConfigProblem } from './node-config-data.ts';
import { lineOf } from './problem-line.ts';

/** The file as it stands, with the same problems as the form; each leads to its line where that can be told. */
export function NodeConfigRaw({ text, problems, readOnly, onText }: { text: string; problems: readonly NodeConfigProblem[]; readOnly: boolean; onText: (text: string) => void }) {
  const t = useTranslations('nodeConfig.raw');
  const help = useId();
  const editor = useRef<RawEditorHandle>(null);
  const placed = problems.map((problem) => ({ ...problem, line: lineOf(text, problem) }));
  const marks = new Map<number, StateWord>();
  for (const { line, level } of placed) if (line !== undefined && marks.get(line) !== 'broken') marks.set(line, level);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <p id={help} className="max-w-[80ch] text-sm text-ink-3">{t('help')}{text.includes('⟪secret') && <> {t('secrets')}</>}</p>
      <RawEditor ref={editor} text={text} label={t('label')} describedBy={help} readOnly={readOnly} marks={marks} onText={onText} />
      <ProblemLines problems={placed} lead={({ line }) => line !== undefined && <button type="button" className="link mr-1.5" onClick={() => editor.current?.goTo(line)}>{t('line', { line })}</button>} />
    </div>
  );
}
