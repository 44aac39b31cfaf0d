import type { ConfigCheck, ConfigRow } from './config-data.ts';
import type { ShownProblem } from '../services/services-data.ts';

/** One and the same: a row without problems isn't drawn anew by each check. */
const NONE: readonly PlacedProblem[] = [];

export type PlacedProblem = ShownProblem & { variable?: string; line?: number };

/** Whether a problem belongs to this variable's field: it names it, alone or in a list. A line that stops bash belongs to the variable of that line. */
function concerns({ variable, line, code, params }: PlacedProblem, row: ConfigRow): boolean {
  if (variable !== undefined || params.variable !== undefined) return (variable ?? params.variable) === row.name;
  const listed = typeof params.variables === 'string' && params.variables.split(', ').includes(row.name);
  return listed && (code !== 'config_stops' || (line ?? params.line) === row.line);
}

/** Problems by field, and those of no field. Without a check the rows' own are the answer. */
export function placedProblems(rows: readonly ConfigRow[], ofFile: readonly ShownProblem[], check: ConfigCheck | undefined): { of: (row: ConfigRow) => readonly PlacedProblem[]; rest: readonly PlacedProblem[]; all: readonly PlacedProblem[] } {
  if (!check) {
    const seen = new Set<string>();
    const all = [...rows.flatMap((row) => row.problems), ...ofFile].filter((one) => !seen.has(JSON.stringify(one)) && seen.add(JSON.stringify(one)));
    return { of: (row) => row.problems, rest: ofFile, all };
  }
  const places = new Map(rows.map((row) => {
    const own = check.problems.filter((one) => concerns(one, row));
    return [row.name, own.length > 0 ? own : NONE];
  }));
  const placed = new Set([...places.values()].flat());
  // Who may read the file is not the text's business: a check of the text doesn't say it again.
  const all = [...check.problems, ...ofFile.filter((one) => one.code === 'config_open')];
  return { of: (row) => places.get(row.name) ?? NONE, rest: all.filter((one) => !placed.has(one)), all };
}

/** Line of the text that a problem is about, counted from 1. */
export function lineOf(problem: PlacedProblem, names: ReadonlyMap<string, number>): number | undefined {
  if (problem.line !== undefined) return problem.line;
  if (typeof problem.params.line === 'number') return problem.params.line;
  const name = problem.variable ?? problem.params.variable;
  return typeof name === 'string' ? names.get(name) : undefined;
}

/** The last line that gives each variable a value, as far as it can be seen in the text. */
export function linesOfNames(text: string): Map<string, number> {
  const found = new Map<string, number>();
  text.split('\n').forEach((line, index) => {
    const name = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)=/.exec(line)?.[1];
    if (name) found.set(name, index + 1);
  });
  return found;
}
