/**
 * What the chain knows: hosts, active sets, grants, rewards. The seed's process holds it; the containers get copies.
 * `advance` brings it up to a block: sets are made at the end of PoC validation (facts 7), rewards at claim_money.
 */
import { accountAddress, fromBech32, hash, isAccountKey } from './addresses.ts';
import { heightAt, latestEpoch, pocStart, stagesOf, timeOfBlock } from './chain.ts';
import { releaseOf } from './releases.ts';
import type { World } from './world.ts';

export type HardwareNode = { id: string; status: string; models: string[]; host: string; port: number };
export type Host = {
  address: string; pubKey: string; url: string; validatorKey: string;
  joinTime: number; joinHeight: number; balance: number;
  /** Made up by the network: always there, always paid. */
  madeUp: boolean;
  hardware: HardwareNode[];
  /** First epoch as a member, 0 while it waits for one. */
  firstEpoch: number;
  lastSigned: number;
  /** Block at which its validator began to unbond last, 0 before; it stays when the host comes back, as recorded. */
  unbondingHeight: number;
  /** How often it began to. */
  unbondings: number;
  /** Blocks that this host's tmkms signed, as first and last of each stretch. */
  signed: [number, number][];
  /** What `edit-validator` has set. */
  description?: Description;
};
export type Description = { moniker?: string; website?: string; identity?: string };
export type MlShare = { id: string; model: string; pocWeight: number; slots: [boolean, boolean] };
/** `weight` undefined: listed without weight and nodes (measured 45). */
export type Member = { address: string; weight?: number; mlNodes: MlShare[] };
export type ActiveSet = { epoch: number; start: number; members: Member[] };
export type Grant = { granter: string; grantee: string; messages: string[]; expiration: string };
/** Fees of the grantee's transactions that the granter pays (facts 8.2; 0.2.12 and later). */
export type Allowance = { granter: string; grantee: string; expiration: string };
export type Performance = { epoch: number; address: string; rewarded: number; claimed: boolean };
/** What a host's api says at the end of a PoC: the ML nodes that took part. */
export type Participation = { epoch: number; address: string; nodes: { id: string; model: string }[] };

export type Ledger = {
  revision: number;
  hosts: Host[];
  sets: ActiveSet[];
  grants: Grant[];
  allowances: Allowance[];
  performance: Performance[];
  /** Unclaimed rewards of real hosts. */
  settle: { address: string; epoch: number; reward: number }[];
  participation: Participation[];
  settledEpoch: number;
};

const KEPT_SETS = 6;

function madeUpHost(world: World, index: number): Host {
  const pubKey = Buffer.concat([Buffer.from([2]), hash(world.name, 'account', index)]).toString('base64');
  return {
    address: accountAddress(pubKey), pubKey, url: `http://203.0.113.${(index % 200) + 8}:8000`,
    validatorKey: hash(world.name, 'validator', index).toString('base64'),
    joinTime: world.genesisTime + index * 60_000, joinHeight: index === 0 ? 0 : 15 + index,
    balance: 1_740_339_668_242_420 + index * 1_000_003, madeUp: true, lastSigned: 0, signed: [], firstEpoch: 1, unbondingHeight: 0, unbondings: 0,
    hardware: [{ id: `h${index}node`, status: 'INFERENCE', models: [modelOf(world)], host: `h${index}-mlnode`, port: 8080 }],
  };
}

/** The model that made-up hosts serve: the last of the release's list, as in the recordings. */
export const modelOf = (world: World): string => releaseOf(world.release).models.at(-1)!.id;

const madeUp = new Map<string, Member[]>();

/** Made once for a network: ten thousand of them take a second. */
function madeUpMembers(world: World): Member[] {
  const name = `${world.name}/${world.participants}/${world.release}`;
  const known = madeUp.get(name);
  if (known) return [...known];
  const members: Member[] = [];
  for (let index = 0; index < world.participants; index++) {
    const weight = index < 2 ? 60 : 5 + (hash(world.name, 'weight', index)[0]! % 40);
    const host = madeUpHost(world, index);
    members.push({ address: host.address, weight, mlNodes: [{ id: `h${index}node`, model: modelOf(world), pocWeight: weight, slots: [true, false] }] });
  }
  if (madeUp.size > 8) madeUp.clear();
  madeUp.set(name, members);
  return [...members];
}

