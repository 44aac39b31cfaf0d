import { createHash } from 'node:crypto';
import { fromBase64, fromBech32, toBech32, toHex } from '@cosmjs/encoding';

const sha256 = (data: Uint8Array): Uint8Array => createHash('sha256').update(data).digest();

function base64Bytes(value: string, length: number): Uint8Array | undefined {
  try {
    const bytes = fromBase64(value.trim());
    return bytes.length === length ? bytes : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The `gonka1…` address of an account key given as base64 of its 33 bytes (ACCOUNT_PUBKEY).
 * Undefined for anything else, a 32-byte consensus key included (measured 9).
 */
export function accountAddress(pubkey: string): string | undefined {
  const key = base64Bytes(pubkey, 33);
  if (!key || (key[0] !== 2 && key[0] !== 3)) return undefined;
  return toBech32('gonka', createHash('ripemd160').update(sha256(key)).digest());
}

/** True for a well-formed `gonka1…` account address. */
export function isAccountAddress(value: string): boolean {
  try {
    const { prefix, data } = fromBech32(value, 90);
    return prefix === 'gonka' && (data.length === 20 || data.length === 32);
  } catch {
    return false;
  }
}

/**
 * The two names of a consensus key (base64 of 32 bytes): the upper-case hex address of RPC and the
 * `gonkavalcons1…` address of the slashing module (facts 5.3).
 */
export function consensusAddress(pubkey: string): { hex: string; valcons: string } | undefined {
  const key = base64Bytes(pubkey, 32);
  if (!key) return undefined;
  const short = sha256(key).slice(0, 20);
  return { hex: toHex(short).toUpperCase(), valcons: toBech32('gonkavalcons', short) };
}

/** An address with its middle left out: `gonka14cu…364`. */
export function shortAddress(address: string): string {
  return address.length <= 14 ? address : `${address.slice(0, 9)}…${address.slice(-3)}`;
}
