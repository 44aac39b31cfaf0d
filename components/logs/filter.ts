/** What the filter field says: nothing, plain text (any case), or `/pattern/` with an optional `i`. */
export type Query = { kind: 'none' } | { kind: 'text'; text: string } | { kind: 'regex'; source: string; ignoreCase: boolean };

export function parseQuery(field: string): Query {
  const text = field.trim();
  if (text === '') return { kind: 'none' };
  const regex = /^\/(.+)\/(i?)$/.exec(text);
  return regex ? { kind: 'regex', source: regex[1] as string, ignoreCase: regex[2] === 'i' } : { kind: 'text', text };
}

export type Matcher = {
  test(text: string): boolean;
  /** Where it matches, for highlighting: at most `most` stretches, none of them empty. */
  find(text: string, most: number): [start: number, end: number][];
};
export type CompiledQuery = { matcher?: Matcher; /** The engine's own words about a pattern that it can't read. */ problem?: string };

/** Patterns run on RE2: time linear in the line, whatever the pattern. It is loaded when the first pattern is typed. */
export async function compileQuery(query: Query): Promise<CompiledQuery> {
  if (query.kind === 'none') return {};
  if (query.kind === 'text') return { matcher: textMatcher(query.text) };
  const { RE2JS } = await import('re2js');
  try {
    const pattern = RE2JS.compile(query.source, query.ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
    return {
      matcher: {
        test: (text) => pattern.test(text),
        find(text, most) {
          const out: [number, number][] = [];
          const matcher = pattern.matcher(text);
          for (let i = 0; i < most * 4 && out.length < most && matcher.find(); i++) {
            if (matcher.end() > matcher.start()) out.push([matcher.start(), matcher.end()]);
          }
          return out;
        },
      },
    };
  } catch (cause) {
    return { problem: cause instanceof Error ? cause.message.replace(/^error parsing regexp: /, '') : String(cause) };
  }
}

/** An escaped literal has nothing to backtrack over. */
function textMatcher(text: string): Matcher {
  const source = text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
  const once = new RegExp(source, 'i');
  const all = new RegExp(source, 'gi');
  return {
    test: (line) => once.test(line),
    find(line, most) {
      const out: [number, number][] = [];
      all.lastIndex = 0;
      for (let hit = all.exec(line); hit && out.length < most; hit = all.exec(line)) out.push([hit.index, hit.index + hit[0].length]);
      return out;
    },
  };
}
