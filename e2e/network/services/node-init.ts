/** What the node's init script prints and writes at a start (`set -x`: every step twice), first run and later ones. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { CHAIN_ID } from '../world.ts';
import { print } from './log.ts';

export const STATE_DIR = process.env.STATE_DIR ?? '/root/.inference';
const CONFIG = `${STATE_DIR}/config/config.toml`;
const FLAG = `${STATE_DIR}/.node_initialized`;

const trace = (line: string) => print(`+ ${line}`);

function need(name: string): void {
  trace(`need ${name}`);
  trace(`eval ': \${${name}:?Environment variable ${name} is required}'`);
  const value = process.env[name];
  if (!value) {
    process.stderr.write(`./init-docker.sh: eval: line 1: ${name}: Environment variable ${name} is required\n`);
    process.exit(2);
  }
  trace(`: ${value}`);
}

function run(command: string, output?: string, code = 0): void {
  trace(`run ${command}`);
  trace(`echo 'CMD> ${command}'`);
  print(`CMD> ${command}`);
  trace(command);
  if (output) process.stdout.write(output);
  trace(`rc=${code}`);
  trace(`echo 'RC = ${code}'`);
  print(`RC = ${code}`);
  trace(`ok_rc ${code}`);
  trace(`'[' ${code} -eq 0 ]`);
  if (code === 0) return;
  process.stderr.write(`ERROR: '${command}' failed with code ${code}\n`);
  process.exit(1);
}

function kv(...args: string[]): void {
  trace(`kv ${args.join(' ')}`);
  run(`inferenced config set ${args.join(' ')}`);
}

/** The genesis JSON that `inferenced init` prints, shortened; measured 15. */
const genesis = (nodeId: string) => JSON.stringify({
  moniker: 'my-node', chain_id: CHAIN_ID, node_id: nodeId, gentxs_dir: '',
  app_message: {
    '06-solomachine': null, '07-tendermint': null,
    auth: { params: { max_memo_characters: '256', tx_sig_limit: '7', tx_size_cost_per_byte: '10', sig_verify_cost_ed25519: '590', sig_verify_cost_secp256k1: '1000' }, accounts: [] },
    authz: { authorization: [] }, bank: { params: { send_enabled: [], default_send_enabled: true }, balances: [], supply: [], denom_metadata: [], send_enabled: [] },
    distribution: { params: { community_tax: '0.020000000000000000', base_proposer_reward: '0.000000000000000000', bonus_proposer_reward: '0.000000000000000000', withdraw_addr_enabled: true } },
    staking: { params: { unbonding_time: '1814400s', max_validators: 100, max_entries: 7, historical_entries: 10000, bond_denom: 'icoin', min_commission_rate: '0.000000000000000000' } },
  },
}, null, 1);

async function seedStatus(url: string): Promise<{ id: string; listenAddr: string } | undefined> {
  try {
    const response = await fetch(`${url.replace(/\/+$/, '')}/status`, { signal: AbortSignal.timeout(5000) });
    const body = (await response.json()) as { result?: { node_info?: { id?: string; listen_addr?: string } } };
    return body.result?.node_info?.id ? { id: body.result.node_info.id, listenAddr: body.result.node_info.listen_addr ?? '' } : undefined;
  } catch {
    return undefined;
  }
}

