import { describe, expect, it } from 'vitest';
import type { ConfigRow } from './config-data.ts';
import { changeOf, isDirty, NO_EDITS, shownValue, textEdits, withEdit } from './edits.ts';
import { aRow } from './fixtures/rows.ts';

const set: ConfigRow = aRow({ name: 'KEY_NAME', set: true, value: 'host-1', line: 3 });
const unset: ConfigRow = aRow({ name: 'HF_HOME' });
const secret: ConfigRow = aRow({ name: 'KEYRING_PASSWORD', secret: true, set: true, line: 4 });

describe('edits', () => {
  it('going back to the value of the file is no edit', () => {
    const edits = withEdit(NO_EDITS, set, 'host-2');
    expect(isDirty(edits)).toBe(true);
    expect(shownValue(set, edits)).toBe('host-2');
    expect(withEdit(edits, set, 'host-1')).toEqual(NO_EDITS);
  });
  it('an emptied value stays an edit, an emptied unset one does not', () => {
    expect(withEdit(NO_EDITS, set, '')).toEqual({ by: 'values', values: { KEY_NAME: '' } });
    expect(withEdit(withEdit(NO_EDITS, unset, '/x'), unset, '')).toEqual(NO_EDITS);
  });
  it('taking a line out is an edit, of one that is not there it is none', () => {
    expect(withEdit(NO_EDITS, set, null)).toEqual({ by: 'values', values: { KEY_NAME: null } });
    expect(shownValue(set, withEdit(NO_EDITS, set, null))).toBeUndefined();
    expect(withEdit(NO_EDITS, unset, null)).toEqual(NO_EDITS);
  });
  it('an emptied secret keeps the one of the file', () => {
    expect(withEdit(withEdit(NO_EDITS, secret, 'new'), secret, '')).toEqual(NO_EDITS);
    expect(withEdit(NO_EDITS, secret, null)).toEqual({ by: 'values', values: { KEYRING_PASSWORD: null } });
  });
  it('a placeholder of the template is replaced by an edit, and its line can be taken out', () => {
    const placeholder = aRow({ name: 'PUBLIC_URL', line: 9 });
    expect(withEdit(NO_EDITS, placeholder, 'http://h:8000')).toEqual({ by: 'values', values: { PUBLIC_URL: 'http://h:8000' } });
    expect(isDirty(withEdit(NO_EDITS, placeholder, null))).toBe(true);
    expect(withEdit(withEdit(NO_EDITS, placeholder, 'h'), placeholder, '')).toEqual(NO_EDITS);
    expect(withEdit(withEdit(NO_EDITS, placeholder, null), placeholder, undefined)).toEqual(NO_EDITS);
  });
  it('a text equal to the file is no edit', () => {
    expect(isDirty(textEdits('a\n', { text: 'a\n' }))).toBe(false);
    expect(changeOf(textEdits('b\n', { text: 'a\n' }), 'absent')).toEqual({ by: 'text', version: 'absent', text: 'b\n' });
  });
});
