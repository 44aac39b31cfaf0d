import { createTranslator } from 'use-intl/core';
import { describe, expect, it } from 'vitest';
import en from '#messages/en.json' with { type: 'json' };
import zh from '#messages/zh.json' with { type: 'json' };
import type { Permission, Permissions } from '#lib/chain/permissions.ts';
import type { PrerequisiteRow } from './prerequisite-facts.ts';
import { STEPS, type StepName } from './schema.ts';
import { type StepFacts, stepFindings } from './step-findings.ts';
import { isFinished, landingStep, stepStates } from './steps.ts';
import { unknownSince } from './unknown-since.ts';

const NOW = 1_790_000_000_000;
const row = (id: string, state: PrerequisiteRow['state']): PrerequisiteRow => ({ id, state, params: {}, said: 'x', rule: 'guide', source: 'here', at: NOW });
const KEY = 'Y+sAwFpAU50lwxqskBwChJFj7yjpTcB3m8oEsgXyVrI=';
const URL = 'http://203.0.113.7:8000';
const granted = (state: Permission['state'], change: Partial<Permissions> = {}): StepFacts['permissions'] => ({ key: { state: 'known' }, read: { state: 'ok', at: NOW, source: 'own node', value: { needed: [{ message: '/a', state: 'granted', until: NOW + 86_400_000 * 300 }, { message: '/b', state }], perhaps: [], exact: true, extra: [], until: NOW + 86_400_000 * 300, ...change } } });
const engine = { ok: true, at: NOW, source: 'Docker 27.0' };
const up = (name: string, role = name, health = 'running') => ({ name, role, health });
const down = { code: 'engine_stopped', params: { socket: '/s', detail: 'x' } };

/** A host that earns. */
const EARNING: StepFacts = {
  now: NOW, rows: [row('engine', 'ok'), row('memory', 'attention')],
  deployment: { state: 'ok', dir: '/d', release: '0.2.8', problems: [] },
  account: { address: 'gonka1x' }, operationalKey: { state: 'present', name: 'k' }, permissions: granted('granted'), config: { present: true, problems: [{ level: 'attention', code: 'a', params: {} }], nodes: 'ok', nodeCount: 1 }, publicUrl: URL,
  images: [{ image: 'a/b:1', here: true }], engine, services: [up('tmkms'), up('node'), up('api'), up('proxy')],
  node: { state: 'ok', value: { height: 100, synced: true, catchingUp: false, validatorKey: KEY }, at: NOW, source: 'own node' },
  own: { state: 'ok', value: { registered: true, inSet: true, record: { url: URL, validatorKey: KEY }, active: { weight: 40, validatorKey: KEY } }, at: NOW - 1000, source: 'own node' },
  api: { state: 'ok', value: true, at: NOW, source: 'api' },
  epoch: { state: 'ok', value: { epoch: 5, nextPocStart: 900 }, at: NOW, source: 'own node' }, set: { state: 'ok', value: { epoch: 5 }, at: NOW, source: 'own node' },
};
/** A bare server: nothing is chosen, Docker runs. */
const BARE: StepFacts = {
  now: NOW, rows: [row('engine', 'ok')], deployment: { state: 'absent' }, engine, services: [],
  node: { state: 'unknown' }, own: { state: 'unknown', error: { code: 'chain_no_account_key', params: {} } }, api: { state: 'unknown' }, epoch: { state: 'unknown' }, set: { state: 'unknown' },
};
const steps = (facts: StepFacts) => stepStates(stepFindings(facts), () => NOW);
const state = (name: StepName, change: Partial<StepFacts>) => {
  const { state: word, evidence } = stepFindings({ ...EARNING, ...change })[name];
  return [word, evidence.code];
};
const own = (change: Partial<NonNullable<StepFacts['own']['value']>>, rest: Partial<StepFacts['own']> = {}): Partial<StepFacts> => ({ own: { ...EARNING.own, value: { ...EARNING.own.value, ...change }, ...rest } });
const config = (change: Partial<NonNullable<StepFacts['config']>>): Partial<StepFacts> => ({ config: { ...(EARNING.config as NonNullable<StepFacts['config']>), ...change } });

