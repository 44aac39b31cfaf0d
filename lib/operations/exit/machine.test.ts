import { describe, expect, it } from 'vitest';
import { type EpochClock, stagesFromParams, phaseOf } from '#lib/chain/epoch-clock.ts';
import { allow, isRemoved, leave, MISSING_BLOCKS, type Next, seeMissing, type SeenNode, type Sight } from './machine.ts';
import { type Answers, witnessesOf } from './proof.ts';
import { type ExitMemo, type ExitParams, readMemo } from './schema.ts';

/*
 * The exit against a small model of the chain, in simulated blocks: a thousand random schedules of everything that may come
 * in between. The model follows facts 4.4 and measured 22 to 30 and 41 to 46; it is told nothing of the machine.
 */

const PARAMS = { epoch_length: 60, epoch_shift: 0, poc_stage_duration: 10, poc_exchange_duration: 2, poc_validation_delay: 2, poc_validation_duration: 8, set_new_validators_delay: 2, inference_validation_cutoff: 0 };
const BLOCK_MS = 6_000;
const CHAIN = 'gonka-mainnet';
const ME = { address: 'me', operator: 'me-oper', key: 'my-key' };
const FIRST = 200;

/** A small generator of its own, so that a failing schedule can be run again by its number. */
function random(seed: number): () => number {
  let state = seed * 2_654_435_761 + 1;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Node = { id: string; enabled: boolean; adminEpoch: number; /** Took part in the PoC under way. */ took: boolean; /** The epoch of its first disable. */ out?: number; /** A person wants it enabled, and hasn't said otherwise. */ byHand?: boolean; /** Added while the exit ran. */ late?: true };
type Member = { weight: number; duty: string[]; ids: string[] };
/** What is wrong at the moment. */
type Trouble = { /** The own api has the host absent; its validator is jailed and staking silent, or its node says nothing of validators. */ own: 'well' | 'jailed' | 'mute'; /** A second seed, which never lies. */ second: boolean; adminDown: boolean; wedged: boolean; seedsDown: boolean; forged?: Forgery; ownBehind: number; ownDown: boolean; partialList: boolean; confirmation: boolean; clockShift: number; /** How many blocks ago a seed froze. */ frozen: number };
const FORGERIES = ['absent', 'weightless', 'truncated', 'paged', 'renamed', 'empty', 'other-epoch', 'other-chain', 'poc-failed', 'old', 'frozen', 'before-set', 'no-others'] as const;
type Forgery = (typeof FORGERIES)[number];
/** Lies without a flaw. Two different sources that tell the same one can't be told from the truth. */
const WELL_MADE: readonly (Forgery | undefined)[] = ['absent', 'weightless'];
const mayLie = ({ own, second, seedsDown }: Trouble, { scope }: ExitParams): boolean => own === 'well' || (own === 'mute' && scope !== 'ml-node') || (second && !seedsDown);

class Chain {
  height: number;
  nodes: Node[];
  /** The set that each epoch has, for this host. */
  sets = new Map<number, Member>();
  pocFailed = new Set<number>();
  settle: { epoch: number; reward: bigint } | undefined;
  claimed = new Set<number>();
  claimsItself = true;
  drawUntil: number;
  pocFails = false;
  readonly roll: () => number;

  constructor(roll: () => number, nodes: number, drawUntil: number, joined = true) {
    this.roll = roll;
    this.height = FIRST * 60 + Math.floor(roll() * 60);
    this.nodes = Array.from({ length: nodes }, (_, i) => ({ id: `node${i + 1}`, enabled: true, adminEpoch: 0, took: true }));
    this.drawUntil = drawUntil;
    const ids = this.nodes.map(({ id }) => id);
    for (let epoch = FIRST - 2; epoch <= this.latest; epoch += 1) this.sets.set(epoch, joined ? { weight: 40 * ids.length, ids, duty: this.draw(epoch, ids) } : { weight: 0, ids: [], duty: [] });
    this.settleEpoch(this.effective - 1);
  }

  get latest(): number {
    return Math.floor(this.height / 60);
  }
  get stages() {
    return stagesFromParams(this.latest, this.latest * 60, PARAMS);
  }
  get phase() {
    return phaseOf(this.stages, this.height);
  }
  get effective(): number {
    return this.height >= this.stages.setNewValidators ? this.latest : this.latest - 1;
  }
  get member(): Member {
    return this.sets.get(this.effective) ?? { weight: 0, duty: [], ids: [] };
  }
  draw(epoch: number, ids: string[]): string[] {
    return epoch < this.drawUntil ? ids.filter(() => this.roll() < 0.4) : [];
  }
  settleEpoch(epoch: number): void {
    const { weight = 0 } = this.sets.get(epoch) ?? {};
    this.settle = weight > 0 ? { epoch, reward: BigInt(weight) * 1_000n } : undefined;
  }

  block(apiDriven: boolean): void {
    this.height += 1;
    const { stages, height } = this;
    if (height === stages.pocStart) for (const node of this.nodes) node.took = false;
    // ShouldBeOperational (facts 4.4), in every block of the PoC: who comes late is in it all the same.
    const inPoc = height < stages.pocValidationEnd;
    if (inPoc && apiDriven) for (const node of this.nodes) if (node.enabled ? this.latest > node.adminEpoch : node.adminEpoch >= this.latest) node.took = true;
    if (height === stages.pocValidationEnd) {
      const before = this.sets.get(this.latest - 1);
      if (this.pocFails) this.pocFailed.add(this.latest);
      const ids = this.pocFails ? [] : [...new Set([...(before?.duty ?? []), ...this.nodes.filter(({ took }) => took).map(({ id }) => id)])];
      this.sets.set(this.latest, { weight: 40 * ids.length, ids, duty: this.draw(this.latest, ids) });
    }
    if (height === stages.claimMoney) this.settleEpoch(this.latest - 1);
    if (height === stages.claimMoney + 2 && this.claimsItself && apiDriven) this.claim();
  }
  claim(): void {
    if (!this.settle) return;
    this.claimed.add(this.settle.epoch);
    this.settle = undefined;
  }
  restartApi(): void {
    for (const node of this.nodes) Object.assign(node, { enabled: true, adminEpoch: 0, byHand: node.late && node.byHand });
  }
  disable(node: Node): void {
    Object.assign(node, { enabled: false, adminEpoch: this.latest, out: node.out ?? this.latest, byHand: false });
  }
  clockAt(height: number): EpochClock {
    const latest = Math.floor(height / 60);
    const stages = stagesFromParams(latest, latest * 60, PARAMS);
    const next = stagesFromParams(latest + 1, (latest + 1) * 60, PARAMS);
    return { height, at: height * BLOCK_MS, source: 'own node', epoch: height >= stages.setNewValidators ? latest : latest - 1, latestEpoch: latest, phase: phaseOf(stages, height), stages, next, blocksToNextPoc: stages.nextPocStart - height, secondsPerBlock: BLOCK_MS / 1000 };
  }
}

const OTHERS = Array.from({ length: 30 }, (_, i) => ({ address: `host${i}`, validatorKey: `key${i}`, weight: 10 + i, url: '', models: [], mlNodes: [] }));

/** The active participants as a seed says them, with what is wrong with the answer. */
function participants(chain: Chain, place: string, now: number, height: number, forged: Forgery | undefined, frozen = 0): Answers['participants'][number] {
  const epoch = chain.clockAt(height).epoch;
  const member = chain.sets.get(epoch);
  const own = { address: ME.address, validatorKey: ME.key, weight: member?.weight ?? 0, url: '', models: [], mlNodes: (member?.ids ?? []).map((id) => ({ model: 'm', id, pocWeight: 40, timeslots: [true, member?.duty.includes(id) === true] })) };
  const list = own.weight > 0 ? [...OTHERS, own] : OTHERS;
  const base = { place, at: now, height, chainId: CHAIN, value: { epoch, list, unread: 0, excluded: [], chainId: CHAIN, addresses: list.length, block: { height: epoch * 60 + 21, time: 0 } } };
  if (chain.pocFailed.has(epoch)) return { ...base, value: { epoch, list: [], unread: 0, excluded: [], pocFailed: true } };
  switch (forged) {
    case undefined: return base;
    // A liar that does it well: one answer of one host can say anything.
    case 'absent': return { ...base, value: { ...base.value, list: OTHERS, addresses: OTHERS.length } };
    case 'weightless': return { ...base, value: { ...base.value, list: [...OTHERS, { ...own, weight: 0 }], addresses: OTHERS.length + 1 } };
    case 'truncated': return { place, why: { code: 'chain_answer_malformed', params: {} } };
    case 'paged': return { ...base, value: { ...base.value, list: OTHERS.slice(0, 10) } };
    case 'renamed': return { ...base, value: { ...base.value, list: list.map((one) => ({ ...one, weight: 0 })) } };
    case 'empty': return { ...base, value: { ...base.value, list: [], addresses: 0 } };
    case 'other-epoch': return { ...base, value: { ...base.value, epoch: epoch + 1, list: OTHERS, addresses: OTHERS.length } };
    case 'other-chain': return { ...base, chainId: 'gonka-testnet-3', value: { ...base.value, list: OTHERS, addresses: OTHERS.length } };
    case 'poc-failed': return { ...base, value: { epoch, list: [], unread: 0, excluded: [], pocFailed: true } };
    case 'old': return { ...base, at: now - 600_000, value: { ...base.value, list: OTHERS, addresses: OTHERS.length } };
    case 'frozen': return { ...base, height: height - frozen, value: { ...base.value, list: OTHERS, addresses: OTHERS.length } };
    case 'before-set': return { ...base, height: epoch * 60 + 24, value: { ...base.value, list: OTHERS, addresses: OTHERS.length } };
    case 'no-others': return { ...base, value: { ...base.value, list: own.weight > 0 ? [own] : [], addresses: own.weight > 0 ? 1 : 0 } };
  }
}

/** CometBFT and staking as the own node has them at `height`: its past while it is behind. */
function validators(chain: Chain, now: number, height: number, at: number): Pick<Answers, 'validators' | 'staking'> {
  const clock = chain.clockAt(at);
  const failed = chain.pocFailed.has(clock.epoch);
  const weight = (failed ? [...chain.sets].filter(([epoch]) => epoch < clock.epoch && !chain.pocFailed.has(epoch)).at(-1)?.[1].weight : chain.sets.get(clock.epoch)?.weight) ?? 0;
  const place = { place: 'own node', at: now, height, chainId: CHAIN };
  const list = [...OTHERS.map(({ validatorKey: key, weight: power }) => ({ key, power })), ...(weight > 0 ? [{ key: ME.key, power: weight }] : [])];
  const staking = [...OTHERS.map((one) => ({ operator: `${one.address}-oper`, key: one.validatorKey, bonded: true, tokens: BigInt(one.weight) })), { operator: ME.operator, key: ME.key, bonded: weight > 0, tokens: BigInt(weight) }];
  return { validators: [{ ...place, value: { height, list } }], staking: [{ ...place, value: staking }] };
}

function sightOf(chain: Chain, trouble: Trouble, params: ExitParams, halted: boolean): Sight {
  const real = chain.height * BLOCK_MS;
  const now = real + trouble.clockShift;
  const own = chain.height - trouble.ownBehind;
  const ownGood = !trouble.ownDown && trouble.ownBehind <= 20;
  const why = { code: 'chain_stale', params: {} };
  const seedUp = !trouble.seedsDown;
  const forgedClock = trouble.forged === 'frozen';
  const clock = halted ? undefined : ownGood ? chain.clockAt(own) : seedUp && !forgedClock ? chain.clockAt(chain.height) : undefined;
  const admin = !trouble.adminDown && !trouble.wedged;
  const list = trouble.partialList ? chain.nodes.slice(1) : chain.nodes;
  const nodes = admin ? list.map((node): SeenNode => ({ id: node.id, enabled: node.enabled, adminEpoch: node.adminEpoch, duty: false })) : undefined;
  const sight: Sight = { now, ...(clock ? { clock: { ...clock, confirmationPocActive: trouble.confirmation } } : { clockWhy: why }), ...(nodes ? { nodes } : { nodesWhy: why }), identity: { chainId: CHAIN, address: ME.address, keys: [ME.key] } };
  if (!clock) return { ...sight, placeWhy: why };
  const lie = WELL_MADE.includes(trouble.forged) && !mayLie(trouble, params) ? undefined : trouble.forged;
  const answers: Answers = { participants: seedUp ? [participants(chain, 'seed', now, chain.height, lie, trouble.frozen)] : [{ place: 'seed', why }], validators: [], staking: [] };
  if (seedUp && trouble.second) answers.participants.push(participants(chain, 'seed 2', now, chain.height, undefined));
  const ownLie = trouble.own === 'well' ? undefined : 'absent';
  if (!trouble.ownDown) {
    answers.participants.push(participants(chain, 'own node', now, own, ownLie));
    const said = validators(chain, now, own, own);
    if (trouble.own === 'well') Object.assign(answers, said);
    if (trouble.own === 'jailed') answers.validators = said.validators.map((one) => ({ ...one, value: { height: own, list: (one.value?.list ?? []).filter(({ key }) => key !== ME.key) } }));
  }
  // The tolerant reading: of the own node while it is good, else what a seed says, liar or not.
  const told = ownGood ? participants(chain, 'own node', now, own, ownLie) : answers.participants[0];
  const set = told?.value;
  if (set && !set.pocFailed && set.epoch === clock.epoch) {
    const mine = set.list.find(({ address }) => address === ME.address);
    const share = params.scope === 'ml-node' ? (mine?.mlNodes ?? []).filter(({ id }) => id === params.node) : (mine?.mlNodes ?? []);
    sight.place = { epoch: set.epoch, totalWeight: 500, weight: params.scope === 'ml-node' ? share.length * 40 : (mine?.weight ?? 0), nodes: (mine?.mlNodes ?? []).map(({ id }) => id), duty: share.filter(({ timeslots }) => timeslots[1]).map(({ id }) => id) };
  } else sight.placeWhy = { code: set?.pocFailed ? 'poc_failed' : 'chain_stale', params: {} };
  if (ownGood) {
    sight.settle = chain.settle ?? false;
    const of = chain.effective - 1;
    sight.performance = (chain.sets.get(of)?.weight ?? 0) > 0 ? { epoch: of, reward: 1n, claimed: chain.claimed.has(of) } : false;
  }
  sight.witnesses = witnessesOf(answers, { clock, chainId: CHAIN, address: ME.address, operator: ME.operator, keys: [ME.key], params, now });
  return sight;
}

type Outcome = { proven?: { height: number; chain: Chain; confirmation: boolean }; memo: ExitMemo; next?: Next; asked: number; recovered: number[]; /** Disabled against a person's will, or asked about what no person did. */ wrongs: string[]; partial: boolean };

/** One schedule: trouble comes and goes until `calmAt`, then the network is healthy and nobody is drawn. */
function schedule(seed: number, params: ExitParams, calmEpochs: number): Outcome {
  const roll = random(seed);
  const troubledEpochs = 1 + Math.floor(roll() * 6);
  const chain = new Chain(roll, params.scope === 'ml-node' ? 2 : 1 + Math.floor(roll() * 3), FIRST + Math.floor(roll() * (troubledEpochs + 1)), roll() < 0.85);
  const calmAt = (FIRST + troubledEpochs + 1) * 60;
  const calm = (): Trouble => ({ own: 'well', second: false, adminDown: false, wedged: false, seedsDown: false, ownBehind: 0, ownDown: false, partialList: false, confirmation: false, clockShift: 0, frozen: 0 });
  // Just too old, up to so old that even its epoch gives it away.
  const someBlocks = () => 21 + (roll() < 0.5 ? 0 : Math.floor(roll() * 30));
  // Some begin in the middle of trouble.
  let trouble = { ...calm(), wedged: roll() < 0.1, adminDown: roll() < 0.1, partialList: roll() < 0.1 };
  let partial = trouble.partialList;
  /** What a good reading of the set of the beginning has named. */
  const told = new Set<string>();
  let halted = 0;
  let memo = readMemo(undefined);
  const recovered: number[] = [];
  const wrongs: string[] = [];
  let asked = 0;
  let answerAt = 0;
  chain.claimsItself = roll() < 0.7;
  for (let turn = 0; turn < 5_000; turn += 1) {
    if (chain.height < calmAt) {
      if (roll() < 0.06) trouble = { ...trouble, own: roll() < 0.7 ? 'well' : roll() < 0.5 ? 'jailed' : 'mute', second: roll() < 0.4, adminDown: roll() < 0.4, seedsDown: roll() < 0.4, ownDown: roll() < 0.2, ownBehind: roll() < 0.3 ? Math.floor(roll() * 120) : 0, partialList: roll() < 0.2, confirmation: roll() < 0.2, clockShift: roll() < 0.2 ? Math.floor((roll() - 0.5) * 7_200_000) : 0, forged: roll() < 0.6 ? FORGERIES[Math.floor(roll() * FORGERIES.length)] : undefined, wedged: trouble.wedged, frozen: someBlocks() };
      // What makes an answer dangerous: the own side sees nothing either, and one more source knows better, or only its flaw gives it away.
      if (roll() < 0.04) {
        const second = roll() < 0.4;
        trouble = { ...calm(), wedged: trouble.wedged, own: 'jailed', second, frozen: someBlocks(), forged: second ? 'absent' : FORGERIES[WELL_MADE.length + Math.floor(roll() * (FORGERIES.length - WELL_MADE.length))] };
      }
      if (roll() < 0.02) trouble.wedged = true;
      if (roll() < 0.03) {
        chain.restartApi();
        trouble.wedged = false;
      }
      const [some] = chain.nodes as [Node];
      if (roll() < 0.01) Object.assign(some, { byHand: memo.nodes.some(({ id, disabledAt }) => id === some.id && disabledAt !== undefined), enabled: true, adminEpoch: chain.latest });
      if (roll() < 0.005) chain.nodes.push({ id: `late${turn}`, enabled: true, adminEpoch: chain.latest, took: false, byHand: memo.begun, late: true });
      if (roll() < 0.01) halted = 20;
      chain.pocFails = roll() < 0.03;
      // What re-applies a disable at once, beside the exit.
      if (roll() < 0.2) for (const node of chain.nodes) if (memo.nodes.some(({ id, disabledAt }) => id === node.id && disabledAt !== undefined) && node.adminEpoch === 0 && node.enabled) chain.disable(node);
      partial ||= trouble.partialList;
    } else {
      trouble = calm();
      halted = 0;
      chain.pocFails = false;
    }
    // Mostly a few blocks; now and then the panel itself is away for long.
    const blocks = roll() < 0.01 && chain.height < calmAt ? Math.floor(roll() * 90) : 1 + Math.floor(roll() * 4);
    if (halted > 0) halted -= 1;
    else for (let i = 0; i < blocks; i += 1) chain.block(!trouble.wedged);

    const before = memo.question?.nodes ?? [];
    const sight = sightOf(chain, trouble, params, halted > 0);
    const turned = leave(memo, sight, params);
    if (turned.memo.noted && sight.place && sight.place.epoch <= turned.memo.noted.epoch) for (const id of sight.place.nodes) told.add(id);
    memo = readMemo(JSON.parse(JSON.stringify(turned.memo)));
    const { next } = turned;
    const known = { memo, asked, recovered, wrongs, partial };
    if (next.do === 'proven') return { ...known, proven: { height: chain.height, chain, confirmation: trouble.confirmation } };
    const news = (memo.question?.nodes ?? []).flatMap((id) => (before.includes(id) ? [] : chain.nodes.filter((node) => node.id === id)));
    // A list that left it out when all began makes an old node a new one, unless the chain had named it.
    for (const node of news) if (memo.question?.code === 'node_enabled' ? !node.byHand : !node.late && (!partial || told.has(node.id))) wrongs.push(`asked about ${node.id}`);
    for (const id of next.do === 'disable' ? next.nodes : []) if (chain.nodes.find((node) => node.id === id)?.byHand && !memo.allowed.includes(id)) wrongs.push(`fought about ${id}`);
    if (next.do === 'disable' && !trouble.adminDown && !trouble.wedged) for (const node of chain.nodes) if (next.nodes.includes(node.id)) chain.disable(node);
    if (next.do === 'recover') {
      // Written before it is sent, whatever becomes of it.
      const { height = 0 } = sight.clock ?? {};
      memo = { ...memo, recoveredAt: height };
      recovered.push(height);
      if (!trouble.adminDown && !trouble.wedged && roll() < 0.8) chain.claim();
    }
    // A person who answers takes a while.
    if (memo.question) {
      asked += answerAt === 0 ? 1 : 0;
      answerAt ||= chain.height + Math.floor(roll() * 90);
      if (chain.height >= answerAt) {
        memo = { ...memo, allowed: [...memo.allowed, ...memo.question.nodes] };
        answerAt = 0;
      }
    }
    if (chain.height > calmAt + calmEpochs * 60 + 90) return { ...known, next };
  }
  return { memo, asked, recovered, wrongs, partial };
}

const SCOPES: ExitParams[] = [{ scope: 'host' }, { scope: 'host' }, { scope: 'ml-nodes' }, { scope: 'ml-node', node: 'node1' }];

describe('a thousand random schedules', () => {
  // A draw of the last troubled epoch, a disable that counts anew, and the epoch that then has to come.
  const CALM_EPOCHS = 4;
  const all = Array.from({ length: 1_000 }, (_, seed) => ({ seed, params: SCOPES[seed % SCOPES.length] as ExitParams }));
  const outcomes = all.map(({ seed, params }) => ({ seed, params, ...schedule(seed, params, CALM_EPOCHS) }));

  it('never stops early', () => {
    const early = outcomes.filter(({ proven, params }) => {
      if (!proven) return false;
      const { member, phase, latest, effective, settle } = proven.chain;
      const counted = params.scope === 'ml-node' ? member.ids.includes(params.node) : member.weight > 0;
      return counted || phase !== 'Inference' || latest !== effective || (params.scope !== 'ml-node' && settle !== undefined && settle.epoch === effective - 1);
    });
    expect(early.map(({ seed }) => seed)).toEqual([]);
  });

  it('never stops in the epoch of a disable, with a node that was never disabled, or in a confirmation PoC', () => {
    const wrong = outcomes.filter(({ proven, params, partial }) => {
      if (!proven) return false;
      const nodes = proven.chain.nodes.filter(({ id, byHand, late }) => (params.scope !== 'ml-node' || id === params.node) && !byHand && !late);
      // A list that leaves a node out for long says that somebody deleted it; one that nobody can read says nothing of what was added.
      return proven.confirmation || (!partial && nodes.some(({ out }) => out === undefined || proven.chain.effective <= out));
    });
    expect(wrong.map(({ seed }) => seed)).toEqual([]);
  });

  it('fights nobody, and asks only about what a person did', () => {
    expect(outcomes.filter(({ wrongs }) => wrongs.length > 0).map(({ seed, wrongs }) => [seed, wrongs])).toEqual([]);
  });

  it('leaves the api its time to claim, and the chain its pause', () => {
    const hasty = outcomes.filter(({ recovered }) => recovered.some((height, i) => height % 60 < 30 || height - (recovered[i - 1] ?? 0) < 10));
    expect(hasty.map(({ seed, recovered }) => [seed, recovered])).toEqual([]);
  });

  it('never waits for ever once the network is healthy and nobody is drawn', () => {
    expect(outcomes.filter(({ proven }) => !proven).map(({ seed, next, memo }) => ({ seed, next, nodes: memo.nodes }))).toEqual([]);
  });

  it('meets all of it: draws, restarts that forget, questions, claims by hand', () => {
    const count = (what: (one: (typeof outcomes)[number]) => boolean) => outcomes.filter(what).length;
    expect(count(({ memo }) => memo.draws.length > 1)).toBeGreaterThan(100);
    expect(count(({ memo }) => memo.nodes.some(({ forgotten }) => forgotten > 0))).toBeGreaterThan(100);
    expect(count(({ memo }) => memo.events.some(({ code }) => code === 'counts_anew'))).toBeGreaterThan(50);
    expect(count(({ asked }) => asked > 0)).toBeGreaterThan(50);
    expect(count(({ memo }) => memo.recoveredAt !== undefined)).toBeGreaterThan(50);
    expect(count(({ memo }) => memo.claim?.state === 'claimed')).toBeGreaterThan(100);
  });
});

describe('what one look decides', () => {
  const clock = new Chain(() => 0.7, 1, 0).clockAt(FIRST * 60 + 40);
  const node = (id: string): ExitMemo['nodes'][number] => ({ id, ours: true, forgotten: 0, disabledAt: 1, epoch: FIRST - 1, adminEpoch: FIRST - 1 });

  it('an answer of one browser let a node go that another browser had not shown', () => {
    const memo = readMemo({ question: { code: 'node_enabled', nodes: ['node1', 'node2'], at: 1 }, allowed: ['node9'] });
    expect(allow(memo, ['node1', 'node3'])).toMatchObject({ taken: ['node1'], memo: { allowed: ['node9', 'node1'] } });
    expect(allow(readMemo({}), ['node1'])).toMatchObject({ taken: [], memo: { allowed: [] } });
  });

  it('a node that was deleted during the pause was waited for for ever', () => {
    const paused = readMemo({ nodes: [node('node1'), node('node2')] });
    const seen = (height: number, ids: string[]) => ({ clock: { ...clock, height }, nodes: ids.map((id): SeenNode => ({ id, enabled: true, adminEpoch: 0, duty: false })) });
    const first = seeMissing(paused, seen(12_040, ['node1']));
    expect(first.nodes.map(({ missingSince }) => missingSince)).toEqual([undefined, 12_040]);
    const later = seeMissing(first, seen(12_040 + MISSING_BLOCKS, ['node1']));
    expect(later.nodes.map((one) => isRemoved(one, { ...clock, height: 12_040 + MISSING_BLOCKS }))).toEqual([false, true]);
    expect(seeMissing(later, seen(12_070, ['node1', 'node2'])).nodes[1]).not.toHaveProperty('missingSince');
    // A list that can't be read says nothing of anybody.
    expect(seeMissing(first, { clock })).toBe(first);
  });

  it('a node that an api listed late after its restart was said to be added', () => {
    const known = (nodes: string[], epoch: number): Sight => ({ now: 1, clock, identity: { chainId: CHAIN, address: ME.address, keys: [ME.key] }, nodes: [{ id: 'node1', enabled: false, adminEpoch: FIRST, duty: false }], place: { epoch, weight: 80, totalWeight: 900, duty: [], nodes } });
    const listed = (memo: ExitMemo, at: Sight): ReturnType<typeof leave> => leave(memo, { ...at, nodes: [...(at.nodes ?? []), { id: 'node2', enabled: true, adminEpoch: FIRST, duty: false }] }, { scope: 'host' });
    // The set of the beginning has both, the list only the one.
    const first = leave(readMemo({}), known(['node1', 'node2'], FIRST), { scope: 'host' }).memo;
    expect(first).toMatchObject({ begun: false, known: ['node1', 'node2'] });
    const begun = leave(first, known(['node1', 'node2'], FIRST), { scope: 'host' }).memo;
    expect(begun.begun).toBe(true);
    expect(listed(begun, known(['node1', 'node2'], FIRST))).toMatchObject({ next: { do: 'disable', nodes: ['node2'] } });
    // A node that only a later set has was added since.
    const other = leave(leave(readMemo({}), known(['node1'], FIRST), { scope: 'host' }).memo, known(['node1', 'node2'], FIRST + 1), { scope: 'host' }).memo;
    expect(listed(other, known(['node1', 'node2'], FIRST + 1)).memo.question).toMatchObject({ code: 'node_added', nodes: ['node2'] });
  });

  it('a confirmation PoC that could not be read counted as none', () => {
    const memo = readMemo({ noted: { epoch: FIRST - 1, latestEpoch: FIRST - 1, phase: 'Inference', height: 1, at: 1, chainId: CHAIN, address: 'me', keys: ['k'], source: 'own node' }, nodes: [node('node1')] });
    const sight = (more: object): Sight => ({ now: 1, clock: { ...clock, ...more }, nodes: [{ id: 'node1', enabled: false, adminEpoch: FIRST - 1, duty: false }], place: { epoch: FIRST, weight: 0, totalWeight: 9, duty: [], nodes: [] }, settle: false });
    expect(leave(memo, sight({ confirmationPocUnreadable: true }), { scope: 'host' }).next).toMatchObject({ do: 'wait', waits: { code: 'confirmation_unknown' } });
    expect(leave(memo, sight({ confirmationPocActive: true }), { scope: 'host' }).next).toMatchObject({ do: 'wait', waits: { code: 'confirmation_poc' } });
    expect(leave(memo, sight({}), { scope: 'host' }).stage).toBe('proof');
  });
});
