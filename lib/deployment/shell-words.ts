/**
 * Reads the words of a shell file as bash reads them, without running anything (bash manual, "Shell Syntax").
 * What can't be known without running it becomes a `doubt` of the word, never a guess.
 */

/** Why a place can't be read without running it; texts in `deployment.reasons.*`. */
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

export type Piece =
  | { kind: 'text'; text: string; quoted: boolean }
  | { kind: 'variable'; name: string; operator?: '-' | ':-' | '+' | ':+'; word: Piece[]; quoted: boolean };

export type Word = { kind: 'word'; start: number; end: number; pieces: Piece[]; doubt?: Doubt };
export type Token = Word | { kind: 'operator' | 'newline' | 'comment' | 'here_document'; start: number; end: number; text: string };

const REACH: Reach[] = ['names', 'any', 'rest', 'stop'];
export const worse = (a: Doubt | undefined, b: Doubt | undefined): Doubt | undefined =>
  !a ? b : !b || REACH.indexOf(b.reach) <= REACH.indexOf(a.reach) ? a : b;

const OPERATORS = ['<<<', '<<-', '&>>', ';;&', '<<', '<&', '<>', '>>', '>&', '>|', '&>', '&&', '||', '|&', ';;', ';&', '<', '>', '&', '|', ';', '(', ')'];
const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
/** Bytes that bash uses inside itself or drops: their fate isn't worth claiming. */
const CONTROL = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/;
/** `$(…)` whose inside is surely well formed, and which can change no variable of ours. */
const PLAIN_COMMAND = /^\s*(?:(?!(?:if|then|else|elif|fi|for|while|until|do|done|case|esac|in|function|select|time|coproc)\b)[\w./][\w./:@%+,=-]*|'[^'\n]*'|"[^"`$\\\n]*")(?:[ \t]+(?:[\w./:@%+,=-]+|'[^'\n]*'|"[^"`$\\\n]*"))*(?:[ \t]*\|[ \t]*(?:(?!(?:if|then|else|elif|fi|for|while|until|do|done|case|esac|in|function|select|time|coproc)\b)[\w./][\w./:@%+,=-]*)(?:[ \t]+(?:[\w./:@%+,=-]+|'[^'\n]*'|"[^"`$\\\n]*"))*)*\s*$/;
/** `${…}` that bash accepts and that changes nothing: length, cut, replace, change of case. */
const HARMLESS_EXPANSION = /^(?:#[A-Za-z_]\w*|[A-Za-z_]\w*(?:(?:%%?|##?|\/\/?|\^\^?|,,?)[\w.:/*?-]*))$/;

/** All tokens of the text, in order; together with the blanks between them they are the text. */
export function readTokens(text: string): Token[] {
  return new Reader(text).tokens();
}

class Reader {
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  tokens(): Token[] {
    const tokens: Token[] = [];
    for (;;) {
      this.skipBlanks();
      const start = this.at;
      const char = this.text[start];
      if (char === undefined) return tokens;
      if (char === '\n') {
        this.at++;
        tokens.push({ kind: 'newline', start, end: this.at, text: '\n' });
      } else if (char === '#') {
        const end = this.text.indexOf('\n', start);
        this.at = end === -1 ? this.text.length : end;
        tokens.push({ kind: 'comment', start, end: this.at, text: this.text.slice(start, this.at) });
      } else if (isMeta(char)) {
        const operator = OPERATORS.find((one) => this.text.startsWith(one, start)) as string;
        this.at += operator.length;
        if (operator === '<<' || operator === '<<-') {
          // Where its body ends depends on words of its own; nothing after it is claimed.
          this.at = this.text.length;
          tokens.push({ kind: 'here_document', start, end: this.at, text: this.text.slice(start) });
        } else tokens.push({ kind: 'operator', start, end: this.at, text: operator });
      } else tokens.push(this.word());
    }
  }

  /** Bash joins lines that end in a backslash before it looks at them (not in single quotes, not in comments). */
  private skipJoins(): void {
    while (this.text[this.at] === '\\' && this.text[this.at + 1] === '\n') this.at += 2;
  }

  private skipBlanks(): void {
    for (;;) {
      this.skipJoins();
      if (this.text[this.at] !== ' ' && this.text[this.at] !== '\t') return;
      this.at++;
    }
  }

  private word(): Word {
    const word: Word = { kind: 'word', start: this.at, end: this.at, pieces: [] };
    for (;;) {
      this.skipJoins();
      const char = this.text[this.at];
      if (char === undefined || char === '\n' || char === ' ' || char === '\t' || isMeta(char)) break;
      if (char === "'") this.singleQuoted(word);
      else if (char === '"') this.doubleQuoted(word);
      else if (char === '\\') {
        const next = this.text[this.at + 1];
        // A backslash as the last character of the file stays.
        add(word, next ?? '\\', true);
        this.at += next === undefined ? 1 : 2;
      } else if (char === '$') this.dollar(word, false);
      else if (char === '`') this.backquoted(word);
      else {
        // `name[`: an array index, read to its `]` even over line ends.
        const only = char === '[' && word.pieces.length === 1 ? word.pieces[0] : undefined;
        if (only?.kind === 'text' && !only.quoted && /^[A-Za-z_]\w*$/.test(only.text)) doubt(word, 'compound', 'rest');
        add(word, char, false);
        this.at++;
      }
    }
    word.end = this.at;
    if (CONTROL.test(this.text.slice(word.start, word.end))) doubt(word, 'control_character', 'rest');
    return word;
  }

  private singleQuoted(word: Word): void {
    const end = this.text.indexOf("'", this.at + 1);
    if (end === -1) return this.unclosed(word);
    const inside = this.text.slice(this.at + 1, end);
    if (inside.includes('\n')) doubt(word, 'multi_line', 'names');
    add(word, inside, true);
    this.at = end + 1;
  }

  private doubleQuoted(word: Word): void {
    this.at++;
    add(word, '', true);
    for (;;) {
      this.skipJoins();
      const char = this.text[this.at];
      if (char === undefined) return this.unclosed(word);
      if (char === '"') {
        this.at++;
        return;
      }
      if (char === '\\') {
        const next = this.text[this.at + 1];
        if (next === undefined) return this.unclosed(word);
        add(word, next === '$' || next === '`' || next === '"' || next === '\\' ? next : `\\${next}`, true);
        this.at += 2;
        if (next === '\n') doubt(word, 'multi_line', 'names');
      } else if (char === '$') this.dollar(word, true);
      else if (char === '`') this.backquoted(word);
      else {
        if (char === '\n') doubt(word, 'multi_line', 'names');
        add(word, char, true);
        this.at++;
      }
    }
  }

  /** At `$`. */
  private dollar(word: Word, quoted: boolean): void {
    this.at++;
    this.skipJoins();
    const next = this.text[this.at];
    if (next === "'" && !quoted) return this.ansiQuoted(word);
    if (next === '"' && !quoted) {
      doubt(word, 'locale', 'names');
      return this.doubleQuoted(word);
    }
    if (next === '(') return this.parenthesised(word);
    if (next === '[') return this.skipTo(word, '[', ']', 'arithmetic');
    if (next === '{') return this.braced(word, quoted);
    const name = this.name();
    if (name) {
      word.pieces.push({ kind: 'variable', name, word: [], quoted });
      return;
    }
    if (next !== undefined && /[0-9@*#?$!-]/.test(next)) {
      this.at++;
      return doubt(word, 'special_parameter', 'names');
    }
    add(word, '$', quoted);
  }

  /** A variable's name may be broken over joined lines. */
  private name(): string {
    let name = '';
    for (;;) {
      this.skipJoins();
      const char = this.text[this.at];
      if (char === undefined || !(name ? /\w/ : /[A-Za-z_]/).test(char)) return name;
      name += char;
      this.at++;
    }
  }

  private braced(word: Word, quoted: boolean): void {
    const open = this.at;
    NAME.lastIndex = open + 1;
    const name = NAME.exec(this.text)?.[0];
    if (name) {
      let at = open + 1 + name.length;
      if (this.text[at] === '}') {
        this.at = at + 1;
        word.pieces.push({ kind: 'variable', name, word: [], quoted });
        return;
      }
      const operator = ([':-', ':+', '-', '+'] as const).find((one) => this.text.startsWith(one, at));
      if (operator) {
        at += operator.length;
        const inner: Word = { kind: 'word', start: at, end: at, pieces: [] };
        // Quotes, escapes and tildes inside follow rules of their own; only plain text and further `$` are read.
        for (this.at = at; ; ) {
          const char = this.text[this.at];
          if (char === '}') {
            this.at++;
            if (inner.doubt) doubt(word, inner.doubt.reason, inner.doubt.reach);
            word.pieces.push({ kind: 'variable', name, operator, word: inner.pieces, quoted });
            return;
          }
          if (char === '$' && /[A-Za-z_{]/.test(this.text[this.at + 1] ?? '')) this.dollar(inner, true);
          else if (char === undefined || /[\n\\'"`$~{]/.test(char)) break;
          else {
            add(inner, char, true);
            this.at++;
          }
        }
      }
    }
    this.at = open;
    this.skipTo(word, '{', '}', 'expansion');
  }

  private parenthesised(word: Word): void {
    if (this.text.startsWith('((', this.at)) return this.skipTo(word, '(', ')', 'arithmetic');
    this.skipTo(word, '(', ')', 'command_substitution');
  }

  private backquoted(word: Word): void {
    let end = this.at + 1;
    while (end < this.text.length && this.text[end] !== '`') end += this.text[end] === '\\' ? 2 : 1;
    if (end >= this.text.length) return this.unclosed(word);
    doubt(word, 'command_substitution', PLAIN_COMMAND.test(this.text.slice(this.at + 1, end)) ? 'names' : 'rest');
    this.at = end + 1;
  }

  /** Over a `$…` group that needs running. The end is a guess where the inside is odd, and then nothing later is claimed. */
  private skipTo(word: Word, open: string, close: string, reason: Reason): void {
    const start = this.at;
    let depth = 0;
    let quote = '';
    for (; this.at < this.text.length; this.at++) {
      const char = this.text[this.at] as string;
      if (quote) {
        if (char === '\\' && quote === '"') this.at++;
        else if (char === quote) quote = '';
      } else if (char === '\\') this.at++;
      else if (char === "'" || char === '"') quote = char;
      else if (char === open) depth++;
      else if (char === close && --depth === 0) {
        const inside = this.text.slice(start + 1, this.at);
        this.at++;
        const plain = reason === 'command_substitution' ? PLAIN_COMMAND.test(inside) : reason === 'expansion' && HARMLESS_EXPANSION.test(inside);
        return doubt(word, reason, plain ? 'names' : 'rest');
      }
    }
    this.at = this.text.length;
    doubt(word, 'unclosed', 'rest');
  }

  /** `$'…'`: the escapes of C. */
  private ansiQuoted(word: Word): void {
    let at = this.at + 1;
    let value = '';
    for (;;) {
      const char = this.text[at];
      if (char === undefined) return this.unclosed(word);
      if (char === "'") break;
      if (char === '\n') doubt(word, 'multi_line', 'names');
      if (char !== '\\') {
        value += char;
        at++;
        continue;
      }
      const next = this.text[at + 1];
      if (next === undefined) return this.unclosed(word);
      const simple = SIMPLE_ESCAPES[next];
      const number = /^(?:([0-7]{1,3})|x([0-9a-fA-F]{1,2}))/.exec(this.text.slice(at + 1, at + 5));
      if (simple !== undefined) {
        value += simple;
        at += 2;
      } else if (number) {
        const code = number[1] ? Number.parseInt(number[1], 8) & 255 : Number.parseInt(number[2] as string, 16);
        // Zero ends the string, a byte above 127 is a part of some character, and bash has a use of its own for some below 32.
        if (code > 126 || (code < 32 && ![9, 10, 13].includes(code))) doubt(word, 'control_character', 'names');
        value += String.fromCharCode(code);
        at += 1 + (number[0] as string).length;
      } else if ('abeEfv'.includes(next)) {
        doubt(word, 'control_character', 'names');
        at += 2;
      } else if ('uUc'.includes(next) || (next === 'x' && this.text[at + 2] === '{')) {
        // Where these end depends on bash's release and locale.
        doubt(word, next === 'c' ? 'control_character' : 'locale', 'rest');
        at += 2;
      } else {
        if (next === '\n') doubt(word, 'multi_line', 'names');
        value += `\\${next}`;
        at += 2;
      }
    }
    add(word, value, true);
    this.at = at + 1;
  }

  private unclosed(word: Word): void {
    doubt(word, 'unclosed', 'stop');
    this.at = this.text.length;
  }
}

const SIMPLE_ESCAPES: Record<string, string> = { n: '\n', r: '\r', t: '\t', '\\': '\\', "'": "'", '"': '"', '?': '?' };

const isMeta = (char: string) => '|&;()<>'.includes(char);

function doubt(word: Word, reason: Reason, reach: Reach): void {
  word.doubt = worse(word.doubt, { reason, reach });
}

function add(word: Word, text: string, quoted: boolean): void {
  const last = word.pieces.at(-1);
  if (last?.kind === 'text' && last.quoted === quoted) last.text += text;
  else word.pieces.push({ kind: 'text', text, quoted });
}
