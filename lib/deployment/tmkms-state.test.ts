import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { TMKMS_HOME, type TmkmsPlace } from './tmkms-key.ts';
import { signingState } from './tmkms-state.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'gp-tmkms-'));
  mkdirSync(path.join(dir, 'state'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));
const put = (name: string, text: string) => writeFileSync(path.join(dir, name), text);
const signed = (height: unknown) => put('state/priv_validator_state.json', JSON.stringify({ height, round: '0', step: 2 }));
const state = () => signingState({ image: 'x', mounts: [{ source: dir, target: TMKMS_HOME }] } as unknown as TmkmsPlace, async () => true);

it('how far tmkms has signed, or surely not at all, or unknown', async () => {
  expect(await state()).toEqual({ state: 'absent' });
  signed('987654');
  put('tmkms.toml', 'state_file = "/root/.tmkms/state/priv_validator_state.json"\n');
  expect(await state()).toEqual({ state: 'known', height: 987_654 });
  signed('many');
  expect(await state()).toEqual({ state: 'unknown', why: 'malformed' });
  put('tmkms.toml', 'state_file = "/elsewhere/state.json"\n');
  expect(await state()).toEqual({ state: 'unknown', why: '/elsewhere/state.json' });
});

it('a tmkms.toml that is a link was taken for one that names the usual file', async () => {
  signed('987654');
  put('tmkms.toml', 'state_file = "/elsewhere/state.json"\n');
  renameSync(path.join(dir, 'tmkms.toml'), path.join(dir, 'real.toml'));
  symlinkSync('real.toml', path.join(dir, 'tmkms.toml'));
  expect(await state()).toEqual({ state: 'unknown', why: 'tmkms.toml' });
});
