/** So many names as fit into a sentence, and that there are more. */
export const firstOf = (names: readonly string[], most: number): string => [...names.slice(0, most), ...(names.length > most ? ['…'] : [])].join(', ');
