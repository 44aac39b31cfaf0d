import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readWhatIf, typedServers, writeWhatIf } from './what-if-url.ts';

const read = (query: string) => readWhatIf(new URLSearchParams(query));
const cards = [{ kind: 'H100', name: 'NVIDIA H100 80GB HBM3', gb: 80, totalMiB: 81_559 }];

it('several servers, with and without RAM', () => {
  expect(read('s=8xH100@1500&s=4xRTX+PRO+6000&s=2x48GB')).toEqual([{ count: 8, kind: 'H100', ramGiB: 1500 }, { count: 4, kind: 'RTX PRO 6000' }, { count: 2, kind: '48GB' }]);
});

it('nonsense is left out', () => {
  expect(read('s=0xH100&s=65xH100&s=H100&s=8x&s=8xH100@&s=-1xH100&s=8x<b>&x=8xH100')).toEqual([]);
  expect(read(Array.from({ length: 40 }, () => 's=1xL4').join('&'))).toHaveLength(16);
});

it('what is written is read back, and the rest of the address stays', () => {
  const server = fc.record({ count: fc.integer({ min: 1, max: 64 }), kind: fc.constantFrom('H100', 'A100 40GB', '48GB'), ramGiB: fc.option(fc.integer({ min: 1, max: 65_536 }), { nil: undefined }) }, { requiredKeys: ['count', 'kind'] });
  fc.assert(fc.property(fc.array(server, { maxLength: 16 }), (servers) => {
    const query = writeWhatIf(servers, new URLSearchParams('model=m&s=1xL4'));
    expect(new URLSearchParams(query).get('model')).toBe('m');
    expect(read(query)).toEqual(servers.map(({ count, kind, ramGiB }) => ({ count, kind, ...(ramGiB ? { ramGiB } : {}) })));
  }));
});

it('as a question: a known kind has the memory that nvidia-smi says, GB typed by hand count as they are, others are left out', () => {
  expect(typedServers([{ count: 1, kind: 'H100', ramGiB: 64 }, { count: 2, kind: '48GB' }, { count: 1, kind: 'X1' }], cards, (n) => `server ${n}`)).toEqual([
    { name: 'server 1', gpus: [{ name: 'NVIDIA H100 80GB HBM3', totalMiB: 81_559 }], ramGiB: 64 },
    { name: 'server 2', gpus: [{ name: '48GB', totalMiB: 49_152 }, { name: '48GB', totalMiB: 49_152 }] },
  ]);
});
