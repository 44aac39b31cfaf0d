import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HubFile } from './hub-files.ts';
import { weightsOnDisk, weightsState } from './weights-cache.ts';
import { estimatedBytes } from './weights-size.ts';

const MODEL = 'Qwen/QwQ-32B';
const COMMIT = 'a'.repeat(40);
let cache: string;
let repo: string;
beforeEach(() => {
  cache = mkdtempSync(path.join(tmpdir(), 'gp-weights-'));
  repo = path.join(cache, 'models--Qwen--QwQ-32B');
});
afterEach(() => rmSync(cache, { recursive: true, force: true }));

/** As the hub's programs leave it: a blob, and a link to it in the snapshot. */
function file(name: string, content: Buffer | string, etag = `etag-${name.replaceAll('.', '-')}`): string {
  for (const dir of ['blobs', 'refs', `snapshots/${COMMIT}`]) mkdirSync(path.join(repo, dir), { recursive: true });
  writeFileSync(path.join(repo, 'refs/main'), COMMIT);
  const blob = path.join(repo, 'blobs', etag);
  writeFileSync(blob, content);
  symlinkSync(path.join('../../blobs', etag), path.join(repo, 'snapshots', COMMIT, name));
  return blob;
}
function tensors(bytes: number): Buffer {
  const header = Buffer.from(JSON.stringify({ __metadata__: { format: 'pt' }, w: { dtype: 'U8', shape: [bytes], data_offsets: [0, bytes] } }));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, Buffer.alloc(bytes, 7)]);
}
const index = (...shards: string[]) => JSON.stringify({ metadata: { total_size: 1 }, weight_map: Object.fromEntries(shards.map((shard, at) => [`w${at}`, shard])) });
const state = async (files?: HubFile[], commit = COMMIT) => weightsState(cache, { model: MODEL }, files && { commit, files, bytes: 0 });

function whole(): { first: string; second: string } {
  file('config.json', '{}');
  file('model.safetensors.index.json', index('a.safetensors', 'b.safetensors'));
  return { first: file('a.safetensors', tensors(1000)), second: file('b.safetensors', tensors(500)) };
}

