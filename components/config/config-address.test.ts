import { expect, it } from 'vitest';
import { type ConfigAddress, readConfigAddress, writeConfigAddress } from './config-address.ts';

const read = (query: string) => readConfigAddress(new URLSearchParams(query));

it('comes back as it went', () => {
  for (const address of [{ view: 'form' }, { view: 'raw' }, { view: 'form', group: 'ports', field: 'API_PORT' }, { view: 'versions', version: '0193a1b2-0000-7000-8000-000000000000' }] satisfies ConfigAddress[]) expect(read(writeConfigAddress(address))).toEqual(address);
});
it('a version alone opens the versions; nonsense is no view', () => {
  expect(read('version=0193a1b2-0000-7000-8000-000000000000').view).toBe('versions');
  expect(read('view=x&group=y&version=z&field=a%20b')).toEqual({ view: 'form' });
});
