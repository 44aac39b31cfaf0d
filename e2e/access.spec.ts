import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import ts from 'typescript';
import { type Panel, post, removeData, root, setUpAndSignIn, standalone, startPanel } from './panel-process.ts';
import { actionFiles, actionIds, entrances, methodsOf, PUBLIC } from './surface.ts';

let panel: Panel;
let cookie: string;

test.beforeAll(async () => {
  panel = await startPanel({ port: 4010 });
  cookie = await setUpAndSignIn(panel);
});
test.afterAll(async () => {
  await panel.stop();
  removeData(panel);
});

type Sent = { status: number; head: string; body: string };

/** A request byte by byte: fetch would tidy the path and forbid the headers that matter here. */
function raw(line: string, headers: string[] = [`Host: 127.0.0.1:${panel.port}`], body = '', port = panel.port): Promise<Sent> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, '127.0.0.1', () => socket.write(`${line} HTTP/1.1\r\n${headers.join('\r\n')}\r\nConnection: close\r\n\r\n${body}`));
    let text = '';
    socket.setTimeout(10_000, () => socket.destroy());
    socket.on('data', (data) => (text += data));
    socket.on('error', reject);
    socket.on('close', () => {
      const [head = '', ...rest] = text.split('\r\n\r\n');
      resolve({ status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1] ?? 0), head, body: rest.join('\r\n\r\n') });
    });
  });
}

const host = () => `Host: 127.0.0.1:${panel.port}`;
const own = () => `Origin: http://127.0.0.1:${panel.port}`;
const requests = () => entrances().flatMap((entrance) => methodsOf(entrance).map((method) => ({ ...entrance, method })));

test('the list of entrances is not empty', () => {
  expect(requests().length).toBeGreaterThan(10);
  expect(actionIds().length).toBeGreaterThan(0);
});

test('every page and route is refused without a session', async () => {
  for (const { method, path: target } of requests()) {
    if (target in PUBLIC) continue;
    const body = method === 'GET' ? '' : '{}';
    const answer = await raw(`${method} ${target}`, [host(), own(), 'Content-Type: application/json', `Content-Length: ${body.length}`, 'Accept: application/json'], body);
    expect(`${method} ${target} ${answer.status}`).toMatch(/ (401|405)$/);
    expect(answer.body).not.toContain('<html');
    if (method !== 'GET') continue;
    const page = await raw(`GET ${target}`, [host(), 'Accept: text/html']);
    expect(`${target} ${page.status} ${/location: (\S+)/i.exec(page.head)?.[1]}`).toBe(`${target} 303 /login`);
  }
});

test('every page and route is refused with a foreign Host and with a foreign Origin, session or not', async () => {
  for (const { method, path: target } of requests()) {
    const tail = method === 'GET' ? [] : ['Content-Length: 0'];
    for (const session of [[], [`Cookie: ${cookie}`]]) {
      expect(`${method} ${target} ${(await raw(`${method} ${target}`, ['Host: evil.example', 'Origin: http://evil.example', ...session, ...tail])).status}`).toBe(`${method} ${target} 421`);
      expect((await raw(`${method} ${target}`, [host(), 'Origin: http://evil.example', ...session, ...tail])).status).toBe(method === 'GET' || method === 'POST' ? 403 : 405);
    }
  }
});

test('no action runs without a session, from a foreign Origin, with a foreign Host or without any Origin', async () => {
  for (const id of actionIds()) {
    for (const target of ['/', '/login', '/setup', '/services', '/api/preferences']) {
      const send = (headers: string[]) => raw(`POST ${target}`, [...headers, `Next-Action: ${id}`, 'Content-Type: text/plain;charset=UTF-8', 'Content-Length: 2'], '[]');
      expect((await send([host(), own()])).status).toBe(401);
      expect((await send([host(), 'Origin: http://evil.example', `Cookie: ${cookie}`])).status).toBe(403);
      expect((await send(['Host: evil.example', 'Origin: http://evil.example', `Cookie: ${cookie}`])).status).toBe(421);
      expect((await send([host(), `Cookie: ${cookie}`])).status).toBe(403);
      expect((await send([host(), 'Origin: http://evil.example', `X-Forwarded-Host: evil.example`, `Cookie: ${cookie}`])).status).toBe(403);
    }
  }
});

