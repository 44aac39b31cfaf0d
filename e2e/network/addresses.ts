/** Keys and addresses as the chain writes them: bech32 and hashes, without any package (they run inside the containers). */
import { createECDH, createHash, ECDH } from 'node:crypto';

const CHARSET = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];

function polymod(values: number[]): number {
  let checksum = 1;
  for (const value of values) {
    const top = checksum >>> 25;
    checksum = ((checksum & 0x1ffffff) << 5) ^ value;
    GENERATOR.forEach((g, i) => { if ((top >>> i) & 1) checksum ^= g; });
  }
  return checksum >>> 0;
}

const expand = (prefix: string) => [...[...prefix].map((c) => c.charCodeAt(0) >>> 5), 0, ...[...prefix].map((c) => c.charCodeAt(0) & 31)];

function regroup(data: Iterable<number>, from: number, to: number, pad: boolean): number[] {
  let value = 0;
  let bits = 0;
  const out: number[] = [];
  for (const item of data) {
    value = ((value << from) | item) & 0xfffff;
    bits += from;
    while (bits >= to) { bits -= to; out.push((value >>> bits) & ((1 << to) - 1)); }
  }
  if (pad && bits > 0) out.push((value << (to - bits)) & ((1 << to) - 1));
  return out;
}

export function toBech32(prefix: string, data: Uint8Array): string {
  const words = regroup(data, 8, 5, true);
  const check = polymod([...expand(prefix), ...words, 0, 0, 0, 0, 0, 0]) ^ 1;
  const sum = [0, 1, 2, 3, 4, 5].map((i) => (check >>> (5 * (5 - i))) & 31);
  return `${prefix}1${[...words, ...sum].map((w) => CHARSET[w]).join('')}`;
}

/** The bytes of a bech32 string, or the words with which Cosmos refuses it. */
export function fromBech32(text: string): { prefix: string; data: Uint8Array } | { error: string } {
  if (text.length < 8) return { error: `invalid bech32 string length ${text.length}` };
  const at = text.lastIndexOf('1');
  if (at < 1 || at + 7 > text.length) return { error: `invalid separator index ${at}` };
  const words: number[] = [];
  for (const c of text.slice(at + 1)) {
    const word = CHARSET.indexOf(c);
    if (word < 0) return { error: `invalid character not part of charset: ${c.charCodeAt(0)}` };
    words.push(word);
  }
  const prefix = text.slice(0, at);
  if (polymod([...expand(prefix), ...words]) !== 1) return { error: 'invalid checksum' };
  return { prefix, data: Uint8Array.from(regroup(words.slice(0, -6), 5, 8, false)) };
}

export const sha256 = (data: string | Uint8Array): Buffer => createHash('sha256').update(data).digest();
export const hash = (...parts: (string | number)[]): Buffer => sha256(parts.join('/'));
export const upperHex = (data: Uint8Array): string => Buffer.from(data).toString('hex').toUpperCase();

const accountHash = (pubKey: Uint8Array) => createHash('ripemd160').update(sha256(pubKey)).digest();

/** gonka1… of a 33-byte account key (base64). */
export const accountAddress = (pubKey: string): string => toBech32('gonka', accountHash(Buffer.from(pubKey, 'base64')));

/** gonkavaloper1… of an account address. */
export function operatorAddress(address: string): string {
  const decoded = fromBech32(address);
  return 'error' in decoded ? '' : toBech32('gonkavaloper', decoded.data);
}

/** The 20-byte address of a consensus key (base64) in hex, as the RPC writes it. */
export const validatorHex = (validatorKey: string): string => upperHex(sha256(Buffer.from(validatorKey, 'base64')).subarray(0, 20));

/** gonkavalcons1… of a consensus key (base64). */
export const consensusAddress = (validatorKey: string): string =>
  toBech32('gonkavalcons', sha256(Buffer.from(validatorKey, 'base64')).subarray(0, 20));

/** gonka1zcjduepq…: a consensus key as tmkms prints it (amino prefix 1624de6420). */
export const consensusKeyBech32 = (validatorKey: string): string =>
  toBech32('gonka', Buffer.concat([Buffer.from('1624de6420', 'hex'), Buffer.from(validatorKey, 'base64')]));

/** Whether base64 text is a point on secp256k1, compressed. */
export function isAccountKey(pubKey: string): boolean {
  const bytes = Buffer.from(pubKey, 'base64');
  if (bytes.length !== 33) return false;
  try {
    ECDH.convertKey(bytes, 'secp256k1');
    return true;
  } catch {
    return false;
  }
}

/** A fresh account key: base64 public key and its address. */
export function newAccountKey(): { pubKey: string; privateKey: string; address: string } {
  const pair = createECDH('secp256k1');
  pair.generateKeys();
  const pubKey = pair.getPublicKey('base64', 'compressed');
  return { pubKey, privateKey: pair.getPrivateKey('base64'), address: accountAddress(pubKey) };
}
