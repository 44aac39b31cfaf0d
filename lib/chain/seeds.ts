import { clock } from '#lib/core/clock.ts';
import { endpoint, type ChainGateway, type Fetched, type GetOptions, type Problem } from './client.ts';
import { type Commit, commitPath, commitSchema } from './commits.ts';
import { type ChainParams, PARAMS_PATH, readChainParams } from './chain-params.ts';
import { GOVERNANCE_MODELS, readGovernanceModels, type GovernanceModel } from './governance-models.ts';
import { type Grant, grantsPath, readGrantsPage, wholeGrants } from './grants.ts';
import { MEASURE_BACK, type HeightWatch, type Sighting } from './height-watch.ts';
import { participantPath, readParticipantRecord, type ChainParticipant } from './own-participant.ts';
import { readActiveSet, type ActiveSet } from './participants.ts';
import type { ReadingError } from './reading.ts';
import { blockTimeSchema, epochLatestSchema, peersSchema, rpcStatusSchema, type EpochLatest, type Peer, type RpcStatus, validatorsPageSchema } from './schema.ts';
import { VALIDATORS_PER_PAGE, type ValidatorSet, wholeValidatorSet } from './validators.ts';

export const MAINNET = 'gonka-mainnet';
/** How often a seed is asked for the epoch while it is the source: with its RPC that is 4 a minute, and 2 are left for the rest. */
export const SEED_POLL_MS = 20_000;
/** Two missed polls, and a little for the answers themselves. */
export const SEED_LATE_MS = 2 * SEED_POLL_MS + 5_000;
const RPC_MS = 60_000;
/** A disabled route or another chain is not asked again for this long. */
const LONG_MS = 10 * 60_000;
const SET_MS = 5 * 60_000;
const SET_SOON_MS = 30_000;
const RECORD_MS = 2 * 60_000;
/** Where somebody waits for a change. */
const SOON_MS = 15_000;
/** The preferred seed gets another chance this often. */
const PREFER_FIRST_MS = 10 * 60_000;
/** Where a proof is looked for, each seed is asked this often for height and set: three a minute, and as many are left. */
const PROOF_MS = 40_000;
/** An api may lag this far behind its own node. */
const NEAR_BLOCKS = 5;
const BIG = 16 * 1024 * 1024;

export type SeedStatus = {
  url: string;
  host: string;
  state: 'ok' | 'rate-limited' | 'down' | 'malformed' | 'wrong-chain' | 'frozen' | 'unknown';
  /** Milliseconds of the last good answer. */
  at?: number;
  height?: number;
  chainId?: string;
  error?: ReadingError;
};

/** A seed's own word on the active set, with its newest block where that block isn't an old one. */
export type SeedWitness = { place: string; value?: ActiveSet; at?: number; height?: number; chainId?: string; /** Of the node behind it, where its RPC is open. */ nodeId?: string; problem?: Problem };

/** A value from one of the seeds, with the name of the seed. */
export type FromSeed<T> = { value?: T; at?: number; source?: string; problem?: Problem };
export type SeedEpoch = { latest: EpochLatest; sighting: Sighting };

/** The seeds in their order of preference: asks one, and the next when that one can't be believed or reached. */
export class Seeds {
  readonly #gateway: ChainGateway;
  readonly #heights: HeightWatch;
  readonly #seeds: SeedStatus[];
  #working = 0;
  #workingSince = 0;
  #measuredAt = 0;
  #expectedChain = MAINNET;

  constructor(urls: string[], gateway: ChainGateway, heights: HeightWatch) {
    this.#gateway = gateway;
    this.#heights = heights;
    this.#seeds = urls.map((url) => ({ url, host: URL.canParse(url) ? new URL(url).hostname : url.slice(0, 100), state: 'unknown' }));
  }

  /** The chain that answers must come from: the own node's, once it has said so. */
  expectChain(chainId: string): void {
    this.#expectedChain = chainId;
  }

