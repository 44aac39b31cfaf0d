import { clock } from '#lib/core/clock.ts';
import type { Container } from '#lib/docker/client.ts';
import { endpoint, type ChainGateway, type Fetched, type Problem } from './client.ts';
import { type Commit, commitPath, commitSchema } from './commits.ts';
import { type EpochReward, type OpenReward, performancePath, readPerformance, readSettle, settlePath } from './epoch-reward.ts';
import { type ChainParams, PARAMS_PATH, readChainParams } from './chain-params.ts';
import { collateralPath, readCollateral } from './collateral.ts';
import { type FeeAllowance, feeAllowancePath, readFeeAllowance } from './fee-allowance.ts';
import { GOVERNANCE_MODELS, readGovernanceModels, type GovernanceModel } from './governance-models.ts';
import { type Grant, grantsPath, readGrantsPage, wholeGrants } from './grants.ts';
import { FROZEN_MS, MEASURE_BACK, MEASURE_BLOCKS, type HeightWatch, type Sighting } from './height-watch.ts';
import { participantPath, readParticipantRecord, type ChainParticipant } from './own-participant.ts';
import { readActiveSet, type ActiveSet } from './participants.ts';
import { OWN_SOURCE } from './reading.ts';
import { type RegisteredKey, readRegisterPage, registerPath, wholeRegister } from './registered-keys.ts';
import { type StakingValidator, stakingPage, stakingPath, wholeStaking } from './staking.ts';
import { VALIDATORS_PER_PAGE, wholeValidatorSet, type ValidatorSet } from './validators.ts';
import {
  blockTimeSchema, epochInfoSchema, epochLatestSchema, identitySchema, netInfoSchema, preservedSchema, reportedAccountSchema, rpcStatusSchema, validatorsPageSchema,
  type EpochLatest, type RpcStatus,
} from './schema.ts';

/** The own node is asked at most this often for one thing, however many look. */
const SHARED_MS = 2_000;
const PEERS_MS = 15_000;
const RECORD_MS = 15_000;
const SET_MS = 30_000;
const VALIDATORS_MS = 30_000;
/** The answer about the validators may be this many blocks older than the status. */
const NEAR_BLOCKS = 5;
const MODELS_MS = 60_000;
/** A block's commit never changes. */
const COMMIT_MS = 600_000;
const IDENTITY_MS = 300_000;
const PARAMS_MS = 60_000;
const BIG = 16 * 1024 * 1024;

/** Base URLs of the own services at their container addresses; absent when the container isn't running or has none. */
export type OwnAddresses = { rpc?: string; rest?: string; api?: string };

const ok = <T>(parse: (json: unknown) => T) => (status: number, json: unknown): T | undefined => (status >= 200 && status < 300 ? parse(json) : undefined);

/** Finds the own `node` and `api` among the deployment's containers. The own proxy is never asked: it limits requests. */
export function ownAddresses(containers: Pick<Container, 'service' | 'state' | 'oneOff' | 'networks'>[]): OwnAddresses {
  const host = (service: string): string | undefined => {
    const container = containers.find((each) => each.service === service && each.state === 'running' && !each.oneOff);
    if (!container) return undefined;
    const address = container.networks.find((network) => network.address)?.address;
    if (address) return address.includes(':') ? `[${address}]` : address;
    return container.networks.some((network) => network.name === 'host') ? '127.0.0.1' : undefined;
  };
  const node = host('node');
  const api = host('api');
  return {
    ...(node ? { rpc: `http://${node}:26657`, rest: `http://${node}:1317` } : {}),
    ...(api ? { api: `http://${api}:9000` } : {}),
  };
}

export type OwnStatus = RpcStatus & {
  peers?: number;
  sighting: Sighting;
  /** Blocks flow and the node has caught up: its answers may be believed. */
  synced: boolean;
};

/** Reads the own node. Everything goes through the shared gateway, without a politeness budget. */
export class OwnNode {
  readonly #gateway: ChainGateway;
  readonly #heights: HeightWatch;
  #asked = 0;
  #validators: { triedAt: number; got: Fetched<ValidatorSet> } | undefined;

