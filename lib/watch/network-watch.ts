import { accountAddress } from '#lib/chain/addresses.ts';
import type { ChainGateway, Fetched, Problem } from '#lib/chain/client.ts';
import { advanced, epochClock, epochRibbon, type EpochClock, type Stretch } from '#lib/chain/epoch-clock.ts';
import { FROZEN_MS, HeightWatch, type Sighting } from '#lib/chain/height-watch.ts';
import { OwnNode, type OwnAddresses, type OwnStatus } from '#lib/chain/own-node.ts';
import type { ChainParticipant } from '#lib/chain/own-participant.ts';
import { rankOf, type ActiveSet, type Participant } from '#lib/chain/participants.ts';
import { OWN_SOURCE, UNREAD, type Reading, type ReadingError } from '#lib/chain/reading.ts';
import type { EpochLatest } from '#lib/chain/schema.ts';
import { SEED_POLL_MS, Seeds, type FromSeed, type SeedEpoch, type SeedStatus } from '#lib/chain/seeds.ts';

/** While someone looks, the own node is asked this often; seeds as often as their budget allows. */
const REFRESH_MS = 3_000;
/** Nobody asked for this long: nothing is polled. */
const IDLE_MS = 60_000;
/** A healthy own node is only checked against a seed this often. */
const CONFIRM_MS = 60_000;
/** A page waits this long for the first answers, then it shows what is there. */
const FIRST_WAIT_MS = 4_000;
/** An own height this far below a seed's is behind, whatever the node says of itself. */
const BEHIND_BLOCKS = 20;
/** An active set that could not be read again for this long is stale although its epoch still runs. */
const SET_OLD_MS = 15 * 60_000;

export type ActiveParticipants = { epoch: number; list: Participant[]; pocFailed?: true; unread: number; excluded: ActiveSet['excluded']; totalWeight: number };
export type OwnParticipant = {
  address: string;
  /** On chain (undefined = not known). */
  registered?: boolean;
  /** The chain's record of it. Its status and weight are no evidence of membership (measured 25), so they aren't here. */
  record?: { url: string; validatorKey: string; joinHeight: number };
  /** Its entry in the active set of `participants.epoch`, weight 0 included. */
  active?: Participant;
  /** In the set with weight above 0 (undefined = not known). */
  inSet?: boolean;
  rank?: number;
  of?: number;
};
export type OwnNodeView = {
  height: number;
  catchingUp: boolean;
  /** Caught up and blocks flow. */
  synced: boolean;
  peers?: number;
  /** Milliseconds. */
  latestBlockTime?: number;
  validatorKey: string;
  votingPower: number;
  chainId: string;
  moniker: string;
  /** The height that a seed has, when one answered lately. */
  seedHeight?: number;
};
export type NetworkSnapshot = {
  /** Milliseconds, of this snapshot. */
  at: number;
  epoch: Reading<EpochClock>;
  ribbon: Stretch[];
  participants: Reading<ActiveParticipants>;
  own: Reading<OwnParticipant>;
  ownNode: Reading<OwnNodeView>;
  /** Whether the own api answers at its container address. */
  ownApi: Reading<true>;
  seeds: SeedStatus[];
};
export type GatePhase = { known: true; clock: EpochClock } | { known: false; reason: string; params: Record<string, string | number> };

export type NetworkSources = {
  now(): number;
  seedUrls: string[];
  gateway: ChainGateway;
  /** Where the own node and api are reached; may throw when the engine can't be asked. */
  addresses(): Promise<OwnAddresses>;
  /** ACCOUNT_PUBKEY of the deployment, if it has one. */
  accountPubkey(): Promise<string | undefined>;
};

