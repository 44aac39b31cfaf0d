import { lookup as dnsLookup, type LookupAddress } from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import { allowedAddress } from './askable-url.ts';

export type HttpAnswer =
  | { kind: 'answer'; status: number; retryAfter?: string; body: string }
  | { kind: 'redirect'; status: number }
  | { kind: 'too-large' }
  | { kind: 'timeout' }
  | { kind: 'encoded' }
  | { kind: 'refused' }
  | { kind: 'down'; why: string };

/** Of an answer that isn't 2xx only this much is read: it is looked at for JSON, never shown. */
const ERROR_BODY = 64 * 1024;

class RefusedAddress extends Error {
  readonly code = 'REFUSED_ADDRESS';
}

/** Resolves once and hands exactly these addresses to the connection, so that a second DNS answer can't differ. */
const guardedLookup: LookupFunction = (hostname, options, callback) => {
  dnsLookup(hostname, { ...options, all: true }, (error, found: LookupAddress[]) => {
    if (error) return callback(error, '', 0);
    const first = found[0];
    if (!first || found.some(({ address }) => !allowedAddress(address))) return callback(new RefusedAddress(hostname), '', 0);
    if (options.all) return (callback as unknown as (error: null, all: LookupAddress[]) => void)(null, found);
    callback(null, first.address, first.family);
  });
};

/**
 * One GET: no redirects, no compression, `timeoutMs` for the whole exchange, at most `maxBytes` of body.
 * Never throws. The URL has passed `askableUrl`.
 */
export function httpGet(url: URL, limits: { timeoutMs: number; maxBytes: number }): Promise<HttpAnswer> {
  return new Promise((resolve) => {
    let done = false;
    const finish = (answer: HttpAnswer): void => {
      if (done) return;
      done = true;
      clearTimeout(timer);
      resolve(answer);
      request.destroy();
    };
    const request = (url.protocol === 'https:' ? https : http).get(url, {
      agent: false,
      lookup: guardedLookup,
      headers: { accept: 'application/json', 'accept-encoding': 'identity', 'user-agent': 'gonka-panel' },
    });
    const timer = setTimeout(() => finish({ kind: 'timeout' }), limits.timeoutMs);
    request.on('error', (error: NodeJS.ErrnoException) => finish(failure(error)));
    request.on('response', (response) => {
      const status = response.statusCode ?? 0;
      if (status >= 300 && status < 400) return finish({ kind: 'redirect', status });
      const encoding = response.headers['content-encoding'] ?? 'identity';
      if (encoding !== 'identity') return finish({ kind: 'encoded' });
      const good = status >= 200 && status < 300;
      const chunks: Buffer[] = [];
      let size = 0;
      const complete = (body: string): void => {
        finish({ kind: 'answer', status, retryAfter: response.headers['retry-after'], body });
      };
      if (Number(response.headers['content-length'] ?? 0) > limits.maxBytes && good) return finish({ kind: 'too-large' });
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (good && size > limits.maxBytes) return finish({ kind: 'too-large' });
        if (!good && size > ERROR_BODY) return complete('');
        chunks.push(chunk);
      });
      response.on('end', () => complete(Buffer.concat(chunks).toString('utf8')));
      response.on('error', (error: NodeJS.ErrnoException) => finish(failure(error)));
      // A connection cut in the middle of the body.
      response.on('aborted', () => finish({ kind: 'down', why: 'ECONNRESET' }));
    });
  });
}

function failure(error: NodeJS.ErrnoException): HttpAnswer {
  if (error.code === 'REFUSED_ADDRESS') return { kind: 'refused' };
  // Only the code: the message of a parser error can hold what the other side sent.
  const all = (error as { errors?: NodeJS.ErrnoException[] }).errors;
  return { kind: 'down', why: (error.code ?? all?.[0]?.code ?? 'EUNKNOWN').slice(0, 40) };
}
