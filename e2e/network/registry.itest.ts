/** The registry against a real engine. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { composeImages, overrideText, UPSTREAM } from './deployment.ts';
import { startRegistry, type Registry } from './registry.ts';

const API = 'ghcr.io/product-science/api:0.2.4';
const NODE = 'ghcr.io/product-science/inferenced:0.2.4';

function docker(args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = spawn('docker', args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk) => { stdout += chunk; });
    child.stderr.on('data', (chunk) => { stderr += chunk; });
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

describe('an engine and the registry', () => {
  let registry: Registry;
  const pull = (upstream: string) => docker(['pull', registry.nameOf(upstream)]);
  beforeAll(async () => { registry = await startRegistry({ runnable: false }); });
  afterEach(async () => {
    registry.setFaults({});
    registry.setRate(0);
    await docker(['image', 'rm', '-f', ...[API, NODE].map(registry.nameOf)]);
  });
  afterAll(() => registry.close());

  test('several layers, with the words of a pull', async () => {
    const { code, stdout } = await pull(API);
    expect(code).toBe(0);
    expect(stdout.match(/Pull complete/g)).toHaveLength(4);
    expect(stdout).toContain(`Digest: ${registry.digestOf(API)}`);
    expect((await docker(['pull', `${registry.nameOf(API).replace(/:[^:]*$/, '')}@${registry.digestOf(API)}`])).code).toBe(0);
  });

  test('slow enough to be stopped, and pulled afterwards', async () => {
    registry.setRate(7_000_000);
    const child = spawn('docker', ['pull', registry.nameOf(API)], { stdio: 'ignore' });
    await expect.poll(() => registry.requests.filter(({ path }) => path.includes('/blobs/')).length, { timeout: 20_000 }).toBeGreaterThan(3);
    child.kill('SIGINT');
    await new Promise((resolve) => child.on('close', resolve));
    expect((await docker(['image', 'inspect', registry.nameOf(API)])).code).toBe(1);
    registry.setRate(0);
    expect((await pull(API)).code).toBe(0);
  });

  test('what goes wrong, in the words of the engine', async () => {
    const fails = async (faults: Parameters<Registry['setFaults']>[0]) => {
      registry.setFaults(faults);
      const { code, stderr } = await pull(NODE);
      return [code, stderr.trim()];
    };
    expect(await fails({ tooManyRequests: true })).toEqual([1, 'Error response from daemon: toomanyrequests: You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit']);
    expect((await fails({ manifestUnknown: [NODE] }))[1]).toContain('manifest unknown');
    expect((await fails({ wrongArchitecture: true }))[1]).toContain('no matching manifest for linux/amd64 in the manifest list entries');
    expect((await fails({ unauthorized: true }))[0]).toBe(1);
    expect((await fails({ corrupt: true }))[1]).toContain('filesystem layer verification failed');
    expect((await fails({ down: true }))[0]).toBe(1);
    registry.setFaults({ wrongArchitecture: 'silent' });
    expect((await pull(NODE)).code).toBe(0);
    expect((await docker(['image', 'inspect', '--format', '{{.Architecture}}', registry.nameOf(NODE)])).stdout.trim()).not.toBe('amd64');
  });

  test('a line that breaks in the middle of a layer: the engine goes on from there', async () => {
    registry.setFaults({ cutAfter: 2_500_000 });
    expect((await pull(NODE)).code).toBe(0);
    expect(registry.requests.some(({ range }) => range && !range.startsWith('bytes=0-'))).toBe(true);
  });
});

test('images of the registry run', async () => {
  const registry = await startRegistry({ layers: [100_000], images: [API] });
  const name = registry.nameOf(API);
  expect((await docker(['pull', name])).code).toBe(0);
  expect((await docker(['run', '--rm', '--network', 'none', '--entrypoint', '/bin/sh', name, '-c', 'echo "$STANDIN_IMAGE"'])).stdout).toBe(`${API}\n`);
  await docker(['image', 'rm', '-f', name]);
  await registry.close();
});

test.for(['0.2.4', '0.2.8', '0.2.14'])('an override file takes every image of %s from the registry', async (release) => {
  const registry = await startRegistry();
  const dir = join(UPSTREAM, `v${release}`, 'join');
  const scratch = mkdtempSync(join(tmpdir(), 'standin-'));
  const file = join(scratch, 'override.yml');
  writeFileSync(file, overrideText(dir, { withoutGpu: true, imageName: registry.nameOf, hubUrl: 'http://10.0.0.1:9' }));
  const config = await docker(['compose', '-f', join(dir, 'docker-compose.yml'), '-f', join(dir, 'docker-compose.mlnode.yml'), '-f', file, '--profile', '*', 'config', '--images']);
  expect(config.code).toBe(0);
  expect(config.stdout.trim().split('\n').sort()).toEqual(composeImages(dir).map(({ image }) => registry.nameOf(image)).sort());
  rmSync(scratch, { recursive: true });
  await registry.close();
});
