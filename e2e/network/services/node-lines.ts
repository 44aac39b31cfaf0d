/** The node's log: start, state sync, blocks, stop (samples v0.2.4/logs/node-*.log). */
import { hash, operatorAddress, upperHex, validatorHex } from '../addresses.ts';
import type { View } from '../answers/answer.ts';
import { appHash, blockHash, validatorsInForce } from '../answers/comet-rpc.ts';
import { latestEpoch, stagesOf, timeOfBlock } from '../chain.ts';
import { modelOf } from '../ledger.ts';
import { nodeLine } from './log.ts';

const inf = (message: string, fields: Record<string, string | number | boolean> = {}) => nodeLine('INF', message, fields);
const service = (impl: string, module: string, doing = 'Starting', fields: Record<string, string> = {}) =>
  inf(doing === 'Starting' ? 'service start' : 'service stop', { impl, module, msg: `${doing} ${impl} service`, ...fields });

export const startLines = (): string[] => [
  inf('Setting up upgrade handlers', { module: 'baseapp' }),
  inf('Applying upgrade', { module: 'baseapp', upgradeInfo: '{"time":"0001-01-01T00:00:00Z"}' }),
  inf('WASM keeper check: pinned codes enumerated successfully. Keeper is functional.', { module: 'baseapp' }),
  inf('starting node with ABCI CometBFT in-process', { module: 'server' }),
  service('multiAppConn', 'proxy'),
  ...['query', 'snapshot', 'mempool', 'consensus'].map((connection) => service('localClient', 'abci-client', 'Starting', { connection })),
  service('EventBus', 'events'), service('PubSub', 'pubsub'), service('IndexerService', 'txindex'), service('SignerListenerEndpoint', 'privval'),
  inf('SignerListener: Blocking for connection', { module: 'privval' }),
  inf('SignerListener: Listening for new connection', { module: 'privval' }),
];

export const signerLines = {
  connected: () => inf('SignerListener: Connected', { module: 'privval' }),
  listening: () => inf('SignerListener: Listening for new connection', { module: 'privval' }),
  blocking: () => inf('SignerListener: Blocking for connection', { module: 'privval' }),
  pingTimeout: () => nodeLine('ERR', 'SignerListener: Ping timeout', { module: 'privval' }),
  failed: (failures: number, port: number) => nodeLine('ERR', 'SignerListener: Error accepting connection', { err: `accept tcp [::]:${port}: i/o timeout`, failures, module: 'privval' }),
};

export const identityLines = (nodeId: string, validatorKey: string, external: string, validator: boolean): string[] => [
  inf('Version info', { abci: '2.0.0', block: 11, commit_hash: '', module: 'server', p2p: 8, tendermint_version: '0.38.17' }),
  inf(validator ? 'This node is a validator' : 'This node is not a validator', { addr: validatorHex(validatorKey), module: 'consensus', pubKey: `PubKeyEd25519{${upperHex(Buffer.from(validatorKey, 'base64'))}}` }),
  inf('P2P Node ID', { ID: nodeId, file: '/root/.inference/config/node_key.json', module: 'p2p' }),
  inf('Adding persistent peers', { addrs: '[]', module: 'p2p' }),
  inf('Add our address to book', { addr: `${nodeId}@${external}`, book: '/root/.inference/config/addrbook.json', module: 'p2p' }),
  service('Node', 'server'), service('P2P Switch', 'p2p'), service('Mempool', 'mempool'), service('Reactor', 'blocksync'), service('ConsensusReactor', 'consensus'),
  inf('serve', { module: 'rpc-server', msg: 'Starting RPC HTTP server on [::]:26657' }),
  service('PEX', 'pex'),
  inf('starting API server...', { address: 'tcp://0.0.0.0:1317', module: 'api-server' }),
  inf('serve', { module: 'api-server', msg: 'Starting RPC HTTP server on [::]:1317' }),
  inf('starting gRPC server...', { address: 'localhost:9090', module: 'grpc-server' }),
];

export const noSeedLines = (host: string): string[] => [
  inf('No addresses to dial. Falling back to seeds', { module: 'pex' }),
  nodeLine('ERR', 'Error dialing seed', { err: `dial tcp: lookup ${host}: connection refused`, module: 'p2p', seed: host }),
  nodeLine('ERR', "Couldn't connect to any seeds", { module: 'p2p' }),
];

