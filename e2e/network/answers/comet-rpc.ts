/** CometBFT's RPC (facts 6): /status, /validators with its pages, /net_info, /health, /abci_info, /block, /commit. */
import { hash, upperHex, validatorHex } from '../addresses.ts';
import { effectiveEpoch, heightAt, timeOfBlock } from '../chain.ts';
import { hasSigned, hostOf, setOf, type ActiveSet, type Member } from '../ledger.ts';
import { CHAIN_ID } from '../world.ts';
import { blockTime, type Answer, type View } from './answer.ts';

/** The node that answers. */
export type NodeSelf = {
  id: string;
  listenAddr: string;
  validatorKey: string;
  chainId?: string;
  /** Still in state sync: height 0, catching_up. */
  syncing?: boolean;
  /** Its own height while it lacks blocks; `catchingUp` while it gets them. */
  behind?: number | undefined;
  catchingUp?: boolean;
  earliest: number;
  startedAt: number;
  /** Its own tmkms signed this block: known here before the ledger has it. */
  signed?: (height: number) => boolean;
  /** `dialled: false`: that node called this one. */
  peers: { id: string; listenAddr: string; remoteIp: string; dialled?: boolean }[];
};

const JSON_TYPE = 'application/json';
const ok = (result: unknown): Answer => ({ status: 200, type: JSON_TYPE, body: { jsonrpc: '2.0', id: -1, result } });
const failed = (data: string): Answer => ({ status: 500, type: JSON_TYPE, body: { jsonrpc: '2.0', id: -1, error: { code: -32603, message: 'Internal error', data } } });

export const blockHash = (view: View, height: number): string => upperHex(hash(view.world.name, 'block', height));
export const appHash = (view: View, height: number): string => upperHex(hash(view.world.name, 'app', height));

/** Members of the set in force; when PoC failed for all, CometBFT goes on with the last validators. */
export type InForce = { member: Member; validatorKey: string; hex: string; power: number };

// A set never changes once it is made.
const sorted = new WeakMap<ActiveSet, { list: InForce[]; byAddress: Map<string, InForce> }>();

export const validatorsInForce = (view: View): InForce[] => inForce(view).list;
export const validatorOf = (view: View, address: string): InForce | undefined => inForce(view).byAddress.get(address);

function inForce(view: View): { list: InForce[]; byAddress: Map<string, InForce> } {
  const epoch = effectiveEpoch(view.world.clock, heightAt(view.world.clock, view.now));
  const current = setOf(view.ledger, epoch);
  const set = current?.members.length ? current : [...view.ledger.sets].reverse().find((other) => other.epoch <= epoch && other.members.length > 0);
  const known = set && sorted.get(set);
  if (known) return known;
  const list = (set?.members ?? [])
    .filter((member) => (member.weight ?? 0) > 0)
    .map((member) => {
      const validatorKey = hostOf(view.ledger, member.address)?.validatorKey ?? '';
      return { member, validatorKey, hex: validatorHex(validatorKey), power: member.weight ?? 0 };
    })
    .sort((a, b) => b.power - a.power || (a.hex < b.hex ? -1 : 1));
  const made = { list, byAddress: new Map(list.map((item) => [item.member.address, item])) };
  if (set) sorted.set(set, made);
  return made;
}

export const nodeInfo = (self: Pick<NodeSelf, 'id' | 'listenAddr' | 'chainId'>) => ({
  protocol_version: { p2p: '8', block: '11', app: '0' },
  id: self.id, listen_addr: self.listenAddr, network: self.chainId ?? CHAIN_ID, version: '0.38.17',
  channels: '40202122233038606100', moniker: 'my-node', other: { tx_index: 'on', rpc_address: 'tcp://0.0.0.0:26657' },
});

