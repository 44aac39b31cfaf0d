/** Why a place can't be read without running it; words in `deployment.problems.config_line`. */
export type Reason =
  | 'command_substitution'
  | 'arithmetic'
  | 'expansion'
  | 'special_parameter'
  | 'shell_variable'
  | 'locale'
  | 'control_character'
  | 'multi_line'
  | 'unclosed'
  | 'tilde'
  | 'braces'
  | 'splitting'
  | 'redirection'
  | 'operator'
  | 'syntax'
  | 'compound'
  | 'here_document'
  | 'command'
  | 'leaves';

/**
 * How far a doubt reaches: the variables named in the statement, any variable, everything from here to the end
 * of the file as well, or (certain, not a doubt) bash stops reading the file here.
 */
export type Reach = 'names' | 'any' | 'rest' | 'stop';
export type Doubt = { reason: Reason; reach: Reach };

// A certain stop beside a stretch that isn't understood is certain no more.
const REACH: Reach[] = ['names', 'any', 'stop', 'rest'];

/** Of two doubts the one that reaches further. */
export const worse = (a: Doubt | undefined, b: Doubt | undefined): Doubt | undefined =>
  !a ? b : !b || REACH.indexOf(b.reach) <= REACH.indexOf(a.reach) ? a : b;
