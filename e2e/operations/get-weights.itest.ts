import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { panelEnv } from '#lib/core/env.ts';
import { forgetDeployment } from '#lib/deployment/deployment.ts';
import { cancelOperation, finished, operationOutput } from '#lib/operations/journal.ts';
import { previewOperation } from '#lib/operations/preview.ts';
import { openOperations } from '#lib/operations/store.ts';
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
const GATED = 'meta/gated-8B';
const MOVING = 'meta/moving-8B';
const TOKEN = 'hf_sentinelTOKENsentinel';
const BYTES = 8_000_000;
const by = { user: 'ann', ip: '192.0.2.7' };
let hub: Hub;
let host: ImagesHost;

beforeAll(async () => {
  await ensureImages(process.env, [MLNODE, NODE]);
  hub = await startHub({ models: { [MODEL]: { bytes: BYTES, shards: 3 }, [GATED]: { bytes: 1000, shards: 1, gated: true }, [MOVING]: { bytes: BYTES, shards: 3 } } });
  host = imagesHost({ node: NODE, 'mlnode-308': MLNODE }, { HF_ENDPOINT: hub.url });
  Object.assign(process.env, host.env);
  surroundOperations({ phase: async () => ({ known: true, clock: { phase: 'PoCGenerate', epoch: 7, at: Date.now() } }), membership: async () => 'in' });
});
afterAll(async () => {
  host.remove();
  await hub.close();
});
afterEach(() => {
  hub.setFaults({});
  hub.setRate(0);
  hub.requests.length = 0;
});

const repo = (home = host.hfHome, model = MODEL) => path.join(home, 'hub', `models--${model.replace('/', '--')}`);
const emptied = () => rmSync(path.join(host.hfHome, 'hub'), { recursive: true, force: true });
const start = (model = MODEL) => startWeights({ model });
const run = (model = MODEL) => ended(start(model));

