/** The `inferenced` commands of facts 8.2 with the outputs, errors and exit codes of the recordings (measured 1 to 12, 39). */
import { join } from 'node:path';
import { BACKENDS, Keyring } from '../keyring.ts';
import { editValidator, submitParticipant } from './account-tx.ts';
import { grantPermissions } from './grant.ts';
import { keysAdd, keysList, keysShow } from './keys.ts';
import { registerParticipant } from './register.ts';
import { StdinLines } from './stdin-lines.ts';
import { USAGE } from './usage.ts';

/** A cobra error: the usage, then these words as the last line, exit 1. */
export class CommandError extends Error {}

export type Flags = { positional: string[]; values: Record<string, string> };
const out = (text: string): void => void process.stdout.write(text);
const err = (text: string): void => void process.stderr.write(text);

const SWITCHES = new Set(['address', 'pubkey', 'interactive', 'recover', 'no-backup', 'dry-run', 'yes', 'help', 'unordered', 'trace', 'log_no_color', 'list-names']);
const SHORT: Record<string, string> = { a: 'address', p: 'pubkey', i: 'interactive', y: 'yes', h: 'help', o: 'output', b: 'broadcast-mode' };

export function parseFlags(args: string[]): Flags {
  const flags: Flags = { positional: [], values: {} };
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    const match = /^--?([a-zA-Z][\w-]*)(?:=(.*))?$/.exec(arg);
    if (!match) { flags.positional.push(arg); continue; }
    const name = arg.startsWith('--') ? match[1]! : SHORT[match[1]!] ?? match[1]!;
    flags.values[name] = match[2] ?? (SWITCHES.has(name) ? 'true' : args[++i] ?? '');
  }
  return flags;
}

/** Go's words for a request that found nobody. */
export function dialError(error: unknown, url: URL): string {
  const { code = '', address } = (error as { cause?: { code?: string; address?: string } }).cause ?? {};
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `dial tcp: lookup ${url.hostname} on 127.0.0.11:53: no such host`;
  // The other side closed the connection.
  if (code === 'UND_ERR_SOCKET') return 'EOF';
  return `dial tcp ${address ?? url.hostname}:${port}: connect: ${code === 'EHOSTUNREACH' ? 'no route to host' : 'connection refused'}`;
}

const COMMANDS: { words: string[]; usage: string; run: (flags: Flags, keyring: Keyring, lines: StdinLines) => Promise<void> }[] = [
  { words: ['keys', 'add'], usage: 'keys add', run: keysAdd },
  { words: ['keys', 'list'], usage: 'keys show', run: keysList },
  { words: ['keys', 'show'], usage: 'keys show', run: keysShow },
  { words: ['register-new-participant'], usage: 'register-new-participant', run: (flags) => registerParticipant(flags) },
  { words: ['tx', 'inference', 'grant-ml-ops-permissions'], usage: 'grant-ml-ops-permissions', run: grantPermissions },
  { words: ['tx', 'inference', 'submit-new-participant'], usage: 'submit-new-participant', run: submitParticipant },
  { words: ['tx', 'staking', 'edit-validator'], usage: 'edit-validator', run: editValidator },
];

/** Runs the command; the answer is its exit code. */
export async function runInferenced(args: string[]): Promise<number> {
  if (args[0] === 'version') {
    out('\n');
    return 0;
  }
  if (args.length === 0 || args[0] === '--help' || args[0] === '-h') {
    out(`Start inference node\n\nUsage:\n  inferenced [command]\n\nAvailable Commands:\n${COMMANDS.map(({ words }) => `  ${words.join(' ')}\n`).join('')}\nFlags:\n  -h, --help   help for inferenced\n`);
    return 0;
  }
  const command = COMMANDS.find(({ words }) => words.every((word, index) => args[index] === word));
  if (!command) {
    err(`Error: unknown command "${args[0] ?? ''}" for "inferenced"\nRun 'inferenced --help' for usage.\nunknown command "${args[0] ?? ''}" for "inferenced"\n`);
    return 1;
  }
  const flags = parseFlags(args.slice(command.words.length));
  const home = flags.values.home ?? join(process.env.HOME ?? '/root', '.inference');
  const lines = new StdinLines();
  try {
    // The SDK's own default is the secret store of the operating system.
    const backend = BACKENDS.find((name) => name === (flags.values['keyring-backend'] ?? 'os'));
    if (!backend) throw new CommandError(`${flags.values['keyring-backend']}: unknown keyring backend`);
    await command.run(flags, new Keyring(flags.values['keyring-dir'] ?? home, backend), lines);
    return 0;
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    err(`${(USAGE[command.usage] ?? '').replaceAll('{home}', home)}\n\n${error.message}\n`);
    return 1;
  } finally {
    lines.close();
  }
}
