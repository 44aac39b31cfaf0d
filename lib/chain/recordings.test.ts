/** Every recorded answer of the real programs, read as the panel reads it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { accountAddress, consensusAddress, isAccountAddress } from './addresses.ts';
import { epochClock } from './epoch-clock.ts';
import { readParticipantRecord } from './own-participant.ts';
import { rankOf, readActiveSet } from './participants.ts';
import { chainParticipantSchema, epochInfoSchema, epochLatestSchema, identitySchema, netInfoSchema, parseJson, reportedAccountSchema, rpcStatusSchema, validatorsPageSchema } from './schema.ts';

const SAMPLES = join(import.meta.dirname, '../../../shared/gonka/samples');
const OWN: Record<string, { address: string; key: string }> = {
  'v0.2.4': { address: 'gonka1rsk4j9wqjk3q3spjlsvhw6ztd0ydjrxwuh6ufc', key: 'A1yHeh1YiLS9rol9xwawLl349UFZTfT2fLl/qoA1/vpq' },
  'v0.2.8': { address: 'gonka1flzn7lvnpyvl7nagp8udpxymdqrk5kh3g4knj7', key: 'Ajhq4Y6+lokQ7QIAW01RCoTM7kqe0U+5FXmqKn95SMz+' },
};
const SEEN = { at: 1, source: 'seed' };
const load = (...path: string[]): unknown => parseJson(readFileSync(join(SAMPLES, ...path), 'utf8'));
const present = existsSync(SAMPLES);

describe.skipIf(!present).each(['v0.2.4', 'v0.2.8'])('%s', (release) => {
  const own = OWN[release] ?? { address: '', key: '' };
  const moments = present ? readdirSync(join(SAMPLES, release, 'http'), { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => entry.name) : [];

  test('the account key gives the address', () => {
    expect(accountAddress(own.key)).toBe(own.address);
    expect(isAccountAddress(own.address)).toBe(true);
  });

  test.each(moments)('%s: api and chain name the same epoch, stages and phase', (moment) => {
    const dir = [release, 'http', moment];
    const latest = epochClock(epochLatestSchema.parse(load(...dir, 'v1_epochs_latest.json')), SEEN);
    expect(latest).toBeDefined();
    expect(latest?.confirmationPocActive).toBe(release === 'v0.2.4' ? undefined : false);
    const info = epochClock(epochInfoSchema.parse(load(...dir, 'chain_epoch_info.json')), SEEN);
    expect(info?.stages).toEqual(latest?.stages);
    expect(info?.next).toEqual(latest?.next);
    expect(latest?.phase).toBe((load(...dir, 'v1_epochs_latest.json') as { phase: string }).phase);
    const current = Number((load(...dir, 'chain_current_epoch.json') as { epoch: string }).epoch);
    expect(info?.epoch).toBe(current);
  });

  test.each(moments.filter((moment) => existsSync(join(SAMPLES, release, 'http', moment, 'admin_setup_report.json'))))('%s: the setup report names the account that the api works for', (moment) => {
    expect(reportedAccountSchema.parse(load(release, 'http', moment, 'admin_setup_report.json'))).toBe(own.address);
  });

  test.each(moments)('%s: the active set', (moment) => {
    const set = readActiveSet(200, load(release, 'http', moment, 'v1_epochs_current_participants.json'));
    expect(set?.unread).toBe(0);
    expect(set?.chainId).toBe('gonka-mainnet');
    expect(set?.list.length).toBeGreaterThan(0);
    expect(set?.block?.height).toBeGreaterThan(0);
    const mine = set?.list.find((participant) => participant.address === own.address);
    const inside = ['active-in-epoch', 'disabled-same-epoch', 'disabled-during-next-poc', 'after-several-epochs'].includes(moment);
    if (inside) {
      expect(mine).toMatchObject({ weight: 40, models: ['Qwen/Qwen2.5-7B-Instruct'], mlNodes: [{ id: 'node1', pocWeight: 40 }] });
      expect(rankOf(set?.list ?? [], own.address)).toBe(3);
    }
  });

  test.each(moments)('%s: node, peers and participant record', (moment) => {
    const dir = [release, 'http', moment];
    const status = rpcStatusSchema.parse(load(...dir, 'rpc_status.json'));
    expect(status).toMatchObject({ chainId: 'gonka-mainnet', catchingUp: false });
    expect(consensusAddress(status.validatorKey)?.hex).toBe((load(...dir, 'rpc_status.json') as { result: { validator_info: { address: string } } }).result.validator_info.address);
    expect(netInfoSchema.parse(load(...dir, 'rpc_net_info.json'))).toBe(1);
    const page = validatorsPageSchema.parse(load(...dir, 'rpc_validators.json'));
    expect(page.validators.length).toBe(page.total);
    expect(page.validators.some(({ key, power }) => key === status.validatorKey && power > 0)).toBe(status.votingPower > 0);
    const record = readParticipantRecord(own.address)(200, load(...dir, 'chain_participant.json'));
    expect(record).toMatchObject({ address: own.address, url: 'http://203.0.113.7:8000', validatorKey: status.validatorKey });
    // An account that doesn't exist, a route that isn't there, a proxy that switched it off: three different 404s and 501s.
    expect(readParticipantRecord(own.address)(404, load(...dir, 'chain_settle_amount.json'))).toBe(false);
    expect(readParticipantRecord(own.address)(501, load(...dir, 'chain_unknown_route.json'))).toBeUndefined();
    expect(readParticipantRecord(own.address)(404, { error: 'Not Found' })).toBeUndefined();
  });

  test('the whole time series: phase and epoch of every row', () => {
    let rows = 0;
    for (const line of readFileSync(join(SAMPLES, release, 'epoch-series.jsonl'), 'utf8').trim().split('\n')) {
      const row = JSON.parse(line) as { mark?: string; h: number | null; latest_epoch: number; phase: string; current_epoch: unknown };
      if (row.mark !== undefined || row.h === null || typeof row.current_epoch !== 'string') continue;
      const raw = load(release, 'http/active-in-epoch/chain_epoch_info.json') as { params: unknown };
      const clock = epochClock(epochInfoSchema.parse({ ...raw, block_height: row.h, latest_epoch: { index: row.latest_epoch, poc_start_block_height: row.latest_epoch * 60 } }), SEEN);
      expect(`${row.h} ${clock?.phase}`).toBe(`${row.h} ${row.phase}`);
      // The epoch was asked a moment after the height: on the block before the change it may already be the new one.
      const last = clock && row.h === clock.stages.setNewValidators - 1;
      if (!last) expect(`${row.h} ${clock?.epoch}`).toBe(`${row.h} ${row.current_epoch}`);
      rows += 1;
    }
    expect(rows).toBeGreaterThan(100);
  });
});

describe.skipIf(!present)('other answers', () => {
  test('mainnet, October 2025', () => {
    const set = readActiveSet(200, load('current_epoch_participants.json'));
    expect(set).toMatchObject({ epoch: 56, unread: 0, chainId: 'gonka-mainnet', effectiveHeight: 873438, block: { height: 873437 } });
    const first = set?.list.find((participant) => participant.address === 'gonka14cu38xpsd8pz5zdkkzwf0jwtpc0vv309ake364');
    expect(first).toMatchObject({ weight: 37778, url: 'http://69.48.159.157:8000' });
    const all = load('all_participants_height_887711.json') as { participant: unknown[] };
    for (const participant of all.participant) expect(isAccountAddress(chainParticipantSchema.parse({ participant }).address)).toBe(true);
  });
  test('identity of 0.2.8; 0.2.4 has none', () => {
    expect(identitySchema.parse(load('v0.2.8/http/active-in-epoch/v1_identity.json'))).toBe(OWN['v0.2.8']?.address);
    expect(identitySchema.safeParse(load('v0.2.4/http/active-in-epoch/v1_identity.json')).success).toBe(false);
  });
  test('any truncation of an answer is no answer', () => {
    const whole = readFileSync(join(SAMPLES, 'v0.2.8/http/active-in-epoch/v1_epochs_latest.json'), 'utf8').trim();
    for (let length = 0; length < whole.length; length += 7) expect(() => parseJson(whole.slice(0, length))).toThrow();
  });
});

describe('facts, not outages', () => {
  test('a PoC that nobody passed', () => {
    const set = readActiveSet(404, { error: 'No active participants found for the specified epoch. Looks like PoC failed!' });
    expect(set).toMatchObject({ pocFailed: true, list: [] });
  });
  test('another 404, a 400 and a 500 are none', () => {
    expect(readActiveSet(404, { error: 'Not Found' })).toBeUndefined();
    expect(readActiveSet(404, undefined)).toBeUndefined();
    expect(readActiveSet(400, { error: 'Epoch enumeration starts with 1' })).toBeUndefined();
    expect(readActiveSet(500, {})).toBeUndefined();
  });
  test('10 000 rows; a broken row and a repeated one are counted, not hidden', () => {
    const rows = Array.from({ length: 10_000 }, (_, i) => ({ index: `gonka1${i}`, weight: i, models: ['m'], ml_nodes: null }));
    const set = readActiveSet(200, { active_participants: { participants: [...rows, { weight: 'x' }, rows[5]], epoch_id: '7' } });
    expect(set).toMatchObject({ epoch: 7, unread: 2 });
    expect(set?.list.length).toBe(10_000);
    expect(rankOf(set?.list ?? [], 'gonka19999')).toBe(1);
  });
  test('an answer that names no epoch is malformed', () => {
    expect(() => readActiveSet(200, { active_participants: { participants: [] } })).toThrow();
    expect(readActiveSet(200, { active_participants: { participants: [], epoch_id: 7 } })).toMatchObject({ epoch: 7, list: [] });
    expect(() => readActiveSet(200, { active_participants: 'x' })).toThrow();
  });
  test('an answer whose list has another name, or is null, was read as an empty set', () => {
    for (const active of [{ epoch_id: 7, members: [{ index: 'gonka1x', weight: 5 }] }, { epoch_id: 7 }, { epoch_id: 7, participants: null }]) expect(() => readActiveSet(200, { active_participants: active })).toThrow();
  });
});

describe('addresses', () => {
  test('a consensus key, a wrong length and text are no account key', () => {
    for (const bad of ['OPwcpfQYOoWDuHKYivRVq5jxrELH0moP5qdznvj3Dps=', '', 'not-a-key', 'A'.repeat(44), '<ACCOUNT_PUBKEY>']) expect(accountAddress(bad)).toBeUndefined();
  });
  test('hex and valcons of the mainnet sample', () => {
    expect(consensusAddress('OPwcpfQYOoWDuHKYivRVq5jxrELH0moP5qdznvj3Dps=')).toMatchObject({ hex: '139ECB529EDB0BCDF45C583D4DC2FDC95F66B1E8' });
    expect(isAccountAddress('gonkavalcons1xxxx')).toBe(false);
  });
});
