import http from 'node:http';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { connectOperations } from '#app/api/operations/surround.ts';
import { allowedOrigins } from '#lib/access/allowed-origins.ts';
import { hasAdmin } from '#lib/access/admin.ts';
import { auth } from '#lib/access/auth.ts';
import { gate } from '#lib/access/gate.ts';
import { newSetupToken } from '#lib/access/setup-token.ts';
import { lockDataDir, prepareDataDir } from '#lib/core/data-dir.ts';
import { isLoopback, type PanelEnv, panelEnv } from '#lib/core/env.ts';
import { PanelError } from '#lib/core/errors.ts';
import { log } from '#lib/core/log.ts';
import { singleton } from '#lib/core/singleton.ts';
import { explainStartFailure } from '#lib/core/start-failure.ts';
import { db } from '#lib/db/client.ts';
import { migrate } from '#lib/db/migrate.ts';
import { watchMlNodes } from '#lib/operations/ml-nodes/keeper.ts';
import { recoverOperations } from '#lib/operations/recovery.ts';
import { wakeSchedule } from '#lib/operations/schedule.ts';

const dev = process.argv.includes('--dev');
const root = import.meta.dirname;
const CLOSE_AFTER_MS = 250;
const GIVE_UP_AFTER_MS = 3000;

async function checkExposure(env: PanelEnv): Promise<void> {
  if (isLoopback(env.host)) return;
  if (!(await hasAdmin())) throw new PanelError('exposed_without_admin', { host: env.host });
  if (!env.origins.length) throw new PanelError('exposed_without_origins', { host: env.host });
  console.warn(`Listening on ${env.host}, not only on this machine. Keep a TLS proxy or a private network in front of it.`);
}

async function prepareNext(env: PanelEnv, server: http.Server) {
  // A standalone build carries its configuration in this manifest; Next looks for it in the variable.
  const manifest = path.join(root, '.next', 'required-server-files.json');
  if (!dev && existsSync(manifest)) process.env.__NEXT_PRIVATE_STANDALONE_CONFIG = JSON.stringify(JSON.parse(readFileSync(manifest, 'utf8')).config);
  const next = createRequire(path.join(root, 'package.json'))('next') as typeof import('next').default;
  // A dummy server: Next would add its own upgrade listener to ours at the first request.
  const app = next({ dev, dir: root, hostname: env.host, port: env.port, httpServer: dev ? server : new http.Server() });
  await app.prepare();
  return app;
}

function listen(server: http.Server, env: PanelEnv): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      reject(cause.code === 'EADDRINUSE' ? new PanelError('port_busy', { host: env.host, port: env.port }, { cause }) : new PanelError('listen_failed', { host: env.host, port: env.port, detail: cause.code ?? cause.message }, { cause })),
    );
    server.listen(env.port, env.host, resolve);
  });
}

async function announce(env: PanelEnv): Promise<void> {
  const address = env.origins[0] ?? `http://127.0.0.1:${env.port}`;
  console.log(`\n  gonka-panel is ready: ${address}\n`);
  console.log(`  From your own computer:  ssh -N -L ${env.port}:127.0.0.1:${env.port} ${os.userInfo().username}@${os.hostname()}`);
  console.log(`  then open                http://127.0.0.1:${env.port}\n`);
  if (!(await hasAdmin())) console.log(`  First time here? This link makes the administrator, once:\n  ${address}/setup?token=${newSetupToken()}\n`);
}

async function main(): Promise<void> {
  (process.env as Record<string, string>).NODE_ENV ??= dev ? 'development' : 'production';
  process.umask(0o077); // whatever the panel writes is its own
  const env = panelEnv();
  prepareDataDir(env.dataDir);
  lockDataDir(env.dataDir);
  migrate(path.join(env.dataDir, 'panel.db'), path.join(root, 'prisma', 'migrations'));
  await auth().$context; // fails here and not in the middle of a request
  await checkExposure(env);

  // Listens before Next is loaded, so that a busy port is known at once; who comes in between waits for the gate.
  const { promise: ready, resolve: open } = Promise.withResolvers<http.RequestListener>();
  const server = http.createServer((request, response) => void ready.then((listener) => listener(request, response)));
  await listen(server, env);
  const app = await prepareNext(env, server);
  const handle = app.getRequestHandler();
  open(gate({ env, next: (request, response) => void handle(request, response), dev }));
  if (dev) {
    const upgrade = app.getUpgradeHandler();
    const hosts = new Set(allowedOrigins(env).map((origin) => new URL(origin).host));
    server.on('upgrade', (request, socket, head) => (hosts.has(request.headers.host ?? '') ? void upgrade(request, socket, head) : socket.destroy()));
  } else {
    server.on('upgrade', (_request, socket) => socket.destroy());
  }
  await announce(env);
  // An exit that goes on must see the network although nobody has opened a page yet.
  connectOperations();
  watchMlNodes();
  // Looks at containers, so it may take a while; whoever starts an operation waits for it.
  recoverOperations().catch((error: unknown) => log.error({ err: error }, 'the journal could not be put right'));
  // What waits for its safe window waits on, whether or not anybody looks.
  wakeSchedule();

  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), GIVE_UP_AFTER_MS).unref();
    const closed = new Promise((resolve) => server.close(resolve));
    for (const close of [...singleton('closers', () => new Set<() => void>())]) close();
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), CLOSE_AFTER_MS).unref();
    await closed;
    await app.close();
    await db().$disconnect();
    process.exit(0);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

main().catch((error: unknown) => {
  console.error(`\n${explainStartFailure(error)}\n`);
  process.exit(1);
});
