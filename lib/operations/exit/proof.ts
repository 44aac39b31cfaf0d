import type { EpochClock } from '#lib/chain/epoch-clock.ts';
import type { ActiveSet } from '#lib/chain/participants.ts';
import type { StakingValidator } from '#lib/chain/staking.ts';
import type { ValidatorSet } from '#lib/chain/validators.ts';
import type { ExitParams, Witness, WitnessKind } from './schema.ts';
import type { Words } from '#lib/operations/schema.ts';

/** An answer older than this (ms) is none; a foreign host is asked once in half a minute at most. */
export const ANSWER_VALID_MS = 90_000;
/** Who answers may be this many blocks from where the chain is. */
const NEAR_BLOCKS = 20;
/** The new validators sign from the third block of their set on. */
const SETTLED_BLOCKS = 3;

/** What is to be proven, and against what every answer is measured. `keys`: consensus keys (base64) of this host, as the chain and its node have them. */
export type Question = { clock: EpochClock; chainId: string; address: string; operator: string; keys: string[]; params: ExitParams; now: number };

type Said<T> = { place: string; value?: T; at?: number; /** Newest block of who answers, from an answer of its own that isn't frozen. */ height?: number; chainId?: string; why?: Words };
/** The answers that a proof is made of, as they came. */
export type Answers = { participants: Said<ActiveSet>[]; validators: Said<ValidatorSet>[]; staking: Said<StakingValidator[]>[] };

/**
 * Reads every answer strictly (law "Stop only with proof"): the whole list, the running epoch, the expected chain, a fresh
 * height, other hosts with weight above 0. Whatever falls short of one of these is `unknown` and says why.
 */
export function witnessesOf(answers: Answers, ask: Question): Witness[] {
  const listed = answers.participants.map((said) => witness('participants', said, ask, () => byParticipants(said.value as ActiveSet, ask)));
  // Validators are hosts: of one node they say nothing.
  if (ask.params.scope === 'ml-node') return listed;
  return [
    ...listed,
    ...answers.validators.map((said) => witness('validators', said, ask, () => byValidators(said.value as ValidatorSet, ask))),
    ...answers.staking.map((said) => witness('staking', said, ask, () => byStaking(said.value as StakingValidator[], ask))),
  ];
}

/**
 * The two witnesses that prove it, or undefined. They are of different hosts and, where the whole host leaves, of different
 * kinds; one that says otherwise undoes all.
 */
export function pairOf(witnesses: Witness[], scope: ExitParams['scope']): [Witness, Witness] | undefined {
  if (witnesses.some(({ says }) => says === 'in')) return undefined;
  const out = witnesses.filter(({ says }) => says === 'out');
  for (const one of out) {
    const other = out.find((each) => each.place !== one.place && (scope === 'ml-node' || each.kind !== one.kind));
    if (other) return [one, other];
  }
  return undefined;
}

type Finding = Pick<Witness, 'says' | 'why' | 'weight' | 'others' | 'epoch'>;
const unknown = (code: string, params: Words['params'] = {}): Finding => ({ says: 'unknown', why: { code, params } });

function witness<T>(kind: WitnessKind, said: Said<T>, ask: Question, read: () => Finding): Witness {
  const from = { kind, place: said.place, ...(said.at === undefined ? {} : { at: said.at }), ...(said.height === undefined ? {} : { height: said.height }) };
  const flaw = said.value === undefined ? unknown(said.why?.code ?? 'no_answer', said.why?.params ?? {}) : (flawOf(said, ask) ?? read());
  return { ...from, ...flaw };
}

/** What keeps any answer from being evidence, whatever it says. */
function flawOf(said: Said<unknown>, { clock, chainId, now }: Question): Finding | undefined {
  if (said.at === undefined || Math.abs(now - said.at) > ANSWER_VALID_MS) return unknown('answer_old');
  if (said.chainId === undefined) return unknown('chain_unsaid');
  if (said.chainId !== chainId) return unknown('other_chain', { chain: said.chainId });
  if (said.height === undefined) return unknown('height_unsaid');
  if (Math.abs(said.height - clock.height) > NEAR_BLOCKS) return unknown('place_elsewhere', { height: said.height, now: clock.height });
  if (said.height < clock.stages.setNewValidators + SETTLED_BLOCKS) return unknown('set_too_young', { block: clock.stages.setNewValidators + SETTLED_BLOCKS });
  // Who is ahead of our own clock has the last word on the time.
  if (said.height >= clock.stages.nextPocStart) return unknown('poc_begun', { block: clock.stages.nextPocStart });
  return undefined;
}

function byParticipants(set: ActiveSet, { clock, address, params }: Question): Finding {
  if (set.pocFailed) return unknown('poc_failed', { epoch: clock.epoch });
  if (set.epoch !== clock.epoch) return unknown('other_epoch', { have: set.epoch, want: clock.epoch });
  if (set.unread > 0) return unknown('rows_unread', { count: set.unread });
  // The answer lists its members twice: rows, and the validators' addresses beside them.
  if (set.addresses === undefined || set.addresses !== set.list.length) return unknown('list_cut', { rows: set.list.length, addresses: set.addresses ?? 0 });
  if (set.block === undefined || set.block.height < clock.stages.pocStart || set.block.height > clock.height) return unknown('block_elsewhere', { block: set.block?.height ?? 0 });
  const others = set.list.filter((one) => one.address !== address && one.weight > 0).length;
  if (others === 0) return unknown('no_others');
  const own = set.list.find((one) => one.address === address);
  const found = { epoch: set.epoch, others };
  if (!own || own.weight <= 0) return { says: 'out', weight: 0, ...found };
  if (params.scope !== 'ml-node') return { says: 'in', weight: own.weight, ...found };
  // A host can have weight and name no nodes (measured 18): then nobody knows which of them it is of.
  if (own.mlNodes.length === 0) return { ...unknown('nodes_unnamed'), ...found };
  const weight = own.mlNodes.filter((node) => node.id === params.node).reduce((sum, node) => sum + node.pocWeight, 0);
  return { says: weight > 0 || own.mlNodes.some((node) => node.id === params.node) ? 'in' : 'out', weight, ...found };
}

function byValidators(set: ValidatorSet, { clock, keys }: Question): Finding {
  if (keys.length === 0) return unknown('key_unknown');
  if (set.height < clock.stages.setNewValidators + SETTLED_BLOCKS || Math.abs(set.height - clock.height) > NEAR_BLOCKS) return unknown('place_elsewhere', { height: set.height, now: clock.height });
  const others = set.list.filter(({ key, power }) => power > 0 && !keys.includes(key)).length;
  if (others === 0) return unknown('no_others');
  const own = set.list.find(({ key }) => keys.includes(key));
  return { says: own ? 'in' : 'out', weight: own?.power ?? 0, others, epoch: clock.epoch };
}

function byStaking(list: StakingValidator[], { clock, keys, operator }: Question): Finding {
  const mine = list.filter((one) => one.operator === operator || keys.includes(one.key));
  // A host that was in a set has a validator, in it or out of it: without one this is the wrong list.
  if (mine.length === 0) return unknown('validator_absent');
  const others = list.filter((one) => !mine.includes(one) && one.bonded && one.tokens > 0n).length;
  if (others === 0) return unknown('no_others');
  const tokens = mine.reduce((sum, one) => sum + one.tokens, 0n);
  const bonded = mine.some((one) => one.bonded);
  return { says: bonded || tokens > 0n ? 'in' : 'out', weight: Number(tokens), others, epoch: clock.epoch };
}
