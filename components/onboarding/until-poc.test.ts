import { expect, it } from 'vitest';
import type { EpochView } from '../epochs/epoch-view.ts';
import { untilPoc } from './until-poc.ts';

const NOW = 1_790_000_000_000;
const MINUTE = 60_000;
const clock = (over: Partial<EpochView> = {}) => ({ epoch: 7, latestEpoch: 7, height: 1000, at: NOW, secondsPerBlock: 6, stages: { setNewValidators: 500 }, next: { pocStart: 2000 }, ...over }) as EpochView;

it('the time to be back is told, by the pace of the chain', () => {
  expect(untilPoc(clock(), NOW)).toEqual({ is: 'off', back: NOW + 100 * MINUTE - 45 * MINUTE });
  expect(untilPoc(clock({ secondsPerBlock: undefined }), NOW)).toEqual({ is: 'off' });
});

it('a host was told that it may be switched off while the PoC was under way that it took part in', () => {
  expect(untilPoc(clock({ latestEpoch: 8, stages: { setNewValidators: 1022 } as never }), NOW)).toEqual({ is: 'under-way', block: 1022 });
});

it('a host was told that it may be switched off with less time left than a start takes', () => {
  expect(untilPoc(clock({ height: 1600 }), NOW)).toEqual({ is: 'near' });
  expect(untilPoc(clock({ height: 1549 }), NOW)).toMatchObject({ is: 'off' });
});
