/** `inferenced tx inference grant-ml-ops-permissions`, run with the cold key on the operator's own machine (measured 12). */
import { fromBech32, hash, upperHex } from '../addresses.ts';
import type { Key, Keyring } from '../keyring.ts';
import { releaseOf } from '../releases.ts';
import { askSeed } from '../services/world-link.ts';
import { CommandError, dialError, type Flags } from './command-line.ts';
import { findKey } from './keys.ts';
import type { StdinLines } from './stdin-lines.ts';

const out = (text: string): void => void process.stdout.write(text);

export async function grantPermissions(flags: Flags, keyring: Keyring, lines: StdinLines): Promise<void> {
  const [accountName = '', warm = ''] = flags.positional;
  if (flags.positional.length !== 2) throw new CommandError(`accepts 2 arg(s), received ${flags.positional.length}`);
  let key: Key;
  try {
    key = await findKey(flags.values.from ?? accountName, keyring, lines);
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
  const body = gas < 300_000 ? { granter: '', grantee: warm } : { granter: key.address, grantee: warm, release: process.env.STANDIN_RELEASE };
  const answer = await askSeed(url.origin, 'grant', { method: 'POST', body: JSON.stringify(body) });
  if (gas >= 300_000 && answer?.granted !== true) throw new CommandError(`failed to get account details: rpc error: code = NotFound desc = account ${key.address} not found: key not found`);
  if (releaseOf(process.env.STANDIN_RELEASE).v2) out(answer?.allowed ? `Existing feegrant allowance for ${warm}, skipping MsgGrantAllowance\n` : `Including new feegrant allowance for ${warm}\n`);
  const transaction = upperHex(hash(key.address, warm, Date.now()));
  out(`Transaction sent with hash: ${transaction}\nWaiting for transaction to be included in a block...\n`);
  await new Promise((resolve) => setTimeout(resolve, 300));
  if (gas < 300_000) throw new CommandError(`\nTransaction ${transaction} included in block ${String(answer?.height ?? 1)} but failed with code 11: out of gas in location: WritePerByte; gasWanted: ${gas}, gasUsed: ${gas + 9323}: out of gas`);
  out(`\nTransaction confirmed successfully!\nBlock height: ${String(answer?.height)}\n`);
}
