import { type Doubt, type Reason, worse } from './shell-doubt.ts';
import { type Piece, type Token, TokenReader, type Word } from './shell-words.ts';

/** One `NAME=value` of a statement. Offsets are positions in the document's text, `start` that of the whole word. */
export type Assignment = { name: string; append: boolean; value: Piece[]; start: number; valueStart: number; valueEnd: number; doubt?: Doubt };

/**
 * A stretch of the file: one statement with the blanks before it and the comment, `;` or line end after it.
 * All entries joined are the file, byte for byte.
 */
export type Entry = {
  text: string;
  /** Position of `text` in the document. */
  start: number;
  /** Line of its first word (or of the comment), from 1. */
  line: number;
  /** Statements that bash reads in one go (one line, as a rule): a syntax error in one undoes all of them. */
  unit: number;
  kind: 'blank' | 'assign' | 'export' | 'unset' | 'allexport' | 'harmless' | 'opaque';
  assignments: Assignment[];
  /** Plain names after `export` and `unset`. */
  names: string[];
  /** `export A-B=1`: bash complains and goes on. */
  invalidNames: string[];
  /** For `allexport`: on or off. */
  on?: boolean;
  /** Set: the panel can't say what the statement does without running it; it is shown and never edited. */
  doubt?: Doubt;
};

export type EnvFile = { entries: Entry[]; toString(): string };

const ASSIGNMENT = /^([A-Za-z_][A-Za-z0-9_]*)(\+?)=/;
export const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** Assigning one of these does more, or less, than assigning (bash manual, "Bash Variables"). */
const MAGIC = /^(?:BASH.*|EUID|UID|PPID|GROUPS|DIRSTACK|FUNCNAME|LINENO|SECONDS|RANDOM|SRANDOM|EPOCH.*|HISTCMD|SHELLOPTS|PIPESTATUS|COMP.*|OPT(?:ARG|IND|ERR)|SHLVL|COLUMNS|LINES|_|IFS|POSIXLY_CORRECT|MAPFILE|READLINE.*|REPLY|COPROC)$/;
export const isMagicVariable = (name: string): boolean => MAGIC.test(name);

const OPENERS = new Set(['if', 'for', 'while', 'until', 'case', 'select', 'function', 'time', 'coproc', '{', '!', '[[']);
const STRAY = new Set(['then', 'do', 'done', 'fi', 'esac', 'else', 'elif', '}']);
/** Commands that change no variable, whatever their words. */
const HARMLESS = new Set([':', 'true', 'false', 'echo', 'test', '[', 'ulimit', 'umask', 'pwd']);
/** Commands after which bash may not read on, or may read on differently. */
const LEAVING = new Set(['exit', 'return', 'exec', 'break', 'continue', 'logout', 'readonly', 'declare', 'typeset', 'local', 'shopt', 'enable', 'alias', 'trap', 'suspend', 'set', 'eval', 'command', 'builtin', 'bind']);
const CONTROL = new Set([';', '&', '&&', '||', '|', '|&']);
const JOINING = new Set(['&&', '||', '|', '|&']);

/**
 * Reads a sourced shell file. Nothing is executed and nothing is lost: `parseEnvFile(t).toString() === t`. With `earlier`,
 * another file read before (as a rule the same one before an edit), the result is the same and comes faster.
 */
export function parseEnvFile(text: string, earlier?: EnvFile): EnvFile {
  const entries: Entry[] = [];
  const known = earlier ? plainLines(earlier) : undefined;
  const reader = new TokenReader(text);
  const lineAt = lineCounter(text);
  let start = 0;
  let unit = 0;
  const push = (tokens: Token[], end: number, unitDoubt?: Doubt) => {
    const first = tokens.find((token) => token.kind !== 'newline') ?? tokens[0];
    const { kind, assignments, names, invalidNames, on, doubt } = statement(tokens, text, unitDoubt);
    entries.push({ text: text.slice(start, end), start, line: lineAt(first?.start ?? start), unit, kind, assignments, names, invalidNames, on, doubt });
    start = end;
  };
  for (; ; unit++) {
    const same = known?.get(text.slice(start, text.indexOf('\n', start) + 1));
    if (same) {
      entries.push(moved(same, start, unit, lineAt(start)));
      start += same.text.length;
      reader.at = start;
      continue;
    }
    const tokens = nextUnit(reader);
    if (tokens.length === 0) break;
    const doubt = unitDoubt(tokens);
    const whole = doubt !== undefined || tokens.some((token) => token.kind === 'operator' && token.text !== ';');
    let from = 0;
    // `A=1; B=2` is two statements; anything with other operators stays in one piece.
    for (let i = 0; i < tokens.length && !whole; i++) {
      const token = tokens[i] as Token;
      if (token.kind !== 'operator' || tokens.slice(i + 1).every((later) => later.kind !== 'word')) continue;
      push(tokens.slice(from, i), token.end);
      from = i + 1;
    }
    push(tokens.slice(from), (tokens.at(-1) as Token).end, doubt);
  }
  if (start < text.length) push([], text.length);
  return { entries, toString: () => entries.map((entry) => entry.text).join('') };
}

