import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { secretsIn } from '../../guard/secret-arguments.ts';
import { formatNodeConfig, nodeConfigProblems, parseNodeConfig } from './node-config.ts';
import { nodeConfigEntries, type NodeConfigEntry } from './node-config-schema.ts';
import type { NodeConfigRules } from './node-config-problems.ts';

const UPSTREAM = join(import.meta.dirname, '../../../shared/gonka/deploy');
const files = existsSync(UPSTREAM)
  ? readdirSync(UPSTREAM).flatMap((release) => readdirSync(join(UPSTREAM, release, 'join')).filter((name) => /^node-config.*\.json$/.test(name)).map((name) => [release, name, readFileSync(join(UPSTREAM, release, 'join', name), 'utf8')] as const))
  : [];

const node = (over: Partial<NodeConfigEntry> = {}): NodeConfigEntry => ({ id: 'node1', host: 'inference', inferencePort: 5000, pocPort: 8080, maxConcurrent: 500, models: [{ id: 'Qwen/QwQ-32B', args: [] }], extra: [], ...over });
const found = (nodes: NodeConfigEntry[], rules: NodeConfigRules = {}) => nodeConfigProblems(nodes, rules).map(({ level, code }) => `${level} ${code}`);
const args = (...tokens: string[]) => found([node({ models: [{ id: 'm', args: tokens }] })]);

describe.skipIf(files.length === 0)('the files of the three releases', () => {
  it('there are 14', () => expect(files.length).toBe(14));
  it.each(files)('%s %s: unchanged byte for byte, no rule broken', (release, _, text) => {
    const { nodes, problems } = parseNodeConfig(text);
    expect(problems).toEqual([]);
    expect(nodes).toHaveLength(1);
    expect(nodeConfigEntries.parse(nodes)).toEqual(nodes);
    expect(formatNodeConfig(nodes, text)).toBe(text);
    const of = (reference: NodeConfigRules['reference']) => nodeConfigProblems(nodes, { release: release.slice(1), reference });
    expect(of(Object.fromEntries((nodes[0]?.models ?? []).map(({ id, args }) => [id, [args]])))).toEqual([]);
    expect(of({}).every(({ level, code }) => level === 'attention' && code === 'node_arg_changes_output')).toBe(true);
  });
  it.each(files)('%s %s: one changed port is one changed line', (_, __, text) => {
    const [first] = parseNodeConfig(text).nodes;
    expect(formatNodeConfig([{ ...(first as NodeConfigEntry), inferencePort: 5050 }], text)).toBe(text.replace('5000', '5050'));
  });
  it('Kimi keeps its two tokens a line when one value changes', () => {
    const text = files.find(([, name]) => name === 'node-config-kimik26-B200.json')?.[2] ?? '';
    const nodes = parseNodeConfig(text).nodes.map((one) => ({ ...one, models: one.models.map((model) => ({ ...model, args: model.args.map((token) => (token === '240000' ? '180000' : token)) })) }));
    expect(formatNodeConfig(nodes, text)).toBe(text.replace('240000', '180000'));
  });
});

