import { lookup as dnsLookup, type LookupAddress } from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import type { MlNodesError } from './schema.ts';

export type GetLimits = { timeoutMs?: number; maxBytes?: number };
export type JsonAnswer = { json: unknown } | { error: MlNodesError };

const TIMEOUT_MS = 5_000;
const MAX_BYTES = 8 * 1024 * 1024;

// Unspecified, link-local (cloud metadata), multicast: no api and no ML node is there (security row 18).
const never = new BlockList();
never.addSubnet('0.0.0.0', 8, 'ipv4');
never.addSubnet('169.254.0.0', 16, 'ipv4');
never.addSubnet('224.0.0.0', 3, 'ipv4');
never.addAddress('100.100.100.200', 'ipv4');
never.addAddress('::', 'ipv6');
never.addSubnet('fe80::', 10, 'ipv6');
never.addSubnet('ff00::', 8, 'ipv6');
never.addAddress('fd00:ec2::254', 'ipv6');
const allowed = (address: string): boolean => !never.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');

/** Resolves once and hands exactly these addresses to the connection. */
const guardedLookup: LookupFunction = (hostname, options, callback) => {
  dnsLookup(hostname, { ...options, all: true }, (error, found: LookupAddress[]) => {
    if (error) return callback(error, '', 0);
    const first = found[0];
    if (!first || found.some(({ address }) => !allowed(address))) return callback(Object.assign(new Error('refused'), { code: 'REFUSED_ADDRESS' }), '', 0);
    if (options.all) return (callback as unknown as (error: null, all: LookupAddress[]) => void)(null, found);
    callback(null, first.address, first.family);
  });
};

/**
 * One GET of JSON: no redirects, no compression, a limit for the whole exchange and for the body. Never throws.
 * The answer's text never becomes part of an error.
 */
export function getJson(base: string, path: string, { timeoutMs = TIMEOUT_MS, maxBytes = MAX_BYTES }: GetLimits = {}): Promise<JsonAnswer> {
  const given = base.replace(/\/+$/, '') + path;
  const url = URL.canParse(given) ? new URL(given) : undefined;
  const name = url?.hostname.replace(/^\[|\]$/g, '') ?? '';
  const error = (code: string, params: MlNodesError['params'] = {}): JsonAnswer => ({ error: { code, params: { host: url?.host ?? base.slice(0, 100), ...params } } });
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:') || url.username || url.password || (isIP(name) && !allowed(name))) return Promise.resolve(error('mlnodes_url_refused'));

  return new Promise((resolve) => {
    const finish = (answer: JsonAnswer): void => {
      clearTimeout(timer);
      resolve(answer);
      request.destroy();
    };
    const failed = ({ code, errors }: NodeJS.ErrnoException & { errors?: NodeJS.ErrnoException[] }): void =>
      finish(code === 'REFUSED_ADDRESS' ? error('mlnodes_url_refused') : error('mlnodes_down', { why: (code ?? errors?.[0]?.code ?? 'EUNKNOWN').slice(0, 40) }));
    const request = (url.protocol === 'https:' ? https : http).get(url, { agent: false, lookup: guardedLookup, headers: { accept: 'application/json', 'accept-encoding': 'identity', 'user-agent': 'gonka-panel' } });
    const timer = setTimeout(() => finish(error('mlnodes_slow', { seconds: Math.round(timeoutMs / 1000) })), timeoutMs);
    request.on('error', failed);
    request.on('response', (response) => {
      const status = response.statusCode ?? 0;
      if (status < 200 || status >= 300) return finish(error('mlnodes_status', { status }));
      if ((response.headers['content-encoding'] ?? 'identity') !== 'identity') return finish(error('mlnodes_malformed'));
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > maxBytes) return finish(error('mlnodes_too_large'));
        chunks.push(chunk);
      });
      response.on('error', failed);
      response.on('aborted', () => finish(error('mlnodes_down', { why: 'ECONNRESET' })));
      response.on('end', () => {
        try {
          finish({ json: JSON.parse(Buffer.concat(chunks).toString('utf8')) });
        } catch {
          finish(error('mlnodes_malformed'));
        }
      });
    });
  });
}