export function createLedger(world: World, now: number): Ledger {
  const hosts = Array.from({ length: world.participants }, (_, index) => madeUpHost(world, index));
  const latest = latestEpoch(world.clock, heightAt(world.clock, now));
  const ledger: Ledger = { revision: 1, hosts, sets: [], grants: [], allowances: [], performance: [], settle: [], participation: [], settledEpoch: latest - 2 };
  for (let epoch = Math.max(1, latest - 3); epoch < latest; epoch++) ledger.sets.push({ epoch, start: pocStart(world.clock, epoch), members: madeUpMembers(world) });
  advance(ledger, world, now);
  return ledger;
}

const indexes = new WeakMap<Host[], Map<string, Host>>();

/** A host's tmkms has signed a block; the last stretches are kept. */
export function noteSigned(host: Host, height: number): void {
  host.lastSigned = Math.max(host.lastSigned, height);
  const last = host.signed.at(-1);
  if (last && height >= last[0] && height <= last[1] + 1) last[1] = Math.max(last[1], height);
  else host.signed = [...host.signed, [height, height] as [number, number]].slice(-20);
}

/** Whether a block carries this host's signature. Those that the network made up never miss one. */
export const hasSigned = (host: Host, height: number): boolean => host.madeUp || host.signed.some(([first, last]) => height >= first && height <= last);

/** The host with this address. Hosts are only ever added, so that an index of another size is an old one. */
export function hostOf(ledger: Ledger, address: string): Host | undefined {
  let index = indexes.get(ledger.hosts);
  if (index?.size !== ledger.hosts.length) {
    index = new Map(ledger.hosts.map((host) => [host.address, host]));
    indexes.set(ledger.hosts, index);
  }
  return index.get(address);
}

export const setOf = (ledger: Ledger, epoch: number): ActiveSet | undefined => ledger.sets.find((set) => set.epoch === epoch);
/** As setOf, also for epochs that are past long ago: those had only the made-up hosts. */
export function pastSetOf(ledger: Ledger, world: World, epoch: number): ActiveSet | undefined {
  const known = setOf(ledger, epoch);
  if (known || epoch < 1 || epoch >= (ledger.sets[0]?.epoch ?? 0)) return known;
  return { epoch, start: pocStart(world.clock, epoch), members: madeUpMembers(world) };
}
export const totalWeight = (set: ActiveSet | undefined): number => set?.members.reduce((sum, member) => sum + (member.weight ?? 0), 0) ?? 0;

/** Brings sets and rewards up to the block of `now`. True when something changed. */
export function advance(ledger: Ledger, world: World, now: number): boolean {
  const height = heightAt(world.clock, now);
  const latest = latestEpoch(world.clock, height);
  const before = ledger.revision;
  const newest = ledger.sets.at(-1)?.epoch ?? latest - 1;
  for (let epoch = Math.max(newest + 1, latest - KEPT_SETS); epoch <= latest; epoch++) {
    if (height < stagesOf(world.clock, epoch).poc_validation_end) break;
    ledger.sets.push(makeSet(ledger, world, epoch));
    ledger.sets = ledger.sets.slice(-KEPT_SETS);
    ledger.participation = ledger.participation.filter((item) => item.epoch > epoch);
    ledger.revision++;
  }
  for (let epoch = Math.max(ledger.settledEpoch + 1, latest - KEPT_SETS); epoch < latest; epoch++) {
    if (height < stagesOf(world.clock, epoch + 1).set_new_validators) break;
    settle(ledger, epoch);
  }
  return ledger.revision !== before;
}