describe('what the panel does not know stays', () => {
  const text = `[
    {"max_concurrent": 500, "future": {"b": 1e3, "a": [1,  2]}, "id": "a", "host": "inference",
     "inference_port": 5000, "poc_port": 8080, "auth_token": "s3cret-token",
     "models": {"m": {"args": [], "model_override": {"hf_repo": "x/y"}}}}
]
`;
  it('unknown fields and their values, through edits, renames, new nodes before and after', () => {
    const [first] = parseNodeConfig(text).nodes as [NodeConfigEntry];
    expect(first.extra).toEqual(['future', 'auth_token']);
    expect(JSON.stringify(first)).not.toContain('s3cret');
    expect(formatNodeConfig([first], text)).toBe(text);
    const edited = { ...first, id: 'b', models: [{ ...first.models[0], id: 'n', args: ['--x'] }] } as NodeConfigEntry;
    const json = JSON.parse(formatNodeConfig([node({ id: 'new' }), edited], text)) as Record<string, unknown>[];
    expect(json[1]).toEqual({ max_concurrent: 500, future: { b: 1000, a: [1, 2] }, id: 'b', host: 'inference', inference_port: 5000, poc_port: 8080, auth_token: 's3cret-token', models: { n: { args: ['--x'], model_override: { hf_repo: 'x/y' } } } });
    expect(json[0]).toEqual({ id: 'new', host: 'inference', inference_port: 5000, poc_port: 8080, max_concurrent: 500, models: { 'Qwen/QwQ-32B': { args: [] } } });
    expect(formatNodeConfig([edited], text)).toContain('"future": {"b": 1e3, "a": [1,  2]}');
  });
  it('a token of a node is known as a secret, in a half-typed text too', () => {
    expect(secretsIn(text)).toEqual(['s3cret-token']);
    expect(secretsIn(`${text.slice(0, -4)}`)).toEqual(['s3cret-token']);
  });
  it('a field of a wrong type is named and left alone', () => {
    const odd = '[{"id": 7, "host": "h", "inference_port": "5000", "poc_port": 8080, "max_concurrent": 1.5, "models": {"m": {"args": "--x"}}, "hardware": {"a": 1}}]';
    const { nodes, problems } = parseNodeConfig(odd);
    expect(problems.map(({ level, code, field }) => `${level} ${code} ${field}`)).toEqual(['hardware', 'id', 'inference_port', 'max_concurrent', 'models'].map((field) => `broken node_config_type ${field}`));
    expect(formatNodeConfig(nodes, odd)).toBe(odd);
  });
});

it('any change of the known fields comes out as that change, and nothing else changes', () => {
  const word = fc.string({ maxLength: 8 });
  const entry = fc.record({ id: word, host: word, inferencePort: fc.nat(70_000), pocPort: fc.nat(70_000), maxConcurrent: fc.nat(900), models: fc.uniqueArray(fc.record({ id: word, args: fc.array(word, { maxLength: 4 }) }), { selector: ({ id }) => id, maxLength: 3 }) }, { noNullPrototype: true });
  const withExtra = fc.array(fc.tuple(entry, fc.dictionary(fc.string().map((key) => `x${key}`), fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as unknown))), { maxLength: 4 });
  fc.assert(fc.property(withExtra, fc.array(fc.tuple(fc.option(fc.nat(3)), entry), { maxLength: 4 }), (before, after) => {
    const text = formatNodeConfig(before.map(([one]) => ({ ...one, extra: [] })), '');
    const rich = JSON.stringify((JSON.parse(text) as object[]).map((one, i) => ({ ...(before[i]?.[1] ?? {}), ...one })));
    const used = new Set<number>();
    const next: NodeConfigEntry[] = after.map(([from, one]) => {
      const known = from !== null && from < before.length && !used.has(from);
      if (known) used.add(from);
      return { ...one, ...(known ? { from, extra: Object.keys(before[from]?.[1] ?? {}) } : { extra: [] }) };
    });
    const out = formatNodeConfig(next, rich);
    const strip = (nodes: NodeConfigEntry[]) => nodes.map(({ from: _, models, extra, ...rest }) => ({ ...rest, extra: [...extra].sort(), models: models.map(({ id, args }) => ({ id, args })).sort((a, b) => (a.id < b.id ? -1 : 1)) }));
    expect(strip(parseNodeConfig(out).nodes)).toEqual(strip(next));
    next.forEach(({ from }, i) => {
      if (from !== undefined) expect((JSON.parse(out) as object[])[i]).toMatchObject(before[from]?.[1] ?? {});
    });
  }), { numRuns: 500 });
});

it('no JSON of any shape, and no half-typed text, throws; what is read passes the form’s own schema', () => {
  const shaped = fc.array(fc.dictionary(fc.constantFrom('id', 'host', 'inference_port', 'poc_port', 'models', 'hardware', 'max_concurrent', 'base_url', 'x', '__proto__'), fc.oneof(fc.jsonValue(), fc.array(fc.record({ type: fc.jsonValue(), count: fc.jsonValue() })), fc.dictionary(fc.string(), fc.record({ args: fc.jsonValue() })))));
  fc.assert(fc.property(fc.oneof(shaped, fc.jsonValue()).map((value) => JSON.stringify(value)), fc.nat(400), (text, cut) => {
    for (const one of [text, text.slice(0, cut)]) {
      const { nodes, problems } = parseNodeConfig(one);
      nodeConfigProblems(nodes, { reference: {}, approved: [] });
      secretsIn(one);
      expect(nodeConfigEntries.parse(nodes)).toEqual(nodes);
      if (problems.every(({ code }) => code !== 'node_config_json' && code !== 'node_config_no_list' && code !== 'node_config_no_object')) expect(formatNodeConfig(nodes, one)).toBe(one);
    }
  }), { numRuns: 200 });
});

