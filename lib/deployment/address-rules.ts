import { isIP, isIPv4 } from 'node:net';
import { attention, broken, type ValueProblem } from './value-problem.ts';

/** Rules for addresses of config.env (facts 2.2). A value never becomes a parameter, only its host: it may carry a password. */

/** facts 2.2: `tcp://` with the host port that leads to 26656; the guide's table shows `http://`. */
export function p2pAddress(value: string): ValueProblem | undefined {
  if (/^https?:\/\//i.test(value)) return broken('p2p_http');
  const address = hostAndPort(value);
  if (!address) return broken('p2p_invalid');
  return isLocalHost(address.host) ? attention('p2p_private', { host: address.host }) : undefined;
}

/** The seed's P2P address is read on the first run only (facts 1.3), so a wrong one can't stop a host that runs already. */
export function seedP2pAddress(value: string): ValueProblem | undefined {
  if (/^https?:\/\//i.test(value)) return attention('seed_p2p_http');
  return hostAndPort(value) ? undefined : attention('seed_p2p_invalid');
}

/** `tcp://host:port`, the scheme may be missing; undefined for anything else. */
export function hostAndPort(value: string): { host: string; port: number } | undefined {
  const match = /^(?:tcp:\/\/)?(\[[0-9a-fA-F:.]+\]|[^:/\s]+):(\d{1,5})$/.exec(value);
  const port = Number(match?.[2]);
  return match && port >= 1 && port <= 65535 ? { host: match[1] as string, port } : undefined;
}

/** Since 0.2.8 the chain refuses private and local addresses (facts 2.2); before, nobody else could reach them. */
export function publicUrl(value: string): ValueProblem | undefined {
  const url = webUrl(value);
  if (!url) return attention('public_url_invalid');
  if (carriesPassword(url)) return attention('url_password');
  return isLocalHost(url.hostname) ? attention('public_url_private', { host: url.hostname }) : undefined;
}

export function anyUrl(value: string): ValueProblem | undefined {
  return webUrl(value) ? undefined : attention('url_invalid');
}

/** Registration and grants add `/v1/participants` and `/chain-rpc/` to it themselves (facts 2.2). */
export function seedApi(value: string): ValueProblem | undefined {
  const url = webUrl(value);
  if (!url) return attention('url_invalid');
  if (carriesPassword(url)) return attention('url_password');
  return url.pathname !== '/' || url.search ? attention('seed_api_path', { base: url.origin }) : undefined;
}

/** Public hosts no longer open 26657 (facts 2.2, 12): the RPC is behind the proxy. Names without a dot are containers. */
export function seedRpc(value: string): ValueProblem | undefined {
  const url = webUrl(value);
  if (!url) return attention('url_invalid');
  const elsewhere = url.hostname.includes('.') || isIP(bareHost(url.hostname)) !== 0;
  if (url.port === '26657' && elsewhere && !isLocalHost(url.hostname)) return attention('seed_rpc_port', { host: url.hostname, offer: `http://${url.hostname}:8000/chain-rpc/` });
  return undefined;
}

/** 100.64.0.0/10, where overlay networks live: the chain doesn't refuse it, and nobody outside reaches it. */
const CARRIER_PRIVATE = /^100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./;

/** ML nodes call this address back (facts 2.2): never public, and inside their container `localhost` is that container. */
export function pocCallback(value: string): ValueProblem | undefined {
  const url = webUrl(value);
  if (!url) return broken('callback_invalid');
  const host = bareHost(url.hostname);
  if (/^127\.|^localhost$|^::1$|^0\.0\.0\.0$/.test(host)) return attention('callback_loopback', { host });
  return isIP(host) !== 0 && !isLocalHost(host) && !CARRIER_PRIVATE.test(host) ? attention('callback_public', { host }) : undefined;
}

/** A URL that a web client can call: http or https, with a host. */
export function webUrl(value: string): URL | undefined {
  if (/\s/.test(value)) return undefined;
  try {
    const url = new URL(value);
    return /^https?:\/\//i.test(value) && url.hostname ? url : undefined;
  } catch {
    return undefined;
  }
}

/** `http://user:password@host`: it would stand in commands, and PUBLIC_URL on chain for everybody. */
const carriesPassword = (url: URL): boolean => url.username !== '' || url.password !== '';

const bareHost = (host: string) => host.replace(/^\[|\]$/g, '').toLowerCase();

/** By address or well-known name; names are not resolved, as the chain doesn't either. */
export function isLocalHost(host: string): boolean {
  const bare = bareHost(host);
  if (bare === 'localhost' || bare.endsWith('.localhost') || bare.endsWith('.local')) return true;
  if (isIPv4(bare)) {
    const [a = 0, b = 0] = bare.split('.').map(Number);
    return a === 0 || a === 10 || a === 127 || (a === 172 && b >= 16 && b <= 31) || (a === 192 && b === 168) || (a === 169 && b === 254);
  }
  return isIP(bare) === 6 && (bare === '::1' || bare === '::' || /^f[cd]/.test(bare) || /^fe[89ab]/.test(bare) || /^::ffff:/.test(bare));
}
