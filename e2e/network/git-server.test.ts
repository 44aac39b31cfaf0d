import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { UPSTREAM } from './deployment.ts';
import { startGitServer, type GitServer } from './git-server.ts';

let server: GitServer;
let scratch: string;

function git(...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = spawn('git', args, { cwd: scratch, env: { ...process.env, GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' } });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk) => { stdout += chunk; });
    child.stderr.on('data', (chunk) => { stderr += chunk; });
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

describe.skipIf(!existsSync(UPSTREAM))('git clone', () => {
  beforeAll(async () => {
    scratch = mkdtempSync(join(tmpdir(), 'standin-'));
    server = await startGitServer({ host: '127.0.0.1' });
  });
  afterEach(() => { server.setFaults({}); server.setRate(0); });
  afterAll(async () => {
    await server.close();
    rmSync(scratch, { recursive: true });
  });

  test('the tags, the newest release on main, each release by its tag, shallow too', async () => {
    const refs = (await git('ls-remote', server.url)).stdout;
    for (const release of ['0.2.4', '0.2.8', '0.2.14']) expect(refs).toMatch(new RegExp(`\\trefs/tags/release/v${release}\n`));
    expect((await git('clone', server.url, 'main')).code).toBe(0);
    const read = (...path: string[]) => readFileSync(join(...path), 'utf8');
    expect(read(scratch, 'main/deploy/join/docker-compose.yml')).toBe(read(UPSTREAM, 'v0.2.14/join/docker-compose.yml'));
    expect(existsSync(join(scratch, 'main/genesis/genesis.json'))).toBe(true);
    const { code, stderr } = await git('clone', '--progress', '--depth', '1', '--branch', 'release/v0.2.8', server.url, 'old');
    expect([code, stderr.includes('Receiving objects: 100%')]).toEqual([0, true]);
    expect(read(scratch, 'old/deploy/join/docker-compose.yml')).toBe(read(UPSTREAM, 'v0.2.8/join/docker-compose.yml'));
    expect((await git('-C', 'old', 'rev-parse', 'HEAD')).stdout.trim()).toBe(server.commitOf('0.2.8'));
  });

  test('what goes wrong', async () => {
    const clone = async (faults: Parameters<GitServer['setFaults']>[0], ...args: string[]) => {
      server.setFaults(faults);
      const { code, stderr } = await git('clone', ...args, server.url, 'broken');
      expect(existsSync(join(scratch, 'broken'))).toBe(false);
      return [code, stderr];
    };
    expect(await clone({ down: true })).toEqual([128, expect.stringContaining('Empty reply from server')]);
    expect(await clone({ status: 503 })).toEqual([128, expect.stringContaining('The requested URL returned error: 503')]);
    expect(await clone({ cutAfter: 500_000 })).toEqual([128, expect.stringContaining('early EOF')]);
    expect(await clone({}, '--branch', 'release/v9')).toEqual([128, expect.stringContaining('Remote branch release/v9 not found in upstream origin')]);
  });

  test('a web page instead of a repository (a portal) is an empty clone with exit 0', async () => {
    server.setFaults({ html: true });
    const { code, stderr } = await git('clone', server.url, 'portal');
    expect([code, stderr]).toEqual([0, expect.stringContaining('You appear to have cloned an empty repository.')]);
    expect(existsSync(join(scratch, 'portal/deploy'))).toBe(false);
  });

  test('slow enough to be stopped', async () => {
    server.setRate(200_000);
    const child = spawn('git', ['clone', '--progress', server.url, 'slow'], { cwd: scratch, stdio: ['ignore', 'ignore', 'pipe'] });
    let stderr = '';
    child.stderr.on('data', (chunk) => { stderr += chunk; });
    await expect.poll(() => /Receiving objects: +\d+%/.test(stderr), { timeout: 15_000 }).toBe(true);
    child.kill('SIGTERM');
    await new Promise((resolve) => child.on('close', resolve));
    expect(stderr).not.toContain('Receiving objects: 100%');
  });

  test('files changed on their way into the repository', async () => {
    const other = await startGitServer({ host: '127.0.0.1', weight: 1000, change: (path, text, release) => (path.endsWith('docker-compose.yml') ? `# ${release}\n${text}` : text) });
    await git('clone', '--branch', 'release/v0.2.4', other.url, 'changed');
    expect(readFileSync(join(scratch, 'changed/deploy/join/docker-compose.yml'), 'utf8')).toMatch(/^# 0\.2\.4\n/);
    await other.close();
  });
});
