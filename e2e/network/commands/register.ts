/** `inferenced register-new-participant` (measured 7 to 11, 39). */
import { accountAddress } from '../addresses.ts';
import { releaseOf } from '../releases.ts';
import { askSeed } from '../services/world-link.ts';
import type { World } from '../world.ts';
import { CommandError, dialError, type Flags } from './command-line.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** A key of another length than a secp256k1 point makes the real program panic. */
function panic(): never {
  process.stderr.write(`panic: length of pubkey is incorrect

goroutine 1 [running]:
github.com/cosmos/cosmos-sdk/crypto/keys/secp256k1.(*PubKey).Address(0xc00010e000?)
\t/src/github.com/gonka-ai/cosmos-sdk/crypto/keys/secp256k1/secp256k1.go:157 +0xe7
github.com/productscience/inference/cmd/inferenced/cmd.extractAddressFromPubKey({0x7ffe7e1a6cda, 0x2c})
\t/src/inference-chain/cmd/inferenced/cmd/register_participant_command.go:53 +0xdd
main.main()
\t/src/inference-chain/cmd/inferenced/main.go:15 +0x33
`);
  process.exit(2);
}

async function consensusKey(flags: Flags): Promise<{ key: string; how: string }> {
  const given = flags.values['consensus-key'];
  if (given !== undefined) {
    if (Buffer.from(given, 'base64').length !== 32) throw new CommandError(`invalid consensus key provided: expected 32 bytes, got ${Buffer.from(given, 'base64').length}`);
    say('Using provided consensus key (validated)');
    return { key: given, how: 'provided' };
  }
  say('No consensus key provided, attempting to auto-fetch from chain node...');
  const node = process.env.DAPI_CHAIN_NODE__URL;
  if (!node) throw new CommandError('failed to auto-fetch consensus key: DAPI_CHAIN_NODE__URL environment variable is not set. Please set it or provide --consensus-key');
  let key: string | undefined;
  try {
    const response = await fetch(`${node.replace(/\/+$/, '')}/status`, { signal: AbortSignal.timeout(5000) });
    key = ((await response.json()) as { result?: { validator_info?: { pub_key?: { value?: string } } } }).result?.validator_info?.pub_key?.value;
  } catch (error) {
    throw new CommandError(`failed to auto-fetch consensus key: node RPC endpoint not responding. Please check if the node is properly configured: post failed: Post "${node}": ${dialError(error, new URL(node))}`);
  }
  if (!key) throw new CommandError('failed to auto-fetch consensus key: node does not have validator information');
  say('Successfully auto-fetched and validated consensus key from chain node');
  return { key, how: 'auto-fetched' };
}

/** Asks every two seconds for half a minute; nobody there is a warning, not an error. */
async function waitFor(seed: string, address: string): Promise<void> {
  const v2 = releaseOf((process.env.STANDIN_IMAGE ?? '').split(':')[1]).v2;
  const url = `${seed}/${v2 ? 'v2' : 'v1'}/participants/${address}`;
  process.stdout.write('Waiting for participant to be available (timeout: 30 seconds)...\n');
  const world = (await askSeed(new URL(seed).origin, 'world'))?.world as World | undefined;
  const wait = Number(process.env.STANDIN_REGISTER_WAIT_MS ?? world?.registration?.waitMs ?? 30_000);
  for (let attempt = 0; attempt < 15; attempt++) {
    await new Promise((resolve) => setTimeout(resolve, wait / 15));
    process.stdout.write('.');
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
      if (!response.ok) continue;
      const body = (await response.json()) as { pubkey?: string; balance?: number; participant?: { inference_url: string; status: string } };
      if (v2) say(`\nFound participant: ${address} (url: ${body.participant?.inference_url}, status: ${body.participant?.status})`);
      else say(`\nFound participant with pubkey: ${body.pubkey} (balance: ${body.balance ?? 0})`);
      say(`Participant is now available at ${url}`);
      if (v2) say('Account balance: 0');
      return;
    } catch {
      // Not yet.
    }
  }
  say('Warning: timeout after 30s waiting for participant to be available');
  say(`You can manually check your participant at ${url}`);
}

export async function registerParticipant(flags: Flags): Promise<void> {
  const [nodeUrl = '', pubKey = ''] = flags.positional;
  if (flags.positional.length !== 2) throw new CommandError(`accepts 2 arg(s), received ${flags.positional.length}`);
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(pubKey) || pubKey.length % 4 !== 0) throw new CommandError('failed to extract address from account public key: failed to decode public key: illegal base64 data at input byte 0');
  if (Buffer.from(pubKey, 'base64').length !== 33) panic();
  const address = accountAddress(pubKey);
  const { key, how } = await consensusKey(flags);
  const seed = (flags.values['node-address'] ?? '').replace(/\/+$/, '');
  for (const line of ['Registering new participant:', `  Node URL: ${nodeUrl}`, `  Account Address: ${address}`, `  Account Public Key: ${pubKey}`, `  Validator Consensus Key: ${key} (${how})`, `  Seed Node Address: ${seed}`, `Sending registration request to ${seed}/v1/participants`]) say(line);
  let response: Response;
  try {
    response = await fetch(`${seed}/v1/participants`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ address, url: nodeUrl, validator_key: key, pub_key: pubKey, worker_key: '' }), signal: AbortSignal.timeout(10_000) });
  } catch (error) {
    throw new CommandError(`failed to send HTTP request: Post "${seed}/v1/participants": ${dialError(error, new URL(seed))}`);
  }
  say(`Response status code: ${response.status}`);
  if (!response.ok) throw new CommandError(`server returned status ${response.status}: ${(await response.text()).trim()}`);
  say('Participant registration successful.');
  await waitFor(seed, address);
}