describe('a text that is no list of nodes', () => {
  it.each([
    ['', 'broken node_config_json'], ['[{"id": "a",}]', 'broken node_config_json'], ['\ufeff[]', 'broken node_config_json'], ['{}', 'broken node_config_no_list'],
    ['[1]', 'broken node_config_no_object'], ['[]', 'attention node_config_empty'],
  ])('%j: %s', (text, problem) => expect(parseNodeConfig(text).problems.map(({ level, code }) => `${level} ${code}`)).toEqual([problem]));
  it('says where', () => {
    expect(parseNodeConfig('[\n  {\n    "id": "a",\n  }\n]').problems[0]?.params).toEqual({ line: 4, column: 3 });
    expect(parseNodeConfig('[\n').problems[0]?.params.line).toBe(2);
  });
});

describe('rules of facts 3.1', () => {
  it('a good node on the same Docker, on another machine, and behind a URL', () => {
    expect(found([node()])).toEqual([]);
    expect(found([node({ host: '10.0.0.21', inferencePort: 5050 })])).toEqual([]);
    expect(found([node({ host: 'gpu-1.example.org', inferencePort: 5050, hardware: [{ type: 'NVIDIA H200 | 140GB', count: 8 }] })])).toEqual([]);
    expect(found([node({ host: '', inferencePort: 0, pocPort: 0, baseUrl: 'https://gpu.example.org/x' })])).toEqual([]);
    expect(found([node({ host: '[2001:db8::1]', inferencePort: 5050 })])).toEqual([]);
  });
  it.each<[string, Partial<NodeConfigEntry>, string]>([
    ['blank id', { id: ' ' }, 'broken node_id_blank'],
    ['http://10.0.0.21 gives http://http://…', { host: 'http://10.0.0.21', inferencePort: 5050 }, 'broken node_host_scheme'],
    ['blank host', { host: '' }, 'broken node_host_blank'],
    ['host with port', { host: '10.0.0.21:8080', inferencePort: 5050 }, 'broken node_host_port'],
    ['host with path', { host: 'inference/v1', inferencePort: 5050 }, 'broken node_host_port'],
    ['host with a blank in it', { host: '10.0.0. 21', inferencePort: 5050 }, 'broken node_host_form'],
    ['bare IPv6', { host: '2001:db8::1', inferencePort: 5050 }, 'broken node_host_ipv6'],
    ['the api’s own container', { host: '127.0.0.1', inferencePort: 5050 }, 'attention node_host_local'],
    ['placeholder', { host: '<ML_NODE_IP>', inferencePort: 5050 }, 'broken node_placeholder'],
    ['port 0', { inferencePort: 0 }, 'broken node_port_range'],
    ['port 65536', { pocPort: 65_536 }, 'broken node_port_range'],
    ['host port inside the Docker network', { inferencePort: 5050 }, 'attention node_port_same_docker'],
    ['container port on another machine', { host: '10.0.0.21' }, 'attention node_port_remote'],
    ['max_concurrent 0', { maxConcurrent: 0 }, 'broken node_max_concurrent'],
    ['no model', { models: [] }, 'broken node_no_model'],
    ['blank model', { models: [{ id: '', args: [] }] }, 'broken node_model_blank'],
    ['the same model twice', { models: [{ id: 'm', args: [] }, { id: 'm', args: ['--x'] }] }, 'broken node_model_twice'],
    ['hardware of nothing', { hardware: [{ type: 'NVIDIA H200', count: 0 }] }, 'attention node_hardware_entry'],
    ['URL and host', { baseUrl: 'http://x' }, 'broken node_base_url_and_host'],
  ])('%s', (_, over, problem) => expect(found([node(over)])).toEqual([problem]));
  it('1 and 65535 are ports', () => expect(found([node({ inferencePort: 1, pocPort: 65_535 })])).toEqual([]));
  it('the address without its scheme is offered', () => {
    expect(nodeConfigProblems([node({ host: 'https://gpu.example.org:8080/x', inferencePort: 5050 })])[0]?.params).toMatchObject({ bare: 'gpu.example.org' });
  });

  it('twice the same id or address', () => {
    const two = (over: Partial<NodeConfigEntry>, release?: string) => found([node(), node(over)], { release });
    expect(two({ host: 'inference2' })).toEqual(['broken node_id_twice']);
    expect(two({ id: 'node2', pocPort: 8081 }, '0.2.8')).toEqual(['broken node_address_twice']);
    expect(two({ id: 'node2', host: 'INFERENCE' }, '0.2.4')).toEqual(['attention node_address_twice', 'attention node_address_twice']);
    expect(two({ id: 'node2', pocPort: 8081 })).toEqual(['attention node_address_twice']);
    expect(two({ id: 'node2', inferencePort: 5001, pocPort: 8081 }, '0.2.8')).toEqual([]);
  });

  it('models that governance has not approved (facts 3.2)', () => {
    const both = node({ models: [{ id: 'a', args: [] }, { id: 'b', args: [] }] });
    const of = (approved: string[], release: string) => found([both], { approved, release });
    expect(of(['a', 'b'], '0.2.4')).toEqual([]);
    expect(of(['a'], '0.2.4')).toEqual(['broken node_model_unapproved']);
    expect(of(['a'], '0.2.13')).toEqual(['broken node_model_unapproved']);
    expect(of(['a'], '0.2.14-post2')).toEqual(['attention node_model_dropped']);
    expect(of([], '0.2.14')).toEqual(['broken node_model_unapproved', 'broken node_model_unapproved']);
  });
});