/**
 * The lines that bash reads in one go and that hold one statement without any doubt, by their text. What such a line says
 * depends on nothing around it, so it says the same wherever it stands at the start of what bash reads next.
 */
function plainLines(file: EnvFile): Map<string, Entry> {
  const lines = new Map<string, Entry>();
  file.entries.forEach((entry, i) => {
    const alone = file.entries[i - 1]?.unit !== entry.unit && file.entries[i + 1]?.unit !== entry.unit;
    // A backslash at the end of the last line joins whatever comes after it.
    if (alone && !entry.doubt && entry.text.indexOf('\n') === entry.text.length - 1 && !entry.text.endsWith('\\\n')) lines.set(entry.text, entry);
  });
  return lines;
}

function moved(entry: Entry, start: number, unit: number, line: number): Entry {
  const by = start - entry.start;
  if (by === 0 && unit === entry.unit && line === entry.line) return entry;
  const assignments = by === 0 ? entry.assignments : entry.assignments.map((one) => ({ ...one, start: one.start + by, valueStart: one.valueStart + by, valueEnd: one.valueEnd + by }));
  return { ...entry, assignments, start, unit, line };
}

/** What bash reads before it runs anything: a line, or more when a line ends in `&&`, `||` or `|`. */
function nextUnit(reader: TokenReader): Token[] {
  const unit: Token[] = [];
  let last: Token | undefined;
  for (let token = reader.next(); token; token = reader.next()) {
    unit.push(token);
    const joined = last?.kind === 'operator' && JOINING.has(last.text);
    if (token.kind === 'newline' && !joined) break;
    if (token.kind !== 'newline' && token.kind !== 'comment') last = token;
  }
  return unit;
}

/** Trouble with the unit as a whole: bash's grammar, as far as it decides whether anything here runs. */
function unitDoubt(tokens: Token[]): Doubt | undefined {
  let found: Doubt | undefined;
  const note = (reason: Reason, reach: Doubt['reach']) => {
    found = worse(found, { reason, reach });
  };
  // The usual line: words, and nothing odd about them but perhaps the first.
  if (tokens.every((token) => (token.kind === 'word' && !token.doubt) || token.kind === 'newline' || token.kind === 'comment')) {
    const command = literal(tokens.find((token) => token.kind === 'word')) ?? '';
    return OPENERS.has(command) ? { reason: 'compound', reach: 'rest' } : STRAY.has(command) ? { reason: 'syntax', reach: 'stop' } : undefined;
  }
  const parts = tokens.filter((token) => token.kind !== 'newline' && token.kind !== 'comment');
  for (const token of parts) if (token.kind === 'word' && token.doubt?.reach === 'rest') note(token.doubt.reason, 'rest');
  // Grammar of their own: not followed, so nothing from here on is claimed.
  if (parts.some((token) => token.kind === 'here_document')) note('here_document', 'rest');
  if (parts.some((token) => token.kind === 'operator' && (token.text === '(' || token.text === ')'))) note('compound', 'rest');
  parts.forEach((token, i) => {
    const before = parts[i - 1];
    const atCommand = !before || (before.kind === 'operator' && CONTROL.has(before.text));
    if (token.kind === 'word' && atCommand && OPENERS.has(literal(token) ?? '')) note('compound', 'rest');
  });
  if (found) return found;
  for (const token of parts) if (token.kind === 'word' && token.doubt?.reach === 'stop') note(token.doubt.reason, 'stop');
  parts.forEach((token, i) => {
    const before = parts[i - 1];
    const after = parts[i + 1];
    const atCommand = !before || (before.kind === 'operator' && CONTROL.has(before.text));
    if (token.kind === 'word' && atCommand && STRAY.has(literal(token) ?? '')) note('syntax', 'stop');
    if (token.kind !== 'operator') return;
    if (!CONTROL.has(token.text) && !/[<>]/.test(token.text)) note('syntax', 'stop');
    else if (CONTROL.has(token.text) && (atCommand || (JOINING.has(token.text) && !after))) note('syntax', 'stop');
    else if (!CONTROL.has(token.text) && (after?.kind !== 'word' || isDescriptor(token.text, after, parts[i + 2]))) note('redirection', 'stop');
  });
  return found;
}

