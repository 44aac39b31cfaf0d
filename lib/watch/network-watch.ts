import { accountAddress } from '#lib/chain/addresses.ts';
import type { ChainGateway, Problem } from '#lib/chain/client.ts';
import { OWN_DEPTH, SEED_DEPTH, type Signatures, signaturesIn } from '#lib/chain/commits.ts';
import type { ChainParams } from '#lib/chain/chain-params.ts';
import type { CollateralRule } from '#lib/chain/collateral.ts';
import type { ConfirmationParams } from '#lib/chain/confirmation-params.ts';
import { advanced, epochRibbon, type EpochClock } from '#lib/chain/epoch-clock.ts';
import type { GovernanceModel } from '#lib/chain/governance-models.ts';
import type { FeeAllowance } from '#lib/chain/fee-allowance.ts';
import type { Grant } from '#lib/chain/grants.ts';
import { FROZEN_MS, HeightWatch } from '#lib/chain/height-watch.ts';
import { OwnNode, type OwnAddresses } from '#lib/chain/own-node.ts';
import type { ChainParticipant } from '#lib/chain/own-participant.ts';
import type { ActiveSet } from '#lib/chain/participants.ts';
import { OWN_SOURCE, type Reading } from '#lib/chain/reading.ts';
import { SEED_POLL_MS, Seeds, type FromSeed } from '#lib/chain/seeds.ts';
import type { ValidatorSet } from '#lib/chain/validators.ts';
import type { ExitNetwork } from '#lib/operations/exit/network.ts';
import {
  apiReading, chosenEpoch, CONFIRM_MS, epochReading, fromFetched, nodeReading, missing, ownGood, participantsReading, REFRESH_MS,
  type NetworkSnapshot, type OwnPeering, type Seen,
} from './network-readings.ts';
import { otherHosts } from './other-hosts.ts';
import { contradicted, ownReading, validatorsReading } from './own-reading.ts';

/** Nobody asked for this long: nothing is polled. */
const IDLE_MS = 60_000;
/** A page waits this long for the first answers, then it shows what is there. */
const FIRST_WAIT_MS = 2_500;
/** Seeds that gave no validators are asked again after this. */
const SEED_SOON_MS = 10_000;
/** The gate waits longer: what it can't know costs a typed reason. */
const GATE_WAIT_MS = 8_000;

export type GatePhase = { known: true; clock: EpochClock & { confirmation?: ConfirmationParams } } | { known: false; reason: string; params: Record<string, string | number> };

export type NetworkSources = {
  now(): number;
  seedUrls: string[];
  gateway: ChainGateway;
  /** Where the own node and api are reached; may throw when the engine can't be asked. */
  addresses(): Promise<OwnAddresses>;
  /** ACCOUNT_PUBKEY of the deployment, if it has one. */
  accountPubkey(): Promise<string | undefined>;
};

/** The shared view of the network: refreshed while someone asks, one refresh at a time, whatever the number of askers. */
export class NetworkWatch {
  readonly #sources: NetworkSources;
  readonly #heights = new HeightWatch();
  readonly #own: OwnNode;
  readonly #seeds: Seeds;
  #askedAt = 0;
  #timer: NodeJS.Timeout | undefined;
  #ownFlight: Promise<void> | undefined;
  #seedFlight: Promise<void> | undefined;
  #refreshedAt = 0;

  #addresses: OwnAddresses = {};
  #pubkey: string | undefined;
  #seen: Seen = { status: {}, seedEpoch: {}, set: {}, record: {} };
  #setEpochAt = 0;
  #fromSeeds: FromSeed<ValidatorSet> | undefined;
  #askedValidatorsAt = 0;

  constructor(sources: NetworkSources) {
    this.#sources = sources;
    this.#own = new OwnNode(sources.gateway, this.#heights);
    this.#seeds = new Seeds(sources.seedUrls, sources.gateway, this.#heights);
  }

