/** The network's HTTP answers against the recordings of the real programs: same status, same type, same fields, same JSON types. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startSeed, type Seed } from './seed.ts';
import type { ReleaseName } from './releases.ts';
import { shapeDifferences } from './shape.ts';

const SAMPLES = join(import.meta.dirname, '../../../shared/gonka/samples');
const OWN = { '0.2.4': 'gonka1rsk4j9wqjk3q3spjlsvhw6ztd0ydjrxwuh6ufc', '0.2.8': 'gonka1flzn7lvnpyvl7nagp8udpxymdqrk5kh3g4knj7' };
const WARM = { '0.2.4': 'gonka1qnp5t64yca5xwf5ra2kvkhrl3zg8gtr6acxlwq', '0.2.8': 'gonka1agrku79k2atwatzql25rs9arxd793l58d3xldk' };
const KEY = { '0.2.4': 'A1yHeh1YiLS9rol9xwawLl349UFZTfT2fLl/qoA1/vpq', '0.2.8': 'Ajhq4Y6+lokQ7QIAW01RCoTM7kqe0U+5FXmqKn95SMz+' };

type Recorded = { name: string; path: string; status: number; content_type: string };
/** Asked of the own host (its admin API, ML node, own proxy): compared where those run. */
const OF_THE_HOST = /^(admin_|ml|own_|proxy_root|ml_)/;

function seedPath(item: Recorded): string {
  const path = item.path.replace(/^:(8000|26657|9200|9100|8080)/, '');
  if (item.path.startsWith(':26657') || (item.name.startsWith('rpc_') && !path.startsWith('/chain-rpc'))) return `/chain-rpc${path}`;
  return /^\/(productscience|cosmos)\//.test(path) ? `/chain-api${path}` : path;
}

describe.skipIf(!existsSync(SAMPLES)).each(['0.2.4', '0.2.8'] as const)('answers of %s', (release) => {
  let seed: Seed;
  beforeAll(async () => {
    seed = await startSeed({ release: release as ReleaseName, host: '127.0.0.1', rateLimit: false, epochSeconds: 3600 });
    seed.register({ address: OWN[release], url: 'http://203.0.113.7:8000', validator_key: 'OSQ/YZTpAUNX0UbdV0yI7V55ZFgIQkDFIPGSlaiw/Aw=', pub_key: KEY[release] });
    await fetch(`${seed.url}/standin/grant`, { method: 'POST', body: JSON.stringify({ granter: OWN[release], grantee: WARM[release] }) });
    await fetch(`${seed.url}/standin/hardware`, { method: 'POST', body: JSON.stringify({ address: OWN[release], nodes: [{ id: 'node1', status: 'INFERENCE', models: ['Qwen/Qwen2.5-7B-Instruct'], host: 'inference', port: 8080 }] }) });
    for (const epoch of [201, 202]) {
      seed.reportParticipation({ address: OWN[release], epoch, nodes: [{ id: 'node1', model: 'Qwen/Qwen2.5-7B-Instruct' }] });
      seed.change({ moveTo: 25 });
      seed.view();
    }
    await fetch(`${seed.url}/standin/claim`, { method: 'POST', body: JSON.stringify({ address: OWN[release] }) });
  });
  afterAll(() => seed.stop());

  const folder = join(SAMPLES, `v${release}/http/active-in-epoch`);
  const index = existsSync(folder) ? (JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8')) as Recorded[]) : [];
  test.each(index.filter((item) => !OF_THE_HOST.test(item.name)).map((item) => [item.name, item] as const))('%s', async (name, item) => {
    const response = await fetch(`${seed.url}${seedPath(item)}`);
    const text = await response.text();
    expect(response.status).toBe(item.status);
    expect(response.headers.get('content-type')).toBe(item.content_type);
    const file = join(folder, `${name}.json`);
    if (!existsSync(file)) return;
    const recorded: unknown = JSON.parse(readFileSync(file, 'utf8'));
    expect(shapeDifferences(recorded, JSON.parse(text))).toEqual([]);
  });
});
