/** Names one after the other as the language joins them, without an "and": `a, b` in English, `a、b` in Chinese. */
export function joinedList(locale: string, names: readonly string[]): string {
  // Chinese lists of units have no mark at all: it is that of a longer list, before its last name.
  const mark = new Intl.ListFormat(locale, { type: 'conjunction', style: 'narrow' }).formatToParts(['a', 'b', 'c']).find(({ type }) => type === 'literal')?.value ?? ', ';
  return names.join(mark);
}

/** Parameters of messages that name several, as the server joins them with a comma. All others keep theirs. */
const LISTS: ReadonlySet<string> = new Set(['absent', 'addresses', 'changed', 'choices', 'columns', 'containers', 'different', 'fields', 'files', 'folders', 'ids', 'images', 'known', 'missing', 'models', 'names', 'nodes', 'offered', 'others', 'port', 'ports', 'positions', 'projects', 'seeds', 'services', 'sources', 'variables', 'versions', 'which']);

/** A parameter of a message as the language writes it. */
export const listedParam = (locale: string, name: string, value: string): string => (LISTS.has(name) ? joinedList(locale, value.split(', ')) : value);
