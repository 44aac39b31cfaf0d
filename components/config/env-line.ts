/**
 * Lines of config.env as far as the browser has to understand them: plain assignments, to carry edits between form and
 * text. What a value means is the server's business (it checks every change); a line that isn't plain is left alone.
 */

export type PlainLine = { name: string; value: string; exported: boolean; /** Of the value as written, in the line. */ start: number; end: number };

const TOKEN = '⟪secret [1-9]\\d*⟫';
const PLAIN_LINE = new RegExp(
  `^(?<before>[ \\t]*(?<exported>export[ \\t]+)?(?<name>[A-Za-z_][A-Za-z0-9_]*)=)(?<value>'[^']*'|"(?:[^"$\`\\\\]|\\\\["$\\\\])*"|(?:[A-Za-z0-9_./:@%+,=-]|${TOKEN})*)(?=[ \\t]*$|[ \\t]+#)`,
);

/** A line that assigns one literal value and nothing else, or undefined. A `⟪secret N⟫` in it is part of the value. */
export function plainLine(line: string): PlainLine | undefined {
  const groups = PLAIN_LINE.exec(line)?.groups as { before: string; exported?: string; name: string; value: string } | undefined;
  if (!groups) return undefined;
  const { before, exported, name, value: raw } = groups;
  const value = raw.startsWith("'") ? raw.slice(1, -1) : raw.startsWith('"') ? raw.slice(1, -1).replace(/\\(["$\\])/g, '$1') : raw;
  return { name, value, exported: exported !== undefined, start: before.length, end: before.length + raw.length };
}

/** How a value is written behind `NAME=`, undefined for one that can't be carried into the text. The server writes form edits itself. */
export function literal(value: string): string | undefined {
  if (/[\u0000-\u001f\u007f]/.test(value) || value.includes('⟪secret')) return undefined;
  if (/^[A-Za-z0-9_./:@%+,=-]*$/.test(value)) return value;
  if (!value.includes("'") && !/(?<!\\)(?:\\\\)*\\$/.test(value)) return `'${value}'`;
  return value.includes('`') ? undefined : `"${value.replace(/[\\"$]/g, '\\$&')}"`;
}
