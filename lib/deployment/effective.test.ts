import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { effectiveServices } from './effective.ts';
import type { Deployment } from './schema.ts';

it.each([
  ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x41])],
  ['no file', undefined],
])('with a config.env that cannot be read, every service seemed to get empty values: %s', async (_, bytes) => {
  const dir = mkdtempSync(path.join(tmpdir(), 'effective-'));
  try {
    if (bytes) writeFileSync(path.join(dir, 'config.env'), bytes);
    await expect(effectiveServices({ dir } as Deployment, [])).rejects.toMatchObject({ code: 'effective_no_config', params: { file: 'config.env' } });
  } finally {
    rmSync(dir, { recursive: true });
  }
});
