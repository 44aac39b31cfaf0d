import { expect, it } from 'vitest';
import { mlNodesOf } from './category-ml-nodes.ts';
import type { ModelFit, ServerFit } from './models-data.ts';

const fitOf = (model: string, ...on: string[]) => ({ model, mlNodesNeeded: 2, servers: ['a', 'b', 'c'].map((server) => ({ server, fits: on.includes(server) }) as ServerFit) }) as ModelFit;

it('two servers that carry one model each were said to be too few for their class', () => {
  const fits = [fitOf('one', 'a'), fitOf('two', 'b'), fitOf('named', 'c'), fitOf('of another class', 'c')];
  expect(mlNodesOf([{ id: 'one', known: 'supported' }, { id: 'two', known: 'approved' }, { id: 'named', known: 'named' }] as Parameters<typeof mlNodesOf>[0], fits)).toEqual({ count: 2, needed: 2 });
  expect(mlNodesOf([{ id: 'named', known: 'named' }], fits)).toEqual({ count: 0, needed: 0 });
});
