'use client';
/**
 * A text area with coloured text behind it: the browser's own editing, undo and selection, and our colours. Lines don't wrap,
 * so a number stands beside each. A line is coloured anew only when it changes, and not drawn while it is out of sight.
 */
import clsx from 'clsx';
import { memo, useImperativeHandle, useMemo, useRef } from 'react';
import type { StateWord } from '../ui/state.tsx';
import { highlightLine, type Piece } from './highlight.ts';

const colours: Record<Piece['kind'], string> = {
  comment: 'text-ink-3', keyword: 'text-svc-6', name: 'text-ink font-semibold', sign: 'text-ink-3', value: 'text-ok', secret: 'rounded-sm bg-unknown-soft text-unknown', plain: 'text-ink',
};
const LINE_PX = 21;
const BLOCK = 50;

export type RawEditorHandle = { goTo: (line: number) => void };
type Props = {
  ref?: React.Ref<RawEditorHandle>;
  text: string; label: string; describedBy: string; readOnly: boolean;
  /** Worst problem of each line, counted from 1. */
  marks: ReadonlyMap<number, StateWord>;
  onText: (text: string) => void;
};

/** The same map again as long as it says the same: lines are drawn anew only for another one. */
function useSame(map: ReadonlyMap<number, StateWord>): ReadonlyMap<number, StateWord> {
  const last = useRef(map);
  const same = last.current.size === map.size && [...map].every(([line, mark]) => last.current.get(line) === mark);
  if (!same) last.current = map;
  return last.current;
}

export function RawEditor({ ref, text, label, describedBy, readOnly, marks: given, onText }: Props) {
  const marks = useSame(given);
  const area = useRef<HTMLTextAreaElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const lines = useMemo(() => text.split('\n'), [text]);
  useImperativeHandle(ref, () => ({
    goTo: (line) => {
      const start = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
      area.current?.focus({ preventScroll: true });
      area.current?.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
      box.current?.scrollIntoView({ block: 'nearest' });
      box.current?.scrollTo({ top: Math.max(0, (line - 4) * LINE_PX), left: 0 });
    },
  }), [lines]);
  const blocks = Array.from({ length: Math.ceil(lines.length / BLOCK) }, (_, i) => i * BLOCK);
  return (
    <div ref={box} className="max-h-[calc(100dvh-var(--bar)-21.5rem)] min-h-72 overflow-auto rounded-md border border-control bg-surface font-mono text-[13px] leading-[21px] has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent">
      <div className="flex w-max min-w-full">
        <div aria-hidden="true" className="sticky left-0 z-10 flex-none border-r bg-sunken py-2 text-right text-ink-3 select-none">
          {blocks.map((from) => <Numbers key={from} from={from} to={Math.min(from + BLOCK, lines.length)} marks={marks} />)}
        </div>
        <div className="relative grid flex-1">
          <pre aria-hidden="true" className="pointer-events-none col-start-1 row-start-1 min-h-full py-2 pr-8 pl-3 font-mono text-[length:inherit] whitespace-pre">
            {blocks.map((from) => <Block key={from} from={from} text={lines.slice(from, from + BLOCK).join('\n')} marks={marks} />)}
          </pre>
          <textarea ref={area} value={text} readOnly={readOnly} aria-label={label} aria-describedby={describedBy} wrap="off" rows={1}
            spellCheck={false} autoComplete="off" autoCapitalize="off" autoCorrect="off" onChange={(event) => onText(event.target.value)}
            className="col-start-1 row-start-1 size-full resize-none overflow-hidden bg-transparent py-2 pr-8 pl-3 font-mono text-transparent caret-ink outline-none [font-size:inherit] whitespace-pre" />
        </div>
      </div>
    </div>
  );
}

const Block = memo(function Block({ from, text, marks }: { from: number; text: string; marks: ReadonlyMap<number, StateWord> }) {
  const lines = text.split('\n');
  return (
    <span className="block" style={{ contentVisibility: 'auto', containIntrinsicBlockSize: `${lines.length * LINE_PX}px` }}>
      {lines.map((line, i) => <Line key={i} text={line} mark={marks.get(from + i + 1)} />)}
    </span>
  );
});

const Line = memo(function Line({ text, mark }: { text: string; mark: StateWord | undefined }) {
  return (
    <span className={clsx('block h-[21px]', mark && 'underline decoration-wavy underline-offset-4', mark === 'broken' ? 'decoration-bad' : 'decoration-warn')}>
      {highlightLine(text).map((piece, i) => <span key={i} className={colours[piece.kind]}>{piece.text}</span>)}{'\n'}
    </span>
  );
});

const Numbers = memo(function Numbers({ from, to, marks }: { from: number; to: number; marks: ReadonlyMap<number, StateWord> }) {
  return (
    <span className="block">
      {Array.from({ length: to - from }, (_, i) => {
        const mark = marks.get(from + i + 1);
        return <span key={i} className={clsx('block h-[21px] min-w-11 px-2', mark === 'broken' && 'bg-bad-soft font-semibold text-bad', mark === 'attention' && 'bg-warn-soft font-semibold text-warn')}>{from + i + 1}</span>;
      })}
    </span>
  );
});
