/** Every row of the problem digest (facts 13) that a host can meet on the way to its first epoch: how it is detected, and the words that name it with what to do. */
import { createTranslator } from 'use-intl/core';
import { describe, expect, it } from 'vitest';
import { expectedGrantOutput, needsNewerTool } from '#components/onboarding/local-commands.ts';
import { NOTHING_READ, readLines } from '#components/start-chain/sync-progress.ts';
import { paysFees } from '#lib/chain/fee-allowance.ts';
import { judgePermissions, neededPermissions } from '#lib/chain/permissions.ts';
import { CONFIG_FIELDS } from '#lib/deployment/config-fields.ts';
import { nodeConfigProblems } from '#lib/deployment/node-config-problems.ts';
import { VALUE_RULES } from '#lib/deployment/value-rules.ts';
import { type DriftNode, nodeDrift } from '#lib/mlnodes/drift.ts';
import { type StepFacts, stepFindings } from '#lib/onboarding/step-findings.ts';
import { collateralView } from '#lib/onboarding/collateral-view.ts';
import { serviceReadiness } from '#lib/onboarding/service-readiness.ts';
import { registerFailure } from '#lib/operations/registration/register-failure.ts';
import { recordVerdict } from '#lib/operations/registration/register-verdict.ts';
import { knownProblems } from '#lib/watch/known-problems.ts';
import type { HostPicture } from '#lib/watch/host-picture.ts';
import { networkNeeds } from '#lib/watch/network-needs.ts';
import type { ServiceRole } from '#lib/watch/service-health.ts';
import en from '#messages/en.json' with { type: 'json' };
import zh from '#messages/zh.json' with { type: 'json' };

const NOW = 1_790_000_000_000;
const KEY = 'Y+sAwFpAU50lwxqskBwChJFj7yjpTcB3m8oEsgXyVrI=';
const HOST = 'http://203.0.113.7:8000';
type Seen = { key: string; params?: Record<string, unknown> };

/** A line of a service's log, shown on the launch page and beside the service. */
const log = (role: ServiceRole, line: string) => (): Seen[] => knownProblems(role, [{ at: NOW, line }]).flatMap(({ code, params }) => [{ key: `onboarding.problems.${code}.what`, params }, { key: `onboarding.problems.${code}.next`, params }]);
/** A line of node, shown while the chain starts. */
const start = (line: string) => (): Seen[] => {
  const { trouble } = readLines(NOTHING_READ, [{ time: new Date(NOW).toISOString(), line }]);
  return trouble ? [{ key: `startChain.trouble.${trouble.code}.what`, params: trouble.params }, { key: `startChain.trouble.${trouble.code}.next`, params: trouble.params }] : [];
};
/** A value of config.env. */
const value = (variable: string, text: string) => (): Seen[] => {
  const problem = VALUE_RULES[variable]?.(text);
  return problem ? ['what', 'next'].map((part) => ({ key: `deployment.problems.${problem.code}.${part}`, params: { variable, ...problem.params } })) : [];
};
const error = (found: { code: string; params: Record<string, unknown> } | undefined): Seen[] => (found ? ['what', 'next'].map((part) => ({ key: `errors.${found.code}.${part}`, params: { seconds: 60, address: 'gonka1x', ...found.params } })) : []);
/** What a step says. */
const step = (name: 'register' | 'grant' | 'launch', change: Partial<StepFacts>) => (): Seen[] => {
  const facts: StepFacts = {
    now: NOW, rows: [], deployment: { state: 'ok', dir: '/d', problems: [] }, account: { address: 'gonka1x' }, publicUrl: HOST, engine: { ok: true, at: NOW, source: 'Docker' }, services: [{ name: 'api', role: 'api', health: 'running' }],
    node: { state: 'ok', value: { height: 100, synced: true, catchingUp: false, validatorKey: KEY }, at: NOW, source: 'own node' },
    own: { state: 'ok', value: { registered: true, record: { url: HOST, validatorKey: KEY } }, at: NOW, source: 'own node' }, api: { state: 'ok', value: true, at: NOW, source: 'own node' }, epoch: { state: 'unknown' }, set: { state: 'unknown' }, ...change,
  };
  const { state, evidence } = stepFindings(facts)[name];
  return state === 'done' ? [] : [{ key: `onboarding.evidence.${evidence.code}`, params: evidence.params }];
};
/** What the network says needs the operator. */
const needs = (code: string, network: Record<string, unknown>) => (): Seen[] => {
  const nothing = { state: 'unknown' };
  const up = (name: string, role: ServiceRole) => ({ service: { name, role, active: true, group: 'network' }, container: { project: 'join', service: name, name, state: 'running', oneOff: false, restartCount: 0, ports: [], startedAt: new Date(NOW - 3_600_000).toISOString() } });
  const running = [up('node', 'node'), up('api', 'api')];
  const picture = { now: NOW, deployment: { state: 'ok', problems: [] }, engine: nothing, services: running.map(({ service }) => service), containers: running.map(({ container }) => container), network: { at: NOW, ribbon: [], seeds: [], epoch: nothing, participants: nothing, own: nothing, ownNode: nothing, ownApi: nothing, validators: nothing, ...network } };
  return networkNeeds(picture as unknown as HostPicture).filter((one) => one.code === code).flatMap(({ key, params }) => ['title', 'text'].map((part) => ({ key: `${key}.${part}`, params })));
};
/** A node as node-config.json has it. */
const NODE: DriftNode = { id: 'node1', host: 'inference', inferencePort: 5000, pocPort: 8080, maxConcurrent: 500, models: [{ id: 'Qwen/QwQ-32B', args: ['--max-model-len', '4096'] }] };
/** Words that stand on the page in any case. */
const said = (...keys: string[]) => (): Seen[] => keys.map((key) => ({ key }));

