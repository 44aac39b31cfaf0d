import { expect, it } from 'vitest';
import { compareEdits, resolved } from '../config/three-way.ts';
import { joinedList } from '../ui/joined-list.ts';
import type { NodeConfigEntry } from './node-config-data.ts';
import { mergedNodes, nodeEdits, nodeRows } from './node-rows.ts';

const node = (id: string, more: Partial<NodeConfigEntry> = {}): NodeConfigEntry => ({ from: 0, id, host: 'inference', inferencePort: 5000, pocPort: 8080, maxConcurrent: 500, models: [{ id: 'm', args: ['--tp', '4'], from: 0 }], extra: [], ...more });
const args = (...tokens: string[]) => ({ models: [{ id: 'm', args: tokens, from: 0 }] });

const list = (names: readonly string[]) => joinedList('en', names);

/** Three versions compared, collisions taken from `side`. */
function merge(opened: NodeConfigEntry[], now: NodeConfigEntry[], mine: NodeConfigEntry[], side: 'yours' | 'file' = 'yours') {
  const compared = compareEdits(nodeRows(opened, opened, mine, list), nodeRows(now, opened, mine, list), nodeEdits(opened, mine, list));
  const choices = Object.fromEntries(compared.collisions.map(({ name }) => [name, side]));
  return { collisions: compared.collisions.map(({ name, file, yours }) => [name, file.value, yours]), theirs: compared.theirs, nodes: mergedNodes(now, opened, mine, resolved(compared, choices)) };
}

it('asks about a field that both sides changed, and keeps the others of both', () => {
  const opened = [node('a')];
  const now = [node('a', { maxConcurrent: 300, pocPort: 8081 })];
  const mine = [node('a', { maxConcurrent: 400, host: '10.0.0.2' })];
  const { collisions, theirs, nodes } = merge(opened, now, mine);
  expect(collisions).toEqual([['a max_concurrent', '300', '400']]);
  expect(theirs).toEqual(['a poc_port']);
  expect(nodes).toEqual([node('a', { maxConcurrent: 400, pocPort: 8081, host: '10.0.0.2' })]);
  expect(merge(opened, now, mine, 'file').nodes).toEqual([node('a', { maxConcurrent: 300, pocPort: 8081, host: '10.0.0.2' })]);
});

it('a model, an added node and a removed one are one decision each', () => {
  const opened = [node('a'), node('b', { from: 1 })];
  const now = [node('a', args('--tp', '8')), node('b', { from: 1, maxConcurrent: 9 })];
  const mine = [node('a', args('--tp', '2')), { ...node('c'), from: undefined }];
  const { collisions, nodes } = merge(opened, now, mine);
  expect(collisions.map(([name]) => name)).toEqual(['a m', 'b']);
  expect(nodes.map(({ id }) => id)).toEqual(['a', 'c']);
  expect(nodes[0]?.models).toEqual([{ id: 'm', args: ['--tp', '2'], from: 0 }]);
  expect(merge(opened, now, mine, 'file').nodes.map(({ id, maxConcurrent }) => [id, maxConcurrent])).toEqual([['a', 500], ['b', 9], ['c', 500]]);
});

it('a node that is gone there comes back whole, and only if it is wanted', () => {
  const [opened, mine] = [[node('a')], [node('a', { maxConcurrent: 7 })]];
  expect(merge(opened, [], mine).nodes).toMatchObject([{ id: 'a', host: 'inference', maxConcurrent: 7 }]);
  expect(merge(opened, [], mine, 'file').nodes).toEqual([]);
});

it('a token of the file that was opened was taken for the secret with its number in the file of now', () => {
  const opened = [node('a', args('--hf-token', '⟪secret 1⟫'))];
  const now = [node('z', args('--api-key', '⟪secret 1⟫')), node('a', { from: 1, ...args('--hf-token', '⟪secret 2⟫') })];
  const mine = [node('a', args('--hf-token', '⟪secret 1⟫', '--tp', '2'))];
  expect(merge(opened, now, mine).nodes[1]?.models[0]?.args).toEqual(['--hf-token', '⟪secret 2⟫', '--tp', '2']);
  expect(merge(opened, [node('a', args())], mine).nodes[0]?.models[0]?.args).toEqual(['--hf-token', '<SECRET>', '--tp', '2']);
});

it('a Chinese reader saw a node and its cards in a row with English commas', () => {
  const zh = (names: readonly string[]) => joinedList('zh', names);
  const cards = [{ type: 'H100', count: 8 }, { type: 'A100', count: 2 }];
  const [opened, mine] = [[node('a')], [node('a', { hardware: cards }), node('b')]];
  const whole = 'host: inference、inference_port: 5000、poc_port: 8080、max_concurrent: 500、m: --tp 4';
  expect(nodeEdits(opened, mine, zh)).toEqual({ 'a hardware': '8 × H100、2 × A100', b: whole });
  expect(nodeRows(mine, opened, mine, zh).filter(({ name }) => name === 'b' || name === 'a hardware').map(({ value }) => value)).toEqual(['8 × H100、2 × A100', whole]);
});
