import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aRow } from './fixtures/rows.ts';
import { editsIntoText, textIntoEdits } from './view-switch.ts';

const FILE = ['# who', 'export KEY_NAME=host-1 # mine', 'export KEYRING_PASSWORD=⟪secret 1⟫', 'API_PORT=8000', 'export COUNT=$(nproc)', ''].join('\n');
const rows = [
  aRow({ name: 'KEY_NAME', set: true, value: 'host-1', line: 2 }), aRow({ name: 'KEYRING_PASSWORD', secret: true, set: true, line: 3 }),
  aRow({ name: 'API_PORT', set: true, value: '8000', line: 4, exported: false }), aRow({ name: 'COUNT', line: 5, readOnly: 'substitution' }), aRow({ name: 'HF_HOME' }),
];

describe('form to text', () => {
  it('changes values where they stand, keeps comments, adds new ones at the end', () => {
    const { text, lost } = editsIntoText(FILE, rows, { KEY_NAME: 'host 2', HF_HOME: '/mnt/hf' });
    expect(lost).toEqual([]);
    expect(text).toBe(`${FILE.replace('host-1', "'host 2'")}export HF_HOME=/mnt/hf\n`);
  });
  it('exports what was set and not exported, as a save does', () => {
    expect(editsIntoText(FILE, rows, { API_PORT: '9000' }).text).toContain('\nexport API_PORT=9000\n');
  });
  it('takes a line out', () => {
    expect(editsIntoText(FILE, rows, { API_PORT: null }).text).toBe(FILE.replace('API_PORT=8000\n', ''));
  });
  it('does not put a typed secret into the text, nor touch a line that is not plain', () => {
    expect(editsIntoText(FILE, rows, { KEYRING_PASSWORD: 'open', COUNT: '4' })).toEqual({ text: FILE, lost: ['KEYRING_PASSWORD', 'COUNT'] });
  });
});

describe('text to form', () => {
  it('values become edits', () => {
    const text = `${FILE.replace('host-1', 'host-2').replace('API_PORT=8000\n', '')}export HF_HOME=/mnt/hf\n`;
    expect(textIntoEdits(text, FILE, rows)).toEqual({ values: { KEY_NAME: 'host-2', HF_HOME: '/mnt/hf', API_PORT: null }, lost: [] });
  });
  it('comments, commands and order are named as lost', () => {
    expect(textIntoEdits(FILE.replace('# who', '# whom'), FILE, rows)).toEqual({ values: {}, lost: [1] });
    expect(textIntoEdits(FILE.replace('# mine', '# ours'), FILE, rows).lost).toEqual([2]);
    expect(textIntoEdits(FILE.replace('nproc', 'date'), FILE, rows).lost).toEqual([5]);
    expect(textIntoEdits(['API_PORT=8000', ...FILE.split('\n').filter((line) => line !== 'API_PORT=8000')].join('\n'), FILE, rows).lost.length).toBeGreaterThan(0);
  });
  it('a secret that was moved to another variable is not guessed at', () => {
    expect(textIntoEdits(FILE.replace('=8000', '=⟪secret 1⟫'), FILE, rows)).toEqual({ values: {}, lost: [4] });
  });
  it('a secret typed over its token is an edit', () => {
    expect(textIntoEdits(FILE.replace('⟪secret 1⟫', 'open-sesame'), FILE, rows)).toEqual({ values: { KEYRING_PASSWORD: 'open-sesame' }, lost: [] });
  });
  it('a doubled variable is lost, not silently one of both', () => {
    expect(textIntoEdits(`${FILE}export KEY_NAME=again\n`, FILE, rows).lost.length).toBeGreaterThan(0);
  });
});

it('what went into the text comes back as the same edits', () => {
  const value = fc.string({ unit: 'grapheme-ascii' }).filter((text) => !text.includes('`') && text !== 'host-1' && text !== '8000');
  fc.assert(fc.property(value, value, fc.boolean(), (name, home, out) => {
    const values = { KEY_NAME: name, HF_HOME: home, ...(out ? { API_PORT: null } : {}) };
    const { text, lost } = editsIntoText(FILE, rows, values);
    expect(lost).toEqual([]);
    expect(textIntoEdits(text, FILE, rows)).toEqual({ values, lost: [] });
  }));
});
