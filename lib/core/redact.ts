import { TOKEN_FORM, TOKEN_STARTS } from '../../guard/secret-arguments.ts';
import { singleton } from './singleton.ts';
import { secretForms } from './secret-forms.ts';
import { ADDRESS, anchorOf, KEYWORD, MNEMONIC, makeScan, type Scan, TOKEN, VALUE } from './secret-scan.ts';

/**
 * The one choke point for secrets: every log line, stored output, error detail, SSE batch and download passes here.
 * Registered values are masked by value, in every form that programs print them in (measured 13); what looks like a
 * mnemonic, a provider's token, or the value of a password key, is masked by pattern.
 */

/** What stands where a secret stood. */
export const SECRET_MARK = '••••••';

/** Shorter values can't be masked by value without tearing ordinary text apart; the key patterns still cover them. */
export const SHORTEST_SECRET = 4;

type Matcher = { values: RegExp | undefined; /** Longest form in characters. */ longest: number; raw: string[]; scan: Scan };
type Registry = { sources: Map<string, string[]>; matcher: Matcher };

/** Looked up once a module: redact() runs a hundred thousand times a second. */
let known: Registry | undefined;
const registry = (): Registry => {
  known ??= singleton('redact', () => ({ sources: new Map(), matcher: compile([]) }));
  return known;
};

/**
 * Replaces what `source` (such as `config.env`) registered before. Values under four characters are ignored (see above).
 * Takes effect at once for every later redact().
 */
export function registerSecrets(source: string, values: string[]): void {
  const { sources } = registry();
  const usable = [...new Set(values)].filter((value) => value.length >= SHORTEST_SECRET);
  const before = sources.get(source);
  if (before && before.length === usable.length && before.every((value, i) => value === usable[i])) return;
  if (usable.length > 0) sources.set(source, usable);
  else sources.delete(source);
  registry().matcher = compile([...new Set([...sources.values()].flat())]);
}

const literal = (text: string) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');

function compile(values: string[]): Matcher {
  const forms = new Set(values.flatMap(secretForms));
  const folds = values.flatMap(foldedHalves);
  // Longest first: a form that is the beginning of another must not leave the other's end behind.
  const ordered = [...forms].sort((a, b) => b.length - a.length);
  const source = [
    ...ordered.map((form) => literal(form).replace(/ /g, '(?: |[ \\t]*\\r?\\n[ \\t]*)')),
    ...folds.map(({ half, at }) => (at === 'end' ? `${literal(half)}(?=[ \\t]*\\r?$)` : `(?<=^[ \\t]+)${literal(half)}`)),
  ].join('|');
  const anchors = [...new Set([...ordered, ...folds.map(({ half }) => half)].map(anchorOf))];
  return { values: source ? new RegExp(source, 'gm') : undefined, longest: ordered[0]?.length ?? 0, raw: values, scan: makeScan({ [VALUE]: anchors, [KEYWORD]: KEYWORDS, [ADDRESS]: URLS, [TOKEN]: TOKEN_STARTS }) };
}

/** YAML may fold a long value with spaces over lines; logs are then seen line by line, so each half is masked by its place. */
function foldedHalves(value: string): { half: string; at: 'end' | 'start' }[] {
  const halves: { half: string; at: 'end' | 'start' }[] = [];
  for (let at = value.indexOf(' '); at > 0; at = value.indexOf(' ', at + 1)) {
    halves.push({ half: value.slice(0, at), at: 'end' }, { half: value.slice(at + 1), at: 'start' });
  }
  return halves.filter(({ half }) => half.length >= 6);
}

