import { afterEach, expect, it, vi } from 'vitest';
import { keepAccountKey, keptAccountKey } from './kept-account-key.ts';

const PHRASE = 'pyramid sweet dumb critic lamp various remove token talent drink announce tiny lab follow blind awful expire wasp flavor very pair tell next cable';
const KEY = 'A2cYQ0wJ8bZ0v9XkzJp4yVbq0C3dRrWl2oM1nHs7tQeF';
afterEach(() => vi.unstubAllGlobals());

it('a recovery phrase that was typed into the field of the account key stayed in the browser’s storage', () => {
  const kept = new Map<string, string>();
  vi.stubGlobal('localStorage', { getItem: (name: string) => kept.get(name) ?? null, setItem: (name: string, value: string) => kept.set(name, value) });
  for (const text of [PHRASE, PHRASE.slice(0, 44), PHRASE.replaceAll(' ', '').slice(0, 44), '3f8a'.repeat(16), 'A', '']) keepAccountKey(text);
  expect([...kept.values()]).toEqual([]);
  keepAccountKey(KEY);
  expect(keptAccountKey()?.key).toBe(KEY);
});