  /** The view as it is now. Waits only when there is nothing yet or nobody has looked for a while, and not for long. */
  async snapshot(): Promise<NetworkSnapshot> {
    const now = this.#sources.now();
    const idle = now - this.#refreshedAt > 2 * REFRESH_MS || now < this.#refreshedAt;
    this.#askedAt = now;
    if (idle) await this.#refreshWithin(FIRST_WAIT_MS);
    this.#schedule();
    return this.#build(this.#sources.now());
  }

  /**
   * As `snapshot`, with a second source for this host's absence where its own node can't be one: of a host that is stopped
   * two seeds have to say it, one by the active set, the other by CometBFT's validators.
   */
  async standing(): Promise<NetworkSnapshot> {
    const seen = await this.snapshot();
    const { value: clock } = seen.epoch;
    if (ownGood(this.#seen, this.#sources.now()) || !clock || seen.own.value?.inSet !== false) return seen;
    const age = this.#sources.now() - this.#askedValidatorsAt;
    if (age < 0 || age >= (this.#fromSeeds?.problem ? SEED_SOON_MS : SEED_POLL_MS)) {
      this.#askedValidatorsAt = this.#sources.now();
      this.#fromSeeds = await this.#seeds.validators(this.#seen.set.source, clock.height - 1);
    }
    const { source, ...said } = this.#fromSeeds ?? {};
    this.#seen.validators = source === undefined ? { problem: said.problem } : { ...said, source };
    return this.#build(this.#sources.now());
  }

  /**
   * The phase, as the gate in front of a disruptive operation needs it: younger than a minute, from a chain that is seen
   * to move, with confirmation PoC known (or absent in this release). Otherwise a code of `errors.*` saying why not.
   */
  async phaseForGate(): Promise<GatePhase> {
    this.#askedAt = this.#sources.now();
    await this.#refreshWithin(GATE_WAIT_MS);
    this.#schedule();
    const now = this.#sources.now();
    const chosen = chosenEpoch(this.#seen, now);
    const reading = epochReading(this.#seen, now);
    const no = (reason: string, params: Record<string, string | number> = {}): GatePhase => ({ known: false, reason, params });
    if (!reading.value || !chosen) return reading.error ? no(reading.error.code, reading.error.params) : no('chain_no_answer');
    if (chosen.sighting.frozen) return no('chain_frozen', { host: chosen.source, height: chosen.sighting.height });
    if (chosen.sighting.evidence === 'none') return no('chain_height_unconfirmed', { host: chosen.source });
    if (reading.state !== 'ok') return reading.error ? no(reading.error.code, reading.error.params) : no('chain_stale');
    if (now - chosen.sighting.at > FROZEN_MS || now - chosen.fetchedAt > FROZEN_MS) return no('chain_stale');
    if (reading.value.confirmationPocUnreadable) return no('chain_confirmation_unreadable', { host: chosen.source });
    const clock = advanced(reading.value, now);
    // Releases without confirmation PoC (before 0.2.5) have no parameters of it.
    const confirmation = clock.confirmationPocActive === undefined ? undefined : await this.#params('confirmation');
    return { known: true, clock: { ...clock, ...(confirmation ? { confirmation } : {}) } };
  }

  /** One group of the chain's parameters: by the own node while it is good, else by a seed. Undefined is unknown. */
  async #params<Group extends keyof ChainParams>(group: Group): Promise<ChainParams[Group]> {
    const own = ownGood(this.#seen, this.#sources.now()) ? await this.#own.chainParams(this.#addresses) : undefined;
    if (own?.value?.[group] && !own.problem) return own.value[group];
    const { value, problem } = await this.#seeds.chainParams();
    return problem && problem.kind !== 'waiting' ? undefined : value?.[group];
  }

  /** The block from which on the chain takes new hosts, and the newest one. Undefined where either isn't known. */
  async registrationOpens(): Promise<{ opensAt: number; height: number } | undefined> {
    const { epoch } = await this.snapshot();
    const rule = await this.#params('registration');
    return rule && epoch.state === 'ok' && epoch.value ? { opensAt: rule.opensAt, height: epoch.value.height } : undefined;
  }

  /**
   * The models that governance has approved: from the own api while the own node is good, else from a seed. What only a node
   * that has fallen behind says is `stale`.
   */
  async governanceModels(): Promise<Reading<GovernanceModel[]>> {
    await this.snapshot();
    const own = this.#addresses.api ? await this.#own.governanceModels(this.#addresses) : undefined;
    if (own?.value && !own.problem && ownGood(this.#seen, this.#sources.now())) return fromFetched(own);
    const got = await this.#seeds.governanceModels();
    if (got.value === undefined && own?.value) return { ...fromFetched(own), state: 'stale', error: own.problem?.error ?? got.problem?.error ?? { code: 'chain_stale', params: {} } };
    return fromSeed(got);
  }

  /** The participant record of any account, `false` when there is none: from the own node while it is good, else from a seed. `fresh`: somebody waits for a change. */
  async participantOf(address: string, fresh = false): Promise<Reading<ChainParticipant | false>> {
    await this.snapshot();
    const own = ownGood(this.#seen, this.#sources.now()) ? await this.#own.participant(this.#addresses, address, fresh) : undefined;
    return own?.value !== undefined && !own.problem ? fromFetched(own) : fromSeed(await this.#seeds.participant(address, fresh));
  }

  /** What one account allows another, the whole list: from the own node while it is good, else from a seed. What a seed says while no chain is seen to move is `stale`. */
  async grantsOf(granter: string, grantee: string): Promise<Reading<Grant[]>> {
    const { epoch } = await this.snapshot();
    const own = ownGood(this.#seen, this.#sources.now()) ? await this.#own.grants(this.#addresses, granter, grantee) : undefined;
    if (own?.value !== undefined && !own.problem) return fromFetched(own);
    const said = fromSeed(await this.#seeds.grants(granter, grantee));
    return said.state === 'ok' && epoch.state !== 'ok' ? { ...said, state: 'stale', ...(epoch.error ? { error: epoch.error } : {}) } : said;
  }

  /** What one account pays of another's fees, by the own node: nobody else is asked for it. */
  async feeAllowanceOf(granter: string, grantee: string): Promise<Reading<FeeAllowance | false>> {
    await this.snapshot();
    return ownGood(this.#seen, this.#sources.now()) ? fromFetched(await this.#own.feeAllowance(this.#addresses, granter, grantee)) : { state: 'unknown', ...(this.#seen.status?.problem ? { error: this.#seen.status.problem.error } : {}) };
  }

  /** The network's rule on collateral and what a host has deposited (ngonka), both by the own node; a rule without `deposit` where only that can't be read. */
  async collateralOf(address: string): Promise<Reading<{ rule: CollateralRule; deposit?: bigint }>> {
    await this.snapshot();
    if (!ownGood(this.#seen, this.#sources.now())) return { state: 'unknown', ...(this.#seen.status?.problem ? { error: this.#seen.status.problem.error } : {}) };
    const [params, deposit] = await Promise.all([this.#own.chainParams(this.#addresses), this.#own.collateral(this.#addresses, address)]);
    const { value, ...read } = fromFetched(params);
    const there = fromFetched(deposit);
    if (!value?.collateral || read.state !== 'ok') return { ...read, state: 'unknown' };
    if (there.state !== 'ok' || there.value === undefined) return { ...read, value: { rule: value.collateral }, ...(there.error ? { error: there.error } : {}) };
    return { ...there, value: { rule: value.collateral, deposit: there.value } };
  }

  /** The account that the own api works for, by its own word; unknown while it doesn't answer. */
  async apiAccount(): Promise<Reading<string>> {
    await this.snapshot();
    return fromFetched(await this.#own.apiAccount(this.#addresses));
  }

  /**
   * The accounts that are registered with a consensus key (base64). All participants by the own node while it is good, else
   * those of the active set; unknown where neither is there.
   */
  async holdersOf(key: string): Promise<Reading<{ addresses: string[]; of: 'all' | 'active' }>> {
    const { participants } = await this.snapshot();
    const addresses = (list: readonly { address: string; validatorKey: string }[]) => list.filter((one) => one.validatorKey === key).map(({ address }) => address);
    if (ownGood(this.#seen, this.#sources.now())) {
      const all = fromFetched(await this.#own.participants(this.#addresses));
      if (all.state === 'ok' && all.value) return { ...all, value: { addresses: addresses(all.value), of: 'all' } };
    }
    const { value, ...reading } = participants;
    return { ...reading, ...(value && value.unread === 0 && !value.pocFailed ? { value: { addresses: addresses(value.list), of: 'active' as const } } : {}) };
  }

  /**
   * Where the chain shows a consensus key's signature: by the own node while it is good, else by the seeds. `after`: the
   * height of the signing state that it is compared with.
   */
  async signaturesOf(key: string, after?: number): Promise<Reading<Signatures>> {
    await this.snapshot();
    const own = ownGood(this.#seen, this.#sources.now()) ? await signaturesIn((height) => this.#own.commit(this.#addresses, height), key, OWN_DEPTH, after) : undefined;
    if (own?.value && !own.problem) return fromFetched(own);
    let source: string | undefined;
    const asked = await signaturesIn(async (height) => {
      const got = await this.#seeds.commit(height);
      source ??= got.source;
      return got;
    }, key, SEED_DEPTH, after);
    return fromSeed({ ...asked, source });
  }

  /** How the own node stands among a seed's peers; unknown without an own node that has said its id. */
  async ownPeering(): Promise<Reading<OwnPeering>> {
    await this.snapshot();
    const id = this.#seen.status.value?.nodeId.toLowerCase();
    if (!id) return { state: 'unknown', error: this.#seen.status.problem?.error };
    const peers = fromSeed(await this.#seeds.peers());
    if (!peers.value) return { ...peers, value: undefined };
    const ours = peers.value.filter((peer) => peer.id === id);
    return { ...peers, value: { among: ours.length > 0, dialled: ours.some(({ dialled }) => dialled), count: peers.value.length } };
  }

  /**
   * What a host that leaves has to know. `proof`: each source's own answer too, whole and as it came, for a strict reading;
   * the seeds are asked for it as rarely as politeness wants.
   */
  async leaving(proof: boolean): Promise<ExitNetwork> {
    const { epoch, participants, ownApi: api, own: standing } = await this.snapshot();
    const now = this.#sources.now();
    const own = ownGood(this.#seen, now);
    const { status, address, record } = this.#seen;
    const silent: Problem = status.problem ?? { kind: 'malformed', error: { code: 'chain_own_not_synced', params: { height: status.value?.height ?? 0 } } };
    const preserved = own && address ? await this.#own.preserved(this.#addresses, address) : undefined;
    const [settle, performance] = own && address && epoch.value ? await Promise.all([this.#own.settle(this.#addresses, address), this.#own.performance(this.#addresses, epoch.value.epoch - 1, address)]) : [{ problem: silent }, { problem: silent }];
    const chain = [record.value ? record.value.validatorKey : '', participants.value?.list.find((one) => one.address === address)?.validatorKey ?? ''];
    const keys = [...new Set([...chain, status.value?.validatorKey ?? ''])].filter((key) => key !== '');
    return {
      clock: epoch, participants, api, keys, ...(chain.some((key) => key !== '') ? { registered: true } : standing.value?.registered === false ? { registered: false } : {}), settle: fromFetched(settle), performance: fromFetched(performance),
      ...(address ? { address } : {}), ...(status.value ? { chainId: status.value.chainId } : {}), ...(preserved?.value && !preserved.problem ? { preserved: preserved.value } : {}), ...(proof ? { answers: await this.#answers(own, silent) } : {}),
    };
  }

  /** Every source by itself. What the own node says counts only while it is good. */
  async #answers(own: boolean, silent: Problem): Promise<NonNullable<ExitNetwork['answers']>> {
    const { status, ownEpoch, record } = this.#seen;
    const seeds = this.#seeds.witnesses().then((all) => otherHosts(all, { ...(status.value ? { nodeId: status.value.nodeId } : {}), ...(record.value ? { url: record.value.url } : {}) }));
    if (!own || !status.value) return { seeds: await seeds, participants: { problem: silent }, validators: { problem: silent }, staking: { problem: silent } };
    const from = { height: status.value.height, chainId: status.value.chainId };
    const [participants, validators, staking] = await Promise.all([this.#own.activeSet(this.#addresses, true), this.#own.validators(this.#addresses, from.height), this.#own.staking(this.#addresses)]);
    const api = { ...from, height: ownEpoch?.latest.height ?? from.height, ...(participants.value?.chainId ? { chainId: participants.value.chainId } : {}) };
    return { seeds: await seeds, participants: { ...participants, ...api }, validators: { ...validators, ...from }, staking: { ...staking, ...from } };
  }

  /** Ends the polling. */
  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#askedAt = 0;
  }

  /** A refresh that goes on by itself when it takes longer. */
  async #refreshWithin(ms: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise((resolve) => {
      timer = setTimeout(resolve, ms);
    });
    await Promise.race([this.#refresh(), late]);
    clearTimeout(timer);
  }

  #schedule(): void {
    if (this.#timer) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#sources.now() - this.#askedAt > IDLE_MS) return;
      void this.#refresh().finally(() => this.#schedule());
    }, REFRESH_MS);
    this.#timer.unref();
  }

  /** Own node and seeds, side by side: a slow seed doesn't hold back the own node's next refresh. */
  async #refresh(): Promise<void> {
    this.#ownFlight ??= this.#refreshOwn().finally(() => {
      this.#ownFlight = undefined;
      this.#refreshedAt = this.#sources.now();
    });
    await this.#ownFlight;
    this.#seedFlight ??= this.#refreshSeeds().finally(() => {
      this.#seedFlight = undefined;
    });
    // With a good own node the seeds only confirm.
    if (!ownGood(this.#seen, this.#sources.now())) await this.#seedFlight;
  }

  async #refreshOwn(): Promise<void> {
    const [addresses, pubkey] = await Promise.all([this.#sources.addresses().catch(() => ({})), this.#sources.accountPubkey().catch(() => undefined)]);
    this.#addresses = addresses;
    this.#pubkey = pubkey;
    const [status, epoch, api] = await Promise.all([this.#own.status(this.#addresses), this.#own.epoch(this.#addresses), this.#own.apiAnswers(this.#addresses)]);
    this.#seen.status = status;
    this.#seen.api = api;
    if (status.value && !status.problem) this.#seeds.expectChain(status.value.chainId);
    this.#seen.ownEpoch = undefined;
    if (epoch.value && epoch.at !== undefined) {
      const near = status.value && Math.abs(status.value.height - epoch.value.height) <= 5 ? status.value.blockTime : undefined;
      const sighting = this.#heights.see('own epoch', epoch.value.height, epoch.at, near === undefined ? {} : { hint: near });
      this.#seen.ownEpoch = { latest: epoch.value, sighting, fetchedAt: epoch.at, source: OWN_SOURCE, ...(epoch.problem ? { problem: epoch.problem } : {}) };
    }
    this.#seen.pace = this.#heights.secondsPerBlock();
    if (ownGood(this.#seen, this.#sources.now())) await this.#refreshHost(true);
  }

  async #refreshSeeds(): Promise<void> {
    const good = ownGood(this.#seen, this.#sources.now());
    this.#seen.seedEpoch = await this.#seeds.epoch(good ? CONFIRM_MS : SEED_POLL_MS);
    this.#seen.pace = this.#heights.secondsPerBlock();
    if (!good) await this.#refreshHost(false);
  }

  /** The active set and the own record, from the own node or from the seeds. */
  async #refreshHost(own: boolean): Promise<void> {
    const clock = epochReading(this.#seen, this.#sources.now()).value;
    const behind = clock !== undefined && this.#seen.set.value?.epoch !== clock.epoch;
    const set = own ? await this.#own.activeSet(this.#addresses, behind) : await this.#seeds.activeSet(behind);
    if (own && set.problem) {
      // The own api may be the broken part while the own chain node is well.
      const other = await this.#seeds.activeSet(behind);
      this.#takeSet(other.value && !other.problem ? other : { ...set, source: OWN_SOURCE }, clock);
    } else this.#takeSet(own ? { ...set, source: OWN_SOURCE } : set, clock);

    const address = (this.#pubkey ? accountAddress(this.#pubkey) : undefined) ?? (await this.#own.identity(this.#addresses)).value;
    if (address !== this.#seen.address) this.#seen.record = {};
    this.#seen.address = address;
    if (!address) return;
    const record = own ? await this.#own.participant(this.#addresses, address) : await this.#seeds.participant(address);
    // What was read once stays, with its age, while nobody answers.
    if (record.value === undefined && this.#seen.record.value !== undefined) this.#seen.record = { ...this.#seen.record, ...(record.problem ? { problem: record.problem } : {}) };
    else this.#seen.record = own ? { ...record, source: OWN_SOURCE } : record;
    await this.#readValidators(own, address);
  }

  /** A second source for the absence of this host, asked only while the first one says so. */
  async #readValidators(own: boolean, address: string): Promise<void> {
    const { set, status } = this.#seen;
    const listed = set.value?.list.some((participant) => participant.address === address && participant.weight > 0);
    this.#seen.validators = own && status.value && set.value && !listed ? await this.#own.validators(this.#addresses, status.value.height) : undefined;
  }

  #takeSet(set: FromSeed<ActiveSet>, clock: EpochClock | undefined): void {
    if (set.value === undefined && this.#seen.set.value) {
      this.#seen.set = { ...this.#seen.set, ...(set.problem ? { problem: set.problem } : {}) };
      return;
    }
    // The 404 of a failed PoC doesn't name its epoch: it is the one in force when it was given.
    if (set.value?.pocFailed && clock && this.#setEpochAt !== set.at) {
      this.#seen.set = { ...set, value: { ...set.value, epoch: clock.epoch } };
      this.#setEpochAt = set.at ?? 0;
    } else if (!set.value?.pocFailed || this.#setEpochAt !== set.at) this.#seen.set = set;
  }

  #build(now: number): NetworkSnapshot {
    const seeds = this.#seeds.statuses();
    this.#seen.contradicted = contradicted(seeds);
    const epoch = epochReading(this.#seen, now);
    const participants = participantsReading(this.#seen, epoch, now);
    const own = ownReading(this.#seen, epoch, participants, now);
    return {
      at: now,
      epoch,
      ribbon: epoch.value ? epochRibbon(epoch.value) : [],
      participants,
      own,
      ownNode: nodeReading(this.#seen, now),
      ownApi: apiReading(this.#seen, now),
      validators: validatorsReading(this.#seen, epoch, own, now),
      seeds,
    };
  }
}

/** A seed's answer as a reading. Held back by our own politeness it is minutes old and good. */
function fromSeed<T>({ value, at, source, problem }: FromSeed<T>): Reading<T> {
  if (value === undefined) return missing(problem);
  const said = problem?.kind === 'waiting' ? undefined : problem;
  return { state: !said ? 'ok' : said.kind === 'rate-limited' ? 'rate-limited' : 'stale', value, at, source, ...(said ? { error: said.error } : {}) };
}
