import type { OperationView } from '#lib/operations/schema.ts';
import { expect, it } from 'vitest';
import { afterSaving } from './after-saving.ts';
import type { ConfigNow } from './config-data.ts';
import { type Edits, NO_EDITS } from './edits.ts';

const operation = (state: OperationView['state'], write: 'done' | 'failed'): OperationView => ({ id: 'x', kind: 'restart', state, startedBy: 'ann', createdAt: '', steps: [{ position: 1, name: 'write', state: write }] });
const file = (version: string): ConfigNow => ({ path: '', version, rows: [], tokens: [], problems: [] });
const edits: Edits = { by: 'values', values: { KEYRING_PASSWORD: 'new' } };

it('saved edits are gone, edits that were never written stay', () => {
  expect(afterSaving(operation('succeeded', 'done'), edits, file('a'), file('b'))).toEqual(NO_EDITS);
  expect(afterSaving(operation('failed', 'failed'), edits, file('a'), file('a'))).toBeUndefined();
  expect(afterSaving(operation('failed', 'failed'), edits, file('a'), file('b'))).toBeUndefined();
});
it('edits that were written before applying failed are not offered again', () => {
  expect(afterSaving(operation('failed', 'done'), edits, file('a'), file('b'))).toEqual(NO_EDITS);
});