it('a host that earns: everything that can be seen is done, what can’t is never ticked', () => {
  const found = steps(EARNING);
  expect(found.map(({ name, state: word }) => [name, word])).toEqual(STEPS.map((name) => [name, 'done']));
  expect(isFinished(found)).toBe(true);
  expect(landingStep(found)).toBe('verify');
});

it('a bare server: the first things are ready, the rest waits for them', () => {
  const found = steps(BARE);
  expect(Object.fromEntries(found.map(({ name, state: word, by }) => [name, by ?? word]))).toEqual({
    prerequisites: 'done', 'account-key': 'ready', deployment: 'ready', configuration: ['deployment'], images: ['deployment'], 'start-chain': ['configuration'],
    'ml-key': ['configuration'], register: ['start-chain'], grant: ['register', 'ml-key'], launch: ['start-chain'], verify: ['register', 'grant', 'launch'],
  });
  expect(landingStep(found)).toBe('account-key');
});

it('a deployment made by hand that nobody chose yet opened a step that it may have done', () => {
  const found = steps({ ...BARE, rows: [...BARE.rows, row('clock', 'unknown')], deployment: { state: 'absent', found: ['/root/gonka/deploy/join'] } });
  expect(found.filter(({ name }) => ['prerequisites', 'account-key', 'deployment'].includes(name)).map(({ state: word, evidence }) => [word, evidence.code])).toEqual([['unknown', 'rows_unknown'], ['unknown', 'directory_found'], ['ready', 'directory_found']]);
  expect(landingStep(found)).toBe('deployment');
  expect(landingStep(steps({ ...BARE, rows: [row('engine', 'broken')], deployment: { state: 'absent', found: ['/d'] } }))).toBe('prerequisites');
});

