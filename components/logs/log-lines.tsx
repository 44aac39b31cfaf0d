'use client';
/** The lines themselves: a scrolling window that LinePane fills. React only owns the box. */
import clsx from 'clsx';
import { useTranslations } from 'next-intl';
import { useEffect, useLayoutEffect, useRef } from 'react';
import type { Choice } from './choice.ts';
import { copyLines } from './line-copy.ts';
import { LinePane, type PaneOptions } from './line-pane.ts';
import type { LogSession } from './log-session.ts';

type Props = {
  session: LogSession; pane: React.RefObject<LinePane | null>; options: PaneOptions; choice: Choice | undefined;
  oneService: boolean; polite: boolean; following: boolean;
  onScrolledUp: () => void; onBottom: () => void; onChoose: (seq: number, extend: boolean) => void;
};

export function LogLines({ session, pane, options, choice, oneService, polite, following, onScrolledUp, onBottom, onChoose }: Props) {
  const t = useTranslations('logs');
  const scroller = useRef<HTMLDivElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const latest = useRef({ onScrolledUp, onBottom, onChoose, options, following });
  latest.current = { onScrolledUp, onBottom, onChoose, options, following };
  const { wrap, time, matcher, hideOwnTime, eventWords, secretWords } = options;

  useLayoutEffect(() => {
    const [view, rows] = [scroller.current, box.current];
    if (!view || !rows) return;
    const made = new LinePane(view, rows, session, latest.current.options, (by) => (by === 'up' ? latest.current.onScrolledUp() : latest.current.onBottom()));
    pane.current = made;
    made.setFollowing(latest.current.following);
    const observer = new ResizeObserver(() => made.resized());
    observer.observe(view);
    const scrolled = () => made.scrolled();
    view.addEventListener('scroll', scrolled, { passive: true });
    made.schedule(true);
    return () => {
      observer.disconnect();
      view.removeEventListener('scroll', scrolled);
      made.dispose();
      if (pane.current === made) pane.current = null;
    };
  }, [session, pane]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: one service or several changes the room for the text
  useLayoutEffect(() => {
    pane.current?.setOptions({ wrap, time, matcher, hideOwnTime, eventWords, secretWords, chosen: latest.current.options.chosen });
  }, [pane, wrap, time, matcher, hideOwnTime, eventWords, secretWords, oneService]);
  useEffect(() => { pane.current?.setChosen((seq) => choice !== undefined && seq >= choice.from && seq <= choice.to); }, [pane, choice]);

  // Selecting text stops the movement under the pointer.
  useEffect(() => {
    const selected = () => {
      const selection = getSelection();
      if (selection && !selection.isCollapsed && scroller.current?.contains(selection.anchorNode)) latest.current.onScrolledUp();
    };
    document.addEventListener('selectionchange', selected);
    return () => document.removeEventListener('selectionchange', selected);
  }, []);

  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reachable by keyboard
    <div ref={scroller} role="log" aria-label={t('lines')} aria-live={polite ? 'polite' : 'off'} tabIndex={0}
      className={clsx('log-view absolute inset-0 overflow-x-hidden overflow-y-auto overscroll-contain bg-sunken outline-offset-[-2px]', wrap && 'wrap', !time && 'no-times', oneService && 'one-service')}
      onWheel={(event) => { if (event.deltaY < 0 && following && pane.current?.canScrollUp()) onScrolledUp(); }}
      onKeyDown={(event) => { if (following && (event.key === 'PageUp' || event.key === 'ArrowUp' || event.key === 'Home') && pane.current?.canScrollUp()) onScrolledUp(); }}
      onCopy={(event) => {
        const text = pane.current && copyLines(session, pane.current, latest.current.options);
        if (text === undefined || text === null) return;
        event.preventDefault();
        event.clipboardData.setData('text/plain', text);
      }}
      onClick={(event) => {
        if (!getSelection()?.isCollapsed && !event.shiftKey) return;
        const seq = pane.current?.seqOf(event.target as Node);
        if (seq !== undefined) onChoose(seq, event.shiftKey);
      }}
      onMouseDown={(event) => { if (event.shiftKey) event.preventDefault(); }}>
      <div ref={box} className="log-rows" />
    </div>
  );
}