  constructor(gateway: ChainGateway, heights: HeightWatch) {
    this.#gateway = gateway;
    this.#heights = heights;
  }

  /** RPC `/status` and the number of peers. */
  async status(own: OwnAddresses): Promise<Fetched<OwnStatus>> {
    if (!own.rpc) return { problem: absent('node') };
    const [status, peers] = await Promise.all([
      this.#gateway.get(endpoint(own.rpc, '/status'), { own: true, maxAgeMs: SHARED_MS, read: ok((json) => rpcStatusSchema.parse(json)) }),
      this.#gateway.get(endpoint(own.rpc, '/net_info'), { own: true, maxAgeMs: PEERS_MS, maxBytes: 4 * 1024 * 1024, read: ok((json) => netInfoSchema.parse(json)) }),
    ]);
    if (!status.value || status.at === undefined) return { problem: status.problem };
    const { value } = status;
    const sighting = this.#heights.see(OWN_SOURCE, value.height, status.at, { blockTime: value.blockTime });
    if (value.earliestTime !== undefined && value.height - value.earliestHeight <= MEASURE_BLOCKS) this.#heights.point(value.earliestHeight, value.earliestTime);
    const synced = !value.catchingUp && value.height > 0 && !sighting.frozen && clock.now() - sighting.at <= FROZEN_MS;
    if (synced) void this.#measure(own.rpc, value.height);
    return {
      value: { ...value, ...(peers.value === undefined || peers.problem ? {} : { peers: peers.value }), sighting, synced },
      at: status.at,
      ...(status.problem ? { problem: status.problem } : {}),
    };
  }

  /** A header some hundred blocks back, for the seconds per block, until enough was seen; it stays in the window for a while. */
  async #measure(rpc: string, height: number): Promise<void> {
    if ((this.#heights.secondsPerBlock()?.over ?? 0) >= MEASURE_BLOCKS / 2 || height <= MEASURE_BACK) return;
    if (clock.now() - this.#asked < 60_000) return;
    this.#asked = clock.now();
    const url = endpoint(rpc, `/block?height=${height - MEASURE_BACK}`);
    const block = await this.#gateway.get(url, { own: true, maxAgeMs: 600_000, maxBytes: BIG, read: ok((json) => blockTimeSchema.parse(json)) });
    if (block.value?.time !== undefined) this.#heights.point(block.value.height, block.value.time);
  }

  /** `/v1/epochs/latest` of the own api, else chain REST `epoch_info` of the own node. */
  async epoch(own: OwnAddresses): Promise<Fetched<EpochLatest>> {
    const fromApi = own.api
      ? await this.#gateway.get(endpoint(own.api, '/v1/epochs/latest'), { own: true, maxAgeMs: SHARED_MS, read: ok((json) => epochLatestSchema.parse(json)) })
      : undefined;
    if (fromApi?.value && !fromApi.problem) return fromApi;
    if (!own.rest) return fromApi ?? { problem: absent('api') };
    const path = '/productscience/inference/inference/epoch_info';
    const fromChain = await this.#gateway.get(endpoint(own.rest, path), { own: true, maxAgeMs: SHARED_MS, read: ok((json) => epochInfoSchema.parse(json)) });
    return fromChain.value && !fromChain.problem ? fromChain : (fromApi ?? fromChain);
  }

  /** The health of the api's public side; `undefined` when there is no api container to ask. */
  async apiAnswers(own: OwnAddresses): Promise<Fetched<true> | undefined> {
    if (!own.api) return undefined;
    return this.#gateway.get(endpoint(own.api, '/v1/status'), { own: true, maxAgeMs: SHARED_MS, read: (status) => (status === 200 ? true : undefined) });
  }

  /** The active set, from the own api. `fresh` asks again although the last answer is young (a new epoch). */
  activeSet(own: OwnAddresses, fresh = false): Promise<Fetched<ActiveSet>> {
    if (!own.api) return Promise.resolve({ problem: absent('api') });
    return this.#gateway.get(endpoint(own.api, '/v1/epochs/current/participants'), {
      own: true, maxAgeMs: fresh ? SHARED_MS : SET_MS, retryMs: SHARED_MS, maxBytes: BIG, timeoutMs: 20_000, read: readActiveSet,
    });
  }

