/** What was pasted instead of an account key: `accountKey.paste.wrong.<kind>`. */
export type WrongPaste = 'too-long' | 'private-key' | 'multisig' | 'several' | 'mnemonic' | 'consensus-key' | 'gonkapub' | 'address' | 'hex' | 'command-failed' | 'nothing';
/** `key`: base64 of the 33 bytes; `more`: something else stood beside it and was dropped, `mnemonic` when it looked like one. Of a wrong input nothing is kept. */
export type KeyRead = { kind: 'key'; key: string; dropped: 'nothing' | 'more' | 'mnemonic' } | { kind: 'wrong'; why: WrongPaste };

const MOST = 64 * 1024;
/** Twelve words or more of the BIP-39 list's lengths, whatever stands between them: numbers, commas, line breaks. */
const MNEMONIC = /(?<![A-Za-z])(?:[A-Za-z]{3,8}[^A-Za-z]{1,8}){11,}[A-Za-z]{3,8}(?![A-Za-z])/;
const PRIVATE = /BEGIN [A-Z ]{0,40}PRIVATE KEY|"?priv(?:ate)?_?key"?\s*[:=]|PrivKey|(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{86}==/i;
const MULTISIG = /multisig\.|LegacyAminoPubKey|type:\s*multi\b/i;
/** As the keyring prints it, in YAML or with the escaped quotes of JSON; spaces and backslashes are out by then. */
const TYPED = /secp256k1\.PubKey","key":"([A-Za-z0-9+/]{44})"/g;
const BARE = /(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{44}(?![A-Za-z0-9+/=])/g;
const FAILED = /too many failed passphrase attempts|passphrase do not match|password must be at least|^\s*aborted\s*$/m;

/** True for text that must not stay in a field: twelve words in a row, or key material. */
export const mustBeWiped = (text: string): boolean => MNEMONIC.test(text) || PRIVATE.test(text) || /(?<![0-9A-Fa-f])[0-9A-Fa-f]{64}(?![0-9A-Fa-f])/.test(text);

/**
 * Finds the account's public key in the whole terminal output of `inferenced keys add` (YAML and mnemonic, or JSON with the
 * mnemonic as a field: measured 1), or says what was pasted instead. Nothing of the input but the key is in what it gives.
 */
export function readKeyOutput(text: string): KeyRead {
  const wrong = (why: WrongPaste): KeyRead => ({ kind: 'wrong', why });
  if (text.length > MOST) return wrong('too-long');
  if (PRIVATE.test(text)) return wrong('private-key');
  if (MULTISIG.test(text)) return wrong('multisig');
  // A narrow terminal may break the line of the key.
  const joined = text.replace(/[\s\\\u200b\ufeff]/g, '');
  const typed = [...joined.matchAll(TYPED)].map((match) => match[1] ?? '');
  const bare = typed.length > 0 ? [] : [...text.matchAll(BARE)].map(([found]) => found);
  const keys = [...new Set([...typed, ...bare])].filter(isAccountKey);
  const mnemonic = MNEMONIC.test(text) || /"?mnemonic"?\s*:/i.test(text);
  const [key] = keys;
  if (keys.length > 1) return wrong('several');
  if (key) return { kind: 'key', key, dropped: mnemonic ? 'mnemonic' : text.trim() === key ? 'nothing' : 'more' };
  if (FAILED.test(text)) return wrong('command-failed');
  if (mnemonic) return wrong('mnemonic');
  if (/ed25519/i.test(text) || /(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{43}=(?!=)/.test(text)) return wrong('consensus-key');
  if (/gonka(?:valoper|valcons)?pub1/.test(text)) return wrong('gonkapub');
  if (/gonka(?:valoper|valcons)?1[02-9ac-hj-np-z]{20,}/.test(text)) return wrong('address');
  if (/(?<![0-9A-Fa-f])(?:0[23])[0-9A-Fa-f]{64}(?![0-9A-Fa-f])/.test(text)) return wrong('hex');
  return wrong(/(?<![0-9A-Fa-f])[0-9A-Fa-f]{64}(?![0-9A-Fa-f])/.test(text) ? 'private-key' : 'nothing');
}

/** Base64 of 33 bytes that begin as a compressed point does, and no word: words written without spaces have no digits and one case. */
export function isAccountKey(text: string): boolean {
  if (!/^[A-Za-z0-9+/]{44}$/.test(text) || /^[A-Za-z]?[a-z]+$/.test(text) || /^[A-Z]+$/.test(text)) return false;
  const bytes = atob(text);
  return bytes.length === 33 && (bytes.charCodeAt(0) === 2 || bytes.charCodeAt(0) === 3);
}
