/** The hub and its client: the cache's layout, resuming, what goes wrong. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startHub, type Hub } from './hub.ts';
import { MlNodeModels } from './services/mlnode-models.ts';

const REPO = 'Qwen/QwQ-32B';
const CLI = join(import.meta.dirname, 'cli.ts');
let hub: Hub;
let home: string;
beforeAll(async () => {
  hub = await startHub({ host: '127.0.0.1', models: { [REPO]: { bytes: 8_000_000, shards: 3 }, 'meta/gated': { bytes: 1000, gated: true } } });
  home = mkdtempSync(join(tmpdir(), 'standin-'));
});
afterEach(() => { hub.setFaults({}); hub.setRate(0); });
afterAll(async () => {
  await hub.close();
  rmSync(home, { recursive: true });
});

type Run = { code: number | null; signal: NodeJS.Signals | null; stdout: string; stderr: string };
function start(args: string[], hfHome: string, env: Record<string, string> = {}): { child: ChildProcess; ended: Promise<Run> } {
  const child = spawn(process.execPath, [CLI, 'hf', 'download', ...args], { env: { PATH: process.env.PATH, HOME: home, HF_HOME: hfHome, HF_ENDPOINT: hub.url, ...env } as unknown as NodeJS.ProcessEnv });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk) => { stdout += chunk; });
  child.stderr.on('data', (chunk) => { stderr += chunk; });
  return { child, ended: new Promise((resolve) => child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }))) };
}
const fresh = () => mkdtempSync(join(home, 'hf-'));
const repoDir = (hfHome: string) => join(hfHome, 'hub/models--Qwen--QwQ-32B');
async function until(what: () => boolean): Promise<void> {
  while (!what()) await new Promise((resolve) => setTimeout(resolve, 50));
}
const incomplete = (hfHome: string) => (existsSync(join(repoDir(hfHome), 'blobs')) ? readdirSync(join(repoDir(hfHome), 'blobs')).filter((name) => name.endsWith('.incomplete')) : []);

test('the list of files with sizes, in pages when there are many', async () => {
  const small = await startHub({ host: '127.0.0.1', treePage: 6 });
  const first = await fetch(`${small.url}/api/models/${REPO}/tree/main?recursive=true`);
  const entries = (await first.json()) as { path: string; size: number; lfs?: { oid: string } }[];
  const next = /<(.*)>; rel="next"/.exec(first.headers.get('link') ?? '')?.[1];
  const rest = (await (await fetch(next!)).json()) as typeof entries;
  expect([...entries, ...rest].map(({ path, size, lfs }) => [path, size, lfs?.oid])).toEqual(small.files(REPO).files.map((file) => [file.path, file.size, file.sha256]));
  await small.close();
});

test('a whole download has the layout of the real cache', async () => {
  const hfHome = fresh();
  const { code, stdout, stderr } = await start([REPO], hfHome).ended;
  const { commit, files } = hub.files(REPO);
  expect([code, stdout]).toEqual([0, `${repoDir(hfHome)}/snapshots/${commit}\n`]);
  expect(stderr).toContain(`Fetching ${files.length} files: 100%`);
  expect(readFileSync(join(repoDir(hfHome), 'refs/main'), 'utf8')).toBe(commit);
  for (const file of files) {
    const link = join(repoDir(hfHome), 'snapshots', commit, file.path);
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(statSync(link).size).toBe(file.size);
    if (file.sha256) expect(createHash('sha256').update(readFileSync(join(repoDir(hfHome), 'blobs', file.sha256))).digest('hex')).toBe(file.sha256);
  }
  expect(incomplete(hfHome)).toEqual([]);
}, 30_000);

test('killed in the middle it leaves .incomplete files, and goes on from there', async () => {
  const hfHome = fresh();
  hub.setRate(2_000_000);
  const { child, ended } = start([REPO], hfHome);
  await until(() => incomplete(hfHome).some((name) => statSync(join(repoDir(hfHome), 'blobs', name)).size > 100_000));
  child.kill('SIGKILL');
  expect((await ended).signal).toBe('SIGKILL');
  expect(existsSync(join(repoDir(hfHome), 'refs/main')), 'the ref is there long before the weights').toBe(true);
  hub.setRate(0);
  const asked = hub.requests.length;
  expect((await start([REPO], hfHome).ended).code).toBe(0);
  expect(hub.requests.slice(asked).some((request) => request.range && request.range !== 'bytes=0-')).toBe(true);
  expect(incomplete(hfHome)).toEqual([]);
}, 60_000);

test('a line that breaks is taken up again; one that always breaks at the same place moves on nevertheless', async () => {
  const hfHome = fresh();
  hub.setFaults({ cutAfter: 1_000_000 });
  const { code, stderr } = await start([REPO], hfHome).ended;
  expect(code).toBe(0);
  expect(stderr).toContain('Trying to resume download...');
}, 60_000);

test('errors end with the real names, exit 1', async () => {
  const last = async (args: string[], env: Record<string, string> = {}) => {
    const { code, stderr } = await start(args, fresh(), env).ended;
    return [code, /^[\w.]*(?:Error|errors)[\w.]*: .*$/m.exec(stderr)?.[0].split(' (Request')[0]];
  };
  expect(await last(['nobody/nothing'])).toEqual([1, 'huggingface_hub.errors.RepositoryNotFoundError: 401 Client Error.']);
  expect(await last([REPO, '--revision', 'v9'])).toEqual([1, 'huggingface_hub.errors.RevisionNotFoundError: 404 Client Error.']);
  expect(await last(['meta/gated'])).toEqual([1, 'huggingface_hub.errors.GatedRepoError: 401 Client Error.']);
  expect((await last([REPO], { HF_ENDPOINT: 'http://127.0.0.1:9' }))[1]).toMatch(/^huggingface_hub.errors.LocalEntryNotFoundError: An error happened/);
  expect((await last([REPO], { HF_HUB_OFFLINE: '1' }))[1]).toMatch(/outgoing traffic has been disabled/);
  hub.setFaults({ tooManyRequests: true });
  expect((await last([REPO]))[1]).toMatch(/^huggingface_hub.errors.HfHubHTTPError: 429 Client Error/);
}, 60_000);

test('with the hub away, half a snapshot is success: exit 0 and its path', async () => {
  const hfHome = fresh();
  expect((await start([REPO, 'config.json'], hfHome).ended).code).toBe(0);
  const { code, stdout } = await start([REPO], hfHome, { HF_ENDPOINT: 'http://127.0.0.1:9' }).ended;
  expect([code, stdout]).toEqual([0, `${repoDir(hfHome)}/snapshots/${hub.files(REPO).commit}\n`]);
}, 30_000);

test("the ML node's own downloads: states, limits, failure, cancelling, deleting", async () => {
  const hfHome = fresh();
  Object.assign(process.env, { HF_HOME: hfHome, HF_ENDPOINT: hub.url });
  const log: string[] = [];
  const models = new MlNodeModels((line) => log.push(line));
  const ask = async (what: string, repo: string, method = 'POST') => (await models.answer(method, what, JSON.stringify({ hf_repo: repo }))) as [number, { status: string; error_message: string | null; detail?: string; progress?: object | null }];
  const ends = async (repo: string) => {
    while ((await ask('/status', repo))[1].status === 'DOWNLOADING') await new Promise((resolve) => setTimeout(resolve, 20));
  };
  expect((await ask('/status', REPO))[1].status).toBe('NOT_FOUND');
  hub.setRate(1_000_000);
  expect(await ask('/download', REPO)).toMatchObject([202, { task_id: `${REPO}:latest`, status: 'DOWNLOADING' }]);
  expect((await ask('/download', REPO))[0]).toBe(409);
  expect(Object.keys((await ask('/status', REPO))[1].progress!)).toEqual(['start_time', 'elapsed_seconds']);
  await ask('/download', 'Qwen/Qwen2.5-7B-Instruct');
  await ask('/download', 'Qwen/Qwen3-235B-A22B-Instruct-2507-FP8');
  expect((await ask('/download', 'a/fourth'))[0]).toBe(429);
  await until(() => incomplete(hfHome).length > 0);
  for (const repo of ['Qwen/Qwen2.5-7B-Instruct', 'Qwen/Qwen3-235B-A22B-Instruct-2507-FP8', REPO]) expect(await ask('', repo, 'DELETE')).toMatchObject([200, { status: expect.stringMatching(/^(cancelled|deleted)$/) }]);
  for (const repo of ['Qwen/Qwen2.5-7B-Instruct', 'Qwen/Qwen3-235B-A22B-Instruct-2507-FP8', REPO]) expect((await ask('/status', repo))[1]).toMatchObject({ status: 'NOT_FOUND', error_message: null });
  hub.setRate(0);
  await ask('/download', 'nobody/nothing');
  await ends('nobody/nothing');
  expect((await ask('/status', 'nobody/nothing'))[1].error_message).toBe('Repository not found: nobody/nothing');
  await ask('/download', REPO);
  await ends(REPO);
  expect((await ask('/status', REPO))[1].status).toBe('DOWNLOADED');
  expect((await models.answer('GET', '/download', ''))![0]).toBe(405);
  expect(await models.answer('GET', '/list', '')).toEqual([200, { models: [{ model: { hf_repo: REPO, hf_commit: hub.files(REPO).commit }, status: 'DOWNLOADED' }] }]);
  expect(await ask('', REPO, 'DELETE')).toMatchObject([200, { status: 'deleted' }]);
  expect((await ask('', REPO, 'DELETE'))[0]).toBe(404);
  expect((await models.answer('POST', '/status', '[]'))![0]).toBe(422);
}, 60_000);
