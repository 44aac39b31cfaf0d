import { expect, it } from 'vitest';
import { isInNetwork } from './use-rail-pages.ts';

const active = (weight: number, validatorKey = 'K') => ({ address: 'gonka1x', weight, validatorKey }) as never;
const record = (validatorKey: string) => ({ url: 'u', validatorKey, joinHeight: 1 });
const node = { validatorKey: 'K' };

it.each([
  ['nothing known', undefined, node, false],
  ['in the set', { address: 'a', inSet: true, active: active(40) }, node, true],
  ['not in the set', { address: 'a', inSet: false }, node, false],
  ['weight 0', { address: 'a', inSet: false, active: active(0) }, node, false],
  ['in the set when it was last read', { address: 'a', active: active(40) }, node, true],
  ['listed with weight, and proven out of it since', { address: 'a', inSet: false, active: active(40) }, node, false],
  ['onboarding left the rail for somebody else’s host: another key in the set', { address: 'a', inSet: true, active: active(40, 'other') }, node, false],
  ['onboarding left the rail for somebody else’s host: another key in the record', { address: 'a', inSet: true, record: record('other'), active: active(40) }, node, false],
  ['in the set, no key of the own node', { address: 'a', inSet: true, active: active(40) }, undefined, false],
  ['two empty keys are not the same key', { address: 'a', inSet: true, active: active(40, '') }, { validatorKey: '' }, false],
])('%s', (_name, own, ownNode, there) => expect(isInNetwork(own, ownNode)).toBe(there));
