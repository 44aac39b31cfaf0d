/**
 * Reads the words of a shell file as bash reads them, without running anything (bash manual, "Shell Syntax").
 * What can't be known without running it becomes a `doubt` of the word, never a guess.
 */
import { readAnsiQuoted } from './ansi-quoting.ts';
import { type Doubt, type Reach, type Reason, worse } from './shell-doubt.ts';
import { HARMLESS_EXPANSION, PLAIN_COMMAND } from './harmless-expansions.ts';

export type Piece =
  | { kind: 'text'; text: string; quoted: boolean }
  | { kind: 'variable'; name: string; operator?: '-' | ':-' | '+' | ':+'; word: Piece[]; quoted: boolean };

export type Word = { kind: 'word'; start: number; end: number; pieces: Piece[]; doubt?: Doubt };
export type Token = Word | { kind: 'operator' | 'newline' | 'comment' | 'here_document'; start: number; end: number; text: string };

const OPERATORS = ['<<<', '<<-', '&>>', ';;&', '<<', '<&', '<>', '>>', '>&', '>|', '&>', '&&', '||', '|&', ';;', ';&', '<', '>', '&', '|', ';', '(', ')'];
const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
/** Characters that are just themselves, bare and between double quotes. */
const PLAIN = /[^ \t\n\\'"$`|&;()<>[]+/y;
const PLAIN_QUOTED = /[^"\\$`\n]+/y;
/** Bytes that bash uses inside itself or drops: their fate isn't worth claiming. */
const CONTROL = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/;

/** The tokens of a text, one after the other; together with the blanks between them they are the text. */
export class TokenReader {
  private readonly text: string;
  /** Where it reads on; may be set to the start of a line that no token reaches into. */
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  next(): Token | undefined {
    this.skipBlanks();
    const start = this.at;
    const char = this.text[start];
    if (char === undefined) return undefined;
    if (char === '\n') {
      this.at++;
      return { kind: 'newline', start, end: this.at, text: '\n' };
    }
    if (char === '#') {
      const end = this.text.indexOf('\n', start);
      this.at = end === -1 ? this.text.length : end;
      return { kind: 'comment', start, end: this.at, text: this.text.slice(start, this.at) };
    }
    if (!isMeta(char)) return this.word();
    const operator = this.operator();
    if (operator !== '<<' && operator !== '<<-') return { kind: 'operator', start, end: this.at, text: operator };
    // Where its body ends depends on words of its own; nothing after it is claimed.
    this.at = this.text.length;
    return { kind: 'here_document', start, end: this.at, text: this.text.slice(start) };
  }

  /** An operator may be broken over joined lines, like any word. */
  private operator(): string {
    const ahead: { char: string; end: number }[] = [];
    const start = this.at;
    for (let longest = 3; longest > 0; longest--) {
      this.skipJoins();
      ahead.push({ char: this.text[this.at] ?? '', end: this.at + 1 });
      this.at++;
    }
    this.at = start;
    const operator = OPERATORS.find((one) => ahead.map(({ char }) => char).join('').startsWith(one)) as string;
    this.at = (ahead[operator.length - 1] as { end: number }).end;
    return operator;
  }

  /** Bash joins lines that end in a backslash before it looks at them (not in single quotes, not in comments). */
  private skipJoins(): void {
    while (this.text[this.at] === '\\' && this.text[this.at + 1] === '\n') this.at += 2;
  }

  private run(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    if (!pattern.test(this.text)) return '';
    const start = this.at;
    this.at = pattern.lastIndex;
    return this.text.slice(start, this.at);
  }

  private skipBlanks(): void {
    for (;;) {
      this.skipJoins();
      if (this.text[this.at] !== ' ' && this.text[this.at] !== '\t') return;
      this.at++;
    }
  }

  private word(): Word {
    const word: Word = { kind: 'word', start: this.at, end: this.at, pieces: [], doubt: undefined };
    for (;;) {
      const plain = this.run(PLAIN);
      if (plain) add(word, plain, false);
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
    if (end === -1) {
      this.unclosed(word);
      return;
    }
    const inside = this.text.slice(this.at + 1, end);
    if (inside.includes('\n')) doubt(word, 'multi_line', 'names');
    add(word, inside, true);
    this.at = end + 1;
  }

  private doubleQuoted(word: Word): void {
    this.at++;
    add(word, '', true);
    for (;;) {
      const plain = this.run(PLAIN_QUOTED);
      if (plain) add(word, plain, true);
      this.skipJoins();
      const char = this.text[this.at];
      if (char === undefined) {
        this.unclosed(word);
        return;
      }
      if (char === '"') {
        this.at++;
        return;
      }
      if (char === '\\') {
        const next = this.text[this.at + 1];
        if (next === undefined) {
          this.unclosed(word);
          return;
        }
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
    if (next === "'" && !quoted) {
      this.ansiQuoted(word);
      return;
    }
    if (next === '"' && !quoted) {
      doubt(word, 'locale', 'names');
      this.doubleQuoted(word);
      return;
    }
    if (next === '(') {
      this.parenthesised(word);
      return;
    }
    if (next === '[') {
      this.skipTo(word, '[', ']', 'arithmetic');
      return;
    }
    if (next === '{') {
      this.braced(word, quoted);
      return;
    }
    const name = this.name();
    if (name) {
      word.pieces.push({ kind: 'variable', name, word: [], quoted });
      return;
    }
    if (next !== undefined && /[0-9@*#?$!-]/.test(next)) {
      this.at++;
      doubt(word, 'special_parameter', 'names');
      return;
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
    if (this.text.startsWith('((', this.at)) {
      this.skipTo(word, '(', ')', 'arithmetic');
      return;
    }
    this.skipTo(word, '(', ')', 'command_substitution');
  }

  private backquoted(word: Word): void {
    let end = this.at + 1;
    while (end < this.text.length && this.text[end] !== '`') end += this.text[end] === '\\' ? 2 : 1;
    if (end >= this.text.length) {
      this.unclosed(word);
      return;
    }
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
        doubt(word, reason, plain ? 'names' : 'rest');
        return;
      }
    }
    this.at = this.text.length;
    doubt(word, 'unclosed', 'rest');
  }

  /** `$'…'` */
  private ansiQuoted(word: Word): void {
    const { value, end, doubts } = readAnsiQuoted(this.text, this.at + 1);
    for (const one of doubts) doubt(word, one.reason, one.reach);
    add(word, value, true);
    this.at = end;
  }

  private unclosed(word: Word): void {
    doubt(word, 'unclosed', 'stop');
    this.at = this.text.length;
  }
}

const isMeta = (char: string) => '|&;()<>'.includes(char);

function doubt(word: Word, reason: Reason, reach: Reach): void {
  word.doubt = worse(word.doubt, { reason, reach });
  // Keeps what stands on either side from becoming one text: `a$1=` is no assignment.
  word.pieces.push({ kind: 'text', text: '', quoted: true });
}

function add(word: Word, text: string, quoted: boolean): void {
  const last = word.pieces.at(-1);
  if (last?.kind === 'text' && last.quoted === quoted) last.text += text;
  else word.pieces.push({ kind: 'text', text, quoted });
}
