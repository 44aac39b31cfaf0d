/** Recorded answers, and the stand-in network as seed and as own node. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { startSeed, type Seed } from '../../e2e/network/seed.ts';
import { ChainGateway } from './client.ts';
import { readGovernanceModels } from './governance-models.ts';
import { HeightWatch } from './height-watch.ts';
import { OwnNode } from './own-node.ts';
import { Seeds } from './seeds.ts';

const SAMPLES = join(import.meta.dirname, '../../../shared/gonka/samples');
const recordings = existsSync(SAMPLES)
  ? ['v0.2.4', 'v0.2.8'].flatMap((release) => readdirSync(join(SAMPLES, release, 'http'), { withFileTypes: true }).filter((one) => one.isDirectory()).map(({ name }) => join(SAMPLES, release, 'http', name, 'v1_governance_models.json')))
  : [];

describe.skipIf(recordings.length === 0)('recorded answers', () => {
  test.each(recordings)('%s', (file) => {
    expect(readGovernanceModels(200, JSON.parse(readFileSync(file, 'utf8')))).toEqual([
      { id: 'Qwen/QwQ-32B', repo: 'Qwen/QwQ-32B', commit: '976055f8c83f394f35dbd3ab09a285a984907bd0', args: ['--quantization', 'fp8', '--kv-cache-dtype', 'fp8'], vramGb: 80, throughputPerNonce: 1000, unitsPerToken: 1000 },
      { id: 'Qwen/Qwen2.5-7B-Instruct', repo: 'Qwen/Qwen2.5-7B-Instruct', commit: 'a09a35458c702b33eeacc393d103063234e8bc28', args: ['--quantization', 'fp8'], vramGb: 24, throughputPerNonce: 10000, unitsPerToken: 100 },
    ]);
  });
});

test('numbers as text, nothing stated, no models; other shapes are no answer', () => {
  expect(readGovernanceModels(200, { models: [{ id: 'm', v_ram: '280', model_args: null, context_window: '4096' }] })).toEqual([{ id: 'm', args: [], vramGb: 280, throughputPerNonce: 0, unitsPerToken: 0, contextWindow: 4096 }]);
  expect(readGovernanceModels(200, { models: null })).toEqual([]);
  expect(readGovernanceModels(404, { error: 'Not Found' })).toBeUndefined();
  for (const other of [{}, [], null, 'x', { models: [{ v_ram: 1 }] }]) expect(() => readGovernanceModels(200, other), JSON.stringify(other)).toThrow();
});

describe('asking', () => {
  let seed: Seed;
  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    vi.setSystemTime(1_800_000_000_000);
    seed = await startSeed({ host: '127.0.0.1', epochSeconds: 360, release: '0.2.8', now: Date.now() });
  });
  afterEach(async () => {
    await seed.stop();
    vi.useRealTimers();
  });
  const asked = () => seed.requests.filter(({ path }) => path.startsWith('/v1/governance/models')).length;

  test('a seed is asked once in ten minutes, whoever looks', async () => {
    const seeds = new Seeds([seed.url], new ChainGateway(), new HeightWatch());
    const all = await Promise.all(Array.from({ length: 20 }, () => seeds.governanceModels()));
    expect(all.every(({ value, problem, source }) => (value?.length ?? 0) > 0 && !problem && source === '127.0.0.1')).toBe(true);
    vi.setSystemTime(Date.now() + 9 * 60_000);
    await seeds.governanceModels();
    expect(asked()).toBe(1);
    vi.setSystemTime(Date.now() + 2 * 60_000);
    await seeds.governanceModels();
    expect(asked()).toBe(2);
  });

  test('a broken answer keeps the last good list and says so', async () => {
    const seeds = new Seeds([seed.url], new ChainGateway(), new HeightWatch());
    const good = (await seeds.governanceModels()).value;
    seed.setFaults({ garbage: true });
    vi.setSystemTime(Date.now() + 11 * 60_000);
    const later = await seeds.governanceModels();
    expect(later.value).toEqual(good);
    expect(later.problem?.kind).toBe('malformed');
  });

  test('the own api is asked at its container; without one there is nothing to ask', async () => {
    const own = new OwnNode(new ChainGateway(), new HeightWatch());
    expect((await own.governanceModels({ api: seed.url })).value?.map(({ id }) => id)).toContain('Qwen/QwQ-32B');
    expect((await own.governanceModels({})).problem?.error).toEqual({ code: 'chain_own_not_running', params: { service: 'api' } });
  });
});
