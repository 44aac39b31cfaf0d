import type { LinePane, PaneOptions } from './line-pane.ts';
import type { LogSession } from './log-session.ts';
import { microsToIso } from './time-column.ts';

/** More than this isn't copied at once; the download is for that. */
export const MOST_COPIED = 50_000;

type Words = Pick<PaneOptions, 'eventWords'>;

/** One line for a report: time (UTC, to the microsecond), service, the whole text. */
export function lineText(session: LogSession, seq: number, words: Words): string {
  const line = session.buffer.line(seq);
  if (line.stream === 'event') return `${microsToIso(line.time)}  --  ${words.eventWords(line.text, line.service, line.time)}`;
  return `${microsToIso(line.time)}  ${line.service}  ${line.text}`;
}

/** The shown lines between two numbers, both included. */
export function linesText(session: LogSession, from: number, to: number, words: Words): string {
  const { view } = session;
  const out: string[] = [];
  for (let position = view.positionOf(from); position < view.end && out.length < MOST_COPIED; position++) {
    const seq = view.seqAt(position);
    if (seq > to) break;
    out.push(lineText(session, seq, words));
  }
  return out.join('\n');
}

/**
 * What a text selection in the view means as text. Inside one line's text: exactly that. Over several lines: all of them whole,
 * also those that are out of sight. Undefined: not ours.
 */
export function copyLines(session: LogSession, pane: LinePane, words: Words): string | undefined {
  const selection = getSelection();
  if (!selection || selection.isCollapsed) return undefined;
  const a = pane.seqOf(selection.anchorNode);
  const b = pane.seqOf(selection.focusNode);
  if (a === undefined || b === undefined) return undefined;
  if (a === b) return undefined;
  return linesText(session, Math.min(a, b), Math.max(a, b), words);
}