describe('what each step takes for evidence', () => {
  const cases: [string, StepName, Partial<StepFacts>, string, string][] = [
    ['something broken', 'prerequisites', { rows: [row('engine', 'ok'), row('disk', 'broken')] }, 'missing', 'rows_broken'],
    ['warnings only', 'prerequisites', { rows: [row('engine', 'ok'), row('disk', 'attention')] }, 'done', 'rows_ok'],
    ['an engine that can’t be told', 'prerequisites', { rows: [row('engine', 'unknown')] }, 'unknown', 'rows_unknown'],
    ['a row that wasn’t measured', 'prerequisites', { rows: [row('engine', 'ok'), row('toolkit', 'unknown')] }, 'unknown', 'rows_unknown'],
    ['an api of another account', 'launch', { apiAccount: { state: 'ok', value: 'gonka1other', at: NOW, source: 'own node' } }, 'missing', 'api_other_account'],
    ['an api whose account was read long ago', 'launch', { apiAccount: { state: 'stale', value: 'gonka1other', at: NOW, source: 'own node' } }, 'done', 'services_up'],
    ['no key', 'account-key', { account: undefined }, 'missing', 'no_account'],
    ['no key, directory unreadable', 'account-key', { account: undefined, deployment: { state: 'unknown', error: { code: 'deploy_dir_permission', params: {} } } }, 'unknown', 'deployment_unread'],
    ['a directory that is gone', 'deployment', { deployment: { state: 'unknown', error: { code: 'deploy_dir_not_found', params: { dir: '/d' } } } }, 'missing', 'directory_bad'],
    ['a directory that may not be read', 'deployment', { deployment: { state: 'unknown', error: { code: 'deploy_dir_permission', params: {} } } }, 'unknown', 'deployment_unread'],
    ['files that compose refuses', 'deployment', { deployment: { state: 'ok', dir: '/d', problems: [{ level: 'broken', code: 'compose_invalid', params: {} }] } }, 'missing', 'files_broken'],
    ['no compose', 'deployment', { deployment: { state: 'ok', dir: '/d', problems: [{ level: 'broken', code: 'compose_absent', params: {} }] } }, 'unknown', 'compose_absent'],
    ['problems of values are not the directory’s', 'deployment', { deployment: { state: 'ok', dir: '/d', problems: [{ level: 'broken', code: 'variable_missing', params: {} }] } }, 'done', 'directory'],
    ['no config.env', 'configuration', config({ present: false }), 'missing', 'no_config'],
    ['config.env unreadable', 'configuration', config({ present: false, error: { code: 'config_unreadable', params: {} } }), 'unknown', 'config_unread'],
    ['a broken value', 'configuration', config({ problems: [{ level: 'broken', code: 'x', params: { variable: 'PUBLIC_URL' } }] }), 'missing', 'config_broken'],
    ['no node-config.json', 'configuration', config({ nodes: 'missing' }), 'missing', 'no_nodes'],
    ['a node-config.json without a node', 'configuration', config({ nodes: 'broken' }), 'missing', 'nodes_broken'],
    ['node-config.json unreadable', 'configuration', config({ nodes: 'unknown' }), 'unknown', 'nodes_unread'],
    ['one image is missing', 'images', { images: [{ image: 'r/a:1', here: true }, { image: 'r/b:2', here: false }] }, 'missing', 'images_absent'],
    ['an image for another processor', 'images', { images: [{ image: 'r/a:1', here: true, fits: false }] }, 'missing', 'images_wrong'],
    ['the ML node may not fetch weights itself', 'images', { weights: { offline: true, models: [{ model: 'a/b', state: 'partial' }] } }, 'missing', 'weights_offline'],
    ['weights that the ML node fetches itself hold nothing up', 'images', { weights: { offline: false, models: [{ model: 'a/b', state: 'absent' }] } }, 'done', 'images'],
    ['the engine can’t be asked', 'images', { images: undefined }, 'unknown', 'engine'],
    ['no service, no image', 'images', { images: [] }, 'unknown', 'no_services'],
    ['no key file', 'ml-key', { operationalKey: { state: 'absent', name: 'k' } }, 'missing', 'no_ml_key'],
    ['a keyring that may not be read', 'ml-key', { operationalKey: { state: 'unknown', name: 'k' } }, 'unknown', 'ml_key_unread'],
    ['its key file', 'ml-key', {}, 'done', 'ml_key'],
    ['its key file and its address', 'ml-key', { operationalKey: { state: 'present', name: 'k', address: 'gonka1k' } }, 'done', 'ml_key_address'],
    ['every permission', 'grant', {}, 'done', 'grants'],
    ['one is missing', 'grant', { permissions: granted('missing') }, 'missing', 'grants_missing'],
    ['one has ended', 'grant', { permissions: granted('expired') }, 'missing', 'grants_expired'],
    ['a release whose list isn’t known', 'grant', { permissions: granted('granted', { exact: false, perhaps: [{ message: '/c', state: 'missing' }] }) }, 'unknown', 'grants_unclear'],
    ['one without an end', 'grant', { permissions: granted('granted', { until: undefined }) }, 'done', 'grants'],
    ['nobody answers for the permissions', 'grant', { permissions: { key: { state: 'known' }, read: { state: 'unknown', error: { code: 'chain_host_down', params: {} } } } }, 'unknown', 'grants_unread'],
    ['permissions five minutes old', 'grant', { permissions: { key: { state: 'known' }, read: { ...granted('granted')?.read, state: 'ok', at: NOW - 300_000 } } }, 'unknown', 'grants_unread'],
    ['permissions of a stale answer', 'grant', { permissions: { key: { state: 'known' }, read: { ...granted('granted')?.read, state: 'stale' } } }, 'unknown', 'grants_unread'],
    ['no key to allow anything', 'grant', { permissions: { key: { state: 'absent', name: 'k' }, read: { state: 'unknown' } } }, 'missing', 'no_ml_key'],
    ['whose address can’t be told', 'grant', { permissions: { key: { state: 'unknown' }, read: { state: 'unknown' } } }, 'unknown', 'ml_address_unread'],
    ['no account that allows', 'grant', { account: undefined }, 'missing', 'no_account'],
    ['node stopped', 'start-chain', { services: [up('tmkms'), up('node', 'node', 'stopped')] }, 'missing', 'chain_down'],
    ['no tmkms at all', 'start-chain', { services: [up('node')] }, 'missing', 'chain_down'],
    ['engine stopped', 'start-chain', { engine: { ...engine, ok: false, error: down } }, 'unknown', 'engine'],
    ['catching up', 'start-chain', { node: { ...EARNING.node, value: { height: 3, synced: false, catchingUp: true, validatorKey: KEY } } }, 'missing', 'syncing'],
    ['an old answer of the node', 'start-chain', { node: { ...EARNING.node, state: 'stale' } }, 'unknown', 'node_unread'],
    ['another URL on chain (measured 8)', 'register', own({ record: { url: 'http://203.0.113.7:8001', validatorKey: KEY } }), 'missing', 'url_differs'],
    ['another consensus key on chain', 'register', own({ record: { url: URL, validatorKey: 'other' } }), 'missing', 'key_differs'],
    ['the own key is not read now', 'register', { node: { state: 'unknown' } }, 'unknown', 'own_key_unread'],
    ['a node without a key proves nothing', 'register', { ...own({ record: { url: URL, validatorKey: '' } }), node: { ...EARNING.node, value: { height: 1, synced: true, catchingUp: false, validatorKey: '' } } }, 'unknown', 'own_key_unread'],
    ['no PUBLIC_URL to compare with', 'register', { publicUrl: undefined }, 'unknown', 'no_public_url'],
    ['a record five minutes old', 'register', own({}, { at: NOW - 300_000 }), 'unknown', 'record_unread'],
    ['a record a little younger', 'register', own({}, { at: NOW - 299_999 }), 'done', 'registered'],
    ['an entry in the set without the record', 'register', own({ record: undefined }), 'unknown', 'record_unread'],
    ['the chain has none', 'register', own({ registered: false, record: undefined }), 'missing', 'not_registered'],
    ['the chain had none five minutes ago', 'register', own({ registered: false, record: undefined }, { at: NOW - 300_000 }), 'unknown', 'record_unread'],
    ['one service unhealthy', 'launch', { services: [up('tmkms'), up('api', 'api', 'unhealthy')] }, 'missing', 'services_down'],
    ['one service starting', 'launch', { services: [up('tmkms'), up('api', 'api', 'starting')] }, 'missing', 'services_down'],
    ['no service known', 'launch', { services: [] }, 'unknown', 'no_services'],
    ['the api never asked', 'launch', { api: { state: 'unknown' } }, 'unknown', 'api_unread'],
    ['an api that answered once', 'launch', { api: { state: 'stale', value: true } }, 'unknown', 'api_unread'],
    ['in the set, the own node silent', 'verify', { node: { state: 'unknown' } }, 'unknown', 'set_key_unread'],
    ['in the set, the own node’s answer is old', 'verify', { node: { ...EARNING.node, state: 'stale' } }, 'unknown', 'set_key_unread'],
    ['in the set, no key of the chain', 'verify', own({ record: undefined, active: { weight: 40, validatorKey: '' } }), 'unknown', 'set_key_unread'],
    ['in the set by its entry alone', 'verify', own({ record: undefined }), 'done', 'in_set'],
    ['an old record against a young entry', 'verify', own({ record: { url: URL, validatorKey: 'old' } }, { at: NOW - 300_000 }), 'done', 'in_set'],
    ['not in the set', 'verify', own({ inSet: false }), 'missing', 'not_in_set'],
    ['in a set that is old', 'verify', { set: { ...EARNING.set, state: 'stale' } }, 'unknown', 'set_unread'],
    ['in the set or not, nobody knows', 'verify', own({ inSet: undefined }), 'unknown', 'set_unread'],
  ];
  it.each(cases)('%s', (_name, name, change, word, code) => expect(state(name, change)).toEqual([word, code]));
  it.each([['en', en], ['zh', zh]] as const)('each with what its sentence names, %s', (locale, messages) => {
    const t = createTranslator({ locale, messages: messages as never, onError: (error) => { throw error; } });
    for (const facts of [BARE, EARNING, ...cases.map(([, , change]) => ({ ...EARNING, ...change }))]) for (const { evidence } of steps(facts)) expect(t(`onboarding.evidence.${evidence.code}` as never, evidence.params as never)).not.toMatch(/^onboarding\./);
  });
});

