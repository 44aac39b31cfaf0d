import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { isPanelError } from '#lib/core/errors.ts';
import { cancelOperation, finished, operation, operationOutput, retryOperation, startOperation } from '#lib/operations/journal.ts';
import { previewOperation } from '#lib/operations/preview.ts';
import type { OperationView, Progress } from '#lib/operations/schema.ts';
import { surroundOperations } from '#lib/operations/surroundings.ts';
import { type Registry, startRegistry } from '../network/registry.ts';
import { docker } from './busybox-host.ts';
import { type ImagesHost, imagesHost } from './images-host.ts';

const NODE = 'ghcr.io/product-science/inferenced:0.2.4';
const API = 'ghcr.io/product-science/api:0.2.4';
const LAYERS = [600_000, 400_000, 3_000_000, 200_000];
const real = (process.env.DOCKER_HOST ?? 'unix:///var/run/docker.sock').slice('unix://'.length);
const by = { user: 'ann', ip: '192.0.2.7' };
let registry: Registry;
let host: ImagesHost;
let node: string;
let api: string;
const sockets = new Set<net.Socket>();
let front: net.Server;
let frontDir: string;

/** The engine behind a socket of ours, so that it can go away as dockerd does. */
beforeAll(async () => {
  registry = await startRegistry({ runnable: false, layers: LAYERS });
  [node, api] = [registry.nameOf(NODE), registry.nameOf(API)];
  host = imagesHost({ node, api });
  frontDir = mkdtempSync(path.join(tmpdir(), 'gp-front-'));
  const socket = path.join(frontDir, 'engine.sock');
  front = net.createServer((near) => {
    const far = net.connect(real);
    for (const [one, other] of [[near, far], [far, near]] as const) {
      sockets.add(one);
      one.pipe(other);
      one.on('error', () => other.destroy()).on('close', () => { other.destroy(); sockets.delete(one); });
    }
  });
  await new Promise<void>((resolve) => front.listen(socket, resolve));
  Object.assign(process.env, host.env);
  // The panel reads its environment once; the docker CLI of this test goes on asking the engine itself.
  const before = process.env.DOCKER_HOST;
  process.env.DOCKER_HOST = `unix://${socket}`;
  const { panelEnv } = await import('#lib/core/env.ts');
  expect(panelEnv().docker.host).toBe(`unix://${socket}`);
  process.env.DOCKER_HOST = before;
  surroundOperations({ phase: async () => ({ known: true, clock: { phase: 'PoCGenerate', epoch: 7, at: Date.now() } }), membership: async () => 'in' });
});
afterAll(async () => {
  for (const one of sockets) one.destroy();
  front.close();
  await registry.close();
  host.remove();
  rmSync(frontDir, { recursive: true, force: true });
});
afterEach(() => {
  registry.setFaults({});
  registry.setRate(0);
  for (const image of [node, api]) if (here(image)) docker('image', 'rm', '-f', image);
  registry.requests.length = 0;
});

