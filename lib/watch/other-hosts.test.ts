import { expect, it } from 'vitest';
import { otherHosts } from './other-hosts.ts';

const own = { nodeId: 'ab12', url: 'http://203.0.113.9:8000' };
const places = (...witnesses: { place: string; nodeId?: string }[]) => otherHosts(witnesses.map((one) => ({ ...one, height: 7 })), own).map(({ height, problem }) => height ?? problem?.error.code);

it('another host behind the same address is another host; one whose RPC is closed is known by its name', () => {
  expect(places({ place: '203.0.113.9', nodeId: 'cd34' }, { place: 'seed.example', nodeId: 'AB12' })).toEqual([7, 'chain_seed_is_own']);
  expect(places({ place: '203.0.113.9' }, { place: 'seed.example' })).toEqual(['chain_seed_is_own', 7]);
  // Who this host is isn't known: nothing is said of a seed.
  expect(otherHosts([{ place: 'a', nodeId: 'x' }, { place: 'b' }], {})).toEqual([{ place: 'a', nodeId: 'x' }, { place: 'b' }]);
});
