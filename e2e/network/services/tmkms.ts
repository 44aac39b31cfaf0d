/** tmkms: keeps the consensus key, connects to the node and signs for it. */
import { createPrivateKey, createPublicKey, randomBytes, sign } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { createInterface } from 'node:readline';
import { consensusKeyBech32 } from '../addresses.ts';
import { CHAIN_ID } from '../world.ts';
import { print, startFlood, tmkmsLine } from './log.ts';

const HOME = process.env.TMKMS_HOME ?? '/root/.tmkms';
const TOML = `${HOME}/tmkms.toml`;
const KEY = `${HOME}/secrets/priv_validator_key.softsign`;
const STATE = `${HOME}/state/priv_validator_state.json`;
/** The template of the image has one identity for all, as the recordings show. */
const KMS_ID = '3c060aceb2588f35e42b21cadc0fa3a1411b5fe9';

const template = (address: string) => `# Tendermint KMS basic configuration file
## Chain Configuration
[[chain]]
id = "${CHAIN_ID}"
key_format = { type = "bech32", account_key_prefix = "gonka", consensus_key_prefix = "gonka" }
# state_file stores information about the latest signature to prevent double-signing.
# It is critical for validator security and must accompany the validator during all migrations and restarts.
state_file = "/root/.tmkms/state/priv_validator_state.json"

## Signing Provider Configuration
### Software-based Signer Configuration
[[providers.softsign]]
chain_ids = ["${CHAIN_ID}"]
key_type = "consensus"
# path to validator's private key
path = "/root/.tmkms/secrets/priv_validator_key.softsign"

## Validator Configuration
[[validator]]
chain_id = "${CHAIN_ID}"
# addr is the address that TMKMS should connect to in order to sign blocks.
# The port must match the value of priv_validator_laddr specified in the validator’s config.toml
# (inside the Docker container, if TMKMS and the validator are running in the same Docker network).
addr = "${address}"
# secret_key is the connection secret key (not the validator's private key!),
# used by TMKMS to establish a secure connection with the validator node. DO NOT MODIFY.
secret_key = "/root/.tmkms/secrets/kms-identity.key"
protocol_version = "v0.34"
reconnect = true
`;

/** softsign's key file: the 32 secret bytes in base64. */
function privateKey() {
  const secret = Buffer.from(readFileSync(KEY, 'utf8').trim(), 'base64');
  return createPrivateKey({ key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), secret.subarray(0, 32)]), format: 'der', type: 'pkcs8' });
}

/** The public key of the key file, base64. Throws where there is none. */
export function tmkmsPublicKey(): string {
  return createPublicKey(privateKey()).export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64');
}

export const pubkeyJson = (key: string): string => `{\n  "@type": "/cosmos.crypto.ed25519.PubKey",\n  "key": "${key}"\n}`;

function prepare(address: string): void {
  for (const dir of ['secrets', 'state']) mkdirSync(`${HOME}/${dir}`, { recursive: true });
  if (existsSync(TOML)) print(`${HOME} already initialized.`);
  else {
    print(`Initializing ${HOME} from template /app/tmkms_init_data...`);
    writeFileSync(TOML, template(address), { mode: 0o600 });
    if (!existsSync(`${HOME}/secrets/kms-identity.key`)) writeFileSync(`${HOME}/secrets/kms-identity.key`, Buffer.alloc(32, 7).toString('base64'), { mode: 0o600 });
    if (!existsSync(STATE)) writeFileSync(STATE, '{"height":"0","round":"0","step":0,"block_id":null}');
    print('Initialization complete.');
  }
  try {
    accessSync(TOML, constants.W_OK);
  } catch {
    print(`Error: Cannot write to ${TOML}. Check volume permissions and ensure it's not empty if this is the first run.`);
    process.exit(1);
  }
  writeFileSync(TOML, readFileSync(TOML, 'utf8').replace(/^addr *= *".*"/m, `addr = "${address}"`));
  print(`Set addr to "${address}" in ${TOML}`);
  print(`Contents of ${TOML}:`);
  print(readFileSync(TOML, 'utf8').trimEnd());
  if (existsSync(KEY)) print(`Key ${KEY} already exists. WITHKEYGEN is true, but skipping generation.`);
  else {
    print(`Generating new key in ${KEY} as WITHKEYGEN is true and key is missing.`);
    writeFileSync(KEY, randomBytes(32).toString('base64'), { mode: 0o600 });
    print(`   Generated consensus (Ed25519) private key at: ${KEY}`);
  }
}