const here = (image: string): boolean => docker('images', '-q', image).trim() !== '';
const blobs = () => registry.requests.filter(({ path: where }) => where.includes('/blobs/'));
const view = async (id: string) => (await operation(id)) as OperationView;
const detail = (o: OperationView, name: string) => o.steps.find((s) => s.name === name)?.detail;
async function run(params: unknown = {}): Promise<OperationView> {
  const { id } = await startOperation({ kind: 'pull-images', params, ...by });
  await finished(id);
  return view(id);
}
/** The progress once it says what `when` waits for. */
async function progress(id: string, when: (now: Progress) => boolean): Promise<Progress> {
  for (;;) {
    const { progress: now, state } = await view(id);
    if (now && when(now)) return now;
    if (state !== 'running' && state !== 'queued') throw new Error(`over as ${state}`);
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}

describe('pulling the images of a deployment', () => {
  it('shows the literal commands, counts every byte, and proves the images by their ids; in a PoC too', async () => {
    const preview = await previewOperation({ kind: 'pull-images' });
    expect([preview.gate, preview.command, preview.commands]).toEqual([{ answer: 'yes' }, [], [['docker', 'pull', node], ['docker', 'pull', api]]]);
    registry.setRate(6_000_000);
    const { id } = await startOperation({ kind: 'pull-images', params: {}, ...by });
    const total = registry.bytesOf(NODE) + registry.bytesOf(API);
    // The registry has said the size before the first layer came.
    const begun = await progress(id, ({ done }) => done > 0);
    expect(begun.total).toBe(total);
    const later = await progress(id, ({ parts }) => parts.some(({ name, state }) => name.startsWith('api:0.2.4 ') && state === 'working'));
    expect(later.parts[0]).toMatchObject({ name: 'inferenced:0.2.4', state: 'done', done: registry.bytesOf(NODE) });
    expect(later.done).toBeGreaterThan(registry.bytesOf(NODE));
    await finished(id);
    const over = await view(id);
    expect(over.error).toBeUndefined();
    const ids = [node, api].map((image) => docker('image', 'inspect', '--format', '{{.Id}}', image).trim().slice(7, 19));
    expect(detail(over, 'images-verify')).toEqual({ code: 'image_ids', params: { count: 2, ids: `inferenced:0.2.4 ${ids[0]}, api:0.2.4 ${ids[1]}` } });
    expect((await operationOutput(id)).filter((line) => 'code' in line && line.code === 'runs')).toHaveLength(2);
    registry.requests.length = 0;
    const again = await run();
    expect([again.state, again.steps.map(({ state }) => state), registry.requests]).toEqual(['succeeded', ['skipped', 'skipped', 'skipped', 'done'], []]);
    expect((await previewOperation({ kind: 'pull-images' })).commands).toBeUndefined();
  });

  it('cancelled, it stops in the engine; what was whole stays, and a retry gets the rest', async () => {
    registry.setRate(4_000_000);
    const { id } = await startOperation({ kind: 'pull-images', params: {}, ...by });
    await progress(id, ({ parts }) => parts.some(({ name, state }) => name.startsWith('api:0.2.4 ') && state === 'working'));
    const second = await startOperation({ kind: 'pull-images', params: {}, ...by }).catch((error: unknown) => error);
    expect(isPanelError(second) && second.code).toBe('operation_running');
    await cancelOperation(id, by);
    await finished(id);
    const stopped = await view(id);
    expect([stopped.state, detail(stopped, 'observe'), here(node), here(api)]).toEqual(['cancelled', { code: 'images_found', params: { here: 1, count: 2 } }, true, false]);
    registry.setRate(0);
    registry.requests.length = 0;
    const retry = await retryOperation(id, by);
    await finished(retry.id);
    expect((await view(retry.id)).state).toBe('succeeded');
    expect(here(api)).toBe(true);
    expect(registry.requests.filter(({ path: where }) => where.includes('inferenced')), 'the image that was whole').toEqual([]);
  });

  it('a line that breaks in the middle of a layer is taken up from there', async () => {
    registry.setFaults({ cutAfter: 1_200_000 });
    const done = await run({ images: [node] });
    expect(done.state).toBe('succeeded');
    expect(blobs().some(({ range }) => range && !range.startsWith('bytes=0-'))).toBe(true);
    expect(here(api), 'an image that was not chosen').toBe(false);
  });

  it('the engine that goes away in the middle is said, and a retry completes', async () => {
    registry.setRate(3_000_000);
    const { id } = await startOperation({ kind: 'pull-images', params: { images: [node] }, ...by });
    await progress(id, ({ done }) => done > 0);
    for (const one of sockets) one.destroy();
    await finished(id);
    const broken = await view(id);
    expect([broken.state, broken.error?.code, here(node)]).toEqual(['failed', 'pull_broke_off', false]);
    registry.setRate(0);
    const retry = await retryOperation(id, by);
    await finished(retry.id);
    expect((await view(retry.id)).state).toBe('succeeded');
  });

  it.each([
    [{ tooManyRequests: true }, 'pull_rate_limited'],
    [{ manifestUnknown: [NODE] }, 'pull_not_found'],
    [{ unauthorized: true }, 'pull_denied'],
    [{ wrongArchitecture: true }, 'image_wrong_platform'],
    [{ wrongArchitecture: 'silent' as const }, 'image_wrong_platform'],
    [{ down: true }, 'pull_no_network'],
    [{ corrupt: true }, 'pull_failed'],
  ])('%j ends as %s, and a retry completes once it is over', async (faults, code) => {
    // A size that was asked for before would be known still.
    const own = await startRegistry({ runnable: false, layers: [100_000], faults });
    const fresh = imagesHost({ node: own.nameOf(NODE) });
    const { forgetDeployment } = await import('#lib/deployment/deployment.ts');
    const { panelEnv } = await import('#lib/core/env.ts');
    const before = panelEnv().deployDir;
    panelEnv().deployDir = fresh.dir;
    forgetDeployment();
    try {
      const failed = await run();
      expect([failed.state, failed.error?.code]).toEqual(['failed', code]);
      own.setFaults({});
      if (!('wrongArchitecture' in faults)) {
        const retry = await retryOperation(failed.id, by);
        await finished(retry.id);
        expect((await view(retry.id)).state).toBe('succeeded');
      }
    } finally {
      panelEnv().deployDir = before;
      forgetDeployment();
      if (here(own.nameOf(NODE))) docker('image', 'rm', '-f', own.nameOf(NODE));
      await own.close();
      fresh.remove();
    }
  });

  it('an image of no service is not pulled', async () => {
    const refused = await startOperation({ kind: 'pull-images', params: { images: ['evil/miner:latest'] }, ...by }).catch((error: unknown) => error);
    expect(isPanelError(refused) && refused.code).toBe('images_unknown');
  });
});

describe('pull by compose', () => {
  it('takes what the registry has of one service, and touches no container', async () => {
    const preview = await previewOperation({ kind: 'pull', target: 'node' });
    expect(preview).toMatchObject({ gate: { answer: 'yes' }, changes: [], notes: ['pull_only'] });
    expect(preview.command.slice(-3)).toEqual(['pull', '--', 'node']);
    const { id } = await startOperation({ kind: 'pull', target: 'node', ...by });
    await finished(id);
    const done = await view(id);
    expect(done.error).toBeUndefined();
    expect([here(node), here(api)]).toEqual([true, false]);
    expect(detail(done, 'images-verify')).toMatchObject({ code: 'image_ids', params: { count: 1 } });
  });

  it('of everything fails where the registry lacks one, and says so', async () => {
    registry.setFaults({ manifestUnknown: [API] });
    const { id } = await startOperation({ kind: 'pull', target: '@all', ...by });
    await finished(id);
    const done = await view(id);
    expect(done).toMatchObject({ state: 'failed', error: { code: 'operation_command_failed' } });
    expect(here(api)).toBe(false);
  });
});
