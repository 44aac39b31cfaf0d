import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Fetched } from './client.ts';
import { readGrantsPage, wholeGrants } from './grants.ts';
import { judgePermissions, neededPermissions, permissionsVerdict } from './permissions.ts';
import { parseJson } from './schema.ts';

const SAMPLES = join(import.meta.dirname, '../../../shared/gonka/samples');
const NOW = Date.parse('2026-11-25T00:00:00Z');
type Page = NonNullable<ReturnType<typeof readGrantsPage>>;
const load = (...path: string[]): Page => readGrantsPage(200, parseJson(readFileSync(join(SAMPLES, ...path), 'utf8'))) as Page;
const row = (msg: string, expiration: string | null = '2027-11-23T13:47:55.586358844Z') => ({ authorization: { '@type': '/cosmos.authz.v1beta1.GenericAuthorization', msg }, expiration });
const page = (grants: unknown[], next: string | null = null, total = '0') => ({ grants, pagination: { next_key: next, total } });
const pages = (all: Record<string, unknown>) => (key: string | undefined): Promise<Fetched<Page>> => Promise.resolve({ value: readGrantsPage(200, all[key ?? ''] ?? null), at: NOW });
const judged = (release: string, list: Page['list'], now = NOW) => {
  const found = judgePermissions(neededPermissions(release), list, now);
  return { verdict: permissionsVerdict(found), missing: [...found.needed, ...found.perhaps].filter(({ state }) => state === 'missing').map(({ message }) => message), ...found };
};

describe.skipIf(!existsSync(SAMPLES))('as recorded', () => {
  test.each([['v0.2.4', 24], ['v0.2.8', 27]])('%s: the command grants exactly what its release needs, for a year', (release, count) => {
    const { list, total, next } = load(release, 'http/active-in-epoch/chain_grants.json');
    expect([list.length, total, next]).toEqual([count, count, undefined]);
    expect(neededPermissions(release)).toMatchObject({ exact: true, perhaps: [] });
    expect(list.map(({ message }) => message).sort()).toEqual(neededPermissions(release).certain);
    expect(judged(release, list)).toMatchObject({ verdict: 'complete', missing: [], extra: [] });
    expect(new Date(judged(release, list).until ?? 0).getFullYear()).toBe(2027);
    expect(judged(release, list, Date.parse('2028-01-01T00:00:00Z')).needed.every(({ state }) => state === 'expired')).toBe(true);
  });
  test('mainnet’s list by granter reads the same', () => {
    const list = load('authz_grants_09ake364.json').list;
    expect(judged('0.2.4', list, Date.parse('2026-01-01T00:00:00Z')).verdict).toBe('complete');
  });
  test('a key that was granted by an older tool lacks what came since', () => {
    const { list } = load('v0.2.4', 'http/active-in-epoch/chain_grants.json');
    expect(judged('0.2.8', list)).toMatchObject({ verdict: 'missing', missing: ['/inference.inference.MsgMLNodeWeightDistribution', '/inference.inference.MsgPoCV2StoreCommit', '/inference.inference.MsgSubmitPocValidationsV2'] });
    const later = judged('0.2.14', load('v0.2.8', 'http/active-in-epoch/chain_grants.json').list);
    expect(later).toMatchObject({ verdict: 'missing', missing: ['/inference.bls.MsgRespondDealerComplaints'] });
    expect(later.extra).toContain('/inference.inference.MsgJoinTraining');
  });
});

test('0.2.14 needs twenty; a release in between needs what both neighbours do, and perhaps more', () => {
  expect(neededPermissions('0.2.14').certain).toHaveLength(20);
  const between = neededPermissions('0.2.11');
  expect(between.exact).toBe(false);
  expect(between.certain).toHaveLength(19);
  expect(between.perhaps).toContain('/inference.bls.MsgRespondDealerComplaints');
  const list = between.certain.map((message) => ({ message }));
  expect(judged('0.2.11', list).verdict).toBe('unclear');
  expect(judged('0.2.11', [...list, ...between.perhaps.map((message) => ({ message }))]).verdict).toBe('complete');
  expect(neededPermissions('0.2.8-post2').exact).toBe(true);
  expect([neededPermissions('0.3.0').exact, neededPermissions(undefined).exact, neededPermissions('0.2.3').exact]).toEqual([false, false, false]);
});

test('both forms of an authorisation, one of another kind, and one without an end', () => {
  const mixed = page([row('/inference.inference.MsgSubmitSeed', null), { authorization: { type: 'cosmos-sdk/GenericAuthorization', value: { msg: '/inference.inference.MsgClaimRewards' } }, expiration: '2027-01-01T00:00:00Z' }, { authorization: { '@type': '/cosmos.bank.v1beta1.SendAuthorization', spend_limit: [] }, expiration: null }], null, '3');
  expect(readGrantsPage(200, mixed)).toEqual({ list: [{ message: '/inference.inference.MsgSubmitSeed' }, { message: '/inference.inference.MsgClaimRewards', until: Date.parse('2027-01-01T00:00:00Z') }], rows: 3, total: 3 });
});

test.each([
  ['no list', { pagination: { next_key: null, total: '0' } }], ['no pagination', { grants: [] }], ['a list of something else', page(['x'])], ['an authorisation without a message', page([{ authorization: { '@type': '/cosmos.authz.v1beta1.GenericAuthorization' }, expiration: null }])],
  ['an end that is no time', page([row('/inference.inference.MsgSubmitSeed', 'soon')])], ['a web page', '<html>'],
])('%s is no answer', (_name, json) => expect(() => readGrantsPage(200, json)).toThrow());
test('a disabled route is no answer', () => expect(readGrantsPage(404, { code: 12 })).toBeUndefined());

describe('page by page', () => {
  test('all of them', async () => {
    const got = await wholeGrants(pages({ '': page([row('/a'), row('/b')], 'MQ==', '3'), 'MQ==': page([row('/c')]) }));
    expect(got.value?.map(({ message }) => message)).toEqual(['/a', '/b', '/c']);
  });
  test('an authorisation of another kind on a later page made the whole list unknown for ever', async () => {
    const other = { authorization: { '@type': '/cosmos.bank.v1beta1.SendAuthorization', spend_limit: [] }, expiration: null };
    const got = await wholeGrants(pages({ '': page([row('/a')], 'MQ==', '3'), 'MQ==': page([other, row('/b')]) }));
    expect(got.value?.map(({ message }) => message)).toEqual(['/a', '/b']);
    expect((await wholeGrants(pages({ '': page([row('/a')], 'MQ==', '3'), 'MQ==': page([other]) }))).value).toBeUndefined();
  });
  test('a page that fails, a row too few or a page that leads back to itself: unknown, not missing', async () => {
    const broken: Fetched<Page> = { problem: { kind: 'down', error: { code: 'chain_host_down', params: {} } } };
    expect(await wholeGrants((key) => (key ? Promise.resolve(broken) : pages({ '': page([row('/a')], 'MQ==', '3') })(key)))).toEqual(broken);
    expect((await wholeGrants(pages({ '': page([row('/a')], null, '3') }))).value).toBeUndefined();
    expect((await wholeGrants(pages({ '': page([row('/a')], 'MQ=='), 'MQ==': page([row('/a')], 'MQ==') }))).value).toBeUndefined();
  });
});
