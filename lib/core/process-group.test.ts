import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { runProcessGroup } from './process-group.ts';

const env = { PATH: process.env.PATH, OWN: 'x' };
const run = (script: string, more: { signal?: AbortSignal; timeoutMs?: number; graceMs?: number; onData?(chunk: Buffer, stream: string): void } = {}) =>
  runProcessGroup(process.execPath, ['-e', script], { cwd: '/', env, timeoutMs: 20_000, graceMs: 200, onData: () => {}, ...more });

test('the end and both streams, with the environment that was given and no other', async () => {
  const said: string[] = [];
  const end = await run('console.log(Object.keys(process.env).sort().join()); console.error("no"); process.exitCode = 3', { onData: (chunk, stream) => said.push(`${stream} ${chunk.toString().trim()}`) });
  expect(end).toEqual({ exitCode: 3, signal: null });
  expect(said.sort()).toEqual(['stderr no', 'stdout OWN,PATH']);
});

test('a child of the program that takes no SIGTERM is ended with it, by abort and by timeout', async () => {
  for (const why of ['aborted', 'timeout'] as const) {
    // The grandchild holds a connection: it is gone when the connection is.
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const grandchild = `process.on('SIGTERM', () => {}); require('node:net').connect(${port}, '127.0.0.1'); setInterval(() => {}, 1000)`;
    const script = `process.on('SIGTERM', () => {}); require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(grandchild)}], { stdio: 'inherit' }); setInterval(() => {}, 1000)`;
    const aborter = new AbortController();
    const ended = run(script, { ...(why === 'aborted' ? { signal: aborter.signal } : { timeoutMs: 3000 }) });
    const [held] = (await once(server, 'connection')) as [Socket];
    held.on('error', () => {}).resume();
    const gone = once(held, 'close');
    if (why === 'aborted') aborter.abort();
    expect(await ended).toEqual({ exitCode: null, signal: 'SIGKILL', stopped: why });
    await gone;
    server.close();
  }
});

test('what was given up before it began is not started, and a program that is not there is an error', async () => {
  expect(await run('process.exit(1)', { signal: AbortSignal.abort() })).toEqual({ exitCode: null, signal: null, stopped: 'aborted' });
  await expect(runProcessGroup('/nowhere/git', [], { cwd: '/', env, timeoutMs: 1000, graceMs: 1, onData: () => {} })).rejects.toMatchObject({ code: 'ENOENT' });
});
