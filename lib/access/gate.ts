import { randomBytes } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { isPanelError } from '#lib/core/errors.ts';
import type { PanelEnv } from '#lib/core/env.ts';
import { log } from '#lib/core/log.ts';
import { endStreams } from '#lib/core/sse.ts';
import { allowedOrigins } from './allowed-origins.ts';
import { audit } from './audit.ts';
import { auth } from './auth.ts';
import { carriesKeyMaterial, contentSecurityPolicy, isAuthPath, isFlight, isPublic, isSafe, pathOf, refuseBeforeSession, SECURITY_HEADERS, stripForgedHeaders } from './gate-rules.ts';
import { setUp } from './setup-token.ts';
import { signIn } from './sign-in.ts';

type Options = { env: PanelEnv; next: RequestListener; dev: boolean };

const AUTH_BODY_MAX = 16_384;

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > AUTH_BODY_MAX) throw new RangeError('body');
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function toRequest(incoming: IncomingMessage, body: Buffer | undefined): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  const origin = incoming.headers.origin ?? `http://${incoming.headers.host}`;
  return new Request(new URL(incoming.url ?? '/', origin), { method: incoming.method, headers, body: body?.length ? new Uint8Array(body) : undefined });
}

function setHeaders(response: ServerResponse, headers: Record<string, string>): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
}

function refuse(response: ServerResponse, status: number, code: string): void {
  response.setHeader('cache-control', 'no-store');
  response.setHeader('connection', 'close');
  response.writeHead(status, { 'content-type': 'application/json', 'x-gate': code });
  response.end(JSON.stringify({ error: { code: `gate_${code}`, params: {} } }));
}

async function send(response: ServerResponse, answer: Response, secure: boolean): Promise<void> {
  response.statusCode = answer.status;
  for (const [name, value] of answer.headers) if (name !== 'set-cookie') response.setHeader(name, value);
  setCookies(response, answer.headers.getSetCookie(), secure);
  response.setHeader('cache-control', 'no-store');
  response.end(Buffer.from(await answer.arrayBuffer()));
}

/** A cookie that came over https may only go back over https. */
function setCookies(response: ServerResponse, cookies: string[], secure: boolean): void {
  for (const cookie of cookies) response.appendHeader('set-cookie', secure && !/;\s*secure/i.test(cookie) ? `${cookie}; Secure` : cookie);
}

/** After these a session may be gone: its streams end at once, those of a session that lives are taken up again. */
const ENDS_SESSIONS = /\/(sign-out|change-password|revoke-\w+(-sessions)?)$/;

const KEY_MATERIAL = () => Response.json({ error: { code: 'key_material', params: {} } }, { status: 422 });

async function answerAuth(incoming: IncomingMessage, ip: string): Promise<Response> {
  const body = isSafe(incoming.method ?? 'GET') ? undefined : await readBody(incoming);
  if (body && carriesKeyMaterial(body.toString('utf8'))) return KEY_MATERIAL();
  const request = toRequest(incoming, body);
  const path = pathOf(incoming.url ?? '');
  if (path === '/api/auth/sign-in/username') return signIn(request, ip);
  const whose = ENDS_SESSIONS.test(path) ? await auth().api.getSession({ headers: request.headers }) : undefined;
  const answer = await auth().handler(request);
  if (whose && answer.ok) {
    endStreams(whose.user.id);
    await audit({ user: whose.user.name, ip, action: path.slice('/api/auth/'.length), result: 'ok' });
  }
  return answer;
}

async function answerSetup(incoming: IncomingMessage, ip: string): Promise<Response> {
  if (incoming.method !== 'POST') return Response.json({ error: { code: 'gate_method', params: {} } }, { status: 405 });
  try {
    const body = (await readBody(incoming)).toString('utf8');
    if (carriesKeyMaterial(body)) return KEY_MATERIAL();
    const given = JSON.parse(body) as Record<string, unknown>;
    const text = (name: string) => (typeof given[name] === 'string' ? (given[name] as string) : '');
    await setUp({ token: text('token'), username: text('username'), password: text('password'), ip });
    return Response.json({ ok: true });
  } catch (error) {
    if (isPanelError(error)) return Response.json({ error: { code: error.code, params: error.params } }, { status: error.status });
    if (error instanceof SyntaxError) return Response.json({ error: { code: 'gate_body', params: {} } }, { status: 400 });
    throw error;
  }
}

/**
 * The front gate: Host, path, Origin and session are settled here, before Next decodes anything
 * (engineering: Next alone executes an action for a forged Host, and its middleware is no boundary).
 */
export function gate({ env, next, dev }: Options): RequestListener {
  const origins = allowedOrigins(env);

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    setHeaders(response, SECURITY_HEADERS);
    const { headers } = request;
    const method = request.method ?? 'GET';
    const target = request.url ?? '/';
    const path = pathOf(target);
    const seen = { method, target, headers, hosts: request.headersDistinct.host ?? [] };
    const refusal = refuseBeforeSession(seen, origins);
    if (refusal) return refuse(response, refusal.status, refusal.code);
    stripForgedHeaders(headers);
    const ip = request.socket.remoteAddress?.replace(/^::ffff:/, '') ?? 'unknown';
    headers['x-panel-ip'] = ip;
    const secure = origins.includes(`https://${headers.host}`);
    if (secure) response.setHeader('strict-transport-security', 'max-age=31536000');

    if (path === '/api/health' && isSafe(method)) return send(response, Response.json({ status: 'ok' }), secure);
    if (path === '/api/setup') return send(response, await answerSetup(request, ip), secure);
    if (path.startsWith('/api/auth/')) {
      if (!isAuthPath(path)) return refuse(response, 404, 'path');
      if (Number(headers['content-length'] ?? 0) > AUTH_BODY_MAX) return refuse(response, 413, 'body');
      return send(response, await answerAuth(request, ip), secure);
    }
    if (!isPublic(seen)) {
      const found = headers.cookie?.includes('panel.session_token=') ? await auth().api.getSession({ headers: new Headers({ cookie: headers.cookie }), returnHeaders: true }) : undefined;
      if (!found?.response) {
        if (isSafe(method) && !isFlight(seen) && headers.accept?.includes('text/html')) {
          response.writeHead(303, { location: '/login', 'x-gate': 'session', 'cache-control': 'no-store' }).end();
          return;
        }
        return refuse(response, 401, 'session');
      }
      setCookies(response, found.headers.getSetCookie(), secure);
    }
    if (!path.startsWith('/_next/static/')) response.setHeader('cache-control', 'no-store');
    const nonce = randomBytes(16).toString('base64');
    const policy = contentSecurityPolicy(nonce, dev);
    headers['content-security-policy'] = policy; // Next takes the nonce from the request
    headers['x-nonce'] = nonce;
    response.setHeader('content-security-policy', policy);
    next(request, response);
  }

  return (request, response) => {
    handle(request, response).catch((error: unknown) => {
      if (error instanceof RangeError && !response.headersSent) return refuse(response, 413, 'body');
      const event = randomBytes(4).toString('hex');
      log.error({ event, error: error instanceof Error ? error.stack : String(error) }, 'request failed');
      if (response.headersSent) response.destroy();
      else {
        response.writeHead(500, { 'content-type': 'application/json', 'cache-control': 'no-store' });
        response.end(JSON.stringify({ error: { code: 'unexpected', params: { event } } }));
      }
    });
  };
}
