/**
 * Transactions that the account key signs by itself: `tx inference submit-new-participant` (new URL or consensus key, or the
 * registration of a funded account: facts 8.2, 13 row 16) and `tx staking edit-validator` (the public profile). As in the SDK,
 * `code: 0` only says that the transaction was taken: what the chain refuses while it executes it is not in this output.
 */
import { hash, upperHex } from '../addresses.ts';
import type { Key, Keyring } from '../keyring.ts';
import { askSeed } from '../services/world-link.ts';
import { CommandError, type Flags } from './command-line.ts';
import { findKey } from './keys.ts';
import { prompt, type StdinLines } from './stdin-lines.ts';

const out = (text: string): void => void process.stdout.write(text);

async function signer(flags: Flags, keyring: Keyring, lines: StdinLines): Promise<Key> {
  if (!flags.values.from) throw new CommandError('required flag(s) "from" not set');
  try {
    return await findKey(flags.values.from, keyring, lines);
  } catch (error) {
    throw new CommandError(`failed to convert address field to address: ${error instanceof Error ? error.message : ''}`);
  }
}

async function broadcast(flags: Flags, key: Key, lines: StdinLines, { to, body }: { to: string; body: Record<string, string> }): Promise<void> {
  const node = flags.values.node ?? 'tcp://localhost:26657';
  const url = new URL(node.replace(/^tcp:/, 'http:'));
  if (!flags.values.yes) {
    prompt('confirm transaction before signing and broadcasting [y/N]: ');
    if ((await lines.next())?.toLowerCase() !== 'y') return void process.stderr.write('cancelled transaction\n');
  }
  const answer = await askSeed(url.origin, to, { method: 'POST', body: JSON.stringify({ ...body, address: key.address }) });
  if (!answer) throw new CommandError(`post failed: Post "${node}": dial tcp ${url.host}: connect: connection refused`);
  if (answer.known !== true) throw new CommandError(`rpc error: code = NotFound desc = account ${key.address} not found: key not found`);
  out(`code: 0\ncodespace: ""\ndata: ""\nevents: []\ngas_used: "0"\ngas_wanted: "0"\nheight: "0"\ninfo: ""\nlogs: []\nraw_log: ""\ntimestamp: ""\ntx: null\ntxhash: ${upperHex(hash(key.address, to, Date.now()))}\n`);
}

export async function submitParticipant(flags: Flags, keyring: Keyring, lines: StdinLines): Promise<void> {
  if (flags.positional.length !== 1) throw new CommandError(`accepts 1 arg(s), received ${flags.positional.length}`);
  if (flags.values.unordered && !flags.values['timeout-duration']) throw new CommandError('unordered transactions require a timeout: --timeout-duration');
  const key = await signer(flags, keyring, lines);
  await broadcast(flags, key, lines, { to: 'participant', body: { url: flags.positional[0]!, validatorKey: flags.values['validator-key'] ?? '', pubKey: key.pubKey } });
}

export async function editValidator(flags: Flags, keyring: Keyring, lines: StdinLines): Promise<void> {
  if (flags.positional.length !== 0) throw new CommandError(`unknown command "${flags.positional[0]}" for "inferenced tx staking edit-validator"`);
  const key = await signer(flags, keyring, lines);
  const named = { moniker: flags.values['new-moniker'], website: flags.values.website, identity: flags.values.identity };
  await broadcast(flags, key, lines, { to: 'validator', body: Object.fromEntries(Object.entries(named).filter((entry): entry is [string, string] => entry[1] !== undefined)) });
}
