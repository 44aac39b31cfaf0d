import { describe, expect, it } from 'vitest';
import type { EpochClock } from '#lib/chain/epoch-clock.ts';
import { stagesFromParams } from '#lib/chain/epoch-clock.ts';
import type { RawNode } from '#lib/mlnodes/node-configs.ts';
import { adminNodes } from '#lib/mlnodes/schema.ts';
import { mlNodeProblems } from './checks.ts';
import { deleteReasons } from './delete.ts';
import { draftOf, shownNode } from './draft.ts';
import { disableEffect } from './effect.ts';
import { enabledBy } from './enabled-by.ts';
import { shares } from './shares.ts';
import { nodesOfText } from './text.ts';
import { wishState } from './wishes-now.ts';

const MODEL = 'Qwen/Qwen2.5-7B-Instruct';
const TOKEN = 'hf_abcdefghijklmnopqrstuvwxyz012345';
const raw = (id: string, more: Partial<RawNode> = {}): RawNode => ({ id, host: `10.0.0.${id.length}`, inference_port: 5050, poc_port: 8080, max_concurrent: 500, models: { [MODEL]: { args: [] } }, hardware: null, ...more });
const [listed] = adminNodes.parse([{ node: raw('node1'), state: { intended_status: 'INFERENCE', current_status: 'INFERENCE', admin_state: { enabled: true, epoch: 7 }, epoch_ml_nodes: { [MODEL]: { poc_weight: 40, timeslot_allocation: [true, true] } } } }]);
if (!listed) throw new Error('no node');
const withAdmin = (enabled: boolean, epoch: number) => ({ ...listed, state: { ...listed.state, admin: { enabled, epoch } } });

describe('who enabled a node that is to stay disabled', () => {
  const T = 1_000_000;
  it.each([
    ['an api that started anew has epoch 0', { adminEpoch: 0, disabledAt: T }, 'restart'],
    ['an epoch before that of the disable can come from no hand', { adminEpoch: 6, disabledEpoch: 7, disabledAt: T }, 'restart'],
    ['api was started after the disable', { adminEpoch: 8, disabledAt: T, apiStartedAt: T + 1 }, 'restart'],
    ['node was started after the disable and takes api with it', { adminEpoch: 8, disabledAt: T, nodeStartedAt: T + 1, apiStartedAt: T - 9 }, 'restart'],
    ['nothing was started since', { adminEpoch: 8, disabledEpoch: 7, disabledAt: T, apiStartedAt: T - 1, nodeStartedAt: T - 1 }, 'hand'],
    ['the same epoch, nothing was started since', { adminEpoch: 7, disabledEpoch: 7, disabledAt: T, apiStartedAt: T - 1 }, 'hand'],
    ['when the containers were started is unknown: nobody is fought', { adminEpoch: 7, disabledAt: T }, 'hand'],
  ] as const)('%s', (_name, sight, by) => expect(enabledBy(sight)).toBe(by));

  it('a node that was seen disabled after the start of api was enabled by hand', () => {
    const wish = { at: new Date(T), asked: false };
    expect(wishState(wish, withAdmin(true, 8), true, undefined, { api: T + 500 })).toBe('forgotten');
    expect(wishState(wish, withAdmin(true, 8), true, { at: T + 900, epoch: 8 }, { api: T + 500 })).toBe('by_hand');
  });
  it('what is asked stays a question, what is unread is unknown, what is gone is missing', () => {
    const wish = { at: new Date(T), asked: true };
    expect(wishState(wish, withAdmin(true, 0), true, undefined, {})).toBe('by_hand');
    expect(wishState(wish, withAdmin(false, 8), true, undefined, {})).toBe('kept');
    expect(wishState(wish, undefined, false, undefined, {})).toBe('unknown');
    expect(wishState(wish, undefined, true, undefined, {})).toBe('missing');
  });
});

const params = { epoch_length: 60, epoch_multiplier: 1, epoch_shift: 0, poc_stage_duration: 10, poc_exchange_duration: 1, poc_validation_delay: 2, poc_validation_duration: 8, set_new_validators_delay: 2, inference_validation_cutoff: 5 } as Parameters<typeof stagesFromParams>[2];
const clock = (height: number, latestEpoch: number, epoch: number, phase: EpochClock['phase']): EpochClock => ({ height, at: 0, source: 's', epoch, latestEpoch, phase, stages: stagesFromParams(latestEpoch, latestEpoch * 60, params), next: stagesFromParams(latestEpoch + 1, latestEpoch * 60 + 60, params), blocksToNextPoc: 0 });

