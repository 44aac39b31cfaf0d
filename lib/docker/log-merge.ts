import type { RawLine } from './log-lines.ts';

export type LineSource = { next(): Promise<RawLine[] | undefined> };

/**
 * Merges sources by time. Each source keeps its own order, whatever its times say. `emit` may wait: nothing is read
 * ahead of it beyond what each source holds. A source that throws ends the merge.
 */
export async function mergeByTime<T extends LineSource>(sources: T[], emit: (source: T, lines: RawLine[]) => void | Promise<void>): Promise<void> {
  let open: Head<T>[] = sources.map((source) => ({ source, lines: [], at: 0 }));
  while (open.length > 0) {
    await Promise.all(open.filter((head) => head.at >= head.lines.length).map(refill));
    open = open.filter((head) => head.lines.length > 0);
    if (open.length === 1) {
      const [head] = open as [Head<T>];
      await emit(head.source, head.at === 0 ? head.lines : head.lines.slice(head.at));
      head.at = head.lines.length;
      continue;
    }
    let first: Head<T> | undefined;
    let second: string | undefined;
    for (const head of open) {
      const time = timeAt(head);
      if (!first || time < timeAt(first)) {
        if (first) second = timeAt(first);
        first = head;
      } else if (second === undefined || time < second) second = time;
    }
    if (!first) continue;
    // A whole run at once: up to where another source has something earlier.
    let end = first.at + 1;
    while (end < first.lines.length && (first.lines[end] as RawLine).time <= (second as string)) end++;
    await emit(first.source, first.lines.slice(first.at, end));
    first.at = end;
  }
}

type Head<T> = { source: T; lines: RawLine[]; at: number };

const timeAt = (head: { lines: RawLine[]; at: number }) => (head.lines[head.at] as RawLine).time;

async function refill<T extends LineSource>(head: Head<T>): Promise<void> {
  head.lines = (await head.source.next()) ?? [];
  head.at = 0;
}