const needed = (lacking: string[], until = NOW + 300 * 86_400_000) => {
  const list = neededPermissions('0.2.8');
  return judgePermissions(list, list.certain.filter((message) => !lacking.includes(message)).map((message) => ({ message, until })), NOW);
};

const DIGEST: [row: string, symptom: string, seen: () => Seen[]][] = [
  ['1', 'No epoch models', log('api', 'ERROR No epoch models available for this node subsystem=Nodes node_id=node1')],
  ['1', 'model that governance has not approved', () => nodeConfigProblems([{ ...NODE, hardware: [] } as never], { approved: ['other/model'] }).filter(({ code }) => code === 'node_model_unapproved').flatMap(({ code, params }) => ['what', 'next'].map((part) => ({ key: `deployment.problems.${code}.${part}`, params })))],
  ['2', 'config.env not sourced', log('node', 'Environment variable SEED_NODE_RPC_URL is required')],
  ['2', 'config.env not sourced, while the chain starts', start('init-docker.sh: 12: KEY_NAME: Environment variable KEY_NAME is required')],
  // The panel asks the node in its container; whoever looks at the host's own 26657, as the guide says, reads why it is shut.
  ['3', '26657 is published no longer', said('configStep.overtaken.rpc.guide', 'configStep.overtaken.rpc.now')],
  ['4', '/chain-rpc shut', said('onboarding.grant.fails.node')],
  ['5', 'seed down', log('node', "ERR Couldn't connect to any seeds module=pex")],
  ['6', 'seed changed after the first start', () => (CONFIG_FIELDS.find(({ name }) => name === 'SEED_NODE_P2P_URL')?.takesEffect === 'first-run' ? [{ key: 'config.takesEffect.first-run' }] : [])],
  ['7', 'no validator signing info', log('node', 'ERR err="no validator signing info found"')],
  ['7', 'no validator signing info, while the chain starts', start('ERR err="no validator signing info found"')],
  ['8', 'CONSENSUS FAILURE', start('ERR CONSENSUS FAILURE!!! err="…" module=consensus')],
  ['8', 'missed upgrade', start('ERR UPGRADE "v0.2.5" NEEDED at height: 1000: ')],
  ['9', 'disk full', log('tmkms', 'write /root/.tmkms/state: no space left on device')],
  ['9', 'disk full, while the chain starts', start('panic: write /root/.inference/data/x: no space left on device')],
  ['12', 'consensus key mismatch', step('register', { own: { state: 'ok', value: { registered: true, record: { url: HOST, validatorKey: 'another' } }, at: NOW } })],
  ['13', 'warm key missing', log('api', "Warm key 'gonka-op-key' not found in keyring")],
  ['13', 'password changed', log('api', 'Error creating api account: too many failed passphrase attempts')],
  ['14', 'permissions missing', step('grant', { permissions: { key: { state: 'known' }, read: { state: 'ok', at: NOW, value: needed(['/inference.inference.MsgSubmitSeed']) } } })],
  ['14', 'permissions expired', step('grant', { permissions: { key: { state: 'known' }, read: { state: 'ok', at: NOW, value: needed([], NOW - 1) } } })],
  ['14', 'CLI too old', () => (needsNewerTool('0.2.14') ? [{ key: 'onboarding.grant.newerTool.what', params: { release: '0.2.14' } }, { key: 'onboarding.grant.newerTool.next' }] : [])],
  ['15', 'fees', () => (paysFees('0.2.14') ? ['none', 'noneNext', 'spent', 'spentNext'].map((part) => ({ key: `onboarding.grant.fees.${part}` })) : [])],
  ['15', 'fees, in the tool\'s own words', said('onboarding.grant.fails.fees')],
  ['16', 'funded account that never signed', () => error(registerFailure(['server returned status 500: runtime error: invalid memory address or nil pointer dereference: panic'], 'http://seed:8000'))],
  ['17', 'private PUBLIC_URL', value('PUBLIC_URL', 'http://192.168.1.2:8000')],
  ['17', 'private PUBLIC_URL, refused', () => error(registerFailure(['server returned status 400: inference url cannot point to private IP'], 'http://seed:8000'))],
  ['18', 'timeout warning, and yet on chain', () => (recordVerdict({ state: 'ok', at: NOW, source: 's', value: { address: 'gonka1x', url: HOST, validatorKey: KEY } as never }, { url: HOST, key: KEY }, NOW).state === 'registered' ? [{ key: 'operations.evidence.registered', params: { url: HOST, source: 's' } }] : [])],
  ['19', 'qsort_r', said('onboarding.grant.fails.file')],
  ['20', 'wrong keyring backend', log('api', 'KeyringBackend = test. KeyringDir = /root/.inference')],
  ['20', 'wrong keyring backend in config.env', value('KEYRING_BACKEND', 'test')],
  ['22', 'PoC done, weight 0', needs('zero_weight', { ownNode: { state: 'ok', value: { synced: true, height: 5, validatorKey: KEY, peers: 3 } }, participants: { state: 'ok', value: { epoch: 3 } }, own: { state: 'ok', value: { registered: true, inSet: false, active: { weight: 0, validatorKey: KEY } } } })],
  ['23', 'callback that ML nodes cannot reach', value('DAPI_API__POC_CALLBACK_URL', 'http://127.0.0.1:9100')],
  ['24', 'ML node refuses', log('api', 'Post "http://inference:8080/api/v1/stop": dial tcp: lookup inference: no such host')],
  ['25', 'two nodes on one port', log('api', 'duplicate inference host+port combination inference:5000')],
  ['26', 'node-config.json is read once', said('config.nodeMergedState.merged.what', 'config.nodeMergedState.merged.next')],
  ['27', 'an argument that governance has too', () => nodeDrift({ file: [NODE], governance: { 'Qwen/QwQ-32B': ['--max-model-len', '32768'] }, merged: 'not-merged' }).filter(({ whatToDo }) => whatToDo === 'governance_wins').flatMap(({ whatToDo }) => ['what', 'next'].map((part) => ({ key: `config.nodeDrift.${whatToDo}.${part}` })))],
  ['28', 'out of memory', log('mlnode', 'torch.OutOfMemoryError: CUDA out of memory')],
  ['29', 'model not found offline', log('mlnode', 'huggingface_hub.errors.LocalEntryNotFoundError: Cannot find an appropriate cached snapshot folder')],
  ['33', 'ports late after a start', () => { const { evidence } = serviceReadiness({ name: 'api', role: 'api', health: 'running', restarts: 0, startedAt: NOW - 1000, problems: [] }, { now: NOW, engine: { at: NOW, source: 'Docker' }, node: { state: 'unknown' }, api: { state: 'unknown' } }); return [{ key: `onboarding.launch.evidence.${evidence.code}` }]; }],
  ['38', 'weight of 20 %', () => { const found = collateralView({ state: 'ok', value: { rule: { since: 181, free: { of: 2n, in: 10n }, perWeight: { of: 1n, in: 1n } }, deposit: 0n } }, { epoch: 180 }); return found && 'share' in found ? [`is.${found.state}.title`, `is.${found.state}.text`, 'rule', 'guide'].map((part) => ({ key: `onboarding.verify.collateral.${part}`, params: { since: found.since, share: found.share } })) : []; }],
  ['50', 'SIGILL', log('api', 'SIGILL: illegal instruction')],
  ['50', 'SIGILL, while the chain starts', start('Caught SIGILL in blst_cgo_init, consult <blst>/bindings/go/README.md.')],
  ['52', 'the chain stands', needs('chain_frozen', { epoch: { state: 'stale', value: { height: 5 }, error: { code: 'chain_frozen', params: {} } } })],
  ['55', 'certificate missing', log('proxy', 'nginx: [emerg] cannot load certificate "/etc/nginx/ssl/cert.pem"')],
  ['56', 'node-config.json is no JSON', log('api', 'FATAL error loading node config: invalid character')],
  ['58', 'registration closed', () => [...error({ code: 'register_closed', params: { block: 2_222_222, height: 2_000_000 } }), ...error({ code: 'register_nothing_on_chain', params: {} })]],
];

