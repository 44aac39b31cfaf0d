import { expect, it } from 'vitest';
import { isInNetwork } from './use-rail-pages.ts';

const active = (weight: number) => ({ address: 'gonka1x', weight }) as never;

it.each([
  ['nothing known', undefined, false],
  ['in the set', { address: 'a', inSet: true }, true],
  ['not in the set', { address: 'a', inSet: false }, false],
  ['weight 0', { address: 'a', inSet: false, active: active(0) }, false],
  ['in the set when it was last read', { address: 'a', active: active(40) }, true],
  ['listed with weight, and proven out of it since', { address: 'a', inSet: false, active: active(40) }, false],
])('%s', (_name, own, there) => expect(isInNetwork(own)).toBe(there));
