/** One `${…}` of a compose file: `required` has neither default nor alternative; `fallback` is its default as written. */
export type Reference = { name: string; required: boolean; fallback?: string };

/** The variables that a string of a compose file reads (compose specification, "Interpolation"). `$$` is a dollar sign. */
export function references(text: string): Reference[] {
  const found: Reference[] = [];
  scan(text, true, found);
  return found;
}

function scan(text: string, required: boolean, found: Reference[]): void {
  for (let at = text.indexOf('$'); at !== -1 && at < text.length - 1; at = text.indexOf('$', at)) {
    if (text[at + 1] === '$') {
      at += 2;
      continue;
    }
    const plain = /^\$([A-Za-z_][A-Za-z0-9_]*)/.exec(text.slice(at, at + 200));
    if (plain) {
      found.push({ name: plain[1] as string, required });
      at += plain[0].length;
      continue;
    }
    const braced = /^\$\{([A-Za-z_][A-Za-z0-9_]*)(:?[-?+])?/.exec(text.slice(at, at + 200));
    if (!braced) {
      at += 1;
      continue;
    }
    const operator = braced[2] ?? '';
    const start = at + braced[0].length;
    const end = closing(text, start);
    const fallback = operator.endsWith('-') ? { fallback: text.slice(start, end) } : {};
    found.push({ name: braced[1] as string, required: required && (operator === '' || operator.endsWith('?')), ...fallback });
    // What stands in a default is needed only when the outer variable isn't set.
    if (operator) scan(text.slice(start, end), false, found);
    at = end + 1;
  }
}

function closing(text: string, from: number): number {
  let depth = 1;
  for (let at = from; at < text.length; at++) {
    if (text[at] === '{' && text[at - 1] === '$') depth++;
    else if (text[at] === '}' && --depth === 0) return at;
  }
  return text.length;
}
