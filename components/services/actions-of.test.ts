import { expect, it } from 'vitest';
import { actionsOf } from './actions-of.ts';
import type { ServiceContainer } from './services-data.ts';

it('offers what a container in this state can take, the likeliest first', () => {
  const of = (state: ServiceContainer['state']) => actionsOf({ id: 'a', name: 'x', image: 'i', imageId: 's', restarts: 0, networks: [], ports: [], state });
  expect(actionsOf(undefined)).toEqual(['start']);
  expect(of('running')[0]).toBe('restart');
  expect(of('running')).not.toContain('start');
  expect(of('exited')).toEqual(['start', 'recreate']);
  expect(of('restarting')[0]).toBe('recreate');
  expect(of('removing')).toEqual([]);
});
