import { expect, it } from 'vitest';
import type { AdminNode } from '#lib/mlnodes/schema.ts';
import { sharedBy, whereIs } from './shared-services.ts';

const of = { services: [{ name: 'inference', group: 'ml' }, { name: 'mlnode-308', group: 'ml', containerName: 'my-mlnode' }, { name: 'api', group: 'network' }] } as unknown as Parameters<typeof sharedBy>[1];
const node = (id: string, host: string) => ({ id, host }) as AdminNode;
const OWN = ['10.0.0.5'];

it('an ML node is here by the name of a service or its container, elsewhere only by an address that is not ours', () => {
  expect(['inference', 'my-mlnode', 'api', 'gpu-2.example', '10.0.0.5', '127.0.0.1', '10.9.8.7'].map((host) => whereIs({ host }, of, OWN))).toEqual(['here', 'here', 'unclear', 'unclear', 'unclear', 'unclear', 'elsewhere']);
});

it('the ML services stay where another node may need them, and where the one that leaves is on another machine', () => {
  expect(sharedBy([node('node1', 'inference'), node('node2', '10.9.8.7')], of, 'node1', OWN)).toBeUndefined();
  expect(sharedBy([node('node1', 'inference'), node('node2', 'gpu-2.example')], of, 'node1', OWN)).toEqual({ code: 'exit_ml_shared', params: { node: 'node1', others: 'node2' } });
  expect(sharedBy([node('node1', '10.9.8.7')], of, 'node1', OWN)).toMatchObject({ code: 'exit_ml_elsewhere' });
});