const ERRORS: Record<string, string> = {
  ECONNREFUSED: 'Connection refused (os error 111)', ENOTFOUND: 'failed to lookup address information: Name or service not known',
  EAI_AGAIN: 'failed to lookup address information: Name or service not known', EHOSTUNREACH: 'No route to host (os error 113)', ECONNRESET: 'failed to fill whole buffer',
};

/** What the node asks to sign; it sends one a line. */
export type SignRequest = { peerId?: string; type?: 'Proposal' | 'PreVote' | 'PreCommit'; hash?: string | null; height?: number; round?: number; step?: number; flood?: number };

let linesPerSecond = 0;

/** One connection to the node; ends with the error's words. */
function session(host: string, port: number, peer: string, publicKey: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = createConnection({ host, port });
    let connected = false;
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(ERRORS[error.code ?? ''] ?? error.message));
    socket.on('close', () => resolve('failed to fill whole buffer'));
    socket.on('connect', () => socket.write(`${JSON.stringify({ pubKey: publicKey, kmsId: KMS_ID })}\n`));
    createInterface({ input: socket }).on('error', () => {}).on('line', (line) => {
      const request = JSON.parse(line) as SignRequest;
      if (request.peerId && !connected) {
        connected = true;
        print(tmkmsLine('INFO', 'tmkms::session', `${peer} connected to validator successfully`));
        print(tmkmsLine('WARN', 'tmkms::session', `${peer}: unverified validator peer ID! (${request.peerId})`));
      }
      if (request.flood !== undefined) linesPerSecond = request.flood;
      if (!request.type) return;
      const at = { height: String(request.height), round: String(request.round ?? 0), step: request.step ?? 0, block_id: request.hash ? { hash: request.hash, parts: { total: 1, hash: request.hash } } : null };
      writeFileSync(`${STATE}.new`, JSON.stringify(at));
      renameSync(`${STATE}.new`, STATE);
      const signature = sign(null, Buffer.from(JSON.stringify(at)), privateKey()).toString('base64');
      print(tmkmsLine('INFO', 'tmkms::session', `${peer} signed ${request.type}:${request.hash ? request.hash.slice(0, 10) : '<nil>'} at h/r/s ${request.height}/${request.round ?? 0}/${request.step ?? 0} (0 ms)`));
      socket.write(`${JSON.stringify({ signature })}\n`);
    });
  });
}

export async function runTmkms(): Promise<void> {
  process.on('SIGTERM', () => process.exit(0));
  const address = process.env.VALIDATOR_LISTEN_ADDRESS;
  if (!address) {
    print('Error: VALIDATOR_LISTEN_ADDRESS is not set');
    process.exit(1);
  }
  prepare(address);
  const key = tmkmsPublicKey();
  print(`Pubkey:\\n${pubkeyJson(key)}`);
  print(tmkmsLine('INFO', 'tmkms::commands::start', 'tmkms 0.12.2 starting up...'));
  print(tmkmsLine('INFO', 'tmkms::keyring', `[keyring:softsign] added consensus Ed25519 key: ${consensusKeyBech32(key)}`));
  const url = new URL(address.replace(/^tcp:/, 'http:'));
  const peer = `[${CHAIN_ID}@${address}]`;
  // tmkms has no way to the seed: a flood is asked for by the node, over their connection.
  startFlood(() => (linesPerSecond ? { service: 'tmkms', linesPerSecond } : undefined), 'tmkms', (n) => tmkmsLine('INFO', 'tmkms::session', `${peer} signed PreVote:AF073212AC at h/r/s ${n}/0/1 (0 ms)`));
  for (;;) {
    print(tmkmsLine('INFO', 'tmkms::connection::tcp', `KMS node ID: ${KMS_ID}`));
    const error = await session(url.hostname, Number(url.port || 26658), peer, key);
    print(tmkmsLine('ERROR', 'tmkms::client', `${peer} I/O error: ${error}`));
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}