describe('where onboarding opens', () => {
  it('a host set up by hand up to the chain: at the key', () => {
    const found = steps({ ...EARNING, operationalKey: { state: 'absent', name: 'k' }, ...own({ registered: false, record: undefined, inSet: false, active: undefined }), services: [up('tmkms'), up('node'), up('api', 'api', 'absent')] });
    expect(landingStep(found)).toBe('ml-key');
  });
  it('registered, nothing else launched: at the grant', () => {
    const found = steps({ ...EARNING, permissions: granted('missing'), ...own({ inSet: false, active: undefined }), services: [up('tmkms'), up('node'), up('api', 'api', 'absent')] });
    expect(landingStep(found)).toBe('grant');
  });
  it('everything runs before it is registered (measured 37): at the registration', () => {
    const found = steps({ ...EARNING, ...own({ registered: false, record: undefined, inSet: false, active: undefined }) });
    expect(landingStep(found)).toBe('register');
  });
  it('launched, not registered, the key unreadable: at the key, which is unknown and not passed over', () => {
    expect(landingStep(steps({ ...EARNING, operationalKey: { state: 'unknown', name: 'k' }, ...own({ inSet: false }) }))).toBe('ml-key');
  });
  it('waiting for the next PoC: at the end', () => expect(landingStep(steps({ ...EARNING, ...own({ inSet: false }) }))).toBe('verify'));
  it('something in the middle that can’t be told is opened, not passed over', () => expect(landingStep(steps({ ...EARNING, images: undefined, ...own({ inSet: false }) }))).toBe('images'));
});