describe('from when a disable counts (measured 22, 23)', () => {
  it('in Inference of epoch 7: out with the set of epoch 8, at its +22', () => expect(disableEffect(clock(450, 7, 7, 'Inference'))).toEqual({ longer: false, epoch: 8, block: 8 * 60 + 22 }));
  it('in the PoC of epoch 8: one epoch longer', () => expect(disableEffect(clock(485, 8, 7, 'PoCGenerate'))).toEqual({ longer: true, epoch: 9, block: 9 * 60 + 22 }));
  it('between validation and the new set: the latest epoch counts already', () => expect(disableEffect(clock(501, 8, 7, 'Inference'))).toMatchObject({ longer: true, epoch: 9 }));
});

describe('weight and duty of a node', () => {
  const own = 'gonka1own';
  const part = (address: string, weight: number, mlNodes: { id: string; pocWeight: number }[]) => ({ address, weight, validatorKey: '', url: '', models: [], mlNodes: mlNodes.map((one) => ({ model: MODEL, timeslots: [], ...one })) });
  const network = (list: ReturnType<typeof part>[], more: object = {}) => ({ clock: { state: 'ok' as const, value: clock(450, 7, 7, 'Inference') }, participants: { state: 'ok' as const, value: { epoch: 7, list, totalWeight: 1 } }, address: own, ...more });
  const of = (n: Parameters<typeof shares>[1], release?: string) => shares([listed], n, release).get('node1');
  it('weight is that of the set in force, duty before 0.2.12 that of the slots', () => expect(of(network([part(own, 40, [{ id: 'node1', pocWeight: 40 }])]), '0.2.8')).toEqual({ weight: 40, duty: true }));
  it('since 0.2.12 only the chain says who is on duty', () => {
    expect(of(network([part(own, 40, [{ id: 'node1', pocWeight: 40 }])], { preserved: [] }), '0.2.12')).toEqual({ weight: 40, duty: false });
    expect(of(network([part(own, 40, [{ id: 'node1', pocWeight: 40 }])]), '0.2.14')).toEqual({ weight: 40 });
  });
  it('a set without us is weight 0 only where it names others', () => {
    expect(of(network([part('gonka1other', 5, [])]), '0.2.8')?.weight).toBe(0);
    expect(of(network([]), '0.2.8')?.weight).toBeUndefined();
  });
  it('weight without named nodes, another epoch, and a stale set say nothing', () => {
    expect(of(network([part(own, 40, [])]), '0.2.8')?.weight).toBeUndefined();
    const full = network([part(own, 40, [{ id: 'node1', pocWeight: 40 }])]);
    expect(of({ ...full, participants: { ...full.participants, value: { ...full.participants.value, epoch: 6 } } })?.weight).toBeUndefined();
    expect(of({ ...full, participants: { ...full.participants, state: 'stale' } })?.weight).toBeUndefined();
  });
  it('deleting asks for a reason where weight or duty is there, or unknown', () => {
    expect(deleteReasons(['a', 'b'], new Map([['a', { weight: 40, duty: false }], ['b', { weight: 0, duty: true }]]))).toEqual([{ why: 'ml_node_weight', params: { nodes: 'a', weight: 40 } }, { why: 'ml_node_duty', params: { nodes: 'b' } }]);
    expect(deleteReasons(['a'], new Map([['a', { weight: 0, duty: false }]]))).toEqual([]);
    expect(deleteReasons(['a'], new Map([['a', { weight: 0 }]]))).toEqual([{ why: 'ml_node_weight_unknown', params: { nodes: 'a' } }]);
    expect(deleteReasons(['a'], new Map())).toEqual([{ why: 'ml_node_weight_unknown', params: { nodes: 'a' } }]);
  });
});

