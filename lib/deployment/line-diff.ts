import type { DiffLine, EditableFile } from './config-schema.ts';
import { hideIn, markTokens, tokenOwners } from './config-tokens.ts';

/** More cells than this aren't compared: what differs in the middle is then shown as replaced. */
const MOST_CELLS = 4_000_000;

/**
 * Line by line what differs between two texts of a file. Lines are compared as they are and shown with secrets masked:
 * `••••••`, and `••••••*` where the new text has another secret than the old one.
 */
export function configDiff(file: EditableFile, before: string, after: string): DiffLine[] {
  const old = hideIn(file, before);
  const now = hideIn(file, after);
  const known = byOwner(file, old);
  const owners = ordinals(file, now.text);
  const differs = (number: number) => (known.get(owners[number - 1] as string) === now.hidden[number - 1] ? '' : '*');
  return diffLines([lines(before), lines(markTokens(old.text, old.hidden))], [lines(after), lines(markTokens(now.text, now.hidden, differs))]);
}

/** The difference of two texts that are masked already, such as a kept version and the file of today. */
export function maskedDiff(before: string, after: string): DiffLine[] {
  const [old, now] = [lines(before), lines(after)];
  return diffLines([old, old], [now, now]);
}

const byOwner = (file: EditableFile, { text, hidden }: { text: string; hidden: string[] }) => new Map(ordinals(file, text).map((owner, i) => [owner, hidden[i] as string]));

/** `NAME 1`: the variable and the how-manieth token of it this is. */
function ordinals(file: EditableFile, masked: string): string[] {
  const seen = new Map<string, number>();
  return tokenOwners(file, masked).map(({ name }) => {
    const number = (seen.get(name) ?? 0) + 1;
    seen.set(name, number);
    return `${name} ${number}`;
  });
}

function lines(text: string): string[] {
  if (text === '') return [];
  const all = text.split('\n');
  if (all.at(-1) === '') all.pop();
  return all;
}

type Side = [raw: string[], shown: string[]];

/** Longest common subsequence of what is left between the equal beginnings and ends. */
function diffLines([a, shownA]: Side, [b, shownB]: Side): DiffLine[] {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const result: DiffLine[] = [];
  const visible = (text: string | undefined) => (text ?? '').replace(/\r$/, '␍');
  const same = (j: number) => result.push({ kind: 'same', line: j + 1, text: visible(shownB[j]) });
  const removed = (i: number) => result.push({ kind: 'removed', line: i + 1, text: visible(shownA[i]) });
  const added = (j: number) => result.push({ kind: 'added', line: j + 1, text: visible(shownB[j]) });
  for (let j = 0; j < start; j++) same(j);
  const [n, m] = [a.length - start - end, b.length - start - end];
  let i = 0;
  let j = 0;
  if (n * m <= MOST_CELLS) {
    const width = m + 1;
    const common = new Uint32Array((n + 1) * width);
    const at = (x: number, y: number) => common[x * width + y] as number;
    for (let x = n - 1; x >= 0; x--) for (let y = m - 1; y >= 0; y--) common[x * width + y] = a[start + x] === b[start + y] ? at(x + 1, y + 1) + 1 : Math.max(at(x + 1, y), at(x, y + 1));
    while (i < n && j < m) {
      if (a[start + i] === b[start + j]) {
        same(start + j);
        i++;
        j++;
      } else if (at(i + 1, j) >= at(i, j + 1)) removed(start + i++);
      else added(start + j++);
    }
  }
  while (i < n) removed(start + i++);
  while (j < m) added(start + j++);
  for (let last = b.length - end; last < b.length; last++) same(last);
  return result;
}
