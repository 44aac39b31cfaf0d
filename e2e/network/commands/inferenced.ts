/** The `inferenced` commands of facts 8.2 with the outputs, errors and exit codes of the recordings (measured 1 to 12, 39). */
import { join } from 'node:path';
import { BACKENDS, Keyring } from '../keyring.ts';
import { editValidator, submitParticipant } from './account-tx.ts';
import { CommandError, type Flags, parseFlags } from './command-line.ts';
import { grantPermissions } from './grant.ts';
import { keysAdd, keysList, keysShow } from './keys.ts';
import { registerParticipant } from './register.ts';
import { StdinLines } from './stdin-lines.ts';
import { USAGE } from './usage.ts';

const out = (text: string): void => void process.stdout.write(text);
const err = (text: string): void => void process.stderr.write(text);

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