it('a step that was reached by hand stays done when an earlier one is undone', () => {
  const found = steps({ ...EARNING, ...config({ nodes: 'missing' }) });
  expect(found.find(({ name }) => name === 'configuration')?.state).toBe('ready');
  expect(found.find(({ name }) => name === 'start-chain')?.state).toBe('done');
});

it('what can’t be told is said since when, and forgotten when it can', () => {
  expect(unknownSince(['images', 'grant'], 1000)('images')).toBe(1000);
  const later = unknownSince(['images'], 5000);
  expect(later('images')).toBe(1000);
  expect(unknownSince([], 6000)('images')).toBe(6000);
  expect(unknownSince(['images', 'grant'], 7000)('grant')).toBe(7000);
});

describe('regressions', () => {
  it('somebody else’s host with the same account was ticked "in the active set"', () => {
    const foreign = { ...EARNING, ...own({ record: { url: URL, validatorKey: 'other' }, active: { weight: 40, validatorKey: 'other' } }) };
    const found = steps(foreign);
    expect(found.find(({ name }) => name === 'verify')).toMatchObject({ evidence: { code: 'key_differs' } });
    expect(found.find(({ name }) => name === 'verify')?.state).not.toBe('done');
    expect(isFinished(found)).toBe(false);
  });
  it('prerequisites were ticked though almost nothing was measured', () => {
    const rows = [row('engine', 'ok'), ...['memory', 'disk', 'clock', 'toolkit'].map((id) => row(id, 'unknown')), row('seed', 'attention')];
    const found = steps({ ...BARE, rows });
    expect(found[0]).toMatchObject({ state: 'unknown', evidence: { code: 'rows_unknown', params: { ok: 1, attention: 1, broken: 0, unknown: 4 } } });
    expect(landingStep(found)).toBe('prerequisites');
    expect(landingStep(steps({ ...EARNING, rows, ...own({ registered: false, record: undefined, inSet: false, active: undefined }) })), 'passed over when a later step is done').toBe('register');
    expect(landingStep(steps({ ...EARNING, rows: [...rows, row('ports', 'broken')], ...own({ inSet: false }) })), 'a broken row is not').toBe('prerequisites');
  });
  it('launch was ticked by containers that run while the api’s port stays closed (measured 34)', () => {
    const error = { code: 'chain_host_down', params: {} };
    expect(stepFindings({ ...EARNING, api: { state: 'unknown', error, source: 'api' } }).launch).toEqual({ state: 'unknown', evidence: { code: 'api_unread', params: {}, source: 'api', error } });
  });
  it('account key and configuration waited for each other when config.env wasn’t there', () => {
    const found = steps({ ...EARNING, account: undefined, ...config({ present: false }) });
    expect(found.find(({ name }) => name === 'configuration')).toMatchObject({ state: 'ready', evidence: { code: 'no_config' } });
    expect(found.find(({ name }) => name === 'account-key')).toMatchObject({ state: 'ready', evidence: { code: 'no_account' } });
  });
  it('the last step waited for nothing while the key had no permissions, though the api can’t get into the set without them', () => {
    expect(steps({ ...EARNING, permissions: granted('missing'), ...own({ inSet: false, active: undefined }) }).find(({ name }) => name === 'verify')).toMatchObject({ state: 'blocked', by: ['grant'] });
    expect(steps({ ...EARNING, permissions: granted('missing') }).find(({ name }) => name === 'verify'), 'a host that is in the set is in it').toMatchObject({ state: 'done' });
  });
  it('an unread keyring was said to be under the deployment when api has it elsewhere', () => {
    const params = (operationalKey: StepFacts['operationalKey']) => stepFindings({ ...EARNING, operationalKey })['ml-key'].evidence.params;
    expect(params({ state: 'unknown', name: 'k', keyring: '/data/keyring-file' })).toEqual({ name: 'k', keyring: '/data/keyring-file' });
    expect(params({ state: 'unknown' })).toEqual({ name: 'KEY_NAME', keyring: '/d/.inference/keyring-file' });
  });
});

