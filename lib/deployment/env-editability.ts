import { type Assignment, type Entry, type EnvFile, isMagicVariable, VARIABLE_NAME } from './env-file.ts';
import { withQuotedPlaceholders } from './env-placeholders.ts';
import type { EnvValues } from './env-values.ts';
import type { Reason } from './shell-doubt.ts';

/** Why a variable can't be edited without guessing; texts under `config.readOnly.<reason>`. */
export type ReadOnlyReason = 'command' | 'conditional' | 'substitution' | 'expansion' | 'multi_line' | 'syntax' | 'operator' | 'control_character' | 'shell_variable' | 'append' | 'after_stop' | 'unfinished' | 'name';

const REASONS: Record<Reason, ReadOnlyReason> = {
  command_substitution: 'substitution',
  arithmetic: 'expansion',
  expansion: 'expansion',
  special_parameter: 'expansion',
  shell_variable: 'shell_variable',
  locale: 'expansion',
  control_character: 'control_character',
  multi_line: 'multi_line',
  unclosed: 'syntax',
  tilde: 'expansion',
  braces: 'expansion',
  splitting: 'expansion',
  redirection: 'operator',
  operator: 'operator',
  syntax: 'syntax',
  compound: 'conditional',
  here_document: 'conditional',
  command: 'command',
  leaves: 'after_stop',
};

/** Where a new value goes: the last assignment that counts, a line of its own at the end, or nowhere. */
export type Place = { at: 'value'; entry: Entry; one: Assignment } | { at: 'end' } | { at: 'nowhere'; reason: ReadOnlyReason };

/**
 * Whether `editEnvFile` can change the variable. `values` is `envValues` of the same file. A variable whose place is
 * still a bare placeholder can be edited, and so can those behind it.
 */
export function editability(file: EnvFile, values: EnvValues, name: string): { editable: true } | { editable: false; reason: ReadOnlyReason } {
  // Bare placeholders are doubts or a stop: a file with neither is read as it stands.
  const settled = values.stopped || values.doubts.length > 0 ? withQuotedPlaceholders(file).file : file;
  const place = placeOf(settled, name);
  return place.at === 'nowhere' ? { editable: false, reason: place.reason } : { editable: true };
}

/** Follows bash through the file: the last assignment wins, and a statement that isn't understood takes its claim away. */
export function placeOf(file: EnvFile, name: string): Place {
  const nowhere = (reason: ReadOnlyReason): Place => ({ at: 'nowhere', reason });
  if (!VARIABLE_NAME.test(name)) return nowhere('name');
  if (isMagicVariable(name)) return nowhere('shell_variable');
  const stop = file.entries.find((entry) => entry.doubt?.reach === 'stop')?.unit ?? Number.POSITIVE_INFINITY;
  let place: Place = { at: 'end' };
  for (const entry of file.entries) {
    const named = entry.assignments.some((one) => one.name === name) || entry.names.includes(name);
    if (entry.doubt?.reach === 'rest' && entry.unit < stop) return nowhere(REASONS[entry.doubt.reason]);
    if (entry.unit >= stop) {
      if (named) return nowhere(entry.doubt ? REASONS[entry.doubt.reason] : 'after_stop');
      continue;
    }
    if (entry.doubt) {
      // A line for a variable that isn't set so far can stand behind the statement, whatever that does.
      if (named || (entry.doubt.reach === 'any' && place.at !== 'end')) place = nowhere(REASONS[entry.doubt.reason]);
      continue;
    }
    if (entry.kind === 'unset' && named) place = { at: 'end' };
    if (named) for (const one of entry.assignments) if (one.name === name) place = one.append ? nowhere('append') : one.doubt ? nowhere(REASONS[one.doubt.reason]) : { at: 'value', entry, one };
  }
  if (place.at !== 'end') return place;
  if (stop !== Number.POSITIVE_INFINITY) return nowhere('after_stop');
  // A backslash at the very end would join a new line to the last one; in a comment it doesn't.
  const last = file.entries.at(-1);
  const comment = last?.kind === 'blank' && /^[ \t]*#/.test(last.text);
  return last && !comment && /(?<!\\)(?:\\\\)*\\\n?$/.test(last.text) ? nowhere('unfinished') : place;
}
