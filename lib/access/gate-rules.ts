import type { IncomingHttpHeaders } from 'node:http';
import { holdsKeyMaterial, keyMaterialIn } from '../../guard/key-material.ts';

/** What the gate needs of a request; everything here is decided before Next or better-auth sees a byte. */
export type GateRequest = {
  method: string;
  /** As sent, undecoded. */
  target: string;
  headers: IncomingHttpHeaders;
  /** Every Host header that was sent. */
  hosts: string[];
};

export type Refusal = { status: number; code: 'host' | 'path' | 'method' | 'origin' | 'body' | 'session' | 'phrase' };

/** Reachable without a session. Everything else is refused or sent to the sign-in page. */
const PUBLIC_PAGES = new Set(['/login', '/setup']);
const PUBLIC_FILES = new Set(['/icon.svg', '/favicon.ico']);
const PUBLIC_CHANGES = new Set(['/api/preferences']);
const AUTH_PATHS = new Set(['sign-in/username', 'sign-out', 'get-session', 'change-password', 'list-sessions', 'revoke-session', 'revoke-other-sessions'].map((p) => `/api/auth/${p}`));
const METHODS = new Set(['GET', 'HEAD', 'POST']);
const BODY_MAX = 1_048_576;

export const pathOf = (target: string): string => target.split('?', 1)[0] ?? '/';
export const isSafe = (method: string): boolean => method === 'GET' || method === 'HEAD';
export const isAuthPath = (path: string): boolean => AUTH_PATHS.has(path);

/** Asks for React's flight format or runs an action: never without a session (React2Shell, CVE-2025-55182). */
export function isFlight({ target, headers }: Pick<GateRequest, 'target' | 'headers'>): boolean {
  const names = ['next-action', 'rsc', 'next-router-state-tree', 'next-router-prefetch', 'next-router-segment-prefetch', 'x-nextjs-data', 'next-url'];
  return names.some((name) => name in headers) || /[?&]_rsc=/.test(target) || pathOf(target).endsWith('.rsc');
}

/** Next resolves dot segments and escapes itself: `/_next/static/../../more` is `/more` to it, so no such path goes on. */
const hasTrickyPath = (target: string): boolean => !target.startsWith('/') || /\\|%2e|%2f|%5c|%00|%25|\/\/|\/\.{1,2}(\/|$)|;/i.test(pathOf(target));

/** A recovery phrase in what follows the path: a search that somebody pasted it into. Hexadecimal digits are something else there. */
function hasPhrase(target: string): boolean {
  const query = target.slice(pathOf(target).length + 1);
  return query !== '' && keyMaterialIn(query.replaceAll(/\+|%[0-7][0-9a-f]/gi, ' ')).some((found) => found.includes(' '));
}

/** Whether what is sent to sign in or to set up carries a recovery phrase or a private key in one of its fields. */
export function carriesKeyMaterial(body: string): boolean {
  try {
    return holdsKeyMaterial(JSON.parse(body));
  } catch {
    return false;
  }
}

/** The rules that need no session. Undefined: go on. */
export function refuseBeforeSession(request: GateRequest, origins: string[]): Refusal | undefined {
  const { headers, method, target } = request;
  const host = request.hosts.length === 1 ? request.hosts[0] : undefined;
  if (!host || !origins.some((origin) => new URL(origin).host === host)) return { status: 421, code: 'host' };
  if (hasTrickyPath(target)) return { status: 400, code: 'path' };
  if (hasPhrase(target)) return { status: 422, code: 'phrase' };
  if (!METHODS.has(method)) return { status: 405, code: 'method' };
  const site = headers['sec-fetch-site'];
  if (headers.origin !== undefined && !origins.includes(headers.origin)) return { status: 403, code: 'origin' };
  if (!isSafe(method)) {
    // A browser says where a change comes from; who says nothing at all is no browser of ours.
    if (site !== undefined && site !== 'same-origin') return { status: 403, code: 'origin' };
    if (site === undefined && headers.origin === undefined) return { status: 403, code: 'origin' };
    if (headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > BODY_MAX) return { status: 413, code: 'body' };
  } else if (site === 'cross-site' && headers['sec-fetch-mode'] !== 'navigate') {
    return { status: 403, code: 'origin' };
  }
  return undefined;
}

/** True where a request goes on without a session. */
export function isPublic(request: GateRequest): boolean {
  const path = pathOf(request.target);
  if (isFlight(request)) return false;
  if (isSafe(request.method)) return PUBLIC_PAGES.has(path) || PUBLIC_FILES.has(path) || path.startsWith('/_next/static/');
  return PUBLIC_CHANGES.has(path);
}

/** Headers that only we may set: whoever sends them is answered as if they hadn't. */
export function stripForgedHeaders(headers: IncomingHttpHeaders): void {
  for (const name of Object.keys(headers)) {
    if (name.startsWith('x-forwarded-') || name === 'forwarded' || name.startsWith('x-panel-') || name.startsWith('x-middleware-') || name === 'x-nonce' || name === 'x-real-ip' || name.startsWith('content-security-policy')) {
      delete headers[name];
    }
  }
}

export function contentSecurityPolicy(nonce: string, dev: boolean): string {
  const script = dev ? `'self' 'nonce-${nonce}' 'strict-dynamic' 'unsafe-eval'` : `'self' 'nonce-${nonce}' 'strict-dynamic'`;
  const style = dev ? "'self' 'unsafe-inline'" : `'self' 'nonce-${nonce}'`;
  return [
    "default-src 'self'",
    `script-src ${script}`,
    `style-src ${style}`,
    "img-src 'self' data:",
    "connect-src 'self'",
    "font-src 'self'",
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** On every answer, the gate's own refusals included. */
export const SECURITY_HEADERS: Record<string, string> = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
};