function status(view: View, self: NodeSelf): Answer {
  const { clock } = view.world;
  const height = self.syncing ? 0 : heightAt(clock, view.now);
  const time = (block: number) => (block === 0 ? '1970-01-01T00:00:00Z' : blockTime(timeOfBlock(clock, block)));
  const earliest = self.syncing ? 0 : Math.min(self.earliest, height);
  const power = validatorsInForce(view).find((item) => item.validatorKey === self.validatorKey)?.power ?? 0;
  return ok({
    node_info: nodeInfo(self),
    sync_info: {
      latest_block_hash: height ? blockHash(view, height) : '', latest_app_hash: height ? appHash(view, height - 1) : '',
      latest_block_height: String(height), latest_block_time: time(height),
      earliest_block_hash: earliest ? blockHash(view, earliest) : '', earliest_app_hash: earliest ? appHash(view, earliest - 1) : '',
      earliest_block_height: String(earliest), earliest_block_time: time(earliest), catching_up: self.syncing === true || self.catchingUp === true,
    },
    validator_info: {
      address: validatorHex(self.validatorKey), pub_key: { type: 'tendermint/PubKeyEd25519', value: self.validatorKey }, voting_power: String(self.syncing ? 0 : power),
    },
  });
}

function validators(at: View, self: NodeSelf, query: URLSearchParams): Answer {
  const height = heightIn(at, self, query);
  if (typeof height !== 'number') return height;
  const view = query.get('height') ? { ...at, now: timeOfBlock(at.world.clock, height) + 1 } : at;
  const all = validatorsInForce(view);
  const perPage = Math.min(100, Math.max(1, Number(query.get('per_page')?.replaceAll('"', '')) || 30));
  const pages = Math.max(1, Math.ceil(all.length / perPage));
  const page = Number(query.get('page')?.replaceAll('"', '') || 1);
  if (!(page >= 1 && page <= pages)) return failed(`page should be within [1, ${pages}] range, given ${page}`);
  const shown = all.slice((page - 1) * perPage, page * perPage);
  return ok({
    block_height: String(heightAt(view.world.clock, view.now)),
    validators: shown.map(({ validatorKey, hex, power }, index) => ({
      address: hex, pub_key: { type: 'tendermint/PubKeyEd25519', value: validatorKey },
      voting_power: String(power), proposer_priority: String(((index * 37) % 120) - 60),
    })),
    count: String(shown.length), total: String(all.length),
  });
}

function monitor(view: View, self: NodeSelf, bytes: number) {
  const nanoseconds = Math.max(0, Math.round(view.now - self.startedAt)) * 1_000_000;
  return {
    Start: new Date(self.startedAt).toISOString().replace(/0Z$/, 'Z'), Bytes: String(bytes), Samples: '2523', InstRate: '160', CurRate: '405', AvgRate: '782', PeakRate: '147167',
    BytesRem: '0', Duration: String(nanoseconds), Idle: '100000000', TimeRem: '0', Progress: 0, Active: true,
  };
}

function netInfo(view: View, self: NodeSelf): Answer {
  const channels: [number, string, string][] = [[48, '1', '5'], [64, '1000', '6'], [32, '100', '6'], [33, '100', '10'], [34, '100', '7'], [35, '2', '1'], [56, '1', '6'], [96, '10', '5'], [97, '10', '3'], [0, '10', '1']];
  return ok({
    listening: true, listeners: [`Listener(@${self.listenAddr})`], n_peers: String(self.peers.length),
    peers: self.peers.map((peer) => ({
      node_info: nodeInfo({ id: peer.id, listenAddr: peer.listenAddr, chainId: self.chainId }), is_outbound: peer.dialled ?? true,
      connection_status: {
        Duration: String(Math.max(0, Math.round(view.now - self.startedAt)) * 1_000_000), SendMonitor: monitor(view, self, 845146), RecvMonitor: monitor(view, self, 4610133),
        Channels: channels.map(([ID, SendQueueCapacity, Priority]) => ({ ID, SendQueueCapacity, SendQueueSize: '0', Priority, RecentlySent: '0' })),
      },
      remote_ip: peer.remoteIp,
    })),
  });
}