describe('whether weights are complete', () => {
  it('every shard of the index as long as its own header says', async () => {
    whole();
    expect(await state()).toMatchObject({ state: 'complete', commit: COMMIT, files: 3 });
  });

  it('a single file without an index', async () => {
    file('config.json', '{}');
    file('model.safetensors', tensors(10));
    expect(await state()).toMatchObject({ state: 'complete' });
  });

  it('nothing there, and a reference without weights', async () => {
    expect(await state()).toEqual({ state: 'absent', bytes: 0 });
    file('config.json', '{}');
    file('model.safetensors.index.json', index('a.safetensors'));
    expect(await state()).toMatchObject({ state: 'partial', missing: ['a.safetensors'] });
  });

  it('a shard that was cut off is not whole, however it is called', async () => {
    const { second } = whole();
    expect(await state()).toMatchObject({ state: 'complete' });
    truncateSync(second, 400);
    expect(await state()).toMatchObject({ state: 'partial', missing: ['b.safetensors'] });
    truncateSync(second, 0);
    expect(await state()).toMatchObject({ state: 'partial', missing: ['b.safetensors'] });
  });

  it('an unfinished file is one, unless a later attempt has finished it', async () => {
    whole();
    writeFileSync(path.join(repo, 'blobs/other.incomplete'), 'x');
    expect(await state()).toMatchObject({ state: 'partial', beside: true });
    rmSync(path.join(repo, 'blobs/other.incomplete'));
    writeFileSync(path.join(repo, 'blobs/etag-config-json.1234abcd.incomplete'), 'x');
    expect(await state()).toMatchObject({ state: 'complete' });
  });

  it('an index that was cut off, and one that leads elsewhere', async () => {
    file('config.json', '{}');
    const blob = file('model.safetensors.index.json', index('a.safetensors').slice(0, 30));
    expect(await state()).toMatchObject({ state: 'partial', missing: ['model.safetensors.index.json'] });
    writeFileSync(blob, index('../../../../etc/passwd'));
    expect(await state()).toMatchObject({ state: 'partial', missing: ['model.safetensors.index.json'] });
  });

  it('weights in another form prove nothing without the hub\'s list, and by it they do', async () => {
    file('config.json', '{}');
    file('pytorch_model.bin', 'weights');
    expect(await state()).toMatchObject({ state: 'unproven' });
    const listing = [{ name: 'config.json', size: 2, etag: 'etag-config-json' }, { name: 'pytorch_model.bin', size: 7, etag: 'etag-pytorch_model-bin' }];
    expect(await state(listing)).toMatchObject({ state: 'complete', files: 2 });
    expect(await state([...listing, { name: 'tokenizer.json', size: 5, etag: 'x' }])).toMatchObject({ state: 'partial', missing: ['tokenizer.json'] });
  });

  it('the hub had moved on, and the list of its newer commit made whole weights incomplete', async () => {
    whole();
    const newer = [{ name: 'config.json', size: 99, etag: 'x' }, { name: 'new.json', size: 5, etag: 'y' }];
    expect(await state(newer, 'b'.repeat(40))).toMatchObject({ state: 'complete', commit: COMMIT });
    expect(await state(newer)).toMatchObject({ state: 'partial', missing: ['config.json', 'new.json'] });
  });

  it('a file of an earlier commit that was never finished kept the newer one from being complete for ever', async () => {
    whole();
    writeFileSync(path.join(repo, 'blobs/of-the-commit-before.1234abcd.incomplete'), 'x');
    const sizes = { 'config.json': 2, 'model.safetensors.index.json': index('a.safetensors', 'b.safetensors').length, 'a.safetensors': tensors(1000).length, 'b.safetensors': tensors(500).length };
    const listing = Object.entries(sizes).map(([name, size]) => ({ name, size, etag: name }));
    expect(await state(listing)).toMatchObject({ state: 'complete', files: 4 });
    expect(await state([...listing, { name: 'tokenizer.json', size: 5, etag: 'z' }])).toMatchObject({ state: 'partial', missing: ['tokenizer.json'] });
  });

  it('another revision is another state', async () => {
    whole();
    expect(await weightsState(cache, { model: MODEL, revision: 'b'.repeat(40) })).toMatchObject({ state: 'partial' });
    expect(await weightsState(cache, { model: MODEL, revision: COMMIT })).toMatchObject({ state: 'complete' });
  });

  it('an id that is a path is looked for nowhere', async () => {
    expect(await weightsState(cache, { model: '../../etc/passwd' })).toMatchObject({ state: 'unseen' });
  });
});

it('bytes on disk, each file once however many attempts it had', async () => {
  whole();
  writeFileSync(path.join(repo, 'blobs/late.incomplete'), Buffer.alloc(30));
  const listing = [{ name: 'config.json', size: 2, etag: 'etag-config-json' }, { name: 'late', size: 100, etag: 'late' }, { name: 'none', size: 50, etag: 'none' }];
  expect(await weightsOnDisk(cache, MODEL, listing)).toEqual({ done: 32, files: [{ name: 'config.json', size: 2, done: 2 }, { name: 'late', size: 100, done: 30 }, { name: 'none', size: 50, done: 0 }] });
  const all = readdirSync(path.join(repo, 'blobs')).length;
  expect(all).toBe(5);
  expect((await weightsOnDisk(cache, MODEL)).done).toBeGreaterThan(1500);
});

it('a size from the name only where the name has one', () => {
  expect(estimatedBytes('Qwen/Qwen3-235B-A22B-Instruct-2507-FP8')).toBe(235e9);
  expect(estimatedBytes('Qwen/QwQ-32B')).toBe(64e9);
  expect(estimatedBytes('moonshotai/Kimi-K2.6')).toBeUndefined();
});
