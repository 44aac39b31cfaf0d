import type { Matcher } from './filter.ts';
import { levels } from './level.ts';
import type { StoredLine } from './line-buffer.ts';
import { lineParts, ownTimeLength } from './line-parts.ts';
import { serviceColour } from './service-colour.ts';
import { microsToIso } from './time-column.ts';

export type RowLook = {
  time?: (micros: number) => string;
  eventWords: (line: string, service: string, micros: number) => string;
  secretWords: string;
  hideOwnTime: boolean;
  matcher?: Matcher;
  /** Characters worth making when the rest is cut off by the edge anyway. */
  most?: number;
};

/** One line as an element. Text nodes only: whatever a container prints, nothing of it becomes markup. */
export function lineRow(line: StoredLine, look: RowLook): HTMLElement {
  const row = document.createElement('div');
  if (line.stream === 'event') {
    row.className = 'log-row event';
    const words = document.createElement('span');
    words.textContent = look.eventWords(line.text, line.service, line.time);
    row.append(words);
    return row;
  }
  row.className = `log-row ${levels[line.level]}`;
  const colour = document.createElement('i');
  colour.className = serviceColour(line.service);
  const time = document.createElement('time');
  time.className = 'at';
  if (look.time) {
    time.textContent = look.time(line.time);
    time.dateTime = time.title = microsToIso(line.time);
  }
  const service = document.createElement('span');
  service.className = 'svc';
  service.textContent = service.title = line.service;
  row.append(colour, time, service, textOf(line, look));
  return row;
}

/** The line's text alone, in its colours. */
export function textOf(line: StoredLine, look: Omit<RowLook, 'eventWords' | 'time'>): HTMLElement {
  const box = document.createElement('span');
  box.className = 't';
  const from = look.hideOwnTime ? ownTimeLength(line.text) : 0;
  const matches = look.matcher?.find(look.most ? line.text.slice(0, from + look.most) : line.text, 50);
  for (const part of lineParts(line.text, line.runs, { from, most: look.most, matches })) {
    if (part.look === '') { box.append(part.text); continue; }
    const stretch = document.createElement('span');
    stretch.className = part.look;
    stretch.textContent = part.secret ? look.secretWords : part.text;
    if (part.secret) stretch.dataset.text = part.text;
    box.append(stretch);
  }
  return box;
}
