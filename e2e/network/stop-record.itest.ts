/** Stops on a real engine, each in its block, with what the participant weighed then. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newAccountKey } from './addresses.ts';
import { ensureImages } from './image.ts';
import { startSeed, type Seed } from './seed.ts';
import { recordStops, stoppedInTheSet, type StopRecord } from './stop-record.ts';

const key = newAccountKey();
const docker = (...args: string[]) => execFileSync('docker', args, { encoding: 'utf8' }).trim();
let dir: string;
let seed: Seed;
let record: StopRecord;

/** A container as compose labels it. */
const run = (service: string, ...more: string[]) => docker('run', '-d', '--network', 'none', '--label', `com.docker.compose.service=${service}`, '--label', `com.docker.compose.project.working_dir=${dir}`, '--label', 'com.docker.compose.oneoff=False', ...more, 'ghcr.io/product-science/api:0.2.4', 'sleep', '600');
const seen = async (count: number) => expect.poll(() => record.stops.length, { timeout: 20_000 }).toBe(count);

beforeAll(async () => {
  await ensureImages();
  dir = mkdtempSync(join(tmpdir(), 'standin-stops-'));
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'config.env'), `export ACCOUNT_PUBKEY=${key.pubKey}\n`);
  seed = await startSeed({ host: '127.0.0.1', epochSeconds: 3600 });
  seed.register({ address: key.address, url: 'http://203.0.113.7:8000', validator_key: 'OSQ/YZTpAUNX0UbdV0yI7V55ZFgIQkDFIPGSlaiw/Aw=', pub_key: key.pubKey });
  seed.reportParticipation({ address: key.address, epoch: 201, nodes: [{ id: 'node1', model: 'Qwen/Qwen2.5-7B-Instruct' }] });
  seed.change({ moveTo: 25 });
  record = await recordStops(seed);
});
afterAll(async () => {
  record?.close();
  await seed?.stop();
  if (dir) rmSync(dir, { recursive: true, force: true });
});

test('a stop, a kill and a removal are in the record with the block and the weight of that moment; a one-off container is not', async () => {
  const [stopped, killed, removed, oneOff] = [run('node'), run('mlnode-308'), run('tmkms'), run('api', '--label', 'com.docker.compose.oneoff=True')] as [string, string, string, string];
  docker('stop', '-t', '2', stopped);
  await seen(1);
  docker('kill', '-s', 'KILL', killed);
  await seen(2);
  docker('rm', '-f', oneOff);
  const height = seed.height();
  expect(record.stops.map((stop) => [stop.service, stop.how])).toEqual([['node', 'ended'], ['mlnode-308', 'ended']]);
  for (const stop of record.stops) expect(stop).toMatchObject({ address: key.address, weight: 40, epoch: 201, block: height, phase: 'Inference' });
  expect(stoppedInTheSet(record.stops)).toHaveLength(2);

  seed.change({ moveTo: 21 }); // validated, the set of 202 isn't in force: it still has its weight
  docker('rm', '-f', stopped);
  await seen(3);
  expect(record.stops[2]).toMatchObject({ service: 'node', how: 'removed', epoch: 201, weight: 40 });
  seed.change({ moveTo: 22 });
  docker('rm', '-f', removed);
  await seen(5);
  expect(record.stops.slice(3).map((stop) => [stop.service, stop.how, stop.epoch, stop.weight])).toEqual([['tmkms', 'ended', 202, 0], ['tmkms', 'removed', 202, 0]]);
  expect(stoppedInTheSet(record.stops)).toHaveLength(3);
  docker('rm', '-f', killed);
});
