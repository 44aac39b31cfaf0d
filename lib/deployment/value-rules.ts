import { isIP, isIPv4 } from 'node:net';
import type { DeploymentProblem } from './schema.ts';

type Problem = Pick<DeploymentProblem, 'level' | 'code'> & { params?: DeploymentProblem['params'] };
const broken = (code: string, params: DeploymentProblem['params'] = {}): Problem => ({ level: 'broken', code, params });
const attention = (code: string, params: DeploymentProblem['params'] = {}): Problem => ({ level: 'attention', code, params });

/** Rules for values of config.env (facts 2.2). The value itself never becomes a parameter when it may be secret. */
export const VALUE_RULES: Record<string, (value: string) => Problem | undefined> = {
  KEYRING_PASSWORD: (value) => (Buffer.byteLength(value) < 8 ? broken('password_short') : undefined), // measured 2
  ACCOUNT_PUBKEY: accountKey,
  P2P_EXTERNAL_ADDRESS: p2pAddress,
  PUBLIC_URL: publicUrl,
};

/** Base64 of the 33-byte compressed secp256k1 key of the account (facts 8.1); the usual mix-ups by name (measured 8, 9). */
function accountKey(value: string): Problem | undefined {
  if (/^gonka(?:pub|valoper|valcons)?1[a-z0-9]{30,}$/.test(value)) return broken('account_key_address');
  const bytes = /^[A-Za-z0-9+/]+={0,2}$/.test(value) && value.length % 4 === 0 ? Buffer.from(value, 'base64') : undefined;
  if (bytes?.length === 32) return broken('account_key_consensus');
  if (bytes?.length !== 33 || (bytes[0] !== 2 && bytes[0] !== 3)) return broken('account_key_invalid', { bytes: bytes?.length ?? 0 });
  return undefined;
}

/** facts 2.2: `tcp://` with the host port that leads to 26656; the guide's table shows `http://`. */
function p2pAddress(value: string): Problem | undefined {
  if (/^https?:\/\//i.test(value)) return broken('p2p_http');
  const match = /^(?:tcp:\/\/)?(\[[0-9a-fA-F:.]+\]|[^:/\s]+):(\d{1,5})$/.exec(value);
  const port = Number(match?.[2]);
  if (!match || port < 1 || port > 65535) return broken('p2p_invalid');
  return isLocalHost(match[1] as string) ? attention('p2p_private', { host: match[1] as string }) : undefined;
}

/** Since 0.2.8 the chain refuses private and local addresses (facts 2.2); before, nobody else could reach them. */
function publicUrl(value: string): Problem | undefined {
  let url: URL;
  try {
    url = new URL(value);
  } catch {
    return attention('public_url_invalid');
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return attention('public_url_invalid');
  return isLocalHost(url.hostname) ? attention('public_url_private', { host: url.hostname }) : undefined;
}

/** By address or well-known name; names are not resolved, as the chain doesn't either. */
export function isLocalHost(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '').toLowerCase();
  if (bare === 'localhost' || bare.endsWith('.localhost') || bare.endsWith('.local')) return true;
  if (isIPv4(bare)) {
    const [a = 0, b = 0] = bare.split('.').map(Number);
    return a === 0 || a === 10 || a === 127 || (a === 172 && b >= 16 && b <= 31) || (a === 192 && b === 168) || (a === 169 && b === 254);
  }
  return isIP(bare) === 6 && (bare === '::1' || bare === '::' || /^f[cd]/.test(bare) || /^fe[89ab]/.test(bare) || /^::ffff:/.test(bare));
}