const ANSI = /\x1b(?:\[[0-9;:?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])/g;

/** A mark that keeps the line breaks of what it replaces, so that lines stay countable. */
function mark(hidden: string): string {
  if (!hidden.includes('\n')) return SECRET_MARK;
  return SECRET_MARK + '\n'.repeat(hidden.split('\n').length - 1);
}

/** The text with every secret masked. The same text twice gives the same: masking is idempotent. */
export function redact(text: string): string {
  if (text.length === 0) return text;
  const { values, scan } = registry().matcher;
  const suspect = scan(text);
  if (suspect === 0) return text;
  let out = text;
  if (values && suspect & VALUE) {
    out = out.replace(values, mark);
    if (out.includes('\x1b')) out = redactColoured(out, values);
  }
  if (suspect & KEYWORD) {
    for (const pattern of KEYED) out = out.replace(pattern, maskValue);
    out = out.replace(BEARER, `$1${SECRET_MARK}`);
  }
  if (suspect & ADDRESS && out.includes('@')) out = out.replace(USERINFO, `$1${SECRET_MARK}`);
  if (suspect & TOKEN) out = out.replace(TOKEN_FORM, SECRET_MARK);
  return suspect & MNEMONIC ? out.replace(MNEMONIC_WORDS, SECRET_MARK) : out;
}

/** A value with colour codes inside it: found in the text without codes, masked in the text with them. */
function redactColoured(text: string, values: RegExp): string {
  const plain = text.replace(ANSI, '');
  values.lastIndex = 0;
  if (!values.test(plain)) return text;
  values.lastIndex = 0;
  // Where each character of the plain text stands in the coloured one.
  const origin: number[] = [];
  let from = 0;
  for (const code of text.matchAll(ANSI)) {
    for (let i = from; i < code.index; i++) origin.push(i);
    from = code.index + code[0].length;
  }
  for (let i = from; i < text.length; i++) origin.push(i);
  let out = '';
  let done = 0;
  for (const hit of plain.matchAll(values)) {
    if (hit[0].length === 0) continue;
    const start = origin[hit.index] as number;
    const end = (origin[hit.index + hit[0].length - 1] as number) + 1;
    const codes = (text.slice(start, end).match(ANSI) ?? []).join('');
    out += text.slice(done, start) + mark(hit[0]) + codes;
    done = end;
  }
  return out + text.slice(done);
}

const WORD = '(?:pass(?:word|wd|phrase)|secret(?:_access_key)?|mnemonic|(?:api|private|priv|access|seed)_?key|(?:auth|access|bearer|refresh|hf|hub|bot|api|provider)_?token)';
const QUOTED = String.raw`"(?:[^"\\\n]|\\.)*"|'(?:[^'\n]|'')*'|\\"(?:[^"\\\n]|\\\\(?:\\.|[^"\\]))*\\"`;
const PLAIN_VALUE = `(?:${QUOTED}|[^\\s,;}\\]&"'\\x1b\\\\]+)`;
const GAP = '(?:\\x1b\\[[0-9;]*m)*';
/** A word's beginning, also right behind a colour code, whose last letter would otherwise count as part of it. */
const START = '(?:\\b|(?<=\\x1b\\[[0-9;]*m))';
/** Without one of these in the text none of the patterns below can match. */
const KEYWORDS = [
  'pass', 'Pass', 'PASS', 'secret', 'Secret', 'SECRET', 'nemonic', 'NEMONIC', 'earer',
  '_key', '-key', '_KEY', '_Key', 'apikey', 'atekey', 'privkey', 'esskey', 'eedkey', 'ateKey', 'rivKey', 'piKey', 'PIKey', 'essKey', 'eedKey', 'PIKEY', 'ATEKEY', 'IVKEY', 'ESSKEY',
  '_token', '_Token', 'TOKEN', 'hToken', 'sToken', 'rToken', 'fToken', 'htoken', 'stoken', 'rtoken', 'ftoken', 'btoken', 'ttoken', 'itoken',
];
const URLS = ['://'];
/**
 * The value of a key that is named like a secret, for what nobody registered: `KEYRING_PASSWORD: x`, `"KeyringPassword": "x"`,
 * `KeyringPassword:x}`, `keyring_password=x`, a YAML line. Prose ("incorrect passphrase: EOF") is left alone.
 */
const KEYED = [
  new RegExp(`(${START}[A-Z0-9_]*(?:PASSWORD|PASSWD|PASSPHRASE|SECRET|SECRET_ACCESS_KEY|MNEMONIC|API_KEY|PRIVATE_KEY|PRIV_KEY|ACCESS_KEY|_TOKEN)\\b["']?${GAP}[ \\t]*[:=]${GAP}[ \\t]*)${PLAIN_VALUE}`, 'g'),
  new RegExp(`(${START}[A-Za-z0-9]*(?:[a-z0-9]|\\b)(?:Password|Passphrase|Secret|Mnemonic|PrivateKey|PrivKey|ApiKey|AuthToken|AccessToken)["']?${GAP}[ \\t]*[:=]${GAP}[ \\t]*)${PLAIN_VALUE}`, 'g'),
  new RegExp(`(\\\\?"[a-z0-9_-]*${WORD}\\\\?"[ \\t]*:[ \\t]*)(?:${QUOTED})`, 'gi'),
  new RegExp(`(^[ \\t]*(?:- )?[a-z0-9_]*${WORD}[ \\t]*:[ \\t]+)(?:${QUOTED}|[^\\s"'][^\\n]*)`, 'gm'),
  new RegExp(`(${START}[a-z0-9_-]*${WORD}${GAP}=${GAP})${PLAIN_VALUE}`, 'g'),
];
/** Quotes stay: what was JSON stays JSON. */
function maskValue(match: string, key: string): string {
  const quote = /^\\?["']/.exec(match.slice(key.length))?.[0] ?? '';
  return key + quote + SECRET_MARK + quote;
}
const BEARER = /(\b[Bb]earer[ \t]+)[A-Za-z0-9._~+/-]{16,}=*/g;
const USERINFO = /(\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@"']*:)[^\s/@"']+(?=@)/g;
/** The words of a mnemonic have 3 to 8 letters; these common ones are not in the BIP-39 list, so a sentence ends the run. */
const PROSE = 'the|and|for|with|from|was|not|are|has|but|its|his|had|him|will|been|were|which|when|where|after|until|every|would';
const MNEMONIC_WORD = `(?!(?:${PROSE})\\b)[a-z]{3,8}\\b`;
const MNEMONIC_WORDS = new RegExp(`${START}${MNEMONIC_WORD}(?:[ \\t,"']{1,4}${MNEMONIC_WORD}){11,23}`, 'g');

/**
 * The first line of a cut stream (the last N lines of a log, a line in pieces) may begin in the middle of a secret:
 * a beginning that is the end of a registered value is masked too.
 */
export function redactHead(text: string): string {
  for (const value of registry().matcher.raw) {
    for (let length = Math.min(value.length - 1, text.length); length >= SHORTEST_SECRET; length--) {
      if (text.startsWith(value.slice(value.length - length))) return SECRET_MARK + text.slice(length);
    }
  }
  return text;
}

/** A line that is longer than this is handed on in pieces. */
const PIECE = 64 * 1024;

/**
 * For text that arrives in chunks cut anywhere: whole lines are handed on at once, a line without end in pieces that
 * never cut through a secret.
 */
export function streamRedactor(): { push(text: string): string; flush(): string } {
  let held = '';
  return {
    push(text) {
      held += text;
      const end = held.lastIndexOf('\n') + 1;
      let out = redact(held.slice(0, end));
      held = held.slice(end);
      while (held.length > PIECE) {
        const cut = safeCut(held);
        out += redact(held.slice(0, cut));
        held = held.slice(cut);
      }
      return out;
    },
    flush() {
      const out = redact(held);
      held = '';
      return out;
    },
  };
}

/**
 * Where a text that goes on may be cut: not inside a secret that is there, and far enough from the end for one that is
 * only beginning. At least 1.
 */
export function safeCut(text: string): number {
  const { values, longest } = registry().matcher;
  let cut = Math.max(1, text.length - Math.max(1024, longest * 2));
  if (values) {
    values.lastIndex = 0;
    for (const hit of text.matchAll(values)) {
      if (hit.index >= cut) break;
      if (hit.index + hit[0].length > cut) cut = hit.index > 0 ? hit.index : hit[0].length;
    }
  }
  // Not between the halves of a character outside the basic plane.
  const code = text.charCodeAt(cut - 1);
  return code >= 0xd800 && code <= 0xdbff && cut > 1 ? cut - 1 : cut;
}