test('no raw path, no second Host header and no flight header gets past the gate', async () => {
  for (const target of ['/_next/static/../../logs', '/_next/static/%2e%2e/%2e%2e/logs', '/_next/static/..%2f..%2flogs', '/_next/static/..\\..\\logs', '/login/../logs', '/login/%2e%2e/logs', '//logs', '/login;/../logs', `http://127.0.0.1:${panel.port}/logs`, '/_next/static/x/../../../logs', '/icon.svg/../logs', '/_next/static/%252e%252e/%252e%252e/logs', '/login/.']) {
    expect(`${target} ${(await raw(`GET ${target}`, [host(), 'Accept: text/html'])).status}`).toBe(`${target} 400`);
  }
  for (const target of ['/LOGIN', '/login/', '/login.rsc', '/login?_rsc=1', '/_next/image?url=%2Ficon.svg&w=64&q=75', '/_next/data/x/logs.json']) {
    expect(`${target} ${(await raw(`GET ${target}`)).status}`).toBe(`${target} 401`);
  }
  for (const header of ['Next-Action: x', 'RSC: 1', 'rsc: 0\r\nRSC: 1', 'Next-Router-Segment-Prefetch: /_tree', 'Next-Router-State-Tree: x', 'Next-Router-Prefetch: 1', 'x-nextjs-data: 1', 'Next-Url: /']) {
    expect(`${header} ${(await raw('GET /login', [host(), header])).status}`).toBe(`${header} 401`);
  }
  expect((await raw('GET /login', [host(), 'Host: evil.example'])).status).toBe(421);
  expect((await raw('GET /login', [])).status).toBeGreaterThanOrEqual(400);
  expect((await raw('GET /', [host(), 'X-Middleware-Subrequest: middleware:middleware:middleware:middleware:middleware'])).status).toBe(401);
  expect((await raw('GET /login', [host(), 'Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', 'Sec-WebSocket-Version: 13'])).status).toBe(0);
});

test('the second lock: Next without the gate in front refuses every page and route too', async () => {
  const port = 4011;
  const bare = spawn(process.execPath, [path.join(standalone, 'server.js')], { cwd: standalone, stdio: 'ignore', env: { ...process.env, PORT: String(port), HOSTNAME: '127.0.0.1', PANEL_DATA_DIR: panel.dataDir, NODE_ENV: 'production' } as NodeJS.ProcessEnv });
  try {
    for (let i = 0; i < 200 && !(await fetch(`http://127.0.0.1:${port}/login`).then(() => true, () => false)); i++) await sleep(50);
    for (const { method, path: target } of requests()) {
      if (target in PUBLIC) continue;
      const answer = await fetch(`http://127.0.0.1:${port}${target}`, { method, redirect: 'manual', headers: { 'content-type': 'application/json' }, body: method === 'GET' ? undefined : '{}' });
      const text = await answer.text();
      // A page that has begun to stream answers 200 and carries the redirect inside.
      const redirected = [303, 307, 401].includes(answer.status) || /NEXT_REDIRECT;replace;\/login/.test(text);
      expect(`${method} ${target} ${answer.status} ${redirected}`).toBe(`${method} ${target} ${answer.status} true`);
    }
  } finally {
    bare.kill('SIGKILL');
  }
});

/** True when the function's first statement awaits requireSession(). */
function beginsWithSession(body: ts.ConciseBody | undefined): boolean {
  const first = body && ts.isBlock(body) ? body.statements[0] : undefined;
  return /^(const [^=]+=\s*)?await requireSession\(\)/.test(first?.getText() ?? '');
}

