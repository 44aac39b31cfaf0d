/** The `inferenced` commands of facts 8.2 with the outputs, errors and exit codes of the recordings (measured 1 to 12, 39). */
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { fromBech32, hash, newAccountKey, upperHex } from '../addresses.ts';
import { Keyring, type Key } from '../keyring.ts';
import { askSeed } from '../services/world-link.ts';
import { registerParticipant } from './register.ts';
import { USAGE } from './usage.ts';
import { MNEMONIC_WORDS } from './words.ts';

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

/** Lines of stdin, one at a time; undefined at the end. */
class Lines {
  #text: Promise<string[]> | undefined;
  #next = 0;

  async next(): Promise<string | undefined> {
    this.#text ??= (async () => {
      let text = '';
      for await (const chunk of process.stdin) {
        text += chunk;
        if (process.stdin.isTTY) break;
      }
      const lines = text.split('\n');
      if (lines.at(-1) === '') lines.pop();
      return lines;
    })();
    return (await this.#text)[this.#next++];
  }
}

const TOO_MANY = 'too many failed passphrase attempts';

/** Three attempts at the password; a new keyring wants it twice (measured 2). */
async function unlock(keyring: Keyring, lines: Lines): Promise<string> {
  const isNew = !keyring.exists;
  for (let attempt = 0; attempt < 3; attempt++) {
    const line = await lines.next();
    if (line === undefined) err('EOF\n');
    else if (line.length < 8 && isNew) err('password must be at least 8 characters\n');
    else if (isNew) {
      const again = await lines.next();
      if (again === line) {
        keyring.create(line);
        return line;
      }
      err(again === undefined ? 'EOF\n' : 'passphrase do not match\n');
    } else if (keyring.accepts(line)) return line;
    else err('incorrect passphrase\n');
  }
  throw new CommandError(TOO_MANY);
}

const pubKeyJson = (key: Key) => JSON.stringify({ '@type': '/cosmos.crypto.secp256k1.PubKey', key: key.pubKey });
const keyYaml = (key: Key) => `- address: ${key.address}\n  name: ${key.name}\n  pubkey: '${pubKeyJson(key)}'\n  type: local\n`;
const keyJson = (key: Key) => ({ name: key.name, type: 'local', address: key.address, pubkey: pubKeyJson(key) });

async function keysAdd(flags: Flags, keyring: Keyring, lines: Lines): Promise<void> {
  const [name = ''] = flags.positional;
  if (flags.positional.length !== 1) throw new CommandError(`accepts 1 arg(s), received ${flags.positional.length}`);
  let password: string | undefined;
  if (keyring.has(name)) {
    password = await unlock(keyring, lines);
    // The next line answers `override the existing name … [y/N]`: a password that begins with y overwrites (measured 4).
    const answer = await lines.next();
    if (!/^y/i.test(answer ?? '')) throw new CommandError('aborted');
  }
  password ??= await unlock(keyring, lines);
  const made = newAccountKey();
  const key: Key = { name, address: made.address, pubKey: made.pubKey, privateKey: made.privateKey };
  keyring.write(key, password);
  const mnemonic = Array.from({ length: 24 }, () => MNEMONIC_WORDS[randomInt(MNEMONIC_WORDS.length)]).join(' ');
  if (flags.values.output === 'json') {
    out(`${JSON.stringify({ ...keyJson(key), mnemonic })}\n`);
    return;
  }
  out(`${keyYaml(key)}\n\n`);
  err(`\n\n**Important** write this mnemonic phrase in a safe place.\nIt is the only way to recover your account if you ever forget your password.\n\n${mnemonic}\n`);
}

async function keysList(flags: Flags, keyring: Keyring, lines: Lines): Promise<void> {
  const keys: Key[] = [];
  let password: string | undefined;
  for (const name of keyring.names()) {
    try {
      password ??= await unlock(keyring, lines);
      keys.push(keyring.read(name, password));
    } catch (error) {
      // Exit 0 all the same (measured 3).
      err(`migrate err for key ${name}.info: "${error instanceof Error ? error.message : TOO_MANY}"\n`);
    }
  }
  if (flags.values.output === 'json') out(`${JSON.stringify(keys.map(keyJson))}${keys.length > 0 ? '\n' : ''}`);
  else out(keys.length > 0 ? `${keys.map(keyYaml).join('')}\n` : 'No records were found in keyring\n');
}

async function find(name: string, keyring: Keyring, lines: Lines): Promise<Key> {
  if (keyring.has(name)) return keyring.read(name, await unlock(keyring, lines));
  const decoded = fromBech32(name);
  if ('error' in decoded) throw new CommandError(`decoding bech32 failed: ${decoded.error}`);
  const password = await unlock(keyring, lines);
  const found = keyring.names().map((item) => keyring.read(item, password)).find((key) => key.address === name);
  if (!found) throw new CommandError('key not found');
  return found;
}