/** `2` of `2>file` and `{fd}` of `{fd}>file` are no words to bash; after `>&` and `<&` it takes the number. */
const isDescriptor = (operator: string, word: Word, next: Token | undefined): boolean =>
  next?.kind === 'operator' && /^[<>]/.test(next.text) && next.start === word.end && (operator.endsWith('&') ? /^\{\w+\}$/ : /^(?:\d+|\{\w+\})$/).test(literal(word) ?? '');

function statement(tokens: Token[], text: string, unitDoubt?: Doubt): Omit<Entry, 'text' | 'start' | 'line' | 'unit'> {
  const none = { assignments: [] as Assignment[], names: [] as string[], invalidNames: [] as string[] };
  const words = tokens.filter((token): token is Word => token.kind === 'word');
  const raw = () => (tokens.length > 0 ? text.slice((tokens[0] as Token).start, (tokens.at(-1) as Token).end) : '');
  const opaque = (doubt: Doubt) => ({ kind: 'opaque' as const, ...none, names: mentioned(raw()), doubt });
  if (unitDoubt) return opaque(unitDoubt);
  if (tokens.some((token) => token.kind === 'operator' && token.text !== ';')) {
    return opaque(tokens.some((token) => token.kind === 'operator' && /[<>]/.test(token.text)) ? { reason: 'redirection', reach: commandsReach(tokens) } : { reason: 'operator', reach: commandsReach(tokens) });
  }
  if (words.length === 0) return { kind: 'blank', ...none };
  const leading = assignment(words[0] as Word, text);
  const plain = leading ? words.map((word) => assignment(word, text)) : [];
  if (leading && plain.every((one) => one !== undefined)) return guarded({ kind: 'assign', ...none, assignments: plain }, raw);
  // `A=1 command`: whether A stays depends on the command.
  if (leading) return opaque({ reason: 'command', reach: literal(words.find((_, i) => !plain[i]) as Word) === 'export' ? 'names' : 'any' });
  const command = literal(words[0] as Word);
  const rest = words.slice(1);
  if (command === 'export') return exported(rest, text, raw, opaque);
  if (command === 'unset' && rest.every((word) => VARIABLE_NAME.test(literal(word) ?? ''))) {
    const names = rest.map((word) => literal(word) as string);
    return names.some(isMagicVariable) ? opaque({ reason: 'shell_variable', reach: 'rest' }) : { kind: 'unset', ...none, names };
  }
  const option = rest.map((word) => literal(word)).join(' ');
  if (command === 'set' && /^[-+](?:a|o allexport)$/.test(option)) return { kind: 'allexport', ...none, on: option.startsWith('-') };
  const doubt = rest.reduce<Doubt | undefined>((all, word) => worse(all, word.doubt), undefined);
  if (command !== undefined && HARMLESS.has(command) && (!doubt || doubt.reach === 'names')) return { kind: 'harmless', ...none };
  // A carriage return alone on a line: "command not found", nothing more.
  if (command === '\r' && rest.length === 0) return { kind: 'harmless', ...none };
  return opaque({ reason: command === 'exit' || command === 'return' ? 'leaves' : 'command', reach: command === undefined || LEAVING.has(command) ? 'rest' : 'any' });
}

