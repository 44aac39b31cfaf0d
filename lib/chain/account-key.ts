import { ECDH } from 'node:crypto';
import { accountAddress, isAccountAddress } from './addresses.ts';
import type { ChainParticipant } from './own-participant.ts';

/** What a value is that was given as account key and isn't one (the usual mix-ups: measured 8, 9). */
export type WrongAccountKey = 'address' | 'consensus-key' | 'not-on-curve' | 'not-a-key';
/** `ok` is the evidence that a deployment has its account key: the value of ACCOUNT_PUBKEY is a key that exists. */
export type AccountKeyState = { state: 'ok'; key: string; address: string } | { state: 'absent' } | { state: 'wrong'; kind: WrongAccountKey };

/**
 * Judges a value of ACCOUNT_PUBKEY: base64 of a 33-byte compressed secp256k1 key (facts 8.1) that lies on the curve, so
 * that a mistyped character is seen. A template's placeholder (`<…>`) counts as absent. The value itself comes back only when it is a key.
 */
export function accountKeyState(value: string | undefined): AccountKeyState {
  const key = value?.trim() ?? '';
  if (key === '' || /^<[^<>]*>$/.test(key)) return { state: 'absent' };
  if (isAccountAddress(key) || /^gonka(?:pub|valoper|valcons)1/.test(key)) return { state: 'wrong', kind: 'address' };
  if (/^[A-Za-z0-9+/]{43}=$/.test(key)) return { state: 'wrong', kind: 'consensus-key' };
  const address = /^[A-Za-z0-9+/]{44}$/.test(key) ? accountAddress(key) : undefined;
  if (!address) return { state: 'wrong', kind: 'not-a-key' };
  return onCurve(key) ? { state: 'ok', key, address } : { state: 'wrong', kind: 'not-on-curve' };
}

function onCurve(key: string): boolean {
  try {
    ECDH.convertKey(Buffer.from(key, 'base64'), 'secp256k1');
    return true;
  } catch {
    return false;
  }
}

/** What is known of this machine's host; absent = unknown. `consensusKey`: base64 of 32 bytes. */
export type ThisHost = { consensusKey?: string; url?: string };
/** `this-host`: with our consensus key. `this-address`: our URL, with a consensus key that isn't ours or isn't known. */
export type RecordOwner = 'this-host' | 'this-address' | 'another-host';

/** Whose participant record it is that the chain has for an account. One account key belongs to one network node (the guide, 3.2). */
export function recordOwner(record: Pick<ChainParticipant, 'url' | 'validatorKey'>, host: ThisHost): RecordOwner {
  if (host.consensusKey && record.validatorKey === host.consensusKey) return 'this-host';
  return host.url && sameUrl(host.url, record.url) ? 'this-address' : 'another-host';
}

const sameUrl = (a: string, b: string): boolean => URL.canParse(a) && URL.canParse(b) && new URL(a).href === new URL(b).href;
