import { type EnvFile, parseEnvFile } from './env-file.ts';

/** A template's `NAME=<FILLIN>` on a line of its own: bash stops at it or skips it, a person means "no value yet" (facts 2.3, trap 5). */
const LINE = /^((?:[ \t]|\\\n)*(?:export[ \t]+)?[A-Za-z_]\w*=)([\w.:/@%+,=-]*<[^\n]*>[\w.:/@%+,=-]*)(?=[ \t]*\r?\n?$|[ \t]+#[^\n]*\n?$)/;
const VALUE = /^(?:[\w.:/@%+,=-]|<(?:FILLIN|HOST|PORT|IP|DOMAIN|YOUR[\w -]*)>)+$|^<[\w ./:-]+>$/i;

/**
 * The file as it is meant: placeholders that stand bare are quoted, so that what follows them can be read and edited.
 * `original` turns a position in that file into one in the given file.
 */
export function withQuotedPlaceholders(file: EnvFile): { file: EnvFile; original: (position: number) => number } {
  if (!file.entries.some((entry) => entry.doubt?.reason === 'redirection')) return { file, original: (position) => position };
  const quotes: number[] = [];
  let text = '';
  for (const entry of file.entries) {
    const match = entry.doubt?.reason === 'redirection' ? LINE.exec(entry.text) : null;
    const [before = '', start = '', value = ''] = match ?? [];
    if (match && VALUE.test(value)) {
      quotes.push(text.length + start.length, text.length + start.length + value.length + 1);
      text += `${start}'${value}'${entry.text.slice(before.length)}`;
    } else text += entry.text;
  }
  if (quotes.length === 0) return { file, original: (position) => position };
  return { file: parseEnvFile(text), original: (position) => position - quotes.filter((at) => at < position).length };
}
