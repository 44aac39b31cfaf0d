/**
 * Finds secrets in JSON text such as node-config.json, whole or half-typed: by the name before them and by their form.
 * Imports nothing, so that the browser masks what it asks about and the server masks what it answers.
 */

/** Provider tokens that say what they are: Hugging Face, OpenAI and its likes, GitHub, GitLab, AWS, Slack, JWT. */
export const TOKEN_FORM = /(?<![A-Za-z0-9_])(?:hf_[A-Za-z0-9]{20,}|sk-(?=[\w-]*\d)[\w-]{20,}|gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|AKIA[0-9A-Z]{16}|xox[abprs]-[\w-]{10,}|eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,})(?![A-Za-z0-9])/g;
/** What every one of them begins with. */
export const TOKEN_STARTS = ['hf_', 'sk-', 'ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_', 'github_pat_', 'glpat-', 'AKIA', 'xoxa-', 'xoxb-', 'xoxp-', 'xoxr-', 'xoxs-', 'eyJ'];

/** The last words of a name: `--hf-token`, `api_key`, `authToken`; not `--max-num-batched-tokens`, `--tokenizer`, `--ssl-keyfile`. */
const SECRET = /(?:^|[-_.]|(?<=[a-z])(?=[A-Z]))(?:token|api[-_]?key|access[-_]?key|private[-_]?key|secret(?:[-_]?key)?|password|passwd|passphrase|credentials?)$/i;
const OF_A_TOKENIZER = /(?:eos|bos|pad|unk|sep|cls|mask|stop|special)[-_]?token$/i;
/** Whether an argument (`--hf-token`) or a field (`auth_token`) is called like a secret. */
export const isSecretArgument = (name: string): boolean => SECRET.test(name) && !OF_A_TOKENIZER.test(name);

/** `"name": "value`, `"--name", "value` */
const NAMED = /"(-{0,2}[A-Za-z][\w.-]*)"\s*([:,])\s*"((?:[^"\\\n]|\\.)+)/g;
/** A further value of the same argument. */
const NEXT_VALUE = /"\s*,\s*"((?!-)(?:[^"\\\n]|\\.)+)/y;
/** `"--name=value`, `"--name value` */
const JOINED = /"(--?[A-Za-z][\w.-]*)(?:=|[ \t]+)((?:[^"\\\n]|\\.)+)/g;
const URL_PASSWORD = /:\/\/[^/@:\s"]*:([^/@\s"]+)@/g;
/** Nothing, a placeholder, a reference, or a secret that is masked already. */
const OPEN = /^(?:<[^<>]*>|\$\{?\w+\}?|•+\**|⟪[a-z]+ \d+⟫)$/;

type Stretch = { start: number; end: number };

/** Where the secrets stand, in order and apart from each other. */
export function secretStretches(text: string): Stretch[] {
  const found: Stretch[] = [];
  const add = (end: number, value: string) => {
    if (!OPEN.test(value)) found.push({ start: end - value.length, end });
  };
  const behind = (match: RegExpExecArray | RegExpMatchArray) => (match.index as number) + match[0].length;
  for (NAMED.lastIndex = 0; ; ) {
    const match = NAMED.exec(text);
    if (!match) break;
    const [, name = '', sign, value = ''] = match;
    // What stands behind a name may be a name itself.
    NAMED.lastIndex = match.index + name.length + 1;
    if (name.startsWith('-') !== (sign === ',') || (sign === ',' && value.startsWith('-')) || !isSecretArgument(name)) continue;
    let end = behind(match);
    add(end, value);
    while (sign === ',') {
      NEXT_VALUE.lastIndex = end;
      const next = NEXT_VALUE.exec(text);
      if (!next) break;
      end = NEXT_VALUE.lastIndex;
      add(end, next[1] as string);
    }
  }
  for (const match of text.matchAll(JOINED)) if (isSecretArgument(match[1] as string)) add(behind(match), match[2] as string);
  for (const match of text.matchAll(TOKEN_FORM)) add(behind(match), match[0]);
  for (const match of text.matchAll(URL_PASSWORD)) add(behind(match) - 1, match[1] as string);
  const apart: Stretch[] = [];
  for (const one of found.sort((a, b) => a.start - b.start)) {
    const last = apart.at(-1);
    if (last && one.start < last.end) last.end = Math.max(last.end, one.end);
    else apart.push(one);
  }
  return apart;
}

/** The text with each secret replaced by what `mark` makes of it; it is given as it stands in the JSON, escapes and all. */
export function replaceSecrets(text: string, mark: (secret: string) => string): string {
  let result = '';
  let at = 0;
  for (const { start, end } of secretStretches(text)) {
    result += text.slice(at, start) + mark(text.slice(start, end));
    at = end;
  }
  return result + text.slice(at);
}

/** The secrets themselves, as JSON reads them. */
export const secretsIn = (text: string): string[] => [...new Set(secretStretches(text).map(({ start, end }) => unescaped(text.slice(start, end))))];

function unescaped(raw: string): string {
  try {
    return JSON.parse(`"${raw}"`);
  } catch {
    return raw; // half-typed
  }
}
