import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { adminRequest } from './admin-request.ts';
import { hangAfter, isAdminWedged } from './admin-hang.ts';
import { deleteNode } from './delete-node.ts';
import { nodeCondition } from './node-condition.ts';
import { nodeConfigs, nodeFingerprint } from './node-configs.ts';
import { saveNode, saveNodes } from './save-node.ts';
import { adminNodes } from './schema.ts';

let answer: (request: http.IncomingMessage, response: http.ServerResponse) => void;
let base: string;
let server: http.Server;
const asked: string[] = [];
beforeEach(async () => {
  asked.length = 0;
  server = http.createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      asked.push(`${request.method} ${request.url} ${body}`);
      answer(request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});
const says = (status: number, body: unknown) => {
  answer = (_request, response) => void response.writeHead(status, { 'content-type': 'application/json' }).end(typeof body === 'string' ? body : JSON.stringify(body));
};
const node = { id: 'a b', host: 'h' };

describe('answers of every release', () => {
  it('the literal requests', async () => {
    says(200, {});
    await saveNode(base, node);
    await saveNodes(base, [node]);
    await deleteNode(base, 'a/b');
    expect(asked).toEqual(['POST /admin/v1/nodes {"id":"a b","host":"h"}', 'POST /admin/v1/nodes/batch [{"id":"a b","host":"h"}]', 'DELETE /admin/v1/nodes/a%2Fb ']);
  });
  it.each([
    ['a text', 400, { error: 'failed to create node: validation failed: host is required' }, 'failed to create node: validation failed: host is required'],
    ['a message inside (v0.2.4)', 400, { error: { message: 'Unmarshal type error' } }, 'Unmarshal type error'],
    ['a batch of which nothing is left', 400, { error: { error: 'all nodes failed validation', errors: ['node[0] (id: x): bad'] } }, 'all nodes failed validation; node[0] (id: x): bad'],
    ['no JSON', 500, '<html>', '-'],
  ])('a refusal with %s keeps its words', async (_name, status, body, said) => {
    says(status, body);
    expect(await saveNodes(base, [node])).toMatchObject({ error: { code: 'mlnodes_refused', params: { status, said } } });
  });
  it('206 names what was left out; 201 of v0.2.4 names nothing', async () => {
    says(206, { nodes: [], errors: ['node[1] (id: x): duplicate'] });
    expect(await saveNodes(base, [node])).toEqual({ refused: 'node[1] (id: x): duplicate' });
    says(201, []);
    expect(await saveNodes(base, [node])).toEqual({ refused: '' });
  });
  it('a delete says whether there was one', async () => {
    says(200, 'false');
    expect(await deleteNode(base, 'x')).toEqual({ there: false });
  });
  it('a hanging side is slow, not refused, and words of a refusal hold no line break and no secret', async () => {
    answer = () => {};
    expect(await adminRequest(base, 'POST', '/x', {}, 200)).toMatchObject({ error: { code: 'mlnodes_slow' } });
    says(400, { error: 'bad\n--hf-token hf_abcdefghijklmnopqrstuvwxyz012345' });
    const refused = await saveNode(base, node);
    expect(JSON.stringify(refused)).not.toMatch(/\\n|hf_abc/);
  });
  it('whole configurations keep unknown fields and lose the number that api gives', async () => {
    says(200, [{ node: { ...node, node_num: 3, auth_token: 't', models: null }, state: {} }]);
    expect((await nodeConfigs(base)).value).toEqual([{ ...node, auth_token: 't', models: null }]);
    says(200, { error: 'x' });
    expect((await nodeConfigs(base)).error?.code).toBe('mlnodes_malformed');
  });
});

describe('the same node', () => {
  it('whatever the order of its models, with empty fields or without them', () => {
    const one = nodeFingerprint({ id: 'a', host: 'h', models: { x: { args: ['1'] }, y: { args: [] } } });
    expect(nodeFingerprint({ id: 'a', host: 'h', inference_segment: '', hardware: [{ type: 'H100', count: 8 }], models: { y: {}, x: { args: ['1'] } } })).toBe(one);
    expect(nodeFingerprint({ id: 'a', host: 'h', models: { x: { args: ['2'] }, y: {} } })).not.toBe(one);
    expect(nodeFingerprint({ id: 'a', host: 'h', hardware: [{ type: 'H100', count: 8 }] }, true)).not.toBe(nodeFingerprint({ id: 'a', host: 'h', hardware: [{ type: 'H100', count: 4 }] }, true));
  });
});

describe('the wedge of v0.2.4', () => {
  const slow = { code: 'mlnodes_slow', params: {} };
  it('needs two slow answers apart, and a public side that answers', () => {
    const first = hangAfter(undefined, slow, 1_000);
    expect(isAdminWedged(first, true)).toBe(false);
    const second = hangAfter(first, slow, 9_000);
    expect([isAdminWedged(second, true), isAdminWedged(second, false)]).toEqual([true, false]);
  });
  it('ends with any other answer: a refused connection is an api that starts', () => {
    const hang = hangAfter(hangAfter(undefined, slow, 1_000), slow, 9_000);
    expect(hangAfter(hang, { code: 'mlnodes_down', params: {} }, 10_000)).toBeUndefined();
    expect(hangAfter(hang, undefined, 10_000)).toBeUndefined();
  });
});

describe('how a node does', () => {
  const NOW = 10_000_000_000;
  const given = (state: object) => adminNodes.parse([{ node: { id: 'n' }, state: { admin_state: { enabled: true, epoch: 5 }, ...state } }])[0] as ReturnType<typeof adminNodes.parse>[number];
  const duty = { epoch_ml_nodes: { m: { poc_weight: 1 } } };
  it.each([
    ['serves', { intended_status: 'INFERENCE', current_status: 'INFERENCE' }, 'ok serving'],
    ['enabled and STOPPED without a model waits (measured 24)', { intended_status: 'INFERENCE', current_status: 'STOPPED' }, 'working waits_for_poc'],
    ['STOPPED with one and no word is dead (measured 36)', { intended_status: 'INFERENCE', current_status: 'STOPPED', ...duty }, 'broken silent'],
    ['disabled in this epoch serves on', { intended_status: 'INFERENCE', current_status: 'INFERENCE', admin_state: { enabled: false, epoch: 6 } }, 'working disabled_still_in'],
    ['disabled before is out of work', { intended_status: 'STOPPED', current_status: 'STOPPED', admin_state: { enabled: false, epoch: 5 } }, 'ok disabled'],
    ['failed', { intended_status: 'POC', current_status: 'FAILED', failure_reason: 'dial tcp' }, 'broken failed'],
    ['the benign complaint is no failure (facts 4.2)', { intended_status: 'INFERENCE', current_status: 'FAILED', failure_reason: 'No epoch models available for this node' }, 'working no_epoch_model'],
    ['an api that has just started (measured 26)', { intended_status: 'UNKNOWN', current_status: 'UNKNOWN', admin_state: { enabled: true, epoch: 0 } }, 'working just_registered'],
    ['on its way', { intended_status: 'INFERENCE', current_status: 'POC', ...duty, status_timestamp: new Date(NOW - 60_000).toISOString() }, 'working not_there_yet'],
    ['stuck', { intended_status: 'INFERENCE', current_status: 'POC', ...duty, status_timestamp: new Date(NOW - 30 * 60_000).toISOString() }, 'broken stuck'],
    ['not where the PoC needs it', { intended_status: 'POC', current_status: 'STOPPED', status_timestamp: new Date(NOW - 9e6).toISOString() }, 'attention not_there_yet'],
  ])('%s', (_name, state, said) => {
    const { level, code } = nodeCondition(given(state), NOW, 6);
    expect(`${level} ${code}`).toBe(said);
  });
});