function exported(rest: Word[], text: string, raw: () => string, opaque: (doubt: Doubt) => ReturnType<typeof statement>): ReturnType<typeof statement> {
  const entry = { kind: 'export' as const, assignments: [] as Assignment[], names: [] as string[], invalidNames: [] as string[] };
  if (literal(rest[0])?.startsWith('-')) return opaque({ reason: 'command', reach: 'rest' });
  for (const word of rest) {
    const one = assignment(word, text);
    if (one) {
      // Unlike a plain assignment, an argument of export goes through brace expansion.
      const bare = (piece: Piece) => (piece.kind === 'text' && !piece.quoted ? piece.text : '');
      if (word.pieces.some((piece) => bare(piece).includes('{')) && /\{[\s\S]*(?:,|\.\.)/.test(word.pieces.map(bare).join('\0'))) {
        // What comes out of the braces is no assignment any more: variables in it are split into words.
        if (one.doubt || word.pieces.some((piece) => piece.kind === 'variable')) return opaque({ reason: 'braces', reach: 'any' });
        one.doubt = { reason: 'braces', reach: 'names' };
      }
      entry.assignments.push(one);
      continue;
    }
    // Not an assignment to bash's parser: expanded like any argument, and then read by export.
    if (word.doubt || word.pieces.some((piece) => piece.kind === 'variable' || (!piece.quoted && /[~{*?[\]!]/.test(piece.text)))) return opaque(worse(word.doubt, { reason: 'splitting', reach: 'any' }) as Doubt);
    const value = word.pieces.map((piece) => (piece.kind === 'text' ? piece.text : '')).join('');
    const match = ASSIGNMENT.exec(value);
    if (match) {
      entry.assignments.push({ name: match[1] as string, append: match[2] === '+', value: [{ kind: 'text', text: value.slice(match[0].length), quoted: true }], start: word.start, valueStart: word.start, valueEnd: word.end });
    } else if (VARIABLE_NAME.test(value)) entry.names.push(value);
    else entry.invalidNames.push(value);
  }
  return guarded(entry, raw);
}

function guarded(entry: ReturnType<typeof statement>, raw: () => string): ReturnType<typeof statement> {
  if (!entry.assignments.some((one) => isMagicVariable(one.name)) && !entry.names.some(isMagicVariable)) return entry;
  return { ...entry, kind: 'opaque', assignments: [], names: mentioned(raw()), doubt: { reason: 'shell_variable', reach: 'rest' } };
}

function assignment(word: Word, text: string): Assignment | undefined {
  const first = word.pieces[0];
  const match = first?.kind === 'text' && !first.quoted ? ASSIGNMENT.exec(first.text) : null;
  if (!match || first?.kind !== 'text') return undefined;
  const value = word.pieces.slice();
  value[0] = { kind: 'text', text: first.text.slice(match[0].length), quoted: false };
  return { name: match[1] as string, append: match[2] === '+', value, start: word.start, valueStart: text.indexOf('=', word.start) + 1, valueEnd: word.end, doubt: word.doubt };
}

/** A word that is plain unquoted text. */
function literal(word: Word | undefined): string | undefined {
  if (!word || word.doubt || word.pieces.length !== 1) return undefined;
  const piece = word.pieces[0];
  return piece?.kind === 'text' && !piece.quoted ? piece.text : undefined;
}

/** `export A=b & c`, `A=1 > file`: only names when all commands assign or do nothing, else anything. */
function commandsReach(tokens: Token[]): Doubt['reach'] {
  let reach: Doubt['reach'] = 'names';
  let words: Word[] = [];
  const close = () => {
    const command = literal(words.find((word) => !ASSIGNMENT.test(word.pieces[0]?.kind === 'text' ? word.pieces[0].text : '')));
    const assigns = words.every((word) => ASSIGNMENT.test(word.pieces[0]?.kind === 'text' && !word.pieces[0].quoted ? word.pieces[0].text : ''));
    if (!assigns && (command === undefined || !(HARMLESS.has(command) || command === 'export'))) reach = command !== undefined && !LEAVING.has(command) ? (reach === 'rest' ? reach : 'any') : 'rest';
    else if (command === 'export' && words.slice(1).some((word) => literal(word)?.startsWith('-') || word.pieces.some((piece) => piece.kind === 'variable') || /[{*?[]/.test(literal(word) ?? '{'))) reach = reach === 'rest' ? reach : 'any';
    if (words.some((word) => isMagicVariable(ASSIGNMENT.exec(literal(word) ?? '')?.[1] ?? ''))) reach = 'rest';
    words = [];
  };
  tokens.forEach((token, i) => {
    const before = tokens[i - 1];
    if (token.kind === 'operator' && CONTROL.has(token.text)) close();
    else if (token.kind === 'word' && !(before?.kind === 'operator' && /[<>]/.test(before.text))) words.push(token);
  });
  close();
  return reach;
}

/** Names that a statement which isn't understood may set. */
function mentioned(raw: string): string[] {
  const names = new Set<string>();
  for (const match of raw.matchAll(/([A-Za-z_][A-Za-z0-9_]*)\+?=/g)) names.add(match[1] as string);
  for (const match of raw.matchAll(/\bexport((?:[ \t]+[A-Za-z_][A-Za-z0-9_]*)+)/g)) for (const name of (match[1] as string).trim().split(/[ \t]+/)) names.add(name);
  return [...names];
}

function lineCounter(text: string): (position: number) => number {
  let line = 1;
  let at = 0;
  return (position) => {
    for (let end = text.indexOf('\n', at); end !== -1 && end < position; end = text.indexOf('\n', at)) {
      line++;
      at = end + 1;
    }
    return line;
  };
}