/** Rows that only a host that has been in the network can meet, or that aren't about the host at all. */
const LATER = ['10', '11', '21', '30', '31', '32', '34', '35', '36', '37', '39', '40', '41', '42', '43', '44', '45', '46', '47', '48', '49', '51', '53', '54', '57', '59'];

describe.each([['en', en], ['zh', zh]] as const)('%s', (locale, messages) => {
  const t = createTranslator({ locale, messages: messages as never, onError: (failure) => { throw failure; } });
  it.each(DIGEST)('facts 13, row %s: %s', (_row, _symptom, seen) => {
    const found = seen();
    expect(found.length).toBeGreaterThan(0);
    for (const { key, params = {} } of found) expect(t(key as never, params as never), key).not.toMatch(new RegExp(`^${key}$|[{}]`));
  });
});

it('every row is either here or of later, and not in both', () => {
  expect(DIGEST.map(([row]) => row).filter((row) => LATER.includes(row))).toEqual([]);
  const rows = new Set([...DIGEST.map(([row]) => row), ...LATER]);
  expect(Array.from({ length: 59 }, (_, index) => String(index + 1)).filter((row) => !rows.has(row))).toEqual([]);
  expect(expectedGrantOutput('file', 'gonka-mainnet')).toContain('Transaction confirmed successfully!');
});

it('that registration may be closed is among the causes (row 58)', () => {
  expect(en.errors.register_nothing_on_chain.next).toMatch(/closed/);
  expect(zh.errors.register_nothing_on_chain.next).toMatch(/暂停|关闭/);
});
