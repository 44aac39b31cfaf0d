/** How serious a line says it is. `none`: it says nothing, and isn't the continuation of one that does. */
export const levels = ['error', 'warn', 'info', 'debug', 'none'] as const;
export type Level = (typeof levels)[number];
export const levelNumber: Record<Level, number> = { error: 0, warn: 1, info: 2, debug: 3, none: 4 };

export type FoundLevel = { level: Level; /** Where the word stands; -1: told by something else than a word. */ start: number; end: number };

const WORDS: Record<string, Level> = {
  ERR: 'error', ERROR: 'error', FTL: 'error', FATAL: 'error', PNC: 'error', PANIC: 'error', CRITICAL: 'error', CRIT: 'error', EMERG: 'error', ALERT: 'error', EROR: 'error',
  WRN: 'warn', WARN: 'warn', WARNING: 'warn',
  INF: 'info', INFO: 'info', NOTICE: 'info', LOG: 'info',
  DBG: 'debug', DEBUG: 'debug', TRC: 'debug', TRACE: 'debug',
};

/**
 * A time and a level word, in the forms of the host's programs: cosmos `1:22PM INF msg`, tmkms `2026-…Z  INFO target:`, the api's
 * `2026/11/23 13:42:28 INFO msg`, vLLM `INFO 01-07 11:10:16 [x.py]`, uvicorn `INFO:   `, nginx `2026/… [error] 52#52:`, geth `INFO [01-02|…]`.
 */
const TIME = String.raw`(?:\[?\d{4}[-/]\d\d[-/]\d\d[T ]?(?:\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?)?\]?|\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?\s?(?:AM|PM)?)`;
const HEAD = new RegExp(String.raw`^\s*(?:\([\w ]+ pid=\d+\)\s+)?(?:${TIME}\s+)?\[?(ERR|ERROR|FTL|FATAL|PNC|PANIC|CRITICAL|CRIT|EROR|WRN|WARN|WARNING|INF|INFO|NOTICE|DBG|DEBUG|TRC|TRACE)\]?(?=[\s:\]]|$)`);
const NGINX = /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d \[(emerg|alert|crit|error|warn|notice|info|debug)\] /;
const PYTHON = /^\S+ \S+ - [\w.]+ - (CRITICAL|ERROR|WARNING|INFO|DEBUG) - /;
const KEYED = /(?:\blevel=|"(?:level|severity|lvl)"\s*:\s*)"?(fatal|panic|crit|critical|error|err|warn|warning|info|notice|debug|trace)\b/i;
const ACCESS = /" (\d{3}) \d+(?:\s|$)/;
const UVICORN = /" (\d{3}) \w+/;
const CRASH = /^(?:panic: |fatal error: |Traceback \(most recent call last\)|thread '.*' panicked at |nginx: \[emerg\]|(?:[\w.]+\.)?[A-Z]\w*(?:Error|Exception)(?::|$)|Error: |Usage:$)/;

/** The level a line states, or undefined. Looks at its beginning only: words later in a line are the message's. */
export function findLevel(text: string): FoundLevel | undefined {
  const head = HEAD.exec(text.length > 120 ? text.slice(0, 120) : text);
  if (head) {
    const end = head[0].length - (head[0].endsWith(']') ? 1 : 0);
    return { level: WORDS[head[1] as string] as Level, start: end - (head[1] as string).length, end };
  }
  const first = text.charCodeAt(0);
  if (first >= 48 && first <= 57) {
    const nginx = NGINX.exec(text);
    if (nginx) return word(nginx[1] as string, nginx[0].length - 2);
    const python = PYTHON.exec(text);
    if (python) return word(python[1] as string, python[0].length - 3);
  }
  const keyed = text.includes('evel') || text.includes('severity') || text.includes('"lvl"') ? KEYED.exec(text.length > 2000 ? text.slice(0, 2000) : text) : null;
  if (keyed) return word(keyed[1] as string, keyed.index + keyed[0].length);
  if (text.includes('HTTP/')) {
    const status = Number((ACCESS.exec(text) ?? UVICORN.exec(text))?.[1] ?? 0);
    if (status) return { level: status >= 500 ? 'warn' : 'info', start: -1, end: -1 };
  }
  if (CRASH.test(text)) return { level: 'error', start: -1, end: -1 };
  return undefined;
}

function word(found: string, end: number): FoundLevel {
  return { level: WORDS[found.toUpperCase()] ?? 'info', start: end - found.length, end };
}

/** Does a line without a level belong to the one before it: indented, a closing bracket, a stack frame? */
export function continues(text: string): boolean {
  const first = text.charCodeAt(0);
  return first === 32 || first === 9 || first === 125 || first === 93 || first === 41 || /^(?:goroutine |caused by|Caused by|During handling of|The above exception|\.\.\. )/.test(text);
}
