import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';

const dir = mkdtempSync(path.join(tmpdir(), 'panel-versions-'));
process.env.PANEL_DATA_DIR = dir;
const { migrate } = await import('#lib/db/migrate.ts');
migrate(path.join(dir, 'panel.db'), 'prisma/migrations');
const { addConfigVersion, configVersions, newestConfigVersion } = await import('./store.ts');
const { rememberFound, rememberSaved } = await import('./config-versions.ts');
const { versionOfText } = await import('./config-file.ts');
afterAll(() => rmSync(dir, { recursive: true }));

const file = (text: string) => ({ text, version: versionOfText(text), mode: 0o600 });
const saved = { by: 'ann', ip: '192.0.2.7', how: 'saved' as const, changed: ['A'] };

it('what somebody else made of the file is kept once, with names and without secrets', async () => {
  expect(await rememberSaved('/d', 'env', file('A=1\nexport KEYRING_PASSWORD=sentinel-one\n'), saved)).toBe(true);
  expect(await rememberFound('/d', 'env', file('A=1\nexport KEYRING_PASSWORD=sentinel-one\n'))).toBe(false);
  const theirs = file('A=2\nexport KEYRING_PASSWORD=sentinel-two\nB=3\n');
  expect([await rememberFound('/d', 'env', theirs), await rememberFound('/d', 'env', theirs)]).toEqual([true, false]);
  const rows = await configVersions('/d', 'env');
  expect(rows.map((one) => [one.how, one.changed])).toEqual([['found', ['A', 'B']], ['saved', ['A']]]);
  expect(JSON.stringify(rows)).not.toContain('sentinel');
  expect(await configVersions('/other', 'env')).toEqual([]);
});

it('only so many are kept of a file, the newest, in their order also within a millisecond', async () => {
  for (let i = 0; i < 8; i++) await addConfigVersion({ dir: '/k', file: 'env', version: versionOfText(String(i)), by: 'ann', how: 'saved', changed: [], text: String(i) }, 5);
  await addConfigVersion({ dir: '/k', file: 'node-config', version: versionOfText('n'), by: 'ann', how: 'saved', changed: [], text: 'n' }, 5);
  expect((await configVersions('/k', 'env')).map((one) => one.text)).toEqual(['7', '6', '5', '4', '3']);
  expect((await newestConfigVersion('/k', 'node-config'))?.text).toBe('n');
});