  /** The participant record on the own chain; `false` = there is none. Believe it only from a synced node. `fresh` asks again although the last answer is young. */
  participant(own: OwnAddresses, address: string, fresh = false): Promise<Fetched<ChainParticipant | false>> {
    if (!own.rest) return Promise.resolve({ problem: absent('node') });
    return this.#gateway.get(endpoint(own.rest, participantPath(address)), { own: true, maxAgeMs: fresh ? SHARED_MS : RECORD_MS, retryMs: SHARED_MS, read: readParticipantRecord(address) });
  }

  /** Everyone who is registered, page by page: all of them, or a problem. Believe it only from a synced node. */
  async participants(own: OwnAddresses): Promise<Fetched<RegisteredKey[]>> {
    const { rest } = own;
    if (!rest) return { problem: absent('node') };
    return wholeRegister((page) => this.#gateway.get(endpoint(rest, registerPath(page)), { own: true, maxAgeMs: RECORD_MS, retryMs: SHARED_MS, maxBytes: BIG, read: ok(readRegisterPage) }));
  }

  /** What `granter` allows `grantee`, every page. Believe it only from a synced node. */
  async grants(own: OwnAddresses, granter: string, grantee: string): Promise<Fetched<Grant[]>> {
    const { rest } = own;
    if (!rest) return { problem: absent('node') };
    return wholeGrants((page) => this.#gateway.get(endpoint(rest, grantsPath(granter, grantee, page)), { own: true, maxAgeMs: SHARED_MS, retryMs: SHARED_MS, read: readGrantsPage }));
  }

  /** CometBFT's validators as the own node has them at `height` or a little before; the whole set or a problem. */
  async validators(own: OwnAddresses, height: number): Promise<Fetched<ValidatorSet>> {
    const { rpc } = own;
    if (!rpc) return { problem: absent('node') };
    const age = clock.now() - (this.#validators?.triedAt ?? 0);
    if (this.#validators && age >= 0 && age < (this.#validators.got.problem ? SHARED_MS : VALIDATORS_MS)) return this.#validators.got;
    // Pages of different blocks are no set, so none of them comes from a cache.
    const ask = (page: number) =>
      this.#gateway.get(endpoint(rpc, `/validators?page=${page}&per_page=${VALIDATORS_PER_PAGE}`), { own: true, maxAgeMs: 0, read: ok((json) => validatorsPageSchema.parse(json)) });
    const got = await wholeValidatorSet(ask, height - NEAR_BLOCKS);
    this.#validators = { triedAt: clock.now(), got };
    return got;
  }

  /** A block's commit, the newest one without `height`. Believe it only from a synced node. */
  commit(own: OwnAddresses, height?: number): Promise<Fetched<Commit>> {
    if (!own.rpc) return Promise.resolve({ problem: absent('node') });
    return this.#gateway.get(endpoint(own.rpc, commitPath(height)), { own: true, maxAgeMs: height === undefined ? SHARED_MS : COMMIT_MS, retryMs: SHARED_MS, maxBytes: BIG, read: ok((json) => commitSchema.parse(json)) });
  }

  /** The staking module's validators, every page: all of them, or a problem. Believe it only from a synced node. */
  async staking(own: OwnAddresses): Promise<Fetched<StakingValidator[]>> {
    const { rest } = own;
    if (!rest) return { problem: absent('node') };
    return wholeStaking((page) => this.#gateway.get(endpoint(rest, stakingPath(page)), { own: true, maxAgeMs: SHARED_MS, retryMs: SHARED_MS, maxBytes: BIG, read: ok((json) => stakingPage.parse(json)) }));
  }

  /** The participant's ML nodes that stay on inference through the next PoC; a problem in releases before 0.2.12, which don't say it so (facts 5.3). */
  preserved(own: OwnAddresses, address: string): Promise<Fetched<string[]>> {
    if (!own.rest) return Promise.resolve({ problem: absent('node') });
    return this.#gateway.get(endpoint(own.rest, '/productscience/inference/inference/preserved_nodes_snapshot'), { own: true, maxAgeMs: RECORD_MS, retryMs: MODELS_MS, maxBytes: BIG, read: ok((json) => preservedSchema.parse(json)(address)) });
  }

  /** The reward that is earned and not claimed, `false` when there is none. Believe it only from a synced node. */
  settle(own: OwnAddresses, address: string): Promise<Fetched<OpenReward | false>> {
    if (!own.rest) return Promise.resolve({ problem: absent('node') });
    return this.#gateway.get(endpoint(own.rest, settlePath(address)), { own: true, maxAgeMs: SHARED_MS, retryMs: SHARED_MS, read: readSettle(address) });
  }

  /** What an epoch brought, `false` when the host has nothing of it. Believe it only from a synced node. */
  performance(own: OwnAddresses, epoch: number, address: string): Promise<Fetched<EpochReward | false>> {
    if (!own.rest) return Promise.resolve({ problem: absent('node') });
    return this.#gateway.get(endpoint(own.rest, performancePath(epoch, address)), { own: true, maxAgeMs: SHARED_MS, retryMs: SHARED_MS, read: readPerformance(epoch, address) });
  }

  /** What `granter` pays of the fees of `grantee`; `false`: nothing. Believe it only from a synced node. */
  feeAllowance(own: OwnAddresses, granter: string, grantee: string): Promise<Fetched<FeeAllowance | false>> {
    if (!own.rest) return Promise.resolve({ problem: absent('node') });
    return this.#gateway.get(endpoint(own.rest, feeAllowancePath(granter, grantee)), { own: true, maxAgeMs: RECORD_MS, retryMs: SHARED_MS, read: readFeeAllowance });
  }

  /** The models that governance has approved, from the own api. */
  governanceModels(own: OwnAddresses): Promise<Fetched<GovernanceModel[]>> {
    if (!own.api) return Promise.resolve({ problem: absent('api') });
    return this.#gateway.get(endpoint(own.api, GOVERNANCE_MODELS), { own: true, maxAgeMs: MODELS_MS, retryMs: SHARED_MS, read: readGovernanceModels });
  }

  /** What a host has deposited as collateral, in ngonka. Believe it only from a synced node. */
  collateral(own: OwnAddresses, address: string): Promise<Fetched<bigint>> {
    if (!own.rest) return Promise.resolve({ problem: absent('node') });
    return this.#gateway.get(endpoint(own.rest, collateralPath(address)), { own: true, maxAgeMs: RECORD_MS, retryMs: SHARED_MS, read: readCollateral });
  }

  /** The chain's parameters, from the own chain. Believe them only from a synced node. */
  chainParams(own: OwnAddresses): Promise<Fetched<ChainParams>> {
    if (!own.rest) return Promise.resolve({ problem: absent('node') });
    return this.#gateway.get(endpoint(own.rest, PARAMS_PATH), { own: true, maxAgeMs: PARAMS_MS, retryMs: SHARED_MS, read: readChainParams });
  }

  /** The participant address that the own api says it serves (0.2.5 and later; 404 before: measured 19). */
  identity(own: OwnAddresses, maxAgeMs = IDENTITY_MS): Promise<Fetched<string>> {
    if (!own.api) return Promise.resolve({ problem: absent('api') });
    return this.#gateway.get(endpoint(own.api, '/v1/identity'), { own: true, maxAgeMs, retryMs: 60_000, read: ok((json) => identitySchema.parse(json)) });
  }

  /** As identity(); where the release doesn't have that route, the setup report names the account (facts 4.6, measured 20). Young: another account is a matter of one restart. */
  async apiAccount(own: OwnAddresses): Promise<Fetched<string>> {
    const said = await this.identity(own, RECORD_MS);
    if (said.problem?.kind !== 'status' || said.problem.status !== 404 || !own.api) return said;
    const admin = new URL(own.api);
    admin.port = '9200';
    return this.#gateway.get(endpoint(admin.origin, '/admin/v1/setup/report'), { own: true, maxAgeMs: RECORD_MS, retryMs: 60_000, read: ok((json) => reportedAccountSchema.parse(json)) });
  }
}

function absent(service: string): Problem {
  return { kind: 'down', error: { code: 'chain_own_not_running', params: { service } } };
}