describe('downloading model weights', () => {
  it('goes to where compose shows it to the ML node, byte by byte, and is proven file by file; in a PoC too', async () => {
    emptied();
    const preview = await previewOperation({ kind: 'get-weights', params: { model: MODEL } });
    expect(preview.gate).toEqual({ answer: 'yes' });
    expect(preview.command.join(' ')).toMatch(new RegExp(`^docker run -d .* -v ${host.hfHome}:/root/\\.cache .*-e HF_HOME=/root/\\.cache .*--entrypoint hf ${MLNODE} download ${MODEL}$`));
    hub.setRate(3_000_000);
    const { id } = await start();
    const { total } = await progress(id, ({ done, parts }) => done > 500_000 && parts.some(({ state }) => state === 'working'));
    expect(total).toBe(hub.files(MODEL).bytes);
    hub.setRate(0);
    await finished(id);
    const over = await view(id);
    expect(over.error).toBeUndefined();
    expect(detail(over, 'weights-verify')).toMatchObject({ code: 'weights_proven', params: { model: MODEL, count: hub.files(MODEL).files.length, commit: hub.files(MODEL).commit.slice(0, 12) } });
    expect(existsSync(path.join(repo(), 'snapshots', hub.files(MODEL).commit, 'model.safetensors.index.json'))).toBe(true);
    expect(containers(), 'the container is removed').toEqual([]);
    hub.requests.length = 0;
    const again = await run();
    expect([again.state, detail(again, 'weights-download')?.code, containers()]).toEqual(['succeeded', 'weights_here', []]);
    expect(hub.requests.filter(({ path: where }) => where.includes('/resolve/'))).toEqual([]);
  });

  it('a shard that was cut short is no complete model, and is named', async () => {
    const shard = path.join(repo(), 'snapshots', hub.files(MODEL).commit, 'model-00002-of-00003.safetensors');
    truncateSync(shard, 1000);
    // The program takes a blob that is there for whole: it ends without an error.
    const failed = await run();
    expect([failed.state, failed.error?.code, failed.error?.params.missing]).toEqual(['failed', 'weights_incomplete', 'model-00002-of-00003.safetensors']);
    emptied();
  });

  it('some of the files that were cut short were named as if they were all', async () => {
    await run();
    const snapshot = path.join(repo(), 'snapshots', hub.files(MODEL).commit);
    const names = readdirSync(snapshot);
    expect(names.length).toBeGreaterThan(5);
    for (const name of names) truncateSync(path.join(snapshot, name), 1);
    const failed = await run();
    expect(String(failed.error?.params.missing).split(', ')).toHaveLength(6);
    expect(failed.error?.params.missing).toMatch(/, …$/);
    emptied();
  });

  it('cancelled, the container stops and what is there stays; a retry goes on from there', async () => {
    emptied();
    hub.setRate(1_000_000);
    const { id } = await start();
    await progress(id, ({ done }) => done > 1_500_000);
    await cancelOperation(id, by);
    await finished(id);
    const stopped = await view(id);
    expect([stopped.state, detail(stopped, 'observe')?.code, containers()]).toEqual(['cancelled', 'weights_partial', []]);
    expect(bytesIn(path.join(repo(), 'blobs'))).toBeGreaterThan(1_000_000);
    hub.setRate(0);
    hub.requests.length = 0;
    expect((await retried(id)).state).toBe('succeeded');
    expect(hub.requests.some(({ range }) => range && !range.startsWith('bytes=0-'))).toBe(true);
  });

  it('the panel is killed (-9): the download goes on alone, a retry finds it and starts no second one', async () => {
    emptied();
    // Slow until the retry has found it: a panel takes its time to start where the machine is busy.
    hub.setRate(300_000);
    const first = await panel({ start: { kind: 'get-weights', params: { model: MODEL } }, killAt: { step: 'weights-download', afterMs: 2500 } });
    expect(first.signal, first.said).toBe('SIGKILL');
    const [left] = containers();
    expect(left).toMatch(/ running$/);
    const before = bytesIn(path.join(repo(), 'blobs'));
    await until(() => bytesIn(path.join(repo(), 'blobs')) > before);
    const id = docker('ps', '-q', '--filter', 'label=gonka-panel.detached').trim();
    const recovering = panel({ recover: true });
    const found = async () => (await Promise.all((await openOperations()).map((one) => operationOutput(one.id)))).flat().some((line) => 'code' in line && line.code === 'weights_found_running');
    await Promise.race([until(found), recovering]);
    hub.setRate(0);
    const { report, said } = await recovering;
    expect(report?.recovered[0], said).toMatchObject({ state: 'interrupted' });
    expect(report?.recovered[0]?.steps.at(-1)?.detail).toMatchObject({ code: 'weights_run_on' });
    expect(report?.operation, said).toMatchObject({ state: 'succeeded' });
    expect(report?.operation?.steps.find(({ name }) => name === 'weights-download')?.detail?.code).toBe('weights_watched');
    expect(await operationOutput(report?.operation?.id as string)).toEqual(expect.arrayContaining([expect.objectContaining({ code: 'weights_found_running' })]));
    expect([containers(), docker('ps', '-aq', '--filter', `id=${id}`).trim()]).toEqual([[], '']);
  });

  it('a download that ended while no panel ran left its container behind, and a token in it', async () => {
    emptied();
    hub.setRate(4_000_000);
    const first = await panel({ start: { kind: 'get-weights', params: { model: MODEL } }, killAt: { step: 'weights-download', afterMs: 1500 } });
    expect(first.signal, first.said).toBe('SIGKILL');
    await until(() => containers()[0]?.endsWith(' exited') === true);
    const { report, said } = await panel({ recover: true });
    expect(report?.operation?.steps.find(({ name }) => name === 'weights-download')?.detail?.code, said).toBe('weights_here');
    expect([report?.operation?.state, containers()]).toEqual(['succeeded', []]);
  });

  it('the container that is killed is said, and a retry goes on', async () => {
    emptied();
    hub.setRate(2_000_000);
    const { id } = await start();
    await progress(id, ({ done }) => done > 500_000);
    docker('kill', containers()[0]?.split(' ')[0] as string);
    await finished(id);
    expect((await view(id)).error?.code).toBe('weights_killed');
    hub.setRate(0);
    expect((await retried(id)).state).toBe('succeeded');
  });

  it('the hub away: half of the weights are not called a success', async () => {
    for (const name of readdirSync(path.join(repo(), 'blobs')).slice(0, 2)) rmSync(path.join(repo(), 'blobs', name));
    hub.setFaults({ down: true });
    const failed = await run();
    expect([failed.state, failed.error?.code]).toEqual(['failed', 'weights_incomplete']);
    emptied();
    const nothing = await run();
    expect(nothing.error?.code).toBe('weights_no_network');
    hub.setFaults({ tooManyRequests: true });
    expect((await run()).error?.code).toBe('weights_rate_limited');
    hub.setFaults({});
    expect((await run('nobody/nothing')).error?.code).toBe('weights_not_found');
  });

  it('the hub has a newer commit than an hour ago: the list that was kept called the old one complete, and the new one cut short', async () => {
    emptied();
    expect((await run(MOVING)).state).toBe('succeeded');
    hub.update(MOVING, { bytes: BYTES + 1_000_000, shards: 2, commit: 'b'.repeat(40) });
    const newer = await run(MOVING);
    expect([newer.state, detail(newer, 'weights-download')?.code, detail(newer, 'weights-verify')]).toMatchObject(['succeeded', 'weights_downloaded', { code: 'weights_proven', params: { commit: 'b'.repeat(12), count: hub.files(MOVING).files.length } }]);
    // It moves on while it is being downloaded: what has come is whole all the same.
    emptied();
    hub.setRate(3_000_000);
    const { id } = await start(MOVING);
    await progress(id, ({ done }) => done > 500_000);
    hub.update(MOVING, { bytes: BYTES, shards: 3, commit: 'c'.repeat(40) });
    hub.setRate(0);
    await finished(id);
    const over = await view(id);
    expect([over.error, detail(over, 'weights-verify')]).toMatchObject([undefined, { code: 'weights_proven', params: { commit: 'b'.repeat(12) } }]);
    emptied();
  });

  it('a gated model says so, and with a token in config.env it comes; the token is in no command, output or database', async () => {
    expect((await run(GATED)).error?.code).toBe('weights_gated');
    writeFileSync(path.join(host.dir, 'config.env'), `${readFileSync(path.join(host.dir, 'config.env'), 'utf8')}export HF_TOKEN=${TOKEN}\n`);
    forgetDeployment();
    const done = await run(GATED);
    expect(done.state).toBe('succeeded');
    const output = await operationOutput(done.id);
    expect(output.map((line) => ('code' in line ? line.code : ''))).toContain('weights_with_token');
    expect(JSON.stringify([done, output])).not.toContain(TOKEN);
    expect(JSON.stringify(output)).toContain('-e HF_TOKEN ');
    for (const file of readdirSync(host.dataDir)) expect(readFileSync(path.join(host.dataDir, file)).includes(TOKEN), file).toBe(false);
  });

  it('a disk that is too small is said before, one that fills up is said as what it is, and nothing is lost', async () => {
    const small = mkdtempSync(path.join(tmpdir(), 'gp-small-'));
    const image = `${small}.img`;
    execFileSync('truncate', ['-s', '6M', image]);
    execFileSync('mkfs.ext4', ['-q', '-F', '-m', '0', image]);
    execFileSync('mount', ['-o', 'loop', image, small]);
    const tight = imagesHost({ node: NODE, 'mlnode-308': MLNODE }, { HF_ENDPOINT: hub.url }, small);
    const before = panelEnv().deployDir;
    panelEnv().deployDir = tight.dir;
    forgetDeployment();
    try {
      const early = await run();
      expect([early.error?.code, early.steps.find(({ name }) => name === 'weights-download')?.state, containers()]).toEqual(['weights_no_room', 'pending', []]);
      // The room goes while it is downloading.
      execFileSync('umount', [small]);
      execFileSync('truncate', ['-s', '16M', image]);
      execFileSync('mkfs.ext4', ['-q', '-F', '-m', '0', image]);
      execFileSync('mount', ['-o', 'loop', image, small]);
      hub.setRate(2_000_000);
      const { id } = await start();
      await progress(id, ({ done }) => done > 500_000);
      writeFileSync(path.join(small, 'other'), Buffer.alloc(7_000_000, 1));
      hub.setRate(0);
      await finished(id);
      expect((await view(id)).error?.code).toBe('weights_disk_full');
      const there = bytesIn(path.join(repo(small), 'blobs'));
      expect(there).toBeGreaterThan(500_000);
      rmSync(path.join(small, 'other'));
      expect((await retried(id)).state).toBe('succeeded');
    } finally {
      panelEnv().deployDir = before;
      forgetDeployment();
      tight.remove();
      execFileSync('umount', [small]);
      rmSync(image);
      mkdirSync(small, { recursive: true });
      rmSync(small, { recursive: true });
    }
  });
});

const panel = (job: Job) => panelProcess(job, 'join', host.env);
