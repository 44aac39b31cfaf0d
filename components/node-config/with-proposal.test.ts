import { expect, it } from 'vitest';
import type { NodeProposal } from '../models/models-data.ts';
import type { NodeConfigEntry } from './node-config-data.ts';
import { sameNode, withProposal } from './with-proposal.ts';

const entry = (more: Partial<NodeConfigEntry> = {}): NodeConfigEntry => ({ from: 0, id: 'node1', host: 'inference', inferencePort: 5000, pocPort: 8080, maxConcurrent: 7, models: [{ id: 'old', args: ['--a'], from: 0 }], extra: ['auth_token'], ...more });
const proposal: NodeProposal = { entry: { id: 'node2', host: 'inference', inferencePort: 5000, pocPort: 8080, maxConcurrent: 500, models: [{ id: 'new', args: ['--tensor-parallel-size', '4'] }], extra: [] }, reasons: [] };

it('the ML node at the same address is the one that is meant', () => {
  expect(sameNode([entry({ host: '10.0.0.1' }), entry({ host: 'Inference' })], proposal)).toBe(1);
  expect(sameNode([entry({ inferencePort: 1, pocPort: 2 })], proposal)).toBeUndefined();
});

it('its model is replaced, everything else of it stays', () => {
  expect(withProposal([entry()], proposal, 0)).toEqual([entry({ models: [{ id: 'new', args: ['--tensor-parallel-size', '4'] }] })]);
  const again = { ...proposal, entry: { ...proposal.entry, models: [{ id: 'old', args: ['--b'] }] } };
  expect(withProposal([entry()], again, 0)[0]?.models).toEqual([{ id: 'old', args: ['--b'], from: 0 }]);
});

it('or it becomes a node of its own', () => {
  const list = withProposal([entry()], proposal, undefined);
  expect(list).toHaveLength(2);
  expect(list[1]).toEqual(proposal.entry);
  expect(list[1]).not.toHaveProperty('from');
});