type Candidate = { latest: EpochLatest; sighting: Sighting; fetchedAt: number; source: string; problem?: Problem };

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
  #status: Fetched<OwnStatus> = {};
  #ownEpoch: Candidate | undefined;
  #api: Fetched<true> | undefined;
  #seedEpoch: FromSeed<SeedEpoch> = {};
  #set: FromSeed<ActiveSet> = {};
  #setEpochAt = 0;
  #address: string | undefined;
  #record: FromSeed<ChainParticipant | false> = {};

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
    if (idle) {
      const refresh = this.#refresh();
      let timer: NodeJS.Timeout | undefined;
      await Promise.race([refresh, new Promise((resolve) => (timer = setTimeout(resolve, FIRST_WAIT_MS)))]);
      clearTimeout(timer);
    }
    this.#schedule();
    return this.#build(this.#sources.now());
  }

  /**
   * The phase, as the gate in front of a disruptive operation needs it: younger than a minute, from a chain that is seen
   * to move, with confirmation PoC known (or absent in this release). Otherwise a code of `errors.*` saying why not.
   */
  async phaseForGate(): Promise<GatePhase> {
    this.#askedAt = this.#sources.now();
    await this.#refresh();
    this.#schedule();
    const now = this.#sources.now();
    const chosen = this.#chosen(now);
    const reading = this.#epochReading(now);
    const no = (reason: string, params: Record<string, string | number> = {}): GatePhase => ({ known: false, reason, params });
    if (!reading.value || !chosen) return reading.error ? no(reading.error.code, reading.error.params) : no('chain_no_answer');
    if (chosen.sighting.frozen) return no('chain_frozen', { host: chosen.source, height: chosen.sighting.height });
    if (chosen.sighting.evidence === 'none') return no('chain_height_unconfirmed', { host: chosen.source });
    if (reading.state !== 'ok') return reading.error ? no(reading.error.code, reading.error.params) : no('chain_stale');
    if (now - chosen.sighting.at > FROZEN_MS || now - chosen.fetchedAt > FROZEN_MS) return no('chain_stale');
    if (reading.value.confirmationPocUnreadable) return no('chain_confirmation_unreadable', { host: chosen.source });
    return { known: true, clock: advanced(reading.value, now) };
  }

  /** Ends the polling. */
  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#askedAt = 0;
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
    if (!this.#ownGood(this.#sources.now())) await this.#seedFlight;
  }

  async #refreshOwn(): Promise<void> {
    const [addresses, pubkey] = await Promise.all([this.#sources.addresses().catch(() => ({})), this.#sources.accountPubkey().catch(() => undefined)]);
    this.#addresses = addresses;
    this.#pubkey = pubkey;
    const [status, epoch, api] = await Promise.all([this.#own.status(this.#addresses), this.#own.epoch(this.#addresses), this.#own.apiAnswers(this.#addresses)]);
    this.#status = status;
    this.#api = api;
    if (status.value && !status.problem) this.#seeds.expectChain(status.value.chainId);
    this.#ownEpoch = undefined;
    if (epoch.value && epoch.at !== undefined) {
      const near = status.value && Math.abs(status.value.height - epoch.value.height) <= 5 ? status.value.blockTime : undefined;
      const sighting = this.#heights.see('own epoch', epoch.value.height, epoch.at, near === undefined ? {} : { hint: near });
      this.#ownEpoch = { latest: epoch.value, sighting, fetchedAt: epoch.at, source: OWN_SOURCE, ...(epoch.problem ? { problem: epoch.problem } : {}) };
    }
    if (this.#ownGood(this.#sources.now())) await this.#refreshHost(true);
  }

  async #refreshSeeds(): Promise<void> {
    const ownGood = this.#ownGood(this.#sources.now());
    this.#seedEpoch = await this.#seeds.epoch(ownGood ? CONFIRM_MS : SEED_POLL_MS);
    if (!ownGood) await this.#refreshHost(false);
  }

  /** The active set and the own record, from the own node or from the seeds. */
  async #refreshHost(own: boolean): Promise<void> {
    const clock = this.#epochReading(this.#sources.now()).value;
    const behind = clock !== undefined && this.#set.value?.epoch !== clock.epoch;
    const set = own ? await this.#own.activeSet(this.#addresses, behind) : await this.#seeds.activeSet(behind);
    if (own && set.problem) {
      // The own api may be the broken part while the own chain node is well.
      const other = await this.#seeds.activeSet(behind);
      this.#takeSet(other.value && !other.problem ? other : { ...set, source: OWN_SOURCE }, clock);
    } else this.#takeSet(own ? { ...set, source: OWN_SOURCE } : set, clock);

    this.#address = this.#pubkey ? accountAddress(this.#pubkey) : undefined;
    this.#address ??= (await this.#own.identity(this.#addresses)).value;
    if (!this.#address) return;
    const record = own ? await this.#own.participant(this.#addresses, this.#address) : await this.#seeds.participant(this.#address);
    if (record.value === undefined && this.#record.value && this.#record.value.address === this.#address) this.#record = { ...this.#record, problem: record.problem };
    else this.#record = own ? { ...record, source: OWN_SOURCE } : record;
  }

  #takeSet(set: FromSeed<ActiveSet>, clock: EpochClock | undefined): void {
    if (set.value === undefined && this.#set.value) {
      this.#set = { ...this.#set, ...(set.problem ? { problem: set.problem } : {}) };
      return;
    }
    // The 404 of a failed PoC doesn't name its epoch: it is the one in force when it was given.
    if (set.value?.pocFailed && clock && this.#setEpochAt !== set.at) {
      this.#set = { ...set, value: { ...set.value, epoch: clock.epoch } };
      this.#setEpochAt = set.at ?? 0;
    } else if (!set.value?.pocFailed || this.#setEpochAt !== set.at) this.#set = set;
  }

  /** The own node has caught up, its epoch is readable and moving, and no seed is far ahead of it. */
  #ownGood(now: number): boolean {
    const own = this.#ownEpoch;
    if (!own || own.problem || own.sighting.frozen || now - own.fetchedAt > FROZEN_MS) return false;
    if (!this.#status.value?.synced || this.#status.problem) return false;
    const seed = this.#seedHeight(now);
    return seed === undefined || seed - own.latest.height <= BEHIND_BLOCKS;
  }

  #seedHeight(now: number): number | undefined {
    const { value, problem } = this.#seedEpoch;
    if (!value || problem || value.sighting.frozen || now - value.sighting.at > 2 * CONFIRM_MS) return undefined;
    return value.latest.height;
  }

  #chosen(now: number): Candidate | undefined {
    if (this.#ownGood(now)) return this.#ownEpoch;
    const { value, at, source, problem } = this.#seedEpoch;
    const seed: Candidate | undefined = value && at !== undefined ? { ...value, fetchedAt: at, source: source ?? '', ...(problem ? { problem } : {}) } : undefined;
    const own = this.#ownEpoch;
    if (!seed || !own) return seed ?? own;
    // Neither is good: the one whose block is younger tells more.
    return seed.problem && own.sighting.at > seed.sighting.at ? own : seed;
  }

  #epochReading(now: number): Reading<EpochClock> {
    const chosen = this.#chosen(now);
    const pace = this.#heights.secondsPerBlock();
    const value = chosen && epochClock(chosen.latest, { at: chosen.sighting.at, source: chosen.source, ...(pace ? { secondsPerBlock: pace } : {}) });
    if (!chosen || !value) {
      const problem = chosen ? undefined : (this.#seedEpoch.problem ?? this.#status.problem);
      return missing(problem, chosen && { code: 'chain_answer_malformed', params: { host: chosen.source } });
    }
    const base = { value, at: chosen.sighting.at, source: chosen.source };
    if (chosen.sighting.frozen) return { ...base, state: 'stale', error: { code: 'chain_frozen', params: { host: chosen.source, height: value.height } } };
    const poll = chosen.source === OWN_SOURCE ? REFRESH_MS + 2_000 : SEED_POLL_MS;
    // Two missed polls, and as much again for the answers themselves.
    if (now - chosen.fetchedAt > 2 * poll + 5_000) {
      const limited = chosen.problem?.kind === 'rate-limited';
      return { ...base, state: limited ? 'rate-limited' : 'stale', error: chosen.problem?.error ?? { code: 'chain_stale', params: {} } };
    }
    return { ...base, state: 'ok' };
  }

  #participantsReading(clock: Reading<EpochClock>, now: number): Reading<ActiveParticipants> {
    const { value: set, at, source, problem } = this.#set;
    if (!set) return missing(problem);
    const value: ActiveParticipants = {
      epoch: set.epoch,
      list: set.list,
      ...(set.pocFailed ? { pocFailed: true as const } : {}),
      unread: set.unread,
      excluded: set.excluded,
      totalWeight: set.list.reduce((sum, participant) => sum + participant.weight, 0),
    };
    const base = { value, ...(at === undefined ? {} : { at }), ...(source ? { source } : {}) };
    if (clock.value && clock.state === 'ok' && set.epoch !== clock.value.epoch) {
      return { ...base, state: 'stale', error: problem?.error ?? { code: 'chain_epoch_differs', params: { have: set.epoch, now: clock.value.epoch } } };
    }
    // The set of an epoch hardly changes (exclusions): a missed request leaves it good while the epoch is known to be the same.
    if (clock.state !== 'ok' || (at !== undefined && now - at > SET_OLD_MS)) {
      const limited = clock.state === 'rate-limited' || problem?.kind === 'rate-limited';
      return { ...base, state: limited ? 'rate-limited' : 'stale', error: problem?.error ?? clock.error ?? { code: 'chain_stale', params: {} } };
    }
    return { ...base, state: 'ok' };
  }

  #ownReading(set: Reading<ActiveParticipants>): Reading<OwnParticipant> {
    const address = this.#address;
    if (!address) return { state: 'unknown', error: { code: 'chain_no_account_key', params: {} } };
    const { value: record, at, source, problem } = this.#record;
    const ours = record && record.address === address ? record : undefined;
    const active = set.value?.list.find((participant) => participant.address === address);
    const known = set.state === 'ok' ? set.value : undefined;
    // The absence of one row proves nothing while rows could not be read.
    const inSet = known ? (active ? active.weight > 0 : known.unread > 0 ? undefined : false) : undefined;
    const registered = ours || active ? true : record === false ? false : undefined;
    const rank = set.value && active ? rankOf(set.value.list, address) : undefined;
    const value: OwnParticipant = {
      address,
      ...(registered === undefined ? {} : { registered }),
      ...(ours ? { record: { url: ours.url, validatorKey: ours.validatorKey, joinHeight: ours.joinHeight } } : {}),
      ...(active ? { active } : {}),
      ...(inSet === undefined ? {} : { inSet }),
      ...(rank === undefined ? {} : { rank, of: set.value?.list.length ?? 0 }),
    };
    const from = { ...(at ?? set.at ? { at: at ?? set.at } : {}), ...(source ?? set.source ? { source: source ?? set.source } : {}) };
    if (registered === undefined) return { ...from, state: problem?.kind === 'rate-limited' ? 'rate-limited' : 'unknown', value, ...(problem ? { error: problem.error } : {}) };
    return { ...from, state: set.state === 'ok' ? 'ok' : 'stale', value, ...(set.state === 'ok' || !set.error ? {} : { error: set.error }) };
  }

  #nodeReading(now: number): Reading<OwnNodeView> {
    const { value: status, at, problem } = this.#status;
    if (!status || at === undefined) return missing(problem);
    const seedHeight = this.#seedHeight(now);
    const value: OwnNodeView = {
      height: status.height,
      catchingUp: status.catchingUp,
      synced: status.synced && !(seedHeight !== undefined && seedHeight - status.height > BEHIND_BLOCKS),
      ...(status.peers === undefined ? {} : { peers: status.peers }),
      ...(status.blockTime === undefined ? {} : { latestBlockTime: status.blockTime }),
      validatorKey: status.validatorKey,
      votingPower: status.votingPower,
      chainId: status.chainId,
      moniker: status.moniker,
      ...(seedHeight === undefined ? {} : { seedHeight }),
    };
    const late = now - at > 2 * (REFRESH_MS + 2_000) + 5_000;
    return { state: problem || late ? 'stale' : 'ok', value, at, source: OWN_SOURCE, ...(problem ? { error: problem.error } : {}) };
  }

  #build(now: number): NetworkSnapshot {
    const epoch = this.#epochReading(now);
    const participants = this.#participantsReading(epoch, now);
    return {
      at: now,
      epoch,
      ribbon: epoch.value ? epochRibbon(epoch.value) : [],
      participants,
      own: this.#ownReading(participants),
      ownNode: this.#nodeReading(now),
      ownApi: this.#api === undefined ? UNREAD : fromFetched(this.#api),
      seeds: this.#seeds.statuses(),
    };
  }
}

function missing(problem: Problem | undefined, error?: ReadingError): Reading<never> {
  return { state: problem?.kind === 'rate-limited' ? 'rate-limited' : 'unknown', ...(problem || error ? { error: problem?.error ?? error } : {}) };
}

function fromFetched<T>({ value, at, problem }: Fetched<T>): Reading<T> {
  if (value === undefined) return missing(problem);
  return { state: problem ? 'stale' : 'ok', value, ...(at === undefined ? {} : { at }), source: OWN_SOURCE, ...(problem ? { error: problem.error } : {}) };
}
