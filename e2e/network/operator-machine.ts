/**
 * The operator's own machine: takes the literal text of a command card and pastes it into a real shell in a home of its own,
 * types the password where it is asked for, and gives back what the terminal showed. `curl` and `unzip` play the download of the tool.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BACKENDS, Keyring, type Key } from './keyring.ts';
import { RELEASES, type ReleaseName } from './releases.ts';

export type OperatorOptions = {
  /** Of the keyring, where it has one. */
  password?: string;
  /** What this machine runs; packages for another don't start. */
  system?: 'linux' | 'darwin';
  /** `./inferenced` isn't there yet: the card that downloads it comes first. */
  withoutTool?: boolean;
  /** Of a tool that is there already; its grants are that release's. */
  release?: ReleaseName;
};
export type Terminal = {
  /** Of the last command. */
  code: number | null;
  /** All that the terminal showed, prompts included. */
  output: string;
};
export type OperatorMachine = {
  home: string;
  password: string;
  /** Runs a card. Throws when lines stand behind a command that asks for something: a paste would type them into its prompt. */
  run(card: string): Promise<Terminal>;
  /** The key of this name in any of the keyrings. */
  key(name?: string): Key | undefined;
  /** Addresses that `curl` was called with. */
  downloads(): string[];
  remove(): void;
};

const CLI = join(import.meta.dirname, 'cli.ts');
const ACCOUNT = 'gonka-account-key';

/** The newest release that this folder knows and that isn't newer than the tool's. */
function knownRelease(version: string): ReleaseName {
  const order = (text: string) => text.split('.').reduce((sum, part) => sum * 1000 + Number.parseInt(part, 10), 0);
  return (Object.keys(RELEASES) as ReleaseName[]).filter((name) => order(name) <= order(version)).sort((a, b) => order(a) - order(b)).at(-1) ?? '0.2.4';
}

const tool = (release: ReleaseName) => `#!/bin/sh\nSTANDIN_RELEASE=${release} exec ${process.execPath} --no-warnings ${CLI} inferenced "$@"\n`;
const broken = (words: string, code: number) => `#!/bin/sh\necho '${words}' >&2\nexit ${code}\n`;

/** What `unzip` leaves, by the address that the package came from (facts 8.2, facts 13 row 19). */
function toolFrom(url: string, system: string): string {
  const [, version = '', file = ''] = /^https:\/\/github\.com\/gonka-ai\/gonka\/releases\/download\/release%2Fv([\w.-]+)\/([\w.-]+)$/.exec(url) ?? [];
  const built = /^inferenced-(linux|darwin)-(amd64|arm64)\.zip$/.exec(file);
  if (!version) return broken(`unexpected download: ${url}`, 1);
  if (!built) return broken('Error relocating ./inferenced: qsort_r: symbol not found', 127);
  if (built[1] !== system) return broken('./inferenced: cannot execute binary file: Exec format error', 126);
  return tool(knownRelease(version));
}

/** Commands of a card; what ends in a backslash goes on in the next line. */
const commandsOf = (card: string): string[] => card.replace(/\\\n\s*/g, ' ').split('\n').map((line) => line.trim()).filter((line) => line && !line.startsWith('#'));

export function startOperatorMachine(options: OperatorOptions = {}): OperatorMachine {
  const { password = 'operator-password', system = 'linux' } = options;
  const home = mkdtempSync(join(tmpdir(), 'operator-'));
  const bin = join(home, '.bin');
  const log = join(home, '.downloads');
  mkdirSync(bin);
  const program = (name: string, text: string) => writeFileSync(join(bin, name), text, { mode: 0o755 });
  // The package is its own address; unpacked, it has no right to run yet.
  program('curl', `#!/bin/sh\nfor last; do :; done\nwhile [ $# -gt 0 ]; do [ "$1" = -o ] && file=$2; shift; done\necho "$last" >> ${log}\necho "$last" > "$file"\n`);
  program('unzip', `#!/bin/sh\nfor last; do :; done\nexec ${process.execPath} --no-warnings ${import.meta.filename} unpack "$last" ${system}\n`);
  program('xattr', '#!/bin/sh\nexit 0\n');
  if (!options.withoutTool) writeFileSync(join(home, 'inferenced'), tool(options.release ?? '0.2.14'), { mode: 0o755 });

  const keyrings = () => BACKENDS.map((backend) => new Keyring(join(home, '.inference'), backend));

  /** What a person types while the card runs. */
  function answersTo(card: string): string[] {
    const commands = commandsOf(card);
    const asks = commands.findIndex((command) => /^\.\/inferenced (keys|tx) .*--keyring-backend[ =]file\b/.test(command));
    if (asks < 0) return [];
    if (asks < commands.length - 1) throw new Error(`a paste would type this into the prompt of "${commands[asks]}": ${commands.slice(asks + 1).join('; ')}`);
    // A transaction that nobody has said yes to asks for it.
    const confirmed = / tx (?:inference submit-new-participant|staking edit-validator) /.test(commands[asks]!) && !/ (?:--yes|-y)\b/.test(commands[asks]!) ? ['y'] : [];
    return [...(keyrings()[0]!.exists ? [password] : [password, password]), ...confirmed];
  }

  return {
    home, password,
    run: (card) => new Promise((resolve, reject) => {
      const typed = [card, ...answersTo(card)].map((text) => `${text}\n`).join('');
      // The shell reads the pasted lines one by one and leaves what follows to the program that asks.
      const shell = spawn('bash', ['-c', 'exec bash --noprofile --norc 2>&1'], {
        cwd: home, stdio: ['pipe', 'pipe', 'ignore'], env: { HOME: home, PATH: `${bin}:/usr/bin:/bin`, LC_ALL: 'C.UTF-8', STANDIN_TERMINAL: '1' } as unknown as NodeJS.ProcessEnv,
      });
      let output = '';
      shell.stdout.setEncoding('utf8').on('data', (chunk: string) => { output += chunk; });
      shell.stdin.on('error', () => {});
      shell.on('error', reject);
      shell.on('close', (code) => resolve({ code, output }));
      shell.stdin.end(typed);
    }),
    key: (name = ACCOUNT) => {
      const ring = keyrings().find((item) => item.has(name));
      return ring?.read(name, ring.asksPassword ? password : '');
    },
    downloads: () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []),
    remove: () => rmSync(home, { recursive: true, force: true }),
  };
}

if (process.argv[1] === import.meta.filename && process.argv[2] === 'unpack') {
  const [, , , file = '', system = ''] = process.argv;
  rmSync('inferenced', { force: true });
  writeFileSync('inferenced', toolFrom(readFileSync(file, 'utf8').trim(), system), { mode: 0o644 });
}