export function blockHeader(view: View, height: number) {
  const proposer = validatorsInForce(view)[height % 2]?.validatorKey ?? '';
  const digest = (what: string) => upperHex(hash(view.world.name, what, height));
  return {
    version: { block: '11' }, chain_id: CHAIN_ID, height: String(height), time: blockTime(timeOfBlock(view.world.clock, height)),
    last_block_id: { hash: blockHash(view, height - 1), parts: { total: 1, hash: upperHex(hash(view.world.name, 'parts', height - 1)) } },
    last_commit_hash: digest('commit'), data_hash: digest('data'), validators_hash: digest('validators'), next_validators_hash: digest('validators'),
    consensus_hash: digest('consensus'), app_hash: appHash(view, height - 1), last_results_hash: digest('results'), evidence_hash: digest('evidence'), proposer_address: validatorHex(proposer),
  };
}

/** Who signed a block, one row a validator of its set, as in the recordings of /v1/epochs/current/participants. */
function signatures(view: View, self: NodeSelf, height: number) {
  const at = timeOfBlock(view.world.clock, height);
  return validatorsInForce({ ...view, now: at + 1 }).map(({ member, validatorKey, hex }) => {
    const host = hostOf(view.ledger, member.address);
    const here = validatorKey === self.validatorKey && self.signed?.(height);
    if (!here && !view.world.signsElsewhere.includes(validatorKey) && !(host && hasSigned(host, height))) return { block_id_flag: 1, validator_address: '', timestamp: '0001-01-01T00:00:00Z', signature: null };
    return { block_id_flag: 2, validator_address: hex, timestamp: blockTime(at + 400), signature: Buffer.concat([hash(view.world.name, 'r', hex, height), hash(view.world.name, 's', hex, height)]).toString('base64') };
  });
}

const blockId = (view: View, height: number) => ({ hash: blockHash(view, height), parts: { total: 1, hash: upperHex(hash(view.world.name, 'parts', height)) } });
const commitOf = (view: View, self: NodeSelf, height: number) => ({ height: String(height), round: 0, block_id: blockId(view, height), signatures: signatures(view, self, height) });

/** The height that is asked for, or what is wrong with it. */
function heightIn(view: View, self: NodeSelf, query: URLSearchParams): number | Answer {
  const latest = heightAt(view.world.clock, view.now);
  const asked = query.get('height')?.replaceAll('"', '');
  const height = asked ? Number(asked) : latest;
  if (!(height > 0)) return failed('height must be greater than 0');
  if (height > latest) return failed(`height ${height} must be less than or equal to the current blockchain height ${latest}`);
  if (height < self.earliest) return failed(`height ${height} is not available, lowest height is ${self.earliest}`);
  return height;
}

function commit(view: View, self: NodeSelf, query: URLSearchParams): Answer {
  const height = heightIn(view, self, query);
  if (typeof height !== 'number') return height;
  return ok({ signed_header: { header: { ...blockHeader(view, height), chain_id: self.chainId ?? CHAIN_ID }, commit: commitOf(view, self, height) }, canonical: height < heightAt(view.world.clock, view.now) });
}

function block(view: View, self: NodeSelf, query: URLSearchParams): Answer {
  const height = heightIn(view, self, query);
  if (typeof height !== 'number') return height;
  return ok({
    block_id: blockId(view, height),
    block: {
      header: blockHeader(view, height), data: { txs: [] }, evidence: { evidence: [] },
      last_commit: commitOf(view, self, height - 1),
    },
  });
}

/** The answer to `GET /<method>?…`; undefined where the method isn't played. */
export function cometRpc(view: View, self: NodeSelf, path: string, query: URLSearchParams): Answer | undefined {
  switch (path.replace(/^\/+|\/+$/g, '')) {
    case 'status': return status(view, self);
    case 'health': return ok({});
    case 'validators': return self.syncing ? failed('could not find validator set') : validators(view, self, query);
    case 'net_info': return netInfo(view, self);
    case 'block': return block(view, self, query);
    case 'commit': return self.syncing ? failed('height 0 is not available') : commit(view, self, query);
    case 'abci_info': {
      const height = self.syncing ? 0 : heightAt(view.world.clock, view.now);
      return ok({ response: { data: 'inference', last_block_height: String(height), last_block_app_hash: Buffer.from(appHash(view, height), 'hex').toString('base64') } });
    }
    case 'genesis': return ok({ genesis: { chain_id: CHAIN_ID, genesis_time: new Date(view.world.genesisTime).toISOString(), initial_height: '1' } });
  }
  return undefined;
}