function makeSet(ledger: Ledger, world: World, epoch: number): ActiveSet {
  const previous = setOf(ledger, epoch - 1);
  const members = world.pocFails ? [] : madeUpMembers(world);
  const set: ActiveSet = { epoch, start: pocStart(world.clock, epoch), members };
  if (world.pocFails) return set;
  for (const host of ledger.hosts) {
    if (host.madeUp) continue;
    const took = ledger.participation.find((item) => item.address === host.address && item.epoch === epoch);
    const before = previous?.members.find((member) => member.address === host.address);
    // On duty through this PoC: keeps its share without taking part, disabled or not (measured 42).
    const onDuty = before?.mlNodes.filter((share) => share.slots[1]) ?? [];
    const kept = onDuty.filter((share) => host.hardware.some((node) => node.id === share.id));
    const fresh = (took?.nodes ?? []).filter((node) => !kept.some((share) => share.id === node.id))
      .map((node): MlShare => ({ id: node.id, model: node.model, pocWeight: world.nodeWeight, slots: [true, false] }));
    const shares = [...kept, ...fresh].map((share): MlShare => ({ ...share, slots: [true, drawn(world, epoch, host.address, share.id)] }));
    if (shares.length > 0) members.push({ address: host.address, weight: shares.reduce((sum, share) => sum + share.pocWeight, 0), mlNodes: shares });
    else if (onDuty.length > 0) members.push({ address: host.address, mlNodes: [] });
    if (shares.length > 0 && !host.firstEpoch) host.firstEpoch = epoch;
    if (shares.length === 0 && before?.weight) Object.assign(host, { unbondingHeight: stagesOf(world.clock, epoch).set_new_validators + 2, unbondings: host.unbondings + 1 });
  }
  return set;
}

function drawn(world: World, epoch: number, address: string, id: string): boolean {
  return world.draws[id]?.includes(epoch) === true || hash(world.name, 'duty', epoch, address, id).readUInt32BE(0) / 2 ** 32 < world.duty;
}

function settle(ledger: Ledger, epoch: number): void {
  const set = setOf(ledger, epoch);
  const total = totalWeight(set);
  // 285 000 GNK an epoch, falling (facts 14); what nobody claimed in its epoch is burned.
  const emission = Math.floor(285_000_000_000_000 * Math.exp(-0.000475 * (epoch - 1)));
  ledger.settle = [];
  for (const member of set?.members ?? []) {
    const reward = total > 0 ? Math.floor((emission * (member.weight ?? 0)) / total) : 0;
    const host = hostOf(ledger, member.address);
    if (!host || reward === 0) continue;
    if (host.madeUp) host.balance += reward;
    else ledger.settle.push({ address: host.address, epoch, reward });
    ledger.performance.push({ epoch, address: host.address, rewarded: host.madeUp ? reward : 0, claimed: host.madeUp });
  }
  ledger.performance = ledger.performance.filter((item) => item.epoch > epoch - 4);
  ledger.settledEpoch = epoch;
  ledger.revision++;
}

/** The host's claim for the epoch before: true when there was something to claim. */
export function claim(ledger: Ledger, address: string): boolean {
  const open = ledger.settle.find((item) => item.address === address);
  if (!open) return false;
  const host = hostOf(ledger, address);
  const performance = ledger.performance.find((item) => item.address === address && item.epoch === open.epoch);
  if (host) host.balance += open.reward;
  if (performance) Object.assign(performance, { rewarded: open.reward, claimed: true });
  ledger.settle = ledger.settle.filter((item) => item !== open);
  ledger.revision++;
  return true;
}