async function keysShow(flags: Flags, keyring: Keyring, lines: Lines): Promise<void> {
  const [name = ''] = flags.positional;
  let key: Key;
  try {
    key = await find(name, keyring, lines);
  } catch (error) {
    throw new CommandError(`${name} is not a valid name or address: ${error instanceof Error ? error.message : ''}`);
  }
  if (flags.values.address) out(`${key.address}\n`);
  else if (flags.values.pubkey) out(`${pubKeyJson(key)}\n`);
  else out(flags.values.output === 'json' ? `${JSON.stringify(keyJson(key))}\n` : `${keyYaml(key)}\n`);
}

/** Go's words for a request that found nobody. */
export function dialError(error: unknown, url: URL): string {
  const { code = '', address } = (error as { cause?: { code?: string; address?: string } }).cause ?? {};
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `dial tcp: lookup ${url.hostname} on 127.0.0.11:53: no such host`;
  return `dial tcp ${address ?? url.hostname}:${port}: connect: ${code === 'EHOSTUNREACH' ? 'no route to host' : 'connection refused'}`;
}

async function grant(flags: Flags, keyring: Keyring, lines: Lines): Promise<void> {
  const [accountName = '', warm = ''] = flags.positional;
  if (flags.positional.length !== 2) throw new CommandError(`accepts 2 arg(s), received ${flags.positional.length}`);
  let key: Key;
  try {
    key = await find(flags.values.from ?? accountName, keyring, lines);
  } catch (error) {
    throw new CommandError(`failed to convert address field to address: ${error instanceof Error ? error.message : ''}`);
  }
  const node = flags.values.node ?? 'tcp://localhost:26657';
  const url = new URL(node.replace(/^tcp:/, 'http:'));
  try {
    await fetch(new URL('status', url.href.endsWith('/') ? url : `${url}/`), { signal: AbortSignal.timeout(5000) });
  } catch (error) {
    throw new CommandError(`failed to query chain status for chain-id: post failed: Post "${node}": ${dialError(error, url)}`);
  }
  out('Detected chain-id: gonka-mainnet\n');
  const decoded = fromBech32(warm);
  if ('error' in decoded) throw new CommandError(`invalid ML operational address: decoding bech32 failed: ${decoded.error}`);
  const gas = Number(flags.values.gas ?? 200_000);
  const body = gas < 300_000 ? { granter: '', grantee: warm } : { granter: key.address, grantee: warm };
  const answer = await askSeed(url.origin, 'grant', { method: 'POST', body: JSON.stringify(body) });
  if (gas >= 300_000 && answer?.granted !== true) throw new CommandError(`failed to get account details: rpc error: code = NotFound desc = account ${key.address} not found: key not found`);
  const transaction = upperHex(hash(key.address, warm, Date.now()));
  out(`Transaction sent with hash: ${transaction}\nWaiting for transaction to be included in a block...\n`);
  await new Promise((resolve) => setTimeout(resolve, 300));
  if (gas < 300_000) throw new CommandError(`\nTransaction ${transaction} included in block ${String(answer?.height ?? 1)} but failed with code 11: out of gas in location: WritePerByte; gasWanted: ${gas}, gasUsed: ${gas + 9323}: out of gas`);
  out(`\nTransaction confirmed successfully!\nBlock height: ${String(answer?.height)}\n`);
}

const COMMANDS: { words: string[]; usage: string; run: (flags: Flags, keyring: Keyring, lines: Lines) => Promise<void> }[] = [
  { words: ['keys', 'add'], usage: 'keys add', run: keysAdd },
  { words: ['keys', 'list'], usage: 'keys show', run: keysList },
  { words: ['keys', 'show'], usage: 'keys show', run: keysShow },
  { words: ['register-new-participant'], usage: 'register-new-participant', run: (flags) => registerParticipant(flags) },
  { words: ['tx', 'inference', 'grant-ml-ops-permissions'], usage: 'grant-ml-ops-permissions', run: grant },
];

/** Runs the command; the answer is its exit code. */
export async function runInferenced(args: string[]): Promise<number> {
  if (args[0] === 'version') {
    out('\n');
    return 0;
  }
  const command = COMMANDS.find(({ words }) => words.every((word, index) => args[index] === word));
  if (!command) {
    err(`Error: unknown command "${args[0] ?? ''}" for "inferenced"\nRun 'inferenced --help' for usage.\nunknown command "${args[0] ?? ''}" for "inferenced"\n`);
    return 1;
  }
  const flags = parseFlags(args.slice(command.words.length));
  const home = flags.values.home ?? join(process.env.HOME ?? '/root', '.inference');
  try {
    await command.run(flags, new Keyring(flags.values['keyring-dir'] ?? home), new Lines());
    return 0;
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    err(`${(USAGE[command.usage] ?? '').replaceAll('{home}', home)}\n\n${error.message}\n`);
    return 1;
  }
}
