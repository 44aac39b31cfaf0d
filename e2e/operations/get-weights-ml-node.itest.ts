import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { panelEnv } from '#lib/core/env.ts';
import { forgetDeployment } from '#lib/deployment/deployment.ts';
import { cancelOperation, finished, operationOutput, startOperation } from '#lib/operations/journal.ts';
import { previewOperation } from '#lib/operations/preview.ts';
import { surroundOperations } from '#lib/operations/surroundings.ts';
import { type Hub, startHub } from '../network/hub.ts';
import { ensureImages } from '../network/image.ts';
import { docker } from './busybox-host.ts';
import { type ImagesHost, imagesHost } from './images-host.ts';
import { panelProcess } from './killed-panel.ts';
import type { Job } from './panel-child.ts';
import { bytesIn, containers, detail, ended, progress, retried, startWeights, until, view } from './weights-run.ts';

const MLNODE = 'ghcr.io/product-science/mlnode:3.0.10';
const NODE = 'ghcr.io/product-science/inferenced:0.2.4';
const MODEL = 'Qwen/QwQ-32B';
const OTHERS = ['Qwen/Qwen2.5-7B-Instruct', 'Qwen/Qwen3-235B-A22B-Instruct-2507-FP8', 'a/third'];
const BYTES = 8_000_000;
const by = { user: 'ann', ip: '192.0.2.7' };
let hub: Hub;
let host: ImagesHost;

