import type { NodeConfigProblem } from './node-config-data.ts';

/**
 * The line (from 1) that a problem is about, by looking for it in the text: the node's object, in it the model or the field,
 * in that the argument. Undefined when it isn't found; a text that isn't JSON says its line itself.
 */
export function lineOf(text: string, { params, node, field, model }: NodeConfigProblem): number | undefined {
  if (typeof params.line === 'number') return params.line;
  if (node === undefined) return undefined;
  const range = objectAt(text, node);
  if (!range) return undefined;
  const find = (needle: string, from: number): number => {
    const at = text.indexOf(needle, from);
    return at >= 0 && at < range.end ? at : -1;
  };
  let at = range.start;
  for (const needle of [field, model, typeof params.token === 'string' ? params.token : undefined]) {
    if (needle === undefined || needle === '') continue;
    const next = find(JSON.stringify(needle), at);
    if (next >= 0) at = next;
  }
  return text.slice(0, at).split('\n').length;
}

/** Start and end of the top-level array's Nth object; strings are skipped over. */
function objectAt(text: string, index: number): { start: number; end: number } | undefined {
  let depth = 0;
  let seen = -1;
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (char === '"') {
      for (at += 1; at < text.length && text[at] !== '"'; at += 1) if (text[at] === '\\') at += 1;
    } else if (char === '{' || char === '[') {
      if (depth === 1 && char === '{') {
        seen += 1;
        start = at;
      }
      depth += 1;
    } else if (char === '}' || char === ']') {
      depth -= 1;
      if (depth === 1 && seen === index) return { start, end: at + 1 };
    }
  }
  return undefined;
}