  /** What is known of each seed, in order; asks nothing. */
  statuses(): SeedStatus[] {
    return this.#seeds.map((seed) => {
      if (this.#gateway.limitedUntil(seed.url)) return { ...seed, state: 'rate-limited', error: { code: 'chain_rate_limited', params: { host: seed.host } } };
      const wrong = this.#wrongChain(seed);
      return wrong ? { ...seed, state: 'wrong-chain', error: wrong.error } : { ...seed };
    });
  }

  /** `/v1/epochs/latest` of the first seed that is up, on the right chain and not frozen; the freshest of the others otherwise. */
  async epoch(maxAgeMs = SEED_POLL_MS): Promise<FromSeed<SeedEpoch>> {
    return this.#first(async (seed) => {
      const rpc = await this.#rpc(seed);
      const wrong = this.#wrongChain(seed);
      if (wrong) return { problem: wrong };
      const latest = await this.#get(seed, '/v1/epochs/latest', {
        maxAgeMs, read: (status, json) => (status === 200 ? epochLatestSchema.parse(json) : undefined),
      });
      if (!latest.value || latest.at === undefined) return { problem: latest.problem };
      const sighting = this.#sight(seed, latest.value.height, latest.at, rpc);
      if (rpc.value && !rpc.problem) void this.#measure(seed, rpc.value.height);
      seed.height = latest.value.height;
      seed.at = latest.at;
      // A node that is catching up moves too, but in the past.
      const late = rpc.value?.catchingUp ? 'chain_host_syncing' : sighting.frozen ? 'chain_frozen' : undefined;
      const error = late && { code: late, params: { host: seed.host, height: seed.height } };
      if (error) Object.assign(seed, { state: 'frozen', error });
      const problem: Problem | undefined = error ? { kind: 'malformed', error } : latest.problem;
      return { value: { latest: latest.value, sighting }, at: latest.at, ...(problem ? { problem } : {}) };
    }, { remember: true, showsChain: true });
  }

  /** The active set. `fresh` asks again soon (a new epoch has begun). */
  async activeSet(fresh = false): Promise<FromSeed<ActiveSet>> {
    return this.#first(async (seed) => {
      const set = await this.#get(seed, '/v1/epochs/current/participants', {
        maxAgeMs: fresh ? SET_SOON_MS : SET_MS, retryMs: SET_SOON_MS, maxBytes: BIG, timeoutMs: 20_000, spare: 1, read: readActiveSet,
      });
      if (set.value?.chainId) seed.chainId = set.value.chainId;
      if (set.value?.block && !this.#wrongChain(seed)) this.#heights.point(set.value.block.height, set.value.block.time);
      return set;
    }, { showsChain: true });
  }

  /** What each seed says of the active set, for a proof: every one for itself, whole or not at all. */
  witnesses(): Promise<SeedWitness[]> {
    return Promise.all(
      this.#seeds.map(async (seed): Promise<SeedWitness> => {
        const place = seed.host;
        const latest = await this.#get(seed, '/v1/epochs/latest', { maxAgeMs: PROOF_MS, retryMs: PROOF_MS, read: (status, json) => (status === 200 ? epochLatestSchema.parse(json) : undefined) });
        const set = await this.#get(seed, '/v1/epochs/current/participants', { maxAgeMs: PROOF_MS, retryMs: PROOF_MS, maxBytes: BIG, timeoutMs: 20_000, read: readActiveSet });
        const rpc = await this.#rpc(seed);
        const sighting = latest.value && latest.at !== undefined ? this.#sight(seed, latest.value.height, latest.at, rpc) : undefined;
        const moves = sighting && !sighting.frozen && sighting.evidence !== 'none' && rpc.value?.catchingUp !== true;
        const chainId = this.#wrongChain(seed) ? seed.chainId : set.value?.chainId;
        return { place, ...set, ...(moves ? { height: sighting.height } : {}), ...(chainId ? { chainId } : {}), ...(rpc.value?.nodeId ? { nodeId: rpc.value.nodeId } : {}) };
      }),
    );
  }

  /**
   * The participant record through a seed's chain REST, where that route is open; `false` = there is none. Both only a
   * seed can say that has shown which chain it is on. `fresh` asks again soon, as far as politeness lets it.
   */
  async participant(address: string, fresh = false): Promise<FromSeed<ChainParticipant | false>> {
    const pace = fresh ? { maxAgeMs: SOON_MS, retryMs: SOON_MS } : { maxAgeMs: RECORD_MS, retryMs: LONG_MS, spare: 1 };
    return this.#first((seed) => this.#ofNamedChain(seed, () => this.#get(seed, `/chain-api${participantPath(address)}`, { ...pace, read: readParticipantRecord(address) }, false)), { showsChain: true });
  }

  /** CometBFT's validators at `height` by the RPC of a seed other than `not`, the whole set: a second source is another place. */
  async validators(not: string | undefined, height: number): Promise<FromSeed<ValidatorSet>> {
    const page = (seed: SeedStatus) => (number: number) => this.#get(seed, `/chain-rpc/validators?height=${height}&page=${number}&per_page=${VALIDATORS_PER_PAGE}`, { maxAgeMs: RPC_MS, retryMs: SOON_MS, maxBytes: BIG, read: (status, json) => (status === 200 ? validatorsPageSchema.parse(json) : undefined) }, false);
    const same: Problem = { kind: 'refused', error: { code: 'chain_no_answer', params: {} } };
    return this.#first((seed) => (seed.host === not ? Promise.resolve({ problem: same }) : this.#ofNamedChain(seed, () => wholeValidatorSet(page(seed), height))), { showsChain: true });
  }

  /** What `granter` allows `grantee`, every page, from a seed that has shown which chain it is on and whose chain REST is open. */
  async grants(granter: string, grantee: string): Promise<FromSeed<Grant[]>> {
    return this.#first((seed) => this.#ofNamedChain(seed, async () => {
      const read = await wholeGrants((page) => this.#get(seed, `/chain-api${grantsPath(granter, grantee, page)}`, { maxAgeMs: 2 * SOON_MS, retryMs: RPC_MS, read: readGrantsPage }, false));
      if (read.value === undefined) return read;
      const late = await this.#late(seed);
      return late ? { ...read, problem: late } : read;
    }), { showsChain: true });
  }

  /** Why a seed's own word is old, whatever the others' heights do: its RPC catches up or repeats an old block. A closed RPC says nothing of it. */
  async #late(seed: SeedStatus): Promise<Problem | undefined> {
    const rpc = await this.#rpc(seed);
    if (!rpc.value || rpc.at === undefined) return undefined;
    const { height, blockTime, catchingUp } = rpc.value;
    const code = catchingUp ? 'chain_host_syncing' : this.#heights.see(`${seed.host} rpc`, height, rpc.at, { blockTime }).frozen ? 'chain_frozen' : undefined;
    return code && { kind: 'malformed', error: { code, params: { host: seed.host, height } } };
  }

  /** What the chain REST says counts only from a seed that has named its chain (its RPC, the header of its active set): the REST itself never does. */
  async #ofNamedChain<T>(seed: SeedStatus, ask: () => Promise<Fetched<T>>): Promise<Fetched<T>> {
    await this.#rpc(seed);
    const wrong = this.#wrongChain(seed);
    if (wrong) return { problem: wrong };
    const answer = await ask();
    if (answer.value === undefined || seed.chainId === this.#expectedChain) return answer;
    return { problem: { kind: 'status', error: { code: 'chain_id_unseen', params: { host: seed.host } } } };
  }

  /** The models that governance has approved: they change by vote, so an answer serves for ten minutes. That rarely it may take the last of a minute's requests. */
  async governanceModels(): Promise<FromSeed<GovernanceModel[]>> {
    return this.#first((seed) => this.#get(seed, GOVERNANCE_MODELS, { maxAgeMs: LONG_MS, retryMs: RPC_MS, read: readGovernanceModels }, false));
  }

  /** The chain's parameters. They change by vote: an answer serves for ten minutes, and may take the last of a minute's requests. */
  async chainParams(): Promise<FromSeed<ChainParams>> {
    return this.#first((seed) => this.#get(seed, `/chain-api${PARAMS_PATH}`, { maxAgeMs: LONG_MS, retryMs: RPC_MS, read: readChainParams }, false));
  }

  /** The peers of the first seed whose RPC is open. They change slowly: an answer serves for a minute. */
  async peers(): Promise<FromSeed<Peer[]>> {
    return this.#first((seed) => this.#get(seed, '/chain-rpc/net_info', { maxAgeMs: RPC_MS, retryMs: RPC_MS, spare: 1, maxBytes: BIG, read: (status, json) => (status === 200 ? peersSchema.parse(json) : undefined) }, false));
  }

  /** A block's commit by the first seed whose RPC is open, the newest one without `height`. It names its chain, so another one's isn't believed. */
  async commit(height?: number): Promise<FromSeed<Commit>> {
    return this.#first(async (seed) => {
      const got = await this.#get(seed, `/chain-rpc${commitPath(height)}`, { maxAgeMs: height === undefined ? SOON_MS : LONG_MS, retryMs: SOON_MS, maxBytes: BIG, read: (status, json) => (status === 200 ? commitSchema.parse(json) : undefined) }, false);
      if (got.value && !got.problem) seed.chainId = got.value.chainId;
      return got;
    }, { showsChain: true });
  }

  /** Name, height and block time by the seed's RPC, where the route is open (404 otherwise: facts 5.0). */
  async #rpc(seed: SeedStatus) {
    const status = await this.#get(seed, '/chain-rpc/status', {
      maxAgeMs: RPC_MS, retryMs: LONG_MS, read: (code, json) => (code === 200 ? rpcStatusSchema.parse(json) : undefined),
    }, false);
    if (status.value && !status.problem) seed.chainId = status.value.chainId;
    return status;
  }

  /** Judges a height by the RPC's block time (up to a minute older, so a hint for its own height and those near it) and by growth. */
  #sight(seed: SeedStatus, height: number, now: number, rpc: Fetched<RpcStatus>): Sighting {
    const known = rpc.value;
    if (!known || rpc.at === undefined) return this.#heights.see(seed.host, height, now);
    this.#heights.see(`${seed.host} rpc`, known.height, rpc.at, { blockTime: known.blockTime });
    if (height === known.height) return this.#heights.see(seed.host, height, now, { blockTime: known.blockTime });
    const ahead = height - known.height;
    const near = known.blockTime !== undefined && ahead >= -NEAR_BLOCKS;
    const pace = this.#heights.secondsPerBlock()?.seconds ?? 0;
    return this.#heights.see(seed.host, height, now, near ? { hint: Math.min((known.blockTime ?? 0) + ahead * pace * 1000, clock.now()) } : {});
  }

  /** One header from some hundred blocks back, for the seconds per block, while nothing better is known. */
  async #measure(seed: SeedStatus, height: number): Promise<void> {
    const now = clock.now();
    if ((this.#heights.secondsPerBlock()?.over ?? 0) >= MEASURE_BACK / 5 || height <= MEASURE_BACK || now - this.#measuredAt < LONG_MS) return;
    const read = (code: number, json: unknown) => (code === 200 ? blockTimeSchema.parse(json) : undefined);
    const { value } = await this.#get(seed, `/chain-rpc/block?height=${height - MEASURE_BACK}`, { maxAgeMs: LONG_MS, retryMs: LONG_MS, maxBytes: BIG, spare: 1, read }, false);
    if (value?.time === undefined) return;
    this.#measuredAt = now;
    this.#heights.point(value.height, value.time);
  }

  /** Why nothing that a seed says is believed: the chain that it named last is another one. An answer that names none changes nothing in that. */
  #wrongChain({ host, chainId }: SeedStatus): Problem | undefined {
    if (chainId === undefined || chainId === this.#expectedChain) return undefined;
    return { kind: 'malformed', error: { code: 'chain_wrong_chain', params: { host, chain: chainId, expected: this.#expectedChain } } };
  }

  /** A get that keeps the seed's status; `counts: false` for side routes whose absence says nothing about the seed. */
  async #get<T>(seed: SeedStatus, path: string, options: GetOptions<T>, counts = true): Promise<Fetched<T>> {
    const fetched = await this.#gateway.get(endpoint(seed.url, path), options);
    if (counts) this.#note(seed, fetched);
    return fetched;
  }

  #note(seed: SeedStatus, { problem, at }: Fetched<unknown>): void {
    if (at !== undefined) seed.at = Math.max(at, seed.at ?? 0);
    if (problem?.kind === 'waiting') return;
    if (!problem) {
      seed.state = 'ok';
      seed.error = undefined;
      return;
    }
    seed.error = problem.error;
    seed.state =
      problem.kind === 'rate-limited' ? 'rate-limited'
      : problem.kind === 'malformed' || problem.kind === 'too-large' || problem.kind === 'redirect' ? 'malformed'
      : problem.kind === 'status' ? 'unknown'
      : 'down';
  }

  /** `remember`: the seed that answers becomes the first one to ask. `showsChain`: the answer may name the chain, so a seed of another one is asked, too. */
  async #first<T>(ask: (seed: SeedStatus) => Promise<Fetched<T>>, { remember = false, showsChain = false } = {}): Promise<FromSeed<T>> {
    const now = clock.now();
    if (this.#working !== 0 && now - this.#workingSince > PREFER_FIRST_MS) this.#working = 0;
    const order = [...this.#seeds.keys()].sort((a, b) => Number(b === this.#working) - Number(a === this.#working) || a - b);
    let best: FromSeed<T> = { problem: { kind: 'down', error: { code: 'chain_no_seeds', params: {} } } };
    // Who is only left alone for a while out of politeness stays the one to ask.
    let passedOver = false;
    for (const index of order) {
      const seed = this.#seeds[index];
      if (!seed) continue;
      const said = showsChain || !this.#wrongChain(seed) ? await ask(seed) : {};
      const wrong = this.#wrongChain(seed);
      const got: Fetched<T> = wrong ? { problem: wrong } : said;
      if (got.value !== undefined && !got.problem) {
        if (remember && !passedOver && this.#working !== index) {
          this.#working = index;
          this.#workingSince = now;
        }
        return { ...got, source: seed.host };
      }
      // Held back by our own politeness with a young value: that value is good, no reason to bother the next seed.
      if (got.value !== undefined && got.problem?.kind === 'waiting' && now - (got.at ?? 0) < (remember ? SEED_LATE_MS : LONG_MS)) return { value: got.value, at: got.at, source: seed.host };
      passedOver ||= got.problem?.kind === 'waiting';
      const better = got.value !== undefined && (best.value === undefined || (got.at ?? 0) > (best.at ?? 0));
      if (better) best = { ...got, source: seed.host };
      else if (best.value === undefined && (!best.source || best.problem?.kind === 'waiting')) best = { ...got, source: seed.host };
    }
    return best;
  }
}