test('every exported function of an action file and every handler of a route begins with requireSession()', () => {
  const files = [...actionFiles(), ...entrances().filter((entrance) => entrance.kind === 'route' && !(entrance.path in PUBLIC)).map((entrance) => entrance.file)];
  expect(files.length).toBeGreaterThan(3);
  const naked: string[] = [];
  for (const file of files) {
    const source = ts.createSourceFile(file, readFileSync(path.join(root, file), 'utf8'), ts.ScriptTarget.Latest, true);
    for (const statement of source.statements) {
      const exported = ts.canHaveModifiers(statement) && ts.getModifiers(statement)?.some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword);
      if (!exported) continue;
      if (ts.isFunctionDeclaration(statement) && !beginsWithSession(statement.body)) naked.push(`${file}: ${statement.name?.text}`);
      if (ts.isVariableStatement(statement)) {
        for (const { name, initializer } of statement.declarationList.declarations) {
          if (initializer && (ts.isArrowFunction(initializer) || ts.isFunctionExpression(initializer)) && !beginsWithSession(initializer.body)) naked.push(`${file}: ${name.getText()}`);
        }
      }
    }
  }
  expect(naked).toEqual([]);
});

test('every answer carries the security headers, and private ones are never stored', async () => {
  for (const [line, headers] of [['GET /login', []], ['GET /', [`Cookie: ${cookie}`]], ['GET /api/services', [`Cookie: ${cookie}`]], ['GET /nothing-here', [`Cookie: ${cookie}`]], ['GET /', []], ['GET /_next/static/../x', []], ['GET /api/health', []], ['GET /api/auth/get-session', []]] as const) {
    const { head } = await raw(line, [host(), ...headers]);
    for (const header of ['x-content-type-options: nosniff', 'x-frame-options: DENY', 'referrer-policy: no-referrer', 'cross-origin-opener-policy: same-origin']) {
      expect(`${line}: ${head.toLowerCase()}`).toContain(header.toLowerCase());
    }
    expect(head).toMatch(/cache-control: .*no-store/i);
    expect(head.toLowerCase()).not.toContain('x-powered-by');
  }
  const page = await raw('GET /login');
  expect(page.head).toMatch(/content-security-policy: .*script-src 'self' 'nonce-[^']+' 'strict-dynamic'/i);
});

test('health says ok and nothing else', async () => {
  expect((await raw('GET /api/health')).body).toContain('{"status":"ok"}');
});

test('a cookie is of no use after sign-out, and set-up is closed for good', async () => {
  const again = await post(panel, '/api/auth/sign-in/username', { username: 'operator', password: 'correct horse battery staple' });
  const mine = again.headers.getSetCookie().map((c) => c.split(';')[0]).join('; ');
  expect((await raw('GET /api/services', [host(), `Cookie: ${mine}`])).status).toBe(200);
  expect((await post(panel, '/api/auth/sign-out', {}, { cookie: mine })).status).toBe(200);
  expect((await raw('GET /api/services', [host(), `Cookie: ${mine}`])).status).toBe(401);
  const token = new URL(panel.setupLink()!).searchParams.get('token');
  const second = await post(panel, '/api/setup', { token, username: 'second', password: 'another long password' });
  expect([second.status, ((await second.json()) as { error: { code: string } }).error.code]).toEqual([409, 'setup_closed']);
});

test('signing out ends the open streams of the session at once', async () => {
  const again = await post(panel, '/api/auth/sign-in/username', { username: 'operator', password: 'correct horse battery staple' });
  const mine = again.headers.getSetCookie().map((c) => c.split(';')[0]).join('; ');
  const stream = await fetch(`${panel.url}/api/services/stream`, { headers: { cookie: mine } });
  expect(stream.status).toBe(200);
  const reader = stream.body!.getReader();
  const ended = (async () => {
    while (!(await reader.read()).done);
    return 'ended';
  })();
  await post(panel, '/api/auth/sign-out', {}, { cookie: mine });
  expect(await Promise.race([ended, sleep(2000)])).toBe('ended');
});

test('paths of the sign-in library that are not on the list do not exist', async () => {
  for (const target of ['sign-up/email', 'sign-in/email', 'forget-password', 'reset-password', 'update-user', 'delete-user', 'is-username-available']) {
    expect(`${target} ${(await post(panel, `/api/auth/${target}`, {})).status}`).toBe(`${target} 404`);
  }
});
