/**
 * Stands in for /bin/sh in the containers: `sh -c '…'`, scripts, and the prompt of `docker compose run … api /bin/sh`.
 * It knows what the documented commands need: lists, pipes, quotes, variables, `$(…)`, redirections, a few builtins.
 */
import { spawn } from 'node:child_process';
import { existsSync, lstatSync, readFileSync, readSync, statSync, appendFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { createInterface } from 'node:readline';

type Part = { text: string; quoted: boolean; expand: boolean };
type Word = Part[];
type Redirect = { fd: 1 | 2; to: string | 1 | 2; append: boolean } | { fd: 0; to: string };
type Command = { words: Word[]; redirects: { op: string; word?: Word }[] };
type Step = { pipeline: Command[]; join: ';' | '&&' | '||' };
type Io = { stdin?: Buffer; capture: boolean };
type Result = { code: number; out: Buffer };

class Exit extends Error {
  code: number;
  constructor(code: number) {
    super('exit');
    this.code = code;
  }
}

const OPERATORS = ['2>&1', '1>&2', '>&2', '2>>', '2>', '>>', '>', '<', '&&', '||', '|', ';', '\n', '&'];

/** Words and operators of a text. Throws `Unterminated quoted string`. */
export function tokenize(text: string): (Word | string)[] {
  const tokens: (Word | string)[] = [];
  let word: Word | undefined;
  const add = (piece: string, quoted: boolean, expand: boolean) => {
    word ??= [];
    word.push({ text: piece, quoted, expand });
  };
  const end = () => { if (word) tokens.push(word); word = undefined; };
  for (let i = 0; i < text.length;) {
    const c = text[i]!;
    const operator = OPERATORS.find((op) => text.startsWith(op, i) && !(word && /^\d/.test(op)));
    if (operator) { end(); tokens.push(operator); i += operator.length; }
    else if (c === ' ' || c === '\t' || c === '\r') { end(); i++; }
    else if (c === '#' && !word) { while (i < text.length && text[i] !== '\n') i++; }
    else if (c === "'") {
      const close = text.indexOf("'", i + 1);
      if (close < 0) throw new Error('Unterminated quoted string');
      add(text.slice(i + 1, close), true, false);
      i = close + 1;
    } else if (c === '"') {
      let piece = '';
      for (i++; i < text.length && text[i] !== '"';) {
        if (text[i] === '\\' && /["\\$`]/.test(text[i + 1] ?? '')) {
          if (piece) add(piece, true, true);
          piece = '';
          add(text[i + 1]!, true, false);
          i += 2;
        } else if (text.startsWith('$(', i)) {
          const close = closing(text, i + 1);
          piece += text.slice(i, close + 1);
          i = close + 1;
        } else piece += text[i++];
      }
      if (i >= text.length) throw new Error('Unterminated quoted string');
      add(piece, true, true);
      i++;
    } else if (c === '\\') {
      if (text[i + 1] !== '\n') add(text[i + 1] ?? '', true, false);
      i += 2;
    } else if (text.startsWith('$(', i)) {
      const close = closing(text, i + 1);
      add(text.slice(i, close + 1), false, true);
      i = close + 1;
    } else {
      let piece = '';
      while (i < text.length && !/[\s'"\\;|&<>]/.test(text[i]!) && !text.startsWith('$(', i)) piece += text[i++];
      add(piece, false, true);
    }
  }
  end();
  return tokens;
}

function closing(text: string, open: number): number {
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    if (text[i] === '(') depth++;
    if (text[i] === ')' && --depth === 0) return i;
  }
  throw new Error('Unterminated $(');
}

export function parse(text: string): Step[] {
  const steps: Step[] = [];
  let command: Command = { words: [], redirects: [] };
  let pipeline: Command[] = [command];
  let join: Step['join'] = ';';
  const finish = (next: Step['join']) => {
    if (pipeline.some((item) => item.words.length > 0)) steps.push({ pipeline, join });
    join = next;
    command = { words: [], redirects: [] };
    pipeline = [command];
  };
  const tokens = tokenize(text);
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    if (typeof token !== 'string') command.words.push(token);
    else if (token === '|') {
      command = { words: [], redirects: [] };
      pipeline.push(command);
    }
    else if (token === '&&' || token === '||') finish(token);
    else if (token === ';' || token === '\n' || token === '&') finish(';');
    else if (/>&/.test(token)) command.redirects.push({ op: token });
    else command.redirects.push({ op: token, word: tokens[++i] as Word });
  }
  finish(';');
  return steps;
}

export class Shell {
  env: Record<string, string | undefined>;
  /** Only these are handed on to programs: what a script assigns stays in the shell. */
  #exported: Set<string>;
  #last = 0;

  constructor(env: Record<string, string | undefined>) {
    this.env = env;
    this.#exported = new Set(Object.keys(env));
  }

  async run(text: string, io: Io = { capture: false }): Promise<Result> {
    const out: Buffer[] = [];
    try {
      for (const step of parse(text)) {
        if ((step.join === '&&' && this.#last !== 0) || (step.join === '||' && this.#last === 0)) continue;
        const result = await this.#pipeline(step.pipeline, io);
        out.push(result.out);
        this.#last = result.code;
      }
    } catch (error) {
      if (error instanceof Exit) throw error;
      process.stderr.write(`sh: syntax error: ${error instanceof Error ? error.message : String(error)}\n`);
      this.#last = 2;
    }
    return { code: this.#last, out: Buffer.concat(out) };
  }

  async #pipeline(commands: Command[], io: Io): Promise<Result> {
    let stdin = io.stdin;
    let result: Result = { code: 0, out: Buffer.alloc(0) };
    for (const [index, command] of commands.entries()) {
      const last = index === commands.length - 1;
      result = await this.#command(command, { stdin, capture: !last || io.capture });
      stdin = result.out;
    }
    return result;
  }

  async #expandText(text: string): Promise<string> {
    let out = '';
    for (let i = 0; i < text.length;) {
      if (text.startsWith('$(', i)) {
        const close = closing(text, i + 1);
        const { out: captured } = await this.run(text.slice(i + 2, close), { capture: true });
        out += captured.toString().replace(/\n+$/, '');
        i = close + 1;
        continue;
      }
      const match = /^\$(?:\{([A-Za-z_]\w*)(?::-([^}]*))?\}|([A-Za-z_]\w*)|(\?))/.exec(text.slice(i));
      if (!match) { out += text[i++]; continue; }
      const name = match[1] ?? match[3];
      out += match[4] ? String(this.#last) : this.env[name!] || match[2] || '';
      i += match[0].length;
    }
    return out;
  }

  /** The words that a word becomes: unquoted variables split at blanks and vanish when empty. */
  async #expand(word: Word): Promise<string[]> {
    const words: string[] = [];
    let current: string | undefined;
    for (const part of word) {
      const text = part.expand ? await this.#expandText(part.text) : part.text;
      if (part.quoted || !part.expand || text === part.text) { current = (current ?? '') + text; continue; }
      const pieces = text.split(/[ \t\n]+/);
      for (const [index, piece] of pieces.entries()) {
        if (index > 0 && current !== undefined) { words.push(current); current = undefined; }
        if (piece) current = (current ?? '') + piece;
      }
    }
    if (current !== undefined) words.push(current);
    return words;
  }

  async #command(command: Command, io: Io): Promise<Result> {
    const redirects: Redirect[] = [];
    for (const { op, word } of command.redirects) {
      const to = word ? (await this.#expand(word))[0] ?? '' : '';
      if (op === '2>&1') redirects.push({ fd: 2, to: 1, append: false });
      else if (op === '>&2' || op === '1>&2') redirects.push({ fd: 1, to: 2, append: false });
      else if (op === '<') redirects.push({ fd: 0, to });
      else redirects.push({ fd: op.startsWith('2') ? 2 : 1, to, append: op.endsWith('>>') });
    }
    const words = (await Promise.all(command.words.map((word) => this.#expand(word)))).flat();
    const assignments: Record<string, string> = {};
    while (words[0] && /^[A-Za-z_]\w*=/.test(words[0])) {
      const [name = '', ...rest] = words.shift()!.split('=');
      assignments[name] = rest.join('=');
    }
    if (words.length === 0) {
      Object.assign(this.env, assignments);
      return { code: 0, out: Buffer.alloc(0) };
    }
    const input = redirects.find((item) => item.fd === 0);
    const stdin = input && typeof input.to === 'string' ? readFileSync(input.to) : io.stdin;
    const out = redirects.find((item) => item.fd === 1);
    const err = redirects.find((item) => item.fd === 2);
    const exported = Object.fromEntries(Object.entries(this.env).filter(([key]) => this.#exported.has(key)));
    const ran = await this.#execute(words, { ...exported, ...assignments }, stdin, io.capture || out !== undefined, err !== undefined);
    const write = (to: string, data: Buffer, append: boolean) => (append ? appendFileSync(to, data) : writeFileSync(to, data));
    let kept = ran.out;
    const merged = err && err.fd === 2 && err.to === 1;
    if (merged) kept = Buffer.concat([kept, ran.err]);
    else if (err && err.fd === 2 && typeof err.to === 'string' && err.to !== '/dev/null') write(err.to, ran.err, err.append);
    if (out && out.fd === 1) {
      if (out.to === 2) process.stderr.write(kept);
      else if (typeof out.to === 'string' && out.to !== '/dev/null') write(out.to, kept, out.append);
      return { code: ran.code, out: Buffer.alloc(0) };
    }
    if (merged && !io.capture) { process.stdout.write(kept); kept = Buffer.alloc(0); }
    return { code: ran.code, out: kept };
  }

  async #execute(words: string[], env: Record<string, string | undefined>, stdin: Buffer | undefined, capture: boolean, captureErr: boolean): Promise<Result & { err: Buffer }> {
    const [name = '', ...args] = words;
    const built = name === 'read' ? this.#read(args, env.IFS === '', stdin) : this.#builtin(name, args);
    if (built) {
      if (!capture) process.stdout.write(built.out);
      return { code: built.code, out: capture ? Buffer.from(built.out) : Buffer.alloc(0), err: Buffer.alloc(0) };
    }
    if (name === 'exec') return this.#execute(args, env, stdin, capture, captureErr);
    const file = this.#find(name);
    if (!file) {
      process.stderr.write(`sh: ${name}: not found\n`);
      return { code: 127, out: Buffer.alloc(0), err: Buffer.alloc(0) };
    }
    return new Promise((resolve) => {
      const child = spawn(file, args, { env: env as NodeJS.ProcessEnv, stdio: [stdin === undefined ? 'inherit' : 'pipe', capture ? 'pipe' : 'inherit', captureErr ? 'pipe' : 'inherit'] });
      const out: Buffer[] = [];
      const err: Buffer[] = [];
      const pass = (signal: NodeJS.Signals) => child.kill(signal);
      process.on('SIGTERM', pass);
      child.stdout?.on('data', (chunk: Buffer) => out.push(chunk));
      child.stderr?.on('data', (chunk: Buffer) => err.push(chunk));
      child.stdin?.on('error', () => {});
      child.stdin?.end(stdin);
      child.on('error', () => resolve({ code: 126, out: Buffer.alloc(0), err: Buffer.alloc(0) }));
      child.on('close', (code, signal) => {
        process.off('SIGTERM', pass);
        resolve({ code: code ?? (signal === 'SIGTERM' ? 143 : 137), out: Buffer.concat(out), err: Buffer.concat(err) });
      });
    });
  }

  /** `read -r NAME`: one line, and no byte more; blanks stay with `IFS=` in front. */
  #read(args: string[], whole: boolean, stdin: Buffer | undefined): { code: number; out: string } {
    const name = args.filter((arg) => arg !== '-r')[0] ?? 'REPLY';
    const bytes: number[] = [];
    const one = Buffer.alloc(1);
    let ended = false;
    if (stdin !== undefined) {
      const end = stdin.indexOf(10);
      bytes.push(...stdin.subarray(0, end < 0 ? stdin.length : end));
      ended = end >= 0;
    } else while (readSync(0, one) === 1) {
      if (one[0] === 10) { ended = true; break; }
      bytes.push(one[0]!);
    }
    const line = Buffer.from(bytes).toString();
    this.env[name] = whole ? line : line.replace(/^[ \t]+|[ \t]+$/g, '');
    return { code: ended ? 0 : 1, out: '' };
  }

  #find(name: string): string | undefined {
    if (name.includes('/')) return existsSync(name) ? name : undefined;
    return (this.env.PATH ?? '').split(':').map((dir) => `${dir}/${name}`).find((path) => existsSync(path) && statSync(path).isFile());
  }

  #builtin(name: string, args: string[]): { code: number; out: string } | undefined {
    const done = (code = 0, out = '') => ({ code, out });
    switch (name) {
      case ':': case 'true': case 'set': return done();
      case 'false': return done(1);
      case 'exit': throw new Exit(args[0] === undefined ? this.#last : Number(args[0]) & 255);
      case 'cd':
        try {
          process.chdir(args[0] ?? this.env.HOME ?? '/');
          return done();
        } catch {
          process.stderr.write(`sh: cd: can't cd to ${args[0]}: No such file or directory\n`);
          return done(2);
        }
      case 'pwd': return done(0, `${process.cwd()}\n`);
      case 'export': case 'unset':
        for (const item of args) {
          const [key = '', ...value] = item.split('=');
          if (name === 'unset') {
            delete this.env[key];
            this.#exported.delete(key);
            continue;
          }
          this.#exported.add(key);
          if (value.length > 0) this.env[key] = value.join('=');
        }
        return done();
      case 'echo': {
        const plain = args[0] === '-n' ? args.slice(1) : args;
        return done(0, plain.join(' ') + (args[0] === '-n' ? '' : '\n'));
      }
      case 'printf': return done(0, printf(args[0] ?? '', args.slice(1)));
      case 'test': return done(test(args) ? 0 : 1);
      case '[': return done(test(args.slice(0, -1)) ? 0 : 1);
    }
    return undefined;
  }
}

/** printf of the shell: %s, %d, %%, escapes; the format again while arguments are left. */
export function printf(format: string, args: string[]): string {
  const rest = [...args];
  let out = '';
  do {
    out += format.replace(/\\(n|t|r|\\|0[0-7]{0,3})|%([sd%])/g, (_all, escaped: string | undefined, directive: string | undefined) => {
      if (escaped) return { n: '\n', t: '\t', r: '\r', '\\': '\\' }[escaped] ?? String.fromCharCode(Number.parseInt(escaped, 8));
      return directive === '%' ? '%' : directive === 'd' ? String(Number(rest.shift() ?? 0)) : rest.shift() ?? '';
    });
  } while (rest.length > 0 && /%[sd]/.test(format));
  return out;
}

function test(args: string[]): boolean {
  const [a = '', b, c = ''] = args;
  if (a === '!') return !test(args.slice(1));
  if (args.length === 1) return a !== '';
  if (args.length === 2) {
    if (a === '-n') return b !== '';
    if (a === '-z') return b === '';
    if (a === '-L') return lstatSync(b ?? '', { throwIfNoEntry: false })?.isSymbolicLink() === true;
    const stat = statSync(b ?? '', { throwIfNoEntry: false });
    return a === '-f' ? stat?.isFile() === true : a === '-d' ? stat?.isDirectory() === true : a === '-e' ? stat !== undefined : a === '-s' ? (stat?.size ?? 0) > 0 : stat !== undefined;
  }
  const numeric: Record<string, boolean> = { '-eq': Number(a) === Number(c), '-ne': Number(a) !== Number(c), '-lt': Number(a) < Number(c), '-gt': Number(a) > Number(c) };
  return b === '=' || b === '==' ? a === c : b === '!=' ? a !== c : numeric[b ?? ''] ?? false;
}

async function prompt(shell: Shell): Promise<number> {
  const lines = createInterface({ input: process.stdin, output: process.stdout, prompt: `${process.cwd()} # `, terminal: true });
  lines.prompt();
  let code = 0;
  for await (const line of lines) {
    lines.pause();
    ({ code } = await shell.run(line));
    lines.setPrompt(`${process.cwd()} # `);
    lines.prompt();
  }
  return code;
}

/** `sh …` as it was called. */
export async function runShell(args: string[]): Promise<number> {
  const shell = new Shell({ ...process.env });
  try {
    const rest = [...args];
    while (rest[0]?.startsWith('-') && rest[0] !== '-c') rest.shift();
    if (rest[0] === '-c') return (await shell.run(rest[1] ?? '')).code;
    const script = rest[0];
    if (script) {
      // Upstream's init scripts: what they start is the image's program.
      if (/^init.*\.sh$/.test(basename(script))) {
        await (await import('./roles.ts')).runImage();
        return 0;
      }
      if (!existsSync(script)) {
        process.stderr.write(`sh: can't open '${script}': No such file or directory\n`);
        return 2;
      }
      return (await shell.run(readFileSync(script, 'utf8'))).code;
    }
    if (process.stdin.isTTY) return await prompt(shell);
    let text = '';
    for await (const chunk of process.stdin) text += chunk;
    return (await shell.run(text)).code;
  } catch (error) {
    if (error instanceof Exit) return error.code;
    throw error;
  }
}