/** State sync in its order (measured, "Log lines"): each step's lines; between the steps time passes. */
export function stateSyncSteps(view: View, height: number, chunks = 1): string[][] {
  const snapshot = { format: 3, height, module: 'statesync' };
  const digest = upperHex(hash(view.world.name, 'snapshot', height));
  return [
    [inf('Starting state sync', { module: 'statesync' }), inf('Downloading trusted light block using options', { module: 'light' }), inf('Discovering snapshots', { discoverTime: 15000, module: 'statesync' }), inf('sync any', { module: 'statesync', msg: 'Discovering snapshots for 15s' })],
    [inf('Discovered new snapshot', { ...snapshot, hash: digest })],
    [inf('Offering snapshot to ABCI app', { ...snapshot, hash: digest })],
    [inf('Snapshot accepted, restoring', { ...snapshot, hash: digest })],
    ...Array.from({ length: chunks }, (_, chunk) => [inf('Fetching snapshot chunk', { chunk, ...snapshot, total: chunks }), inf('Applied snapshot chunk to ABCI app', { chunk, ...snapshot, total: chunks })]),
    [inf('Verified ABCI app', { appHash: appHash(view, height), height, module: 'statesync' }), inf('Snapshot restored', { ...snapshot, hash: digest })],
  ];
}

/** A block that is executed, whether it is new or one of those that a node lacks. */
export const catchUpLines = (view: View, height: number): string[] => [
  inf('finalized block', { block_app_hash: appHash(view, height), height, module: 'state', num_txs_res: 0, num_val_updates: 0 }),
  inf('executed block', { app_hash: appHash(view, height), height, module: 'state' }),
  inf('committed state', { block_app_hash: appHash(view, height - 1), height, module: 'state' }),
  inf('indexed block events', { height, module: 'txindex' }),
];

/** CometBFT says it every hundred blocks while it gets those that it lacks. */
export const syncRateLine = (height: number, newest: number, rate: number): string => inf('Block Sync Rate', { 'blocks/s': rate, height, max_peer_height: newest, module: 'blocksync' });

const VALIDATOR_LINES = 3;

/** The lines of one block: CometBFT's and some of the chain's own. */
export function blockLines(view: View, height: number): string[] {
  const block = blockHash(view, height);
  const validators = validatorsInForce(view);
  const proposer = validatorHex(validators[height % Math.max(1, Math.min(2, validators.length))]?.validatorKey ?? '');
  const epoch = latestEpoch(view.world.clock, height);
  const stamp = new Date(timeOfBlock(view.world.clock, height)).toISOString().replace('Z', '611637Z');
  const stage = stagesOf(view.world.clock, epoch);
  const part = upperHex(hash(view.world.name, 'part', height)).slice(0, 12);
  return [
    inf('Timed out', { dur: 879 + (height % 20), height, module: 'consensus', round: 0, step: 'RoundStepNewHeight' }),
    inf('received proposal', { module: 'consensus', proposal: `Proposal{${height}/0 (${block}:1:${part}, -1) ${part} @ ${stamp}}`, proposer }),
    inf('received complete proposal block', { hash: block, height, module: 'consensus' }),
    inf('finalizing commit of block', { hash: block, height, module: 'consensus', num_txs: 0, root: appHash(view, height - 1) }),
    inf('Set grace period price', { modelId: modelOf(view.world), module: 'x/inference', price: 0, priceType: 'grace', subsystem: 'Pricing' }),
    ...validators.slice(0, VALIDATOR_LINES).map(({ member, power }) => inf('iterating validator', { module: 'x/staking', power, status: 'BOND_STATUS_BONDED', validator: `operator_address:"${operatorAddress(member.address)}"` })),
    ...(height === stage.poc_start ? [inf('StartStage:PocStart', { blockHeight: height, module: 'x/inference', subsystem: 'Stages' })] : []),
    ...catchUpLines(view, height),
  ];
}

export const stopLines = (): string[] => [
  inf('caught signal', { module: 'server', signal: 'terminated' }),
  inf('stopping gRPC server...', { address: 'localhost:9090', module: 'grpc-server' }),
  inf('stopping API server...', { address: 'tcp://0.0.0.0:1317', module: 'api-server' }),
  inf('RPC HTTP server stopped', { err: 'accept tcp [::]:1317: use of closed network connection', module: 'api-server' }),
  ...['Node', 'EventBus', 'PubSub', 'IndexerService', 'P2P Switch', 'Mempool', 'Reactor', 'ConsensusReactor'].map((impl) => service(impl, impl === 'Node' ? 'server' : 'p2p', 'Stopping')),
  inf('Closing rpc listener', { listener: '{"Listener":{}}', module: 'server' }),
  inf('Closing application.db', { module: 'baseapp' }),
  inf('Closing snapshots/metadata.db', { module: 'baseapp' }),
];
