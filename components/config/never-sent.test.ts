import { afterEach, expect, it, vi } from 'vitest';
import type { ConfigChange } from './config-data.ts';
import { neverSent, typedIn } from './never-sent.ts';
import { planChange, saveChange } from './review-client.ts';

const phrase = 'abandon ability able about above absent absorb abstract absurd abuse access accident';
const version = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';
afterEach(() => vi.unstubAllGlobals());

it('a recovery phrase was sent before anybody looked at it', async () => {
  const asked = vi.fn<typeof fetch>(async () => Response.json({}));
  vi.stubGlobal('fetch', asked);
  for (const change of [{ by: 'values', version, values: { KEY_NAME: phrase } }, { by: 'text', version, text: `export A=1\n# ${phrase}\n` }] satisfies ConfigChange[]) {
    expect(await planChange({ file: 'env', change })).toEqual({ error: { code: 'config_mnemonic' } });
    expect(await saveChange({ file: 'env', change, apply: false, announced: [] })).toEqual({ error: { code: 'config_mnemonic' } });
  }
  expect(asked).not.toHaveBeenCalled();
  await planChange({ file: 'env', change: { by: 'values', version, values: { KEY_NAME: 'abandon' } } });
  expect(asked).toHaveBeenCalledOnce();
});

it('a recovery phrase went out as the reason of a save: only the change was looked at', async () => {
  const asked = vi.fn<typeof fetch>(async () => Response.json({}));
  vi.stubGlobal('fetch', asked);
  const save = { file: 'env', change: { by: 'values', version, values: { KEY_NAME: 'a' } }, apply: true, announced: [] } as const;
  expect(await saveChange({ ...save, announced: [], reason: phrase })).toEqual({ error: { code: 'key_material' } });
  expect(asked).not.toHaveBeenCalled();
  await saveChange({ ...save, announced: [], reason: 'the disk is being replaced' });
  expect(asked).toHaveBeenCalledOnce();
});

it('the hash of a version is no private key', () => {
  for (const change of [{ by: 'values', version, values: { A: '1' } }, { by: 'text', version, text: 'export A=1\n' }, { by: 'restore', version, from: 'x' }] satisfies ConfigChange[]) expect(neverSent(typedIn(change))).toBeUndefined();
});
