import { PanelError } from '#lib/core/errors.ts';

/** Bare words as upstream's templates have them: nothing in them means anything to bash or to compose. */
const PLAIN = /^[A-Za-z0-9_./:@%+,=-]+$/;
/** Bash uses some of these inside itself, and an editor or terminal hides them. */
const CONTROL = /[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]/;
/** Compose takes `\'` for a quote also inside single quotes: a value may not end in a backslash that is left over. */
const ODD_BACKSLASHES_AT_END = /(?<!\\)(?:\\\\)*\\$/;

/**
 * What to write behind `NAME=` so that bash's `source` and compose's `--env-file` both read `value` (engineering 2.2).
 * Throws config_value_unwritable {variable, reason}: `line_break`, `control_character`, `not_text` (half of a
 * surrogate pair) or `quotes` (no form that both readers agree on). `variable` is for that error only.
 */
export function quoteEnvValue(value: string, variable = ''): string {
  const refuse = (reason: string) => new PanelError('config_value_unwritable', { variable, reason });
  if (/[\r\n]/.test(value)) throw refuse('line_break');
  if (value.includes('\0') || CONTROL.test(value)) throw refuse('control_character');
  if (!value.isWellFormed()) throw refuse('not_text');
  if (PLAIN.test(value)) return value;
  if (!value.includes("'") && !ODD_BACKSLASHES_AT_END.test(value)) return `'${value}'`;
  // Inside double quotes bash reads \` as a backtick and compose as two characters.
  if (value.includes('`')) throw refuse('quotes');
  // `!` needs nothing: a file that is sourced has no history expansion.
  return `"${value.replace(/[\\"$]/g, '\\$&')}"`;
}
