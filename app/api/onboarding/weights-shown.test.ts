import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { WeightsPlace } from '#lib/deployment/weights-place.ts';
import { weightsShown } from './weights-shown.ts';

const MODEL = 'Qwen/QwQ-32B';
const COMMIT = 'a'.repeat(40);
/** One tensor of four bytes, as safetensors writes it. */
const header = Buffer.from(JSON.stringify({ w: { dtype: 'U8', shape: [4], data_offsets: [0, 4] } }));
const length = Buffer.alloc(8);
length.writeBigUInt64LE(BigInt(header.length));
const FILES = { 'config.json': Buffer.from('{}'), 'model.safetensors': Buffer.concat([length, header, Buffer.alloc(4)]) };

let cache: string;
let hub: Server;
let asked: string[];
let more: string[];
beforeEach(async () => {
  cache = mkdtempSync(path.join(tmpdir(), 'gp-weights-shown-'));
  const repo = path.join(cache, 'models--Qwen--QwQ-32B');
  for (const dir of ['blobs', 'refs', `snapshots/${COMMIT}`]) mkdirSync(path.join(repo, dir), { recursive: true });
  writeFileSync(path.join(repo, 'refs/main'), COMMIT);
  for (const [name, content] of Object.entries(FILES)) writeFileSync(path.join(repo, 'snapshots', COMMIT, name), content);
  writeFileSync(path.join(repo, 'blobs/of-a-try-before.1234abcd.incomplete'), 'x');
  asked = [];
  more = [];
  hub = createServer((request, response) => {
    asked.push(request.url ?? '');
    const sizes = [...Object.entries(FILES).map(([name, content]): [string, number] => [name, content.length]), ...more.map((name): [string, number] => [name, 5])];
    response.end(JSON.stringify({ sha: COMMIT, siblings: sizes.map(([rfilename, size]) => ({ rfilename, size, blobId: rfilename })) }));
  });
  await new Promise<void>((resolve) => hub.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  rmSync(cache, { recursive: true, force: true });
  await new Promise((resolve) => hub.close(resolve));
});
const shown = () => weightsShown({ cache, environment: { HF_ENDPOINT: `http://127.0.0.1:${(hub.address() as AddressInfo).port}` } } as unknown as WeightsPlace, { model: MODEL });

it('a leftover of an earlier try kept the step of images and weights open for ever beside weights that were whole', async () => {
  expect(await shown()).toMatchObject({ state: 'complete', files: 2 });
  expect(asked).toEqual([`/api/models/${MODEL}/revision/${COMMIT}?blobs=true`]);
});

it('a file that the hub lists and isn\'t here is none of those leftovers', async () => {
  more = ['tokenizer.json'];
  expect(await shown()).toMatchObject({ state: 'partial', missing: ['tokenizer.json'] });
});

it('without the hub\'s word, what lies unfinished counts', async () => {
  hub.removeAllListeners('request');
  hub.on('request', (_request, response) => response.writeHead(503).end());
  expect(await shown()).toMatchObject({ state: 'partial', missing: [] });
});
