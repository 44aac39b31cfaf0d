/** One line of config.env cut into coloured pieces; put together they are the line again, byte for byte. Colours help reading and promise nothing. */
export type Piece = { kind: 'comment' | 'keyword' | 'name' | 'sign' | 'value' | 'secret' | 'plain'; text: string };

const ASSIGNMENT = /^(\s*)(export\s+)?([A-Za-z_][A-Za-z0-9_]*)(\+?=)/;
const SECRET = /⟪secret [1-9]\d*⟫/g;

export function highlightLine(line: string): Piece[] {
  if (/^\s*#/.test(line)) return withSecrets(line, 'comment');
  const found = ASSIGNMENT.exec(line);
  if (!found) return withSecrets(line, 'plain');
  const [all, indent = '', keyword = '', name = '', sign = ''] = found;
  const rest = line.slice(all.length);
  const comment = commentStart(rest);
  return [
    ...piece('plain', indent), ...piece('keyword', keyword), ...piece('name', name), ...piece('sign', sign),
    ...withSecrets(rest.slice(0, comment), 'value'), ...withSecrets(rest.slice(comment), 'comment'),
  ];
}

const piece = (kind: Piece['kind'], text: string): Piece[] => (text ? [{ kind, text }] : []);

/** Where a comment begins: a `#` after a space, outside quotes. */
function commentStart(text: string): number {
  let quote = '';
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at] as string;
    if (sign === '\\' && quote !== "'") at += 1;
    else if (quote) quote = sign === quote ? '' : quote;
    else if (sign === '"' || sign === "'") quote = sign;
    else if (sign === '#' && /\s/.test(text[at - 1] ?? 'x')) return at;
  }
  return text.length;
}

function withSecrets(text: string, kind: Piece['kind']): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const found of text.matchAll(SECRET)) {
    pieces.push(...piece(kind, text.slice(at, found.index)), { kind: 'secret', text: found[0] });
    at = found.index + found[0].length;
  }
  return [...pieces, ...piece(kind, text.slice(at))];
}
