/** `inferenced keys add|list|show` (measured 1 to 5), for the three keyring backends. */
import { randomInt } from 'node:crypto';
import { fromBech32, newAccountKey } from '../addresses.ts';
import type { Key, Keyring } from '../keyring.ts';
import { CommandError, type Flags } from './command-line.ts';
import { prompt, type StdinLines } from './stdin-lines.ts';
import { MNEMONIC_WORDS } from './words.ts';

const out = (text: string): void => void process.stdout.write(text);
const err = (text: string): void => void process.stderr.write(text);

const TOO_MANY = 'too many failed passphrase attempts';
/** bcrypt takes no more, counted in bytes. */
const LONGEST_PASSWORD = 72;

/** A password as the SDK asks for it; undefined after its complaint on stderr. Lengths are bytes: eight letters of Chinese are enough. */
async function askPassword(text: string, lines: StdinLines): Promise<string | undefined> {
  prompt(text);
  const line = await lines.next();
  if (line !== undefined && Buffer.byteLength(line) >= 8) return line;
  err(line === undefined ? 'EOF\n' : 'password must be at least 8 characters\n');
  return undefined;
}

/** Three attempts at the password; a new keyring wants it twice (measured 2). Only the `file` backend has one. */
export async function unlock(keyring: Keyring, lines: StdinLines): Promise<string> {
  if (!keyring.asksPassword) return '';
  const isNew = !keyring.exists;
  for (let attempt = 1; attempt <= 3; attempt++) {
    const line = await askPassword(`Enter keyring passphrase (attempt ${attempt}/3):`, lines);
    if (line === undefined) continue;
    if (!isNew) {
      if (keyring.accepts(line)) return line;
      err('incorrect passphrase\n');
      continue;
    }
    const again = await askPassword('Re-enter keyring passphrase:', lines);
    if (again === undefined) continue;
    if (again !== line) err('passphrase do not match\n');
    else if (Buffer.byteLength(line) > LONGEST_PASSWORD) err(`bcrypt: password length exceeds ${LONGEST_PASSWORD} bytes\n`);
    else {
      keyring.create(line);
      return line;
    }
  }
  throw new CommandError(TOO_MANY);
}

const pubKeyJson = (key: Key) => JSON.stringify({ '@type': '/cosmos.crypto.secp256k1.PubKey', key: key.pubKey });
const keyYaml = (key: Key) => `- address: ${key.address}\n  name: ${key.name}\n  pubkey: '${pubKeyJson(key)}'\n  type: local\n`;
const keyJson = (key: Key) => ({ name: key.name, type: 'local', address: key.address, pubkey: pubKeyJson(key) });

export async function keysAdd(flags: Flags, keyring: Keyring, lines: StdinLines): Promise<void> {
  const [name = ''] = flags.positional;
  if (flags.positional.length !== 1) throw new CommandError(`accepts 1 arg(s), received ${flags.positional.length}`);
  let password: string | undefined;
  if (keyring.has(name)) {
    password = await unlock(keyring, lines);
    // The next line is the answer to this question: a password that begins with y overwrites the key (measured 4).
    prompt(`override the existing name ${name} [y/N]: `);
    const answer = await lines.next();
    if (answer === undefined) throw new CommandError('EOF');
    if (!/^y/i.test(answer)) throw new CommandError('aborted');
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

export async function keysList(flags: Flags, keyring: Keyring, lines: StdinLines): Promise<void> {
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

/** The key with this name or address. Throws a CommandError with the SDK's words. */
export async function findKey(name: string, keyring: Keyring, lines: StdinLines): Promise<Key> {
  if (keyring.has(name)) return keyring.read(name, await unlock(keyring, lines));
  const decoded = fromBech32(name);
  if ('error' in decoded) throw new CommandError(`decoding bech32 failed: ${decoded.error}`);
  const password = await unlock(keyring, lines);
  const found = keyring.names().map((item) => keyring.read(item, password)).find((key) => key.address === name);
  if (!found) throw new CommandError('key not found');
  return found;
}

export async function keysShow(flags: Flags, keyring: Keyring, lines: StdinLines): Promise<void> {
  const [name = ''] = flags.positional;
  let key: Key;
  try {
    key = await findKey(name, keyring, lines);
  } catch (error) {
    throw new CommandError(`${name} is not a valid name or address: ${error instanceof Error ? error.message : ''}`);
  }
  if (flags.values.address) out(`${key.address}\n`);
  else if (flags.values.pubkey) out(`${pubKeyJson(key)}\n`);
  else out(flags.values.output === 'json' ? `${JSON.stringify(keyJson(key))}\n` : `${keyYaml(key)}\n`);
}
