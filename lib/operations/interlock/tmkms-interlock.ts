import type { TmkmsFolder } from '#lib/deployment/tmkms-key.ts';
import type { SigningState } from '#lib/deployment/tmkms-state.ts';
import type { Gate } from '#lib/operations/schema.ts';

/** The consensus key (base64) that the chain has for the own participant. `inSet`: the active set has another one, until its epoch ends. */
export type ChainKey = { state: 'registered'; key: string; inSet?: string } | { state: 'not-registered' } | { state: 'unknown'; why: string };

/** Where the chain shows the folder's key's signature: the newest block looked at, and the highest that carries one. */
export type ChainSignatures = { state: 'known'; newest: number; last?: number; /** Blocks above the signing state that nobody could show. */ gapUnread: boolean } | { state: 'unknown'; why: string };

export type InterlockInput = {
  /** `restart`: the container runs now and would go on with the folder that it has. `start`: everything else. */
  act: 'start' | 'restart';
  folder: TmkmsFolder;
  chain: ChainKey;
  /** Whether the chain node has run from the `.inference` beside it: tells whether an empty folder has lost its key. */
  hostRan: boolean | 'unknown';
  /** The key that was proven last in this place: it ran here and the chain had it, or it was made here from nothing. Kept in this panel's database, so a copy of the directory doesn't bring it along. */
  proven?: { key: string; at: number };
  /** Whether tmkms runs now, so that recent signatures may be its own. */
  running: boolean;
  /** How far the folder says that its key has signed. Read after `signatures`, so that a tmkms that runs can't fall behind. */
  signing: SigningState;
  signatures: ChainSignatures;
};

/** A signature in one of so many newest blocks is the work of somebody who signs now (a minute at the usual pace). */
const RECENT = 10;
/** So far above the newest block no tmkms has signed: the file says what isn't. */
const AHEAD = 20;

const refused = (why: string, params: Record<string, string | number> = {}): Gate => ({ answer: 'refused', why, params });
const reason = (why: string, params: Record<string, string | number> = {}): Gate => ({ answer: 'reason-needed', reasons: [{ why, params }] });
const YES: Gate = { answer: 'yes' };

/**
 * Whether tmkms may be started (law "`.tmkms` is sacred", facts 8.3). A start with an empty folder makes a new key and
 * the host stops validating; a start with another host's key signs twice. `why` is a key under operations.gate.
 */
export function interlock(input: InterlockInput): Gate {
  const { act, folder, chain, hostRan, proven } = input;
  if (folder.state === 'empty') {
    if (hostRan !== false) return refused(hostRan === 'unknown' ? 'tmkms_empty_inference_unknown' : 'tmkms_empty');
    if (chain.state === 'registered') return refused('tmkms_empty_registered', { chain: chain.key });
    // A key was proven here: this is no new host, unless the chain itself says so.
    return chain.state === 'unknown' && proven ? refused('tmkms_empty_proven', { own: proven.key, why: chain.why }) : YES;
  }
  if (folder.state === 'unknown') return act === 'restart' ? reason('tmkms_unreadable_running', { why: folder.why }) : refused('tmkms_unreadable', { why: folder.why });
  const own = folder.publicKey;
  if (chain.state === 'registered' && chain.key !== own) return refused('tmkms_key_differs', { own, chain: chain.key });
  const known = act === 'restart' || proven?.key === own;
  if (chain.state === 'unknown' && !known) return refused('tmkms_chain_unknown', { why: chain.why });
  const reasons = otherSigner(own, known, input);
  if (reasons.answer === 'refused') return reasons;
  // The key works somewhere, perhaps not here: an .inference that has run travels with a copied directory, the proof doesn't.
  const moved = chain.state === 'registered' && !known ? reason('tmkms_moved', { own }) : YES;
  const inSet = chain.state === 'registered' && chain.inSet !== undefined && chain.inSet !== own ? reason('tmkms_key_not_in_set', { own, inSet: chain.inSet }) : YES;
  return together([moved, inSet, reasons]);
}

/**
 * Whether somebody else signs with this key, or the folder is an older copy of itself (law: "nobody else signs with it; the
 * signing state is not older than the last block on chain that carries this key's signature"). `known`: the key runs here,
 * or was proven to.
 */
function otherSigner(own: string, known: boolean, { act, running, signing, signatures }: InterlockInput): Gate {
  if (signatures.state === 'unknown') return act === 'restart' ? YES : reason('tmkms_signatures_unknown', { why: signatures.why });
  const { newest, last, gapUnread } = signatures;
  const recent = !running && last !== undefined && last > newest - RECENT;
  // Whose signature it is can't be told, and it is a minute old at most.
  if (signing.state === 'unknown') return recent ? refused('tmkms_foreign_signer', { own, height: last, signed: '?' }) : act === 'restart' ? YES : reason('tmkms_state_unreadable', { why: signing.why });
  const signed = signing.state === 'known' ? signing.height : 0;
  const params = { own, height: last ?? 0, signed };
  if (last !== undefined && last > signed) return refused(recent ? 'tmkms_foreign_signer' : 'tmkms_state_old', params);
  // A folder that was copied a moment ago is as new as its signer.
  if (recent && (!known || signed > newest + AHEAD)) return refused('tmkms_foreign_signer', params);
  if (act === 'restart') return YES;
  if (signed > newest + AHEAD) return reason('tmkms_state_ahead', { signed, newest });
  if (signing.state === 'absent') return reason('tmkms_state_missing', { own });
  return gapUnread ? reason('tmkms_state_unproven', { signed, newest }) : YES;
}

const together = (gates: Gate[]): Gate => {
  const reasons = gates.flatMap((gate) => (gate.answer === 'reason-needed' ? gate.reasons : []));
  return reasons.length > 0 ? { answer: 'reason-needed', reasons } : YES;
};
