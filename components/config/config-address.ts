/** What the address says of the configuration page: everything that is worth sharing. */
import { GROUPS, type Group } from './field-filter.ts';

export type View = 'form' | 'raw' | 'versions';
export type ConfigAddress = { view: View; group?: Group; /** Row of the versions that is open. */ version?: string; /** Variable to go to. */ field?: string };

export function readConfigAddress(params: URLSearchParams): ConfigAddress {
  const view = params.get('view');
  const group = GROUPS.find((one) => one === params.get('group'));
  const version = params.get('version') ?? '';
  const field = params.get('field') ?? '';
  const known = /^[0-9a-f-]{36}$/.test(version);
  return {
    view: view === 'raw' || view === 'versions' ? view : known ? 'versions' : 'form',
    ...(group ? { group } : {}),
    ...(known ? { version } : {}),
    ...(/^[A-Za-z_]\w{0,127}$/.test(field) ? { field } : {}),
  };
}

export function writeConfigAddress({ view, group, version, field }: ConfigAddress): string {
  const params = new URLSearchParams();
  if (view !== 'form') params.set('view', view);
  if (group) params.set('group', group);
  if (version) params.set('version', version);
  if (field) params.set('field', field);
  return params.size ? `?${params}` : '';
}
