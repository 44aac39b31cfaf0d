'use client';
/** The file as text: secrets as tokens, the same checks at their lines, and a draft to copy from when the file has overtaken it. */
import { useTranslations } from 'next-intl';
import { useEffect, useId, useMemo, useRef } from 'react';
import { Card, CardBody } from '../ui/card.tsx';
import type { StateWord } from '../ui/state.tsx';
import { useList } from '../ui/use-list.ts';
import { KeptDraft } from './kept-draft.tsx';
import { ProblemLines } from './problem-lines.tsx';
import { lineOf, linesOfNames, type PlacedProblem } from './problem-places.ts';
import { RawEditor, type RawEditorHandle } from './raw-editor.tsx';

type Props = {
  text: string; tokens: readonly string[]; problems: readonly PlacedProblem[]; locked: boolean;
  /** Line to begin at. */
  line?: number;
  draft?: string; onText: (text: string) => void; onDropDraft: () => void;
};

export function RawView({ text, tokens, problems, locked, line, draft, onText, onDropDraft }: Props) {
  const t = useTranslations('config.raw');
  const list = useList();
  const id = useId();
  const editor = useRef<RawEditorHandle>(null);
  const names = useMemo(() => linesOfNames(text), [text]);
  const marks = useMemo(() => {
    const found = new Map<number, StateWord>();
    for (const problem of problems) {
      const at = lineOf(problem, names);
      if (at !== undefined && found.get(at) !== 'broken') found.set(at, problem.level);
    }
    return found;
  }, [problems, names]);
  useEffect(() => {
    if (line !== undefined) editor.current?.goTo(line);
  }, [line]);
  const byLine = problems.toSorted((a, b) => (lineOf(a, names) ?? 0) - (lineOf(b, names) ?? 0));
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
      <p id={`${id}-h`} className="max-w-[80ch] text-base text-ink-2">
        {t('help')} {tokens.length > 0 && t('tokens', { token: '⟪secret 1⟫', count: tokens.length, names: list([...new Set(tokens.filter(Boolean))]) })}
      </p>
      <RawEditor ref={editor} text={text} label={t('label')} describedBy={problems.length > 0 ? `${id}-h ${id}-p` : `${id}-h`} readOnly={locked} marks={marks} onText={onText} />
      {problems.length > 0 && (
        <Card title={t('problems', { count: problems.length })}>
          <CardBody>
            <ProblemLines id={`${id}-p`} problems={byLine} lead={(problem) => {
              const at = lineOf(problem, names);
              return at !== undefined && <><button type="button" className="link num" onClick={() => editor.current?.goTo(at)}>{t('line', { line: at })}</button>{' '}</>;
            }} />
          </CardBody>
        </Card>
      )}
      <KeptDraft draft={draft} onDrop={onDropDraft} />
    </div>
  );
}
