import type { TmkmsFolder } from '#lib/deployment/tmkms-key.ts';
import type { Gate } from './schema.ts';

/** The consensus key (base64) that the chain has for the own participant. */
export type ChainKey = { state: 'registered'; key: string } | { state: 'not-registered' } | { state: 'unknown'; why: string };

export type InterlockInput = {
  /** `restart`: the container runs now and would go on with the folder that it has. `start`: everything else. */
  act: 'start' | 'restart';
  folder: TmkmsFolder;
  chain: ChainKey;
  /** Whether the chain node has run from the `.inference` beside it: tells whether an empty folder has lost its key. */
  hostRan: boolean | 'unknown';
  /** The key that was proven last in this place: it ran here and the chain had it, or it was made here from nothing. Kept in this panel's database, so a copy of the directory doesn't bring it along. */
  proven?: { key: string; at: number };
};

const refused = (why: string, params: Record<string, string | number> = {}): Gate => ({ answer: 'refused', why, params });
const reason = (why: string, params: Record<string, string | number> = {}): Gate => ({ answer: 'reason-needed', reasons: [{ why, params }] });
const YES: Gate = { answer: 'yes' };

/**
 * Whether tmkms may be started (law "`.tmkms` is sacred", facts 8.3). A start with an empty folder makes a new key and
 * the host stops validating; a start with another host's key signs twice. `why` is a key under operations.gate.
 */
export function interlock({ act, folder, chain, hostRan, proven }: InterlockInput): Gate {
  if (folder.state === 'empty') {
    if (hostRan !== false) return refused(hostRan === 'unknown' ? 'tmkms_empty_inference_unknown' : 'tmkms_empty');
    return chain.state === 'registered' ? refused('tmkms_empty_registered', { chain: chain.key }) : YES;
  }
  if (folder.state === 'unknown') return act === 'restart' ? reason('tmkms_unreadable_running', { why: folder.why }) : refused('tmkms_unreadable', { why: folder.why });
  const own = folder.publicKey;
  if (chain.state === 'registered') {
    if (chain.key !== own) return refused('tmkms_key_differs', { own, chain: chain.key });
    // The key works somewhere, perhaps not here: an .inference that has run travels with a copied directory, the proof doesn't.
    if (act === 'start' && proven?.key !== own) return reason('tmkms_moved', { own });
    return YES;
  }
  if (chain.state === 'not-registered') return YES;
  if (act === 'restart' || proven?.key === own) return YES;
  return refused('tmkms_chain_unknown', { why: chain.why });
}
