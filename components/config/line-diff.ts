import type { DiffLine } from './config-data.ts';

/** Beyond so many compared pairs the middle is shown as taken out and put in, whole. */
const MOST_PAIRS = 4_000_000;

/** Two texts line by line, with the fewest changes: for what stands in the browser only. The server's own diff has the same shape. */
export function diffLines(from: string, to: string): DiffLine[] {
  const a = from.split('\n');
  const b = to.split('\n');
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1;
  const same = (index: number): DiffLine => ({ kind: 'same', line: index + 1, text: a[index] as string });
  return [
    ...Array.from({ length: start }, (_, i) => same(i)),
    ...middle(a, b, start, a.length - end, b.length - end),
    ...Array.from({ length: end }, (_, i) => same(a.length - end + i)),
  ];
}

function middle(a: string[], b: string[], start: number, aEnd: number, bEnd: number): DiffLine[] {
  const [rows, columns] = [aEnd - start, bEnd - start];
  const removed = (i: number): DiffLine => ({ kind: 'removed', line: start + i + 1, text: a[start + i] as string });
  const added = (j: number): DiffLine => ({ kind: 'added', line: start + j + 1, text: b[start + j] as string });
  const whole = () => [...Array.from({ length: rows }, (_, i) => removed(i)), ...Array.from({ length: columns }, (_, j) => added(j))];
  if (rows * columns > MOST_PAIRS || rows === 0 || columns === 0) return whole();
  // Longest common subsequence, from the end, so that it can be walked from the start.
  const width = columns + 1;
  const longest = new Uint32Array((rows + 1) * width);
  for (let i = rows - 1; i >= 0; i -= 1) {
    for (let j = columns - 1; j >= 0; j -= 1) {
      longest[i * width + j] = a[start + i] === b[start + j] ? (longest[(i + 1) * width + j + 1] as number) + 1 : Math.max(longest[(i + 1) * width + j] as number, longest[i * width + j + 1] as number);
    }
  }
  const result: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < rows || j < columns) {
    if (i < rows && j < columns && a[start + i] === b[start + j]) {
      result.push({ kind: 'same', line: start + i + 1, text: a[start + i] as string });
      i += 1;
      j += 1;
    } else if (i < rows && (j === columns || (longest[(i + 1) * width + j] as number) >= (longest[i * width + j + 1] as number))) result.push(removed(i++));
    else result.push(added(j++));
  }
  return result;
}

/** Part of a diff as it is shown: changes with some lines around them, and how many equal ones are left out between. */
export type DiffPart = { kind: 'lines'; lines: DiffLine[] } | { kind: 'fold'; lines: DiffLine[] };

/** Folds runs of equal lines, all but `context` at each side of a change; a fold hides at least two lines. */
export function foldedDiff(diff: readonly DiffLine[], context = 2): DiffPart[] {
  const near = new Set<number>();
  diff.forEach((line, at) => {
    if (line.kind !== 'same') for (let i = at - context; i <= at + context; i += 1) near.add(i);
  });
  const parts: DiffPart[] = [];
  const alone = (at: number) => !near.has(at) && (at === 0 || near.has(at - 1)) && (at === diff.length - 1 || near.has(at + 1));
  diff.forEach((line, at) => {
    const kind = near.has(at) || alone(at) ? 'lines' : 'fold';
    const last = parts.at(-1);
    if (last?.kind === kind) last.lines.push(line);
    else parts.push({ kind, lines: [line] });
  });
  return parts;
}
