/** The network's HTTP answers against the recordings of the real programs: same status, same type, same fields, same JSON types. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { operatorAddress } from './addresses.ts';
import { setOf } from './ledger.ts';
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

type Validator = { operator_address: string; status: string; tokens: string; delegator_shares: string; unbonding_height: string; unbonding_ids: string[] };

describe.skipIf(!existsSync(SAMPLES)).each(['0.2.4', '0.2.8'] as const)('a host of %s that has left the set', (release) => {
  const address = OWN[release];
  const recorded = <T>(name: string): T => JSON.parse(readFileSync(join(SAMPLES, `v${release}/http/disabled-next-epoch`, `${name}.json`), 'utf8')) as T;
  const ours = (list: Validator[], operator: string) => list.find((item) => item.operator_address === operator)!;
  let seed: Seed;
  const ask = async <T>(path: string) => (await (await fetch(`${seed.url}${path}`)).json()) as T;
  beforeAll(async () => {
    seed = await startSeed({ release: release as ReleaseName, host: '127.0.0.1', rateLimit: false, epochSeconds: 3600 });
    seed.register({ address, url: 'http://203.0.113.7:8000', validator_key: 'OSQ/YZTpAUNX0UbdV0yI7V55ZFgIQkDFIPGSlaiw/Aw=', pub_key: KEY[release] });
    seed.reportParticipation({ address, epoch: 201, nodes: [{ id: 'node1', model: 'Qwen/Qwen2.5-7B-Instruct' }] });
    for (const [epoch, block] of [[201, 25], [202, 25]] as const) {
      seed.change({ moveTo: block });
      expect(setOf(seed.view().ledger, epoch)).toBeDefined();
    }
  });
  afterAll(() => seed.stop());

  test('three sources agree, each in the recorded form: no participant, no CometBFT validator, an unbonding staking validator without tokens', async () => {
    const made = await ask<{ validators: Validator[] }>('/chain-api/cosmos/staking/v1beta1/validators?pagination.limit=200');
    const list = recorded<{ validators: Validator[] }>('chain_validators');
    expect(shapeDifferences(list, made)).toEqual([]);
    const before = list.validators.find((item) => item.status !== 'BOND_STATUS_BONDED')!;
    const own = ours(made.validators, operatorAddress(address));
    for (const field of ['status', 'tokens', 'delegator_shares'] as const) expect(own[field]).toBe(before[field]);
    expect(Number(own.unbonding_height) % 60).toBe(Number(before.unbonding_height) % 60);
    expect(own.unbonding_ids).toHaveLength(before.unbonding_ids.length);
    const participants = await ask<{ active_participants: { participants: { index: string }[] } }>('/v1/epochs/current/participants');
    expect(participants.active_participants.participants.map((item) => item.index)).not.toContain(address);
    const comet = await ask<{ result: { total: string; validators: { pub_key: { value: string } }[] } }>('/chain-rpc/validators?per_page=100');
    expect(Number(comet.result.total)).toBe(comet.result.validators.length);
    expect(comet.result.validators.map((item) => item.pub_key.value)).not.toContain('OSQ/YZTpAUNX0UbdV0yI7V55ZFgIQkDFIPGSlaiw/Aw=');
  });

  test('the moment in which it unbonded stays, however long ago and also when it is back', async () => {
    const own = async () => ours((await ask<{ validators: Validator[] }>('/chain-api/cosmos/staking/v1beta1/validators?pagination.limit=200')).validators, operatorAddress(address));
    const left = (await own()).unbonding_height;
    seed.reportParticipation({ address, epoch: 203, nodes: [{ id: 'node1', model: 'Qwen/Qwen2.5-7B-Instruct' }] });
    seed.change({ moveTo: 25 });
    expect(await own()).toMatchObject({ status: 'BOND_STATUS_BONDED', tokens: '40', unbonding_height: left, unbonding_ids: [] });
  });
});