async function firstRun(env: NodeJS.ProcessEnv): Promise<void> {
  const seed = env.SEED_NODE_RPC_URL ?? '';
  const nodeId = randomBytes(20).toString('hex');
  trace(`CONFIG_FILE=${CONFIG}`);
  trace(`'[' '!' -f ${CONFIG} ]`);
  trace("echo 'Initialising node (first run)'");
  print('Initialising node (first run)');
  trace(`inferenced init --chain-id ${CHAIN_ID} --default-denom icoin my-node`);
  trace(`output='${genesis(nodeId)}'`);
  trace('exit_code=0');
  trace("'[' 0 -ne 0 ]");
  for (const dir of ['config', 'data', 'wasm', 'cosmovisor/genesis/bin']) mkdirSync(`${STATE_DIR}/${dir}`, { recursive: true });
  writeFileSync(`${STATE_DIR}/config/node_key.json`, JSON.stringify({ priv_key: { type: 'tendermint/PrivKeyEd25519', value: randomBytes(64).toString('base64') } }), { mode: 0o600 });
  writeFileSync(`${STATE_DIR}/config/addrbook.json`, '{"key":"","addrs":[]}');
  writeFileSync(`${STATE_DIR}/config/app.toml`, 'minimum-gas-prices = "0icoin"\npruning = "default"\n[api]\nenable = true\naddress = "tcp://0.0.0.0:1317"\n');
  trace(`inferenced download-genesis ${seed} ${STATE_DIR}/config/genesis.json`);
  const status = await seedStatus(seed);
  if (!status) {
    print(`+ output='Error: failed to download genesis file: post failed: Post "${seed}": dial tcp: connect: connection refused'`);
    process.stderr.write(`Error: failed to download genesis file: post failed: Post "${seed}": dial tcp: connect: connection refused\n`);
    process.exit(1);
  }
  const said = `Genesis file successfully downloaded from ${seed} and saved to ${STATE_DIR}/config/genesis.json`;
  for (const line of [`output='${said}'`, `echo '${said}'`]) trace(line);
  print(said);
  writeFileSync(`${STATE_DIR}/config/genesis.json`, JSON.stringify({ chain_id: CHAIN_ID, initial_height: '1' }));
  const host = (env.SEED_NODE_P2P_URL ?? '').replace(/^tcp:\/\//, '');
  run(`inferenced set-seeds ${CONFIG} ${seed} ${env.SEED_NODE_P2P_URL}`,
    `Performed status request to seed node. Node id: ${status.id}\nSeed string = ${status.id}@${host}\nUpdating config. configFilePaht = ${CONFIG}\nSuccessfully set the seed to ${seed}`);
  writeFileSync(CONFIG, `moniker = "my-node"\nseeds = "${status.id}@${host}"\nladdr = "tcp://0.0.0.0:26657"\npriv_validator_laddr = ""\n`);
  const snapshots = env.SYNC_WITH_SNAPSHOTS ?? 'false';
  run(`inferenced set-statesync ${CONFIG} ${snapshots}`, `Successfully set the statesync.enable to ${snapshots}`);
  trace(`'[' ${snapshots} '=' true ]`);
  if (snapshots === 'true') {
    need('RPC_SERVER_URL_1');
    need('RPC_SERVER_URL_2');
    run(`inferenced set-statesync-rpc-servers ${CONFIG} ${env.RPC_SERVER_URL_1} ${env.RPC_SERVER_URL_2}`, `Successfully set the statesync.rpc_servers with values ${env.RPC_SERVER_URL_1} and ${env.RPC_SERVER_URL_2}`);
    run(`inferenced set-statesync-trusted-block ${CONFIG} ${seed} ${env.TRUSTED_BLOCK_PERIOD ?? '2000'}`);
  }
  trace(`touch ${FLAG}`);
  writeFileSync(FLAG, '');
}

function cosmovisor(): void {
  const current = `${STATE_DIR}/cosmovisor/current`;
  trace(`'[' '!' -d ${STATE_DIR}/cosmovisor ]`);
  if (existsSync(current)) return;
  print('Initialising cosmovisor directory');
  mkdirSync(`${STATE_DIR}/cosmovisor/genesis/bin`, { recursive: true });
  run('cosmovisor init /usr/bin/inferenced');
  rmSync(current, { force: true });
  symlinkSync('genesis', current);
}

/** Runs the script. Ends the process where the real one does. */
export async function initNode(env: NodeJS.ProcessEnv): Promise<{ firstRun: boolean }> {
  trace('set -o pipefail');
  trace('set -o pipefail');
  for (const name of ['KEY_NAME', 'SEED_NODE_RPC_URL', 'SEED_NODE_P2P_URL', 'P2P_EXTERNAL_ADDRESS']) need(name);
  for (const [name, value] of [['APP_NAME', 'inferenced'], ['KEYRING_BACKEND', 'test'], ['CHAIN_ID', CHAIN_ID], ['COIN_DENOM', 'icoin'], ['STATE_DIR', STATE_DIR], ['INIT_ONLY', 'false'], ['IS_GENESIS', 'false'],
    ['SNAPSHOT_INTERVAL', env.SNAPSHOT_INTERVAL ?? '1000'], ['SNAPSHOT_KEEP_RECENT', env.SNAPSHOT_KEEP_RECENT ?? '5'], ['TRUSTED_BLOCK_PERIOD', env.TRUSTED_BLOCK_PERIOD ?? '2000'], ['INIT_FLAG', FLAG]]) trace(`${name}=${value}`);
  trace(`'[' -f ${FLAG} ]`);
  const first = !existsSync(FLAG);
  trace(`FIRST_RUN=${first}`);
  trace(String(first));
  if (first) await firstRun(env);
  mkdirSync(`${STATE_DIR}/data`, { recursive: true });
  trace("echo 'Applying configuration at container start'");
  print('Applying configuration at container start');
  kv('app', 'minimum-gas-prices', '0icoin');
  kv('client', 'chain-id', CHAIN_ID);
  kv('client', 'keyring-backend', 'test');
  kv('config', 'p2p.external_address', env.P2P_EXTERNAL_ADDRESS ?? '', '--skip-validate');
  trace('configure_tmkms');
  const port = env.TMKMS_PORT || '26658';
  trace(`'[' -n ${port} ]`);
  trace(`echo 'Configuring TMKMS (port ${port})'`);
  print(`Configuring TMKMS (port ${port})`);
  trace(`rm -f ${STATE_DIR}/config/priv_validator_key.json`);
  rmSync(`${STATE_DIR}/config/priv_validator_key.json`, { force: true });
  if (existsSync(CONFIG)) writeFileSync(CONFIG, readFileSync(CONFIG, 'utf8').replace(/^priv_validator_laddr =.*/m, `priv_validator_laddr = "tcp://0.0.0.0:${port}"`));
  trace('update_configs');
  trace("'[' true '=' true ]");
  trace(`inferenced patch-toml ${STATE_DIR}/config/app.toml app_overrides.toml`);
  print(`Successfully merged app_overrides.toml into ${STATE_DIR}/config/app.toml`);
  kv('app', 'state-sync.snapshot-interval', env.SNAPSHOT_INTERVAL ?? '1000');
  kv('app', 'state-sync.snapshot-keep-recent', env.SNAPSHOT_KEEP_RECENT ?? '5');
  for (const [name, value] of Object.entries(env)) if (name.startsWith('CONFIG_')) kv('config', name.slice(7).replaceAll('__', '.'), value ?? '', '--skip-validate');
  cosmovisor();
  trace("echo 'Starting node'");
  trace('exec cosmovisor run start');
  print('Starting node');
  return { firstRun: first };
}
