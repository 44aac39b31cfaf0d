import { describe, expect, it } from 'vitest';
import { bytesToCome } from './pull-images.ts';
import { PullTransfer } from './pull-transfer.ts';
import { TransferRate } from './transfer-rate.ts';

const layers = (...all: [string, number][]) => new Map(all.map(([id, bytes]) => [`sha256:${id.padEnd(64, '0')}`, bytes]));

describe('several images as one transfer', () => {
  it('counts a layer that two images share once', () => {
    const transfer = new PullTransfer([{ image: 'x/a:1', layers: layers(['aa', 100], ['bb', 50]) }, { image: 'x/b:1', layers: layers(['aa', 100], ['cc', 10]) }]);
    expect(transfer.look(0)).toMatchObject({ done: 0, total: 160, parts: [{ name: 'a:1', state: 'waiting', total: 150 }, { name: 'b:1', state: 'waiting', total: 10 }] });
    expect(bytesToCome([{ state: 'ok', layers: layers(['aa', 100], ['bb', 50]), bytes: 150 }, { state: 'ok', layers: layers(['aa', 100], ['cc', 10]), bytes: 110 }])).toBe(160);
    const aa = 'aa'.padEnd(12, '0');
    transfer.take('x/a:1', { id: aa, status: 'Downloading', progressDetail: { current: 40, total: 100 } });
    expect(transfer.look(1).parts.map(({ name, state, done }) => [name, state, done])).toEqual([[`a:1 ${aa}`, 'working', 40], [`a:1 ${'bb'.padEnd(12, '0')}`, 'waiting', 0], ['b:1', 'waiting', 0]]);
    transfer.over('x/a:1');
    transfer.take('x/b:1', { id: aa, status: 'Already exists' });
    expect(transfer.look(2)).toMatchObject({ total: 160 });
  });

  it('has no total while the size of one image isn\'t known', () => {
    const transfer = new PullTransfer([{ image: 'a', layers: layers(['aa', 100]) }, { image: 'b' }]);
    expect(transfer.look(0).total).toBeUndefined();
  });
});

describe('the rate of a transfer', () => {
  it('is that of the last while, and says what is left', () => {
    const rate = new TransferRate();
    expect(rate.take(0, 1000, 0)).toEqual({});
    expect(rate.take(100, 1000, 10_000)).toEqual({ perSecond: 10, secondsLeft: 90 });
    rate.take(200, 1000, 20_000);
    // Nothing came for a whole window: no end in sight.
    rate.take(200, 1000, 30_000);
    expect(rate.take(200, 1000, 45_000)).toEqual({ perSecond: 0 });
  });

  it('begins anew when a part does', () => {
    const rate = new TransferRate();
    rate.take(500, undefined, 0);
    expect(rate.take(100, undefined, 5_000)).toEqual({});
    expect(rate.take(200, undefined, 10_000)).toEqual({ perSecond: 20 });
  });
});
