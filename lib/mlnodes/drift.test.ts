import { expect, it } from 'vitest';
import { type DriftNode, type DriftSides, nodeDrift } from './drift.ts';

const node = (over: Partial<DriftNode> = {}): DriftNode => ({ id: 'node1', host: 'inference', inferencePort: 5000, pocPort: 8080, maxConcurrent: 500, models: [{ id: 'm', args: ['--quantization', 'fp8'] }], ...over });
const rows = (sides: Partial<DriftSides>) => nodeDrift({ merged: 'merged', ...sides }).map(({ node: id, model, field, file, api, governance, whatToDo }) => [id, model ?? '-', field, file ?? '-', api ?? '-', governance ?? '-', whatToDo].join(' | '));
const models = (...args: string[]) => [{ id: 'm', args }];

it('the same on all sides is no row; order of nodes, segments not given and detected hardware are none either', () => {
  const other = node({ id: 'node2' });
  expect(rows({ file: [node(), other], api: [other, node({ inferenceSegment: '', hardware: [{ type: 'NVIDIA H100', count: 8 }] })], governance: { m: ['--quantization', 'fp8'] } })).toEqual([]);
});

it('what has not been read is not compared', () => {
  expect(rows({ file: [node()] })).toEqual([]);
  expect(rows({ api: [node()] })).toEqual([]);
  expect(rows({})).toEqual([]);
});

it('nodes on one side only: what to do depends on whether the file is still read', () => {
  expect(rows({ file: [node()], api: [] })).toEqual(['node1 | - | node | inference:5000, 8080 | - | - | add_to_api']);
  expect(rows({ file: [node()], api: [], merged: 'not-merged' })).toEqual(['node1 | - | node | inference:5000, 8080 | - | - | api_waits_for_file']);
  expect(rows({ file: [], api: [node()] })).toEqual(['node1 | - | node | - | inference:5000, 8080 | - | only_in_api_merged']);
  expect(rows({ file: [], api: [node()], merged: 'unknown' })).toEqual(['node1 | - | node | - | inference:5000, 8080 | - | only_in_api']);
});

it('single fields, and hardware that the file states', () => {
  expect(rows({ file: [node({ maxConcurrent: 400, pocSegment: '/a' })], api: [node()] })).toEqual([
    'node1 | - | poc_segment | /a | - | - | update_api',
    'node1 | - | max_concurrent | 400 | 500 | - | update_api',
  ]);
  expect(rows({ file: [node({ hardware: [{ type: 'H100', count: 8 }] })], api: [node({ hardware: [{ type: 'H100', count: 7 }] })] })).toEqual(['node1 | - | hardware | 8 × H100 | 7 × H100 | - | hardware_detected']);
});

it('hardware that the api doesn’t know was said to be set', () => {
  const [row] = nodeDrift({ file: [{ ...node(), hardware: [{ type: 'H100', count: 8 }] }], api: [{ ...node(), hardware: [] }], merged: 'merged' });
  expect(row).toEqual({ node: 'node1', field: 'hardware', file: '8 × H100', whatToDo: 'hardware_detected' });
  expect(nodeDrift({ file: [node()], api: [{ ...node(), baseUrl: 'http://a' }], merged: 'merged' })).toEqual([{ node: 'node1', field: 'base_url', api: 'http://a', whatToDo: 'update_api' }]);
});

it('models and arguments, one by one', () => {
  expect(rows({ file: [node({ models: models('--tensor-parallel-size', '4', '--a') })], api: [node({ models: [...models('--tensor-parallel-size', '8', '--b', '1'), { id: 'old', args: ['--x'] }] })] })).toEqual([
    'node1 | m | --tensor-parallel-size | 4 | 8 | - | update_api',
    'node1 | m | --a |  | - | - | update_api',
    'node1 | m | --b | - | 1 | - | update_api',
    'node1 | old | model | - | --x | - | update_api',
  ]);
});

it('governance wins: a local argument with a flag of governance has no effect (facts 3.1)', () => {
  const file = [node({ models: models('--quantization', 'awq', '--tensor-parallel-size', '4') })];
  expect(rows({ file, api: file, governance: { m: ['--quantization', 'fp8', '--kv-cache-dtype', 'fp8'] } })).toEqual([
    'node1 | m | --quantization | awq | awq | fp8 | governance_wins',
    'node1 | m | --kv-cache-dtype | - | - | fp8 | governance_adds',
  ]);
  expect(rows({ file: [node()], api: [node()], governance: {} })).toEqual(['node1 | m | model | --quantization fp8 | --quantization fp8 | - | model_unapproved']);
});
