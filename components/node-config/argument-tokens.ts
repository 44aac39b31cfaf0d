/** `--x=4` and `--x 4` in one element: the model server's own parser takes the first, the ML node's and the api's neither. */
const JOINED = /^(-{1,2}[^\s=]+)(?:=|\s+)([\s\S]*)$/;
/** What the ML node counts cards by, in the one spelling that it knows. */
const LONG: Record<string, string> = { '-tp': '--tensor-parallel-size', '--tp': '--tensor-parallel-size', '-pp': '--pipeline-parallel-size', '--pp': '--pipeline-parallel-size' };

/** How an element would be written as one token an element, with long names; undefined when it is so already. */
export function splitToken(token: string): string[] | undefined {
  const match = JOINED.exec(token);
  const flag = match?.[1] ?? token;
  const long = LONG[flag] ?? flag;
  if (!match) return long === token ? undefined : [long];
  const value = (match[2] as string).trim();
  return value === '' ? [long] : [long, value];
}

/** A pasted line as tokens: blanks separate, quotes hold together (JSON lists and shell lines alike). */
export function pastedTokens(text: string): string[] {
  const found = [...text.replace(/[[\],\\\r\n]+/g, ' ').matchAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'|(\S+)/g)].map(([, double, single, plain]) => double ?? single ?? plain ?? '');
  return found.filter((token) => token !== '').slice(0, 256);
}

/** The list with `fresh` in place of the element at `at`. */
export const replacedAt = (tokens: readonly string[], at: number, fresh: readonly string[]): string[] => [...tokens.slice(0, at), ...fresh, ...tokens.slice(at + 1)];