const compose = (of: ImagesHost, ...args: string[]) => execFileSync('docker', ['compose', ...args], { cwd: of.dir, env: { ...process.env, ...Object.fromEntries(readFileSync(path.join(of.dir, 'config.env'), 'utf8').split('\n').filter(Boolean).map((line) => line.slice('export '.length).split('=') as [string, string])) }, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
const file = () => path.join(host.dir, 'docker-compose.yml');
/** The ML node of the compose file, until it answers. */
async function up(of: ImagesHost, ...flags: string[]): Promise<void> {
  compose(of, 'up', '-d', ...flags, 'mlnode-308');
  await until(() => fetch(`http://${address()}:8080/api/v1/state`).then(({ ok }) => ok, () => false));
}
/** The compose file with other words in it, and the ML node as it says then. */
async function changed(from: string, to: string): Promise<void> {
  writeFileSync(file(), readFileSync(file(), 'utf8').replace(from, to));
  await up(host);
  forgetDeployment();
}

beforeAll(async () => {
  await ensureImages(process.env, [MLNODE, NODE]);
  hub = await startHub({ host: '0.0.0.0', models: { [MODEL]: { bytes: BYTES, shards: 3 }, 'a/third': { bytes: BYTES, shards: 1 } } });
  host = imagesHost({ node: NODE, 'mlnode-308': MLNODE }, { HF_ENDPOINT: hub.containerUrl });
  Object.assign(process.env, host.env);
  surroundOperations({ phase: async () => ({ known: true, clock: { phase: 'PoCGenerate', epoch: 7, at: Date.now() } }), membership: async () => 'in' });
});
afterAll(async () => {
  compose(host, 'down', '-t', '1');
  host.remove();
  await hub.close();
});
beforeEach(async () => {
  // A fresh ML node remembers no download.
  rmSync(path.join(host.hfHome, 'hub'), { recursive: true, force: true });
  await up(host, '--force-recreate', '-t', '1');
  // Here and not before: what a container asked just before it was removed comes in late.
  hub.requests.length = 0;
});
afterEach(() => {
  hub.setFaults({});
  hub.setRate(0);
});

const mlNode = () => docker('ps', '-aq', '--filter', 'label=com.docker.compose.service=mlnode-308').trim();
const mlLog = () => docker('logs', mlNode());
const address = () => docker('inspect', '-f', '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}', mlNode()).trim();
const ask = async (what: string, model: string) => (await fetch(`http://${address()}:8080/api/v1/models/${what}`, { method: 'POST', body: JSON.stringify({ hf_repo: model, hf_commit: null }) })).json() as Promise<{ status: string }>;
const blobs = (home = host.hfHome) => path.join(home, 'hub', `models--${MODEL.replace('/', '--')}`, 'blobs');
const said = async (id: string) => (await operationOutput(id)).map((line) => ('code' in line ? line.code : ''));
const params = (model = MODEL) => ({ model, via: 'ml-node' });
const start = (model = MODEL) => startWeights(params(model));
const run = (model = MODEL) => ended(start(model));

describe('downloading model weights by the ML node itself', () => {
  it('shows the literal request, the bytes as they come, and proves every file', async () => {
    const preview = await previewOperation({ kind: 'get-weights', params: params() });
    expect(preview.command).toEqual(['curl', '-sS', '-X', 'POST', `http://${address()}:8080/api/v1/models/download`, '-H', 'Content-Type: application/json', '-d', `{"hf_repo":"${MODEL}","hf_commit":null}`]);
    expect([preview.gate, preview.notes, preview.changes]).toEqual([{ answer: 'yes' }, ['weights_api_stays'], []]);
    hub.setRate(3_000_000);
    const { id } = await start();
    const { total } = await progress(id, ({ done, parts }) => done > 500_000 && parts.some(({ state }) => state === 'working'));
    expect(total).toBe(hub.files(MODEL).bytes);
    hub.setRate(0);
    await finished(id);
    const over = await view(id);
    expect([over.state, over.error]).toEqual(['succeeded', undefined]);
    expect(detail(over, 'weights-download')?.code).toBe('weights_api_downloaded');
    expect(detail(over, 'weights-verify')).toMatchObject({ code: 'weights_proven', params: { count: hub.files(MODEL).files.length } });
    expect(containers(), 'no container of the panel\'s').toEqual([]);
    const again = await run();
    expect([again.state, detail(again, 'weights-download')?.code, mlLog().match(/Started download/g)?.length]).toEqual(['succeeded', 'weights_here', 1]);
  });

  it('one that is under way, whoever asked for it, is watched and not started twice', async () => {
    hub.setRate(2_000_000);
    await ask('download', MODEL);
    const { id } = await start();
    await progress(id, ({ done }) => done > 500_000);
    hub.setRate(0);
    await finished(id);
    expect([(await view(id)).state, (await said(id)).includes('weights_api_found'), mlLog().match(/Started download/g)?.length]).toEqual(['succeeded', true, 1]);
  });

  it('the panel is killed (-9): the journal says that the ML node goes on, and a retry watches it', async () => {
    hub.setRate(600_000);
    const first = await panel({ start: { kind: 'get-weights', params: params() }, killAt: { step: 'weights-download', afterMs: 2500 } });
    expect(first.signal, first.said).toBe('SIGKILL');
    hub.setRate(1_000_000);
    const { report, said: words } = await panel({ recover: true });
    expect(report?.recovered[0], words).toMatchObject({ state: 'interrupted' });
    expect(report?.recovered[0]?.steps.at(-1)?.detail).toMatchObject({ code: 'weights_api_on' });
    expect(report?.operation, words).toMatchObject({ state: 'succeeded' });
    expect(await said(report?.operation?.id as string)).toContain('weights_api_found');
    expect(mlLog().match(/Started download/g)?.length).toBe(1);
  });

  it('the ML node is restarted in the middle: its download is over, what is there stays, and a retry goes on from it', async () => {
    hub.setRate(1_000_000);
    const { id } = await start();
    await progress(id, ({ done }) => done > 1_500_000);
    docker('restart', '-t', '1', mlNode());
    await finished(id);
    const failed = await view(id);
    expect([failed.state, ['weights_api_ended', 'weights_api_stopped'].includes(failed.error?.code ?? ''), detail(failed, 'observe')?.code]).toEqual(['failed', true, 'weights_partial']);
    hub.setRate(0);
    hub.requests.length = 0;
    expect((await retried(id)).state).toBe('succeeded');
    expect(hub.requests.some(({ range }) => range && !range.startsWith('bytes=0-'))).toBe(true);
  });

  it('cancelled, only the watching ends: nothing that is there is deleted', async () => {
    hub.setRate(1_000_000);
    const { id } = await start();
    await progress(id, ({ done }) => done > 1_000_000);
    await cancelOperation(id, by);
    await finished(id);
    const stopped = await view(id);
    expect([stopped.state, detail(stopped, 'observe')?.code]).toEqual(['cancelled', 'weights_api_on']);
    hub.setRate(0);
    await until(async () => (await ask('status', MODEL)).status !== 'DOWNLOADING');
    expect((await ask('status', MODEL)).status).toBe('DOWNLOADED');
    expect(mlLog()).not.toContain('DELETE');
  });

  it('two ways at once would write the same files: each gives way to the other', async () => {
    hub.setRate(500_000);
    await ask('download', MODEL);
    const other = await startOperation({ kind: 'get-weights', params: { model: MODEL }, ...by });
    await finished(other.id);
    expect([(await view(other.id)).error?.code, containers()]).toEqual(['weights_in_ml_node', []]);
    await up(host, '--force-recreate', '-t', '1');
    // The other way round, a container that is at work.
    const [program = '', ...args] = (await previewOperation({ kind: 'get-weights', params: { model: MODEL } })).command;
    execFileSync(program, args, { stdio: 'ignore' });
    const late = await run();
    expect([late.error?.code, detail(late, 'observe')?.code]).toEqual(['weights_in_container', 'weights_run_on']);
    docker('rm', '-f', containers()[0]?.split(' ')[0] as string);
    expect(mlLog()).not.toContain('Started download');
  });

  it('refused or impossible, it says which, and starts nothing', async () => {
    for (const model of OTHERS) {
      hub.setRate(100_000);
      await ask('download', model);
    }
    expect((await run()).error?.code).toBe('weights_api_busy');
    hub.setRate(0);
    await up(host, '--force-recreate', '-t', '1');
    expect((await run('nobody/nothing')).error?.code).toBe('weights_api_no_account');
    docker('stop', '-t', '1', mlNode());
    const stopped = await run();
    expect([stopped.error?.code, detail(stopped, 'observe')?.code]).toEqual(['weights_api_stopped', 'weights_absent']);
    expect(hub.requests.some(({ path: where }) => where.includes(`/${MODEL}/resolve/`))).toBe(false);
  });

  it('the hub away: the ML node keeps only the beginning of its words, and nothing is called a success', async () => {
    hub.setFaults({ down: true });
    const failed = await run();
    expect([failed.error?.code, String(failed.error?.params.detail).length > 1]).toEqual(['weights_api_failed', true]);
    hub.setFaults({});
    expect((await retried(failed.id)).state).toBe('succeeded');
  });

  it('a shard that was cut short counts for the ML node, not for the panel', async () => {
    expect((await run()).state).toBe('succeeded');
    truncateSync(path.join(host.hfHome, 'hub', `models--${MODEL.replace('/', '--')}`, 'snapshots', hub.files(MODEL).commit, 'model-00002-of-00003.safetensors'), 1000);
    const failed = await run();
    expect([detail(failed, 'weights-download')?.code, failed.error?.code, failed.error?.params.missing]).toEqual(['weights_api_there', 'weights_incomplete', 'model-00002-of-00003.safetensors']);
  });

  it('an ML node that doesn\'t answer is unknown: it is asked again', async () => {
    hub.setRate(1_000_000);
    const { id } = await start();
    await progress(id, ({ done }) => done > 500_000);
    docker('kill', '-s', 'STOP', mlNode());
    await until(async () => (await said(id)).includes('weights_api_silent'));
    docker('kill', '-s', 'CONT', mlNode());
    hub.setRate(0);
    await finished(id);
    expect((await view(id)).state).toBe('succeeded');
  });

  it('not offered by an ML node before 3.0.10, by one that may not ask the hub, nor by one that keeps models elsewhere', async () => {
    const text = readFileSync(file(), 'utf8');
    const home = mkdtempSync(path.join(tmpdir(), 'gp-other-'));
    try {
      await changed('environment: [', 'environment: ["STANDIN_IMAGE=ghcr.io/product-science/mlnode:3.0.9", ');
      expect((await run()).error?.code).toBe('weights_api_absent');
      await changed('"STANDIN_IMAGE=ghcr.io/product-science/mlnode:3.0.9"', '"HF_HUB_OFFLINE=true"');
      expect((await run()).error?.code).toBe('weights_api_offline');
      writeFileSync(file(), text.replace('${HF_HOME}:/root/.cache', `${home}:/root/.cache`));
      await up(host);
      writeFileSync(file(), text);
      forgetDeployment();
      expect((await run()).error?.code).toBe('weights_api_elsewhere');
      expect([readdirSync(home), bytesIn(blobs())]).toEqual([[], 0]);
    } finally {
      writeFileSync(file(), text);
      forgetDeployment();
      rmSync(home, { recursive: true, force: true });
    }
  });

  it('a disk that fills up is said as what it is, though the ML node\'s words don\'t say it', async () => {
    const small = mkdtempSync(path.join(tmpdir(), 'gp-small-'));
    const image = `${small}.img`;
    execFileSync('truncate', ['-s', '16M', image]);
    execFileSync('mkfs.ext4', ['-q', '-F', '-m', '0', image]);
    execFileSync('mount', ['-o', 'loop', image, small]);
    const before = panelEnv().deployDir;
    compose(host, 'down', '-t', '1');
    const tight = imagesHost({ node: NODE, 'mlnode-308': MLNODE }, { HF_ENDPOINT: hub.containerUrl }, small);
    panelEnv().deployDir = tight.dir;
    forgetDeployment();
    try {
      await up(tight);
      hub.setRate(2_000_000);
      const { id } = await start();
      await progress(id, ({ done }) => done > 500_000);
      writeFileSync(path.join(small, 'other'), Buffer.alloc(7_000_000, 1));
      hub.setRate(0);
      await finished(id);
      expect((await view(id)).error?.code).toBe('weights_disk_full');
      expect(bytesIn(blobs(small))).toBeGreaterThan(500_000);
      rmSync(path.join(small, 'other'));
      expect((await retried(id)).state).toBe('succeeded');
    } finally {
      panelEnv().deployDir = before;
      forgetDeployment();
      compose(tight, 'down', '-t', '1');
      tight.remove();
      execFileSync('umount', [small]);
      rmSync(image);
      rmSync(small, { recursive: true, force: true });
    }
  });
});

const panel = (job: Job) => panelProcess(job, 'join', host.env);