/** What the chain thinks of a URL (facts 2.2, measured 8 and 39). */
export function acceptsUrl(world: World, url: string): boolean {
  const parsed = URL.parse(url);
  if (!parsed || !/^https?:$/.test(parsed.protocol) || !parsed.hostname) return false;
  if (!releaseOf(world.release).refusesPrivateUrl) return true;
  return !/^(localhost|0\.0\.0\.0|127\.|10\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.|\[(::1|f[cd]|fe80))/i.test(parsed.hostname);
}

/**
 * A registration as the seed's api passes it on: it always answers 200; whether a participant came of it,
 * only the chain says. A known host keeps its old URL and key (measured 8).
 */
export function register(ledger: Ledger, world: World, body: { address?: string; url?: string; validator_key?: string; pub_key?: string }, now: number): void {
  const { address = '', url = '', validator_key: validatorKey = '', pub_key: pubKey = '' } = body;
  if (world.registration.answer && world.registration.answer !== 'cut') return;
  const decoded = fromBech32(address);
  if ('error' in decoded || hostOf(ledger, address)) return;
  if (!isAccountKey(pubKey) || !acceptsUrl(world, url)) return;
  if (heightAt(world.clock, now) < (world.registration.opensAt ?? 0)) return;
  const height = heightAt(world.clock, now) + 1 + (world.registration.afterBlocks ?? 0);
  ledger.hosts.push({
    address, pubKey, url, validatorKey, joinTime: timeOfBlock(world.clock, height), joinHeight: height,
    balance: 0, madeUp: false, hardware: [], firstEpoch: 0, lastSigned: 0, signed: [], unbondingHeight: 0, unbondings: 0,
  });
  ledger.revision++;
}

/** `submit-new-participant`, signed by the account itself: new URL and consensus key of a known host, or a host of a funded account that never signed (facts 8.2, 11). Nothing comes of a URL that the chain refuses. */
export function submitParticipant(ledger: Ledger, world: World, body: { address?: string; pubKey?: string; url?: string; validatorKey?: string }, now: number): void {
  const { address = '', pubKey = '', url = '', validatorKey = '' } = body;
  if (!acceptsUrl(world, url)) return;
  const known = hostOf(ledger, address);
  if (!known) register(ledger, { ...world, registration: {} }, { address, url, validator_key: validatorKey, pub_key: pubKey }, now);
  else Object.assign(known, { url, ...(validatorKey ? { validatorKey } : {}) });
  ledger.revision++;
}

/** `edit-validator`: what is empty stays as it is. A host that was never in a set is no validator yet, and nothing comes of it. */
export function editValidator(ledger: Ledger, address: string, description: Description): void {
  const host = hostOf(ledger, address);
  if (!host || host.firstEpoch === 0) return;
  host.description = { ...host.description, ...description };
  ledger.revision++;
}

/** How a grant differs from the command's usual one. */
export type GrantOptions = {
  /** The CLI's release, where it isn't the chain's: an older one grants fewer (facts 13, row 14). */
  release?: string;
  /** Only these message types. */
  messages?: string[];
  /** All but these. */
  without?: string[];
  /** ISO date; one year from now by default (measured 12). */
  expiration?: string;
};

/** The warm key's authorisations. Asked again only the expiry of those in it changes (measured 12). */
export function grant(ledger: Ledger, world: World, granter: string, grantee: string, now: number, options: GrantOptions = {}): void {
  const all = options.messages ?? releaseOf(options.release ?? world.release).permissions;
  const messages = all.filter((message) => !options.without?.includes(message));
  revoke(ledger, granter, grantee, messages);
  const until = new Date(now);
  until.setUTCFullYear(until.getUTCFullYear() + 1);
  const expiration = options.expiration ? new Date(options.expiration) : until;
  if (messages.length > 0) ledger.grants.push({ granter, grantee, messages, expiration: expiration.toISOString().replace('Z', '586358Z') });
  // An allowance that is there stays as it is: only a revoke makes room for a new one (facts 8.2).
  if (!options.messages && releaseOf(options.release ?? world.release).v2 && !allowanceInForce(ledger, granter, grantee, now)) ledger.allowances.push({ granter, grantee, expiration: expiration.toISOString() });
}

export const allowanceInForce = (ledger: Ledger, granter: string, grantee: string, now: number): Allowance | undefined => ledger.allowances.find((item) => item.granter === granter && item.grantee === grantee && Date.parse(item.expiration) > now);

/** Takes authorisations back, all of them without `messages`. */
export function revoke(ledger: Ledger, granter: string, grantee: string, messages?: string[]): void {
  ledger.grants = ledger.grants
    .map((item) => (item.granter !== granter || item.grantee !== grantee ? item : { ...item, messages: item.messages.filter((message) => messages !== undefined && !messages.includes(message)) }))
    .filter((item) => item.messages.length > 0);
  ledger.revision++;
}

/** What is in force: the chain drops what has expired. One entry a message type, sorted as the chain's store is. */
export function grantsInForce(ledger: Ledger, granter: string, grantee: string | undefined, now: number): { granter: string; grantee: string; message: string; expiration: string }[] {
  return ledger.grants
    .filter((item) => item.granter === granter && (grantee === undefined || item.grantee === grantee) && Date.parse(item.expiration) > now)
    .flatMap(({ messages, ...item }) => messages.map((message) => ({ ...item, message })))
    .sort((a, b) => (a.grantee + a.message < b.grantee + b.message ? -1 : 1));
}

export function reportParticipation(ledger: Ledger, item: Participation): void {
  ledger.participation = ledger.participation.filter((other) => other.address !== item.address || other.epoch !== item.epoch);
  ledger.participation.push(item);
}

export function reportHardware(ledger: Ledger, address: string, hardware: HardwareNode[]): void {
  const host = hostOf(ledger, address);
  if (!host || JSON.stringify(host.hardware) === JSON.stringify(hardware)) return;
  host.hardware = hardware;
  ledger.revision++;
}
