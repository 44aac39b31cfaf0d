import type { ReasonedToken } from './models-data.ts';

export type ArgumentRow = { tokens: string[]; reason: string };

/** Tokens as arguments: a flag and what follows it share one reason and one line. */
export function argumentRows(tokens: readonly ReasonedToken[]): ArgumentRow[] {
  const rows: ArgumentRow[] = [];
  for (const { token, reason } of tokens) {
    const last = rows.at(-1);
    if (last && !token.startsWith('--')) last.tokens.push(token);
    else rows.push({ tokens: [token], reason });
  }
  return rows;
}