describe('arguments: one token an element', () => {
  it.each<[string[], string[]]>([
    [['--tensor-parallel-size', '4', '--enable-expert-parallel', '--gpu-memory-utilization', '0.9'], []],
    [['--tensor-parallel-size=4'], ['broken node_arg_joined']],
    [['--pipeline-parallel-size=2'], ['broken node_arg_joined']],
    [['--gpu-memory-utilization=0.9'], ['attention node_arg_joined']],
    [['-tp', '4'], ['broken node_arg_short']],
    [['-pp', '2'], ['broken node_arg_short']],
    [['-tp=4'], ['broken node_arg_joined']],
    [['-q', 'fp8'], ['attention node_arg_dash']],
    [['--tensor-parallel-size 4'], ['broken node_arg_two_tokens']],
    [['--tensor-parallel-size'], ['broken node_arg_number']],
    [['--tensor-parallel-size', '0'], ['broken node_arg_number']],
    [['--tensor-parallel-size', 'four'], ['broken node_arg_number']],
    [['--tensor-parallel-size', '4', '4'], ['broken node_arg_number']],
    [['4'], ['attention node_arg_stray']],
    [['--x', ''], ['attention node_arg_empty']],
    [['--x', '1', '--x', '2'], ['attention node_arg_twice']],
    [['--revision', '<COMMIT>'], ['broken node_arg_placeholder']],
    [['--max-num-seqs', '-1'], []],
    [['--speculative-config', '{"a": 1}'], []],
    [['--dtype', 'float16'], ['attention node_arg_changes_output']],
    [['--max-model-len=4096'], ['attention node_arg_joined', 'attention node_arg_changes_output']],
  ])('%j', (tokens, problems) => expect(args(...tokens)).toEqual(problems));

  it('what changes answers is flagged, unless it is what the reference or governance says', () => {
    const of = (tokens: string[]) => found([node({ models: [{ id: 'm', args: tokens }] })], { reference: { m: [['--quantization', 'fp8']] } });
    expect(of(['--quantization', 'fp8'])).toEqual([]);
    expect(of(['--quantization', 'awq'])).toEqual(['attention node_arg_changes_output']);
    expect(of(['--kv-cache-dtype', 'fp8'])).toEqual(['attention node_arg_changes_output']);
  });
});