describe('what the step of images says of weights', () => {
  const word = (models: string[] | undefined) => stepFindings({ ...EARNING, ...(models ? { weights: { offline: false, models: models.map((state) => ({ model: 'a/b', state })) } } : { weights: undefined }) } as StepFacts).images.evidence.params;
  it.each([
    [undefined, 'unread'], [[], 'none'], [['elsewhere'], 'elsewhere'], [['complete', 'elsewhere'], 'complete'], [['complete', 'partial'], 'later'], [['unseen'], 'unseen'], [['unproven', 'complete'], 'unseen'],
  ])('%j: %s', (models, expected) => expect(word(models)?.weights).toBe(expected));
});
it('some of the missing images were named as if they were all, one with its whole digest', () => {
  const images = ['r/a:1', `r/b:2@sha256:${'0'.repeat(64)}`, 'r/c:3', 'r/d:4'].map((image) => ({ image, here: false }));
  expect(stepFindings({ ...EARNING, images } as StepFacts).images.evidence.params).toMatchObject({ absent: 4, names: 'a:1, b:2, c:3, …' });
  expect(stepFindings({ ...EARNING, images: images.slice(0, 3) } as StepFacts).images.evidence.params).toMatchObject({ names: 'a:1, b:2, c:3' });
});
it('weights that were whole, with an unfinished file beside them, were said to be incomplete where only the hub could tell', () => {
  const weights = (...models: { model: string; state: string; beside?: true }[]) => stepFindings({ ...EARNING, weights: { offline: true, models } } as StepFacts).images;
  const beside = { model: 'A', state: 'partial', beside: true } as const;
  expect(weights(beside)).toMatchObject({ state: 'unknown', evidence: { code: 'weights_beside', params: { names: 'A' } } });
  expect(weights(beside, { model: 'B', state: 'absent' })).toMatchObject({ state: 'missing', evidence: { code: 'weights_offline', params: { names: 'A, B' } } });
});
it('some of the values to mend, or of the models without weights, were named as if they were all', () => {
  const names = ['A', 'B', 'C', 'D', 'E'];
  expect(stepFindings({ ...EARNING, ...config({ problems: names.map((variable) => ({ level: 'broken', code: 'x', params: { variable } })) }) } as StepFacts).configuration.evidence.params).toMatchObject({ count: 5, names: 'A, B, C, D, …' });
  expect(stepFindings({ ...EARNING, weights: { offline: true, models: names.map((model) => ({ model, state: 'absent' })) } } as StepFacts).images.evidence).toMatchObject({ code: 'weights_offline', params: { names: 'A, B, C, …' } });
});