describe('what is checked before it is sent', () => {
  const check = (nodes: RawNode[], more: Partial<Parameters<typeof mlNodeProblems>[1]> = {}) => mlNodeProblems(nodes.map((one) => shownNode(one).entry), { release: '0.2.4', approved: [{ id: MODEL, args: [] }], listed: [raw('node1', { host: '10.0.0.21' })], ...more }).map(({ level, code, node }) => `${node} ${level} ${code}`);
  it('an id or an address that the list has is broken, also where the release would take it', () => {
    expect(check([raw('node1')])).toEqual(['0 broken node_id_listed']);
    expect(check([raw('node2', { host: '10.0.0.21' })])).toEqual(['0 broken node_address_twice', '0 broken node_address_twice']);
    expect(check([raw('node2', { host: '10.0.0.7' }), raw('node2', { host: '10.0.0.8' })])).toEqual(['1 broken node_id_in_batch']);
  });
  it('the node that is replaced is no duplicate of itself, and keeps its id', () => {
    expect(check([raw('node1', { host: '10.0.0.21' })], { replaces: 'node1' })).toEqual([]);
    expect(check([raw('nodeX', { host: '10.0.0.21' })], { replaces: 'node1' })).toEqual(['0 broken node_id_changed']);
  });
  it('a model that is not approved is broken in every release; unknown models are not held against it', () => {
    const odd = raw('node2', { models: { [MODEL]: { args: [] }, other: { args: [] } } });
    expect(check([odd], { release: '0.2.14' })).toEqual(['0 broken node_model_unapproved']);
    expect(check([odd], { approved: undefined })).toEqual([]);
  });
  it('what is wrong with the list itself is not said of the new node', () => expect(check([raw('node22')], { listed: [raw('x', { host: 'http://y' }), raw('x')] })).toEqual([]));
});

describe('an edited node', () => {
  const before = raw('node1', { auth_token: 'secret-of-a-later-release', models: { [MODEL]: { args: ['--hf-token', TOKEN], model_override: { hf_repo: 'r' } } } });
  it('keeps its secrets and what the panel does not know', () => {
    const { entry } = shownNode(before);
    expect(JSON.stringify(entry)).not.toContain(TOKEN);
    expect(entry.extra).toEqual(['auth_token']);
    expect(draftOf({ ...entry, maxConcurrent: 7 }, before)).toEqual({ ...before, max_concurrent: 7 });
  });
  it('a mask is never sent as if it were a value', () => {
    const { entry } = shownNode(raw('n', { models: { [MODEL]: { args: ['--hf-token', '••••••'] } } }));
    expect(() => draftOf(entry, undefined)).toThrow(expect.objectContaining({ code: 'ml_secret_masked' }));
  });
  it('a token of another node stands for nothing', () => {
    const { entry } = shownNode(before);
    expect(() => draftOf(entry, undefined)).toThrow(expect.objectContaining({ code: 'config_secret_token' }));
  });
});

describe('a pasted text', () => {
  const read = (text: string) => nodesOfText(text);
  it('CSV: names in any order, quotes, several models of one node, usual ports', () => {
    const { nodes, problems } = read(`model;id;host;args\r\n"${MODEL}";n1;10.0.0.5;"--quantization fp8"\r\nother;n1;10.0.0.5;\r\n\r\n`);
    expect(problems).toEqual([]);
    expect(nodes).toEqual([{ id: 'n1', host: '10.0.0.5', inferencePort: 5050, pocPort: 8080, maxConcurrent: 500, models: [{ id: MODEL, args: ['--quantization', 'fp8'] }, { id: 'other', args: [] }], extra: [] }]);
  });
  it('CSV that can not be read is named by its line, and nothing is guessed', () => {
    expect(read('n1,10.0.0.5,m').problems.map(({ code, params: p }) => [code, p.missing])).toEqual([['nodes_csv_head', 'id, host, model']]);
    expect(read('id,host,model,colour\nn1,h,m,red').problems.map(({ code }) => code)).toEqual(['nodes_csv_column']);
    expect(read('id,host,model\nn1,h,m\nn2,h').problems).toMatchObject([{ code: 'nodes_csv_cells', level: 'broken', params: { line: 3, count: 2, wanted: 3 } }]);
    expect(read('id,host,model,poc_port\nn1,h,m,80a').nodes[0]?.pocPort).toBe(0);
  });
  it('a quote that nothing closed took the nodes of the lines behind it into its value', () => {
    expect(read('id,host,model,args\nn1,h1,m,--a\nn2,h2,m,"--tp 4\nn3,h3,m,--b')).toEqual({ nodes: [], problems: [{ level: 'broken', code: 'nodes_csv_quote', params: { line: 3 } }] });
    expect(read('id,host,model,args\nn1,h1,m,"--tp 4"\nn2,h2,m,--b').nodes).toHaveLength(2);
  });
  it('JSON as in node-config.json, one object or a list', () => {
    expect(read(JSON.stringify(raw('n1'))).nodes.map(({ id }) => id)).toEqual(['n1']);
    expect(read(JSON.stringify([raw('n1'), raw('n2')])).nodes).toHaveLength(2);
    expect(read('[{"id": ').problems.map(({ code }) => code)).toEqual(['node_config_json']);
  });
});
