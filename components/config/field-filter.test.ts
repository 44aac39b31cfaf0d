import { expect, it } from 'vitest';
import { shownGroups } from './field-filter.ts';
import { aRow } from './fixtures/rows.ts';

const rows = [aRow({ name: 'KEY_NAME', set: true, line: 1 }), aRow({ name: 'KEYRING_BACKEND' }), aRow({ name: 'HF_HOME', group: 'storage', required: true }), aRow({ name: 'NODE_CONFIG', group: 'storage' })];
const names = (groups: ReturnType<typeof shownGroups>) => groups.map(({ group, rows: shown, rest }) => `${group}: ${shown.map((row) => row.name)} | ${rest.map((row) => row.name)}`);
const base = { rows, edited: () => false, problem: () => false, words: (row: { name: string }) => (row.name === 'NODE_CONFIG' ? 'List of ML nodes' : ''), search: '' };

it('keeps set and required fields in sight, the rest behind the disclosure', () => {
  expect(names(shownGroups(base))).toEqual(['identity: KEY_NAME | KEYRING_BACKEND', 'storage: HF_HOME | NODE_CONFIG']);
});
it('an edited field and one with a problem come into sight', () => {
  expect(names(shownGroups({ ...base, edited: (row) => row.name === 'NODE_CONFIG', problem: (row) => row.name === 'KEYRING_BACKEND' }))).toEqual(['identity: KEY_NAME,KEYRING_BACKEND | ', 'storage: HF_HOME,NODE_CONFIG | ']);
});
it('a search finds labels in all groups', () => {
  expect(names(shownGroups({ ...base, search: ' ml  LIST', group: 'identity' }))).toEqual(['storage: NODE_CONFIG | ']);
});
it('one group alone', () => {
  expect(names(shownGroups({ ...base, group: 'storage' }))).toHaveLength(1);
});
