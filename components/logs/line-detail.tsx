'use client';
/** The chosen line whole, or how many are chosen: copy, link to this moment. */
import { X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useEffect, useMemo, useRef } from 'react';
import { Button, IconButton } from '../ui/button.tsx';
import { useCopy } from '../ui/copy.tsx';
import type { Choice } from './choice.ts';
import { linesText, MOST_COPIED } from './line-copy.ts';
import type { PaneOptions } from './line-pane.ts';
import { textOf } from './line-row.ts';
import type { LogSession } from './log-session.ts';
import { microsToIso } from './time-column.ts';

type Props = { session: LogSession; choice: Choice; options: PaneOptions; link: (at: string) => string; onClose: () => void };

export function LineDetail({ session, choice, options, link, onClose }: Props) {
  const t = useTranslations('logs');
  const text = useRef<HTMLDivElement>(null);
  const held = choice.from >= session.buffer.start && choice.to < session.buffer.end;
  const one = choice.from === choice.to;
  const line = useMemo(() => (held ? session.buffer.line(choice.from) : undefined), [held, session, choice.from]);
  const count = held ? session.view.positionOf(choice.to + 1) - session.view.positionOf(choice.from) : 0;
  const { secretWords, matcher, eventWords } = options;
  useEffect(() => {
    if (!text.current || !line || !one) return;
    text.current.replaceChildren(line.stream === 'event' ? eventWords(line.text, line.service, line.time) : textOf(line, { secretWords, hideOwnTime: false, matcher }));
  }, [line, one, secretWords, matcher, eventWords]);
  if (!held || !line) return null;
  const at = microsToIso(line.time);
  return (
    <section aria-label={t('chosen')} className="grid gap-1.5 border-t bg-surface px-4 py-2.5 max-sm:px-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
        <span className="num font-medium">{one ? line.service : t('chosenLines', { count })}</span>
        {one && <time dateTime={at} className="font-mono text-xs text-ink-3">{at}</time>}
        <span className="ml-auto flex items-center gap-1.5">
          <Copying text={() => (one ? line.text : linesText(session, choice.from, choice.to, options))}>{one ? t('copyLine') : t('copyLines', { count: Math.min(count, MOST_COPIED) })}</Copying>
          {at && <Copying text={() => link(at)}>{t('copyLink')}</Copying>}
          <IconButton label={t('close')} onClick={onClose}><X /></IconButton>
        </span>
      </div>
      {one && <div className="log-view wrap max-h-[30dvh] overflow-y-auto overscroll-contain"><div ref={text} className="log-row static! block! p-0! break-all whitespace-pre-wrap [contain:none]!" /></div>}
      {one && <p className="text-xs text-ink-3 max-sm:hidden">{t('chooseMore')}</p>}
    </section>
  );
}

/** The text is made when it is asked for: many lines are long. */
function Copying({ text, children }: { text: () => string; children: React.ReactNode }) {
  const shell = useTranslations('shell');
  const { state, copy } = useCopy();
  const said = state === 'done' ? shell('copied') : state === 'failed' ? shell('copyFailed') : '';
  return <><Button size="sm" onClick={() => copy(text())}>{state === 'idle' ? children : said}</Button><span role="status" className="sr-only">{said}</span></>;
}
