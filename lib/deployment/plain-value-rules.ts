import { isIP, isIPv4 } from 'node:net';
import { attention, broken, type ValueProblem, type ValueRule } from './value-problem.ts';

/** Base64 of the 33-byte compressed secp256k1 key of the account (facts 8.1); the usual mix-ups by name (measured 8, 9). */
export function accountKey(value: string): ValueProblem | undefined {
  if (/^gonka(?:pub|valoper|valcons)?1[a-z0-9]{30,}$/.test(value)) return broken('account_key_address');
  const bytes = /^[A-Za-z0-9+/]+={0,2}$/.test(value) && value.length % 4 === 0 ? Buffer.from(value, 'base64') : undefined;
  if (bytes?.length === 32) return broken('account_key_consensus');
  if (bytes?.length !== 33 || (bytes[0] !== 2 && bytes[0] !== 3)) return broken('account_key_invalid', { bytes: bytes?.length ?? 0 });
  return undefined;
}

/** The name of the warm key in the keyring, of its file `NAME.info`, and an argument of commands (facts 2.2, measured 3, 5). */
export function keyName(value: string): ValueProblem | undefined {
  if (/[/\0-\x1f\x7f]/.test(value) || value.startsWith('-') || /^\.{1,2}$/.test(value)) return broken('key_name_invalid');
  if (/^gonka(?:pub|valoper|valcons)?1[a-z0-9]{30,}$/.test(value)) return attention('key_name_address');
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(value) ? undefined : attention('key_name_unusual');
}

/** At least 8 bytes (measured 2); a leading `y` answers the question whether to overwrite a key with yes (measured 4). */
export function keyringPassword(value: string): ValueProblem | undefined {
  if (Buffer.byteLength(value) < 8) return broken('password_short');
  if (/[\r\n]/.test(value)) return attention('password_lines');
  if (/^y/i.test(value)) return attention('password_yes');
  return value.trim() !== value ? attention('password_blank') : undefined;
}

/** Only `file` finds the key that the guide's commands make; api has it built in (facts 2.2). */
export const keyringBackend: ValueRule = (value) => (value === 'file' ? undefined : attention('keyring_backend'));

/**
 * What may stand before `:80` in a service's ports: `8000`, `8000-8005`, either with an address (`127.0.0.1:8000`,
 * `[::1]:8000`) or an empty one (`:8000`) in front. Compose refuses names, bare IPv6 and falling ranges (seen in 2.26).
 */
export function hostPort(value: string): ValueProblem | undefined {
  const { ports = '' } = withAddress(value) ?? {};
  const [first = '', last = first, more] = ports.split('-');
  const sound = more === undefined && [first, last].every((one) => /^\d{1,5}$/.test(one) && Number(one) >= 1 && Number(one) <= 65535) && Number(first) <= Number(last);
  return sound ? undefined : broken('port_invalid');
}

/** `8000`, `127.0.0.1:8000`, `[::1]:8000`, `:8000`; undefined for a range and for what is no port. */
export function publishedPort(value: string): { address?: string; port: number } | undefined {
  const { address, ports = '' } = withAddress(value) ?? {};
  return /^\d{1,5}$/.test(ports) ? { address, port: Number(ports) } : undefined;
}

/** An address in brackets may be of either kind, a bare one is IPv4. Undefined: there is something else in front. */
function withAddress(value: string): { address?: string; ports: string } | undefined {
  const match = /^(?:(?:\[([^\]]*)\]|([^:[\]]*)):)?([\d-]+)$/.exec(value);
  if (!match) return undefined;
  const [, bracketed, bare, ports = ''] = match;
  if (bracketed !== undefined ? isIP(bracketed) === 0 : bare && !isIPv4(bare)) return undefined;
  return { address: bracketed ?? (bare || undefined), ports };
}

export const innerPort: ValueRule = (value) => (/^\d{1,5}$/.test(value) && Number(value) >= 1 && Number(value) <= 65535 ? undefined : broken('port_invalid'));

/** What node itself listens on (facts 1.3): tmkms can't be awaited there too. */
const NODE_PORTS = [1317, 9090, 26656, 26657, 26660];
export const tmkmsPort: ValueRule = (value) => innerPort(value) ?? (NODE_PORTS.includes(Number(value)) ? broken('tmkms_port_used', { port: Number(value) }) : undefined);

/** Start scripts compare with the word `true`. */
export const trueOrFalse: ValueRule = (value) => (value === 'true' || value === 'false' ? undefined : attention('boolean_invalid'));

export const wholeNumber = (least: number): ValueRule => (value) => (/^\d{1,15}$/.test(value) && Number(value) >= least ? undefined : attention('number_invalid', { least }));

export const oneOf = (choices: string[], code = 'choice_invalid'): ValueRule => (value) => (choices.includes(value) ? undefined : attention(code, { choices: choices.join(', ') }));

/** A name or address alone: no scheme, no port, no path. `servers`: nginx takes several, and wildcards. */
export const hostName: ValueRule = (value) => (/[/\s:"';{}]/.test(value) ? attention('domain_invalid') : undefined);
export const serverNames: ValueRule = (value) => (/[/:"';{}]/.test(value) ? attention('domain_invalid') : undefined);

export const email: ValueRule = (value) => (/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(value) ? undefined : attention('email_invalid'));

/** PostgreSQL's units are case-sensitive. */
export const walSize: ValueRule = (value) => (/^\d+(?:\.\d+)?\s*(?:kB|MB|GB|TB)$/.test(value) ? undefined : attention('unit_invalid', { example: '4GB' }));
export const duration: ValueRule = (value) => (/^\d+(?:\.\d+)?\s*(?:ms|s|min|h|d)$/.test(value) ? undefined : attention('unit_invalid', { example: '15min' }));

export const oneLineBase64: ValueRule = (value) => (/^[A-Za-z0-9+/]+={0,2}$/.test(value) ? undefined : attention('base64_invalid'));

/**
 * The source of a mount. Compose takes a name without a slash or dot in front for a volume and refuses it, and cuts at
 * a colon; a `~` that bash left standing becomes the home of whoever runs compose (all three seen in 2.26).
 */
export const mountedPath = (relative: 'usual' | 'unusual'): ValueRule => (value) => {
  if (value.includes(':')) return broken('path_colon');
  if (value.startsWith('~')) return attention('path_tilde');
  if (value.startsWith('/')) return undefined;
  if (!value.startsWith('.')) return broken('path_volume');
  return relative === 'unusual' ? attention('path_relative') : undefined;
};
