import { describe, expect, test } from 'vitest';
import { carriesKeyMaterial, isFlight, isPublic, refuseBeforeSession, stripForgedHeaders, contentSecurityPolicy } from './gate-rules.ts';

const ORIGINS = ['http://127.0.0.1:7700', 'http://localhost:7700', 'http://[::1]:7700', 'https://panel.example.org'];
const request = (over: { method?: string; target?: string; headers?: Record<string, string>; hosts?: string[] } = {}) => ({
  method: over.method ?? 'GET',
  target: over.target ?? '/',
  headers: over.headers ?? {},
  hosts: over.hosts ?? ['127.0.0.1:7700'],
});
const verdict = (over: Parameters<typeof request>[0]) => refuseBeforeSession(request(over), ORIGINS)?.code ?? 'on';

describe('Host', () => {
  test.each([
    [['127.0.0.1:7700'], 'on'],
    [['localhost:7700'], 'on'],
    [['[::1]:7700'], 'on'],
    [['panel.example.org'], 'on'],
    [['127.0.0.1'], 'host'],
    [['127.0.0.1:7701'], 'host'],
    [['evil.example'], 'host'],
    [['evil.example:7700'], 'host'],
    [[], 'host'],
    [['127.0.0.1:7700', 'evil.example'], 'host'],
    [['127.0.0.1:7700', '127.0.0.1:7700'], 'host'],
  ])('%j is %s', (hosts, expected) => expect(verdict({ hosts })).toBe(expected));
});

describe('paths that Next would resolve to another page', () => {
  test.each(['/_next/static/../../logs', '/_next/static/%2e%2e/%2e%2e/logs', '/_next/static/..%2f..%2flogs', '/_next/static/..\\..\\logs', '/login/../logs', '//logs', '/login;/../logs', 'http://127.0.0.1:7700/logs', '/_next/static/%252e%252e/logs', '/login/.', '/a%00b', '*'])('%s', (target) =>
    expect(verdict({ target })).toBe('path'),
  );
  test.each(['/', '/logs', '/history/clx0', '/_next/static/chunks/a-b_c.js', '/logs?since=..%2f'])('%s goes on', (target) => expect(verdict({ target })).toBe('on'));
});

describe('where a change comes from', () => {
  test.each([
    [{ origin: 'http://127.0.0.1:7700' }, 'on'],
    [{ origin: 'http://127.0.0.1:7700', 'sec-fetch-site': 'same-origin' }, 'on'],
    [{ 'sec-fetch-site': 'same-origin' }, 'on'],
    [{}, 'origin'],
    [{ origin: 'null' }, 'origin'],
    [{ origin: 'http://evil.example' }, 'origin'],
    [{ origin: 'http://evil.example', 'sec-fetch-site': 'same-origin' }, 'origin'],
    [{ origin: 'http://127.0.0.1:7700', 'sec-fetch-site': 'cross-site' }, 'origin'],
    [{ origin: 'http://127.0.0.1:7700', 'sec-fetch-site': 'same-site' }, 'origin'],
    [{ 'sec-fetch-site': 'none' }, 'origin'],
    [{ origin: 'http://127.0.0.1:7700', 'transfer-encoding': 'chunked' }, 'body'],
    [{ origin: 'http://127.0.0.1:7700', 'content-length': '99999999' }, 'body'],
  ])('POST with %j is %s', (headers, expected) => expect(verdict({ method: 'POST', headers: headers as Record<string, string> })).toBe(expected));

  test('a read with a foreign Origin is refused too, a link from elsewhere is not', () => {
    expect(verdict({ headers: { origin: 'http://evil.example' } })).toBe('origin');
    expect(verdict({ headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' } })).toBe('origin');
    expect(verdict({ headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' } })).toBe('on');
  });

  test.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'CONNECT', 'PROPFIND'])('%s is refused', (method) => expect(verdict({ method, headers: { origin: ORIGINS[0]! } })).toBe('method'));
});

describe('without a session', () => {
  test.each([
    ['GET', '/login', {}, true],
    ['GET', '/setup?token=x', {}, true],
    ['GET', '/_next/static/chunks/x.js', {}, true],
    ['POST', '/api/preferences', {}, true],
    ['GET', '/', {}, false],
    ['GET', '/api/services', {}, false],
    ['GET', '/LOGIN', {}, false],
    ['GET', '/login/', {}, false],
    ['GET', '/_next/image?url=x', {}, false],
    ['POST', '/login', {}, false],
    ['GET', '/login', { rsc: '1' }, false],
    ['GET', '/login?_rsc=1', {}, false],
    ['GET', '/login.rsc', {}, false],
    ['POST', '/api/preferences', { 'next-action': 'x' }, false],
    ['GET', '/login', { 'next-router-segment-prefetch': '/_tree' }, false],
  ])('%s %s %j public: %s', (method, target, headers, expected) => expect(isPublic(request({ method, target, headers: headers as Record<string, string> }))).toBe(expected));
});

test('headers that only the gate may set are taken away', () => {
  const headers: Record<string, string> = { 'x-forwarded-host': 'evil', forwarded: 'x', 'x-panel-ip': '1.2.3.4', 'x-middleware-subrequest': 'x', 'x-nonce': 'x', 'content-security-policy': 'x', accept: 'a' };
  stripForgedHeaders(headers);
  expect(headers).toEqual({ accept: 'a' });
});

test('scripts need the nonce; nothing inline, nothing from elsewhere', () => {
  const policy = contentSecurityPolicy('abc', false);
  expect(policy).toContain("script-src 'self' 'nonce-abc' 'strict-dynamic';");
  expect(policy).not.toContain('unsafe');
  expect(policy).toContain("frame-ancestors 'none'");
});

test('every way of asking for the flight format counts', () => {
  expect(isFlight(request({ headers: { 'next-action': '1' } }))).toBe(true);
  expect(isFlight(request({ target: '/x?a=1&_rsc=abc' }))).toBe(true);
  expect(isFlight(request({}))).toBe(false);
});

const PHRASE = 'pyramid sweet dumb critic lamp various remove token talent drink announce tiny lab follow blind awful expire wasp flavor very pair tell next cable';
test('a recovery phrase in a search went to the server with the address', () => {
  for (const query of [`text=${encodeURIComponent(PHRASE)}`, `state=failed&text=${PHRASE.replaceAll(' ', '+')}`, `q=${PHRASE.split(' ').slice(0, 12).join('%0A')}`]) expect(verdict({ target: `/history?${query}` }), query).toBe('phrase');
  for (const query of ['text=failed+while+the+node+was+starting', `version=${'a1'.repeat(32)}`, `text=${PHRASE.split(' ').slice(0, 10).join('+')}`, 'state=failed&state=running&kind=start&service=node']) expect(verdict({ target: `/history?${query}` }), query).not.toBe('phrase');
});
test('sign-in and set-up take no recovery phrase as a name or a password', () => {
  expect(carriesKeyMaterial(JSON.stringify({ username: 'a', password: PHRASE }))).toBe(true);
  expect(carriesKeyMaterial(JSON.stringify({ token: 'f0'.repeat(32), username: 'operator', password: 'correct horse battery staple' }))).toBe(false);
  expect(carriesKeyMaterial('not json')).toBe(false);
});
