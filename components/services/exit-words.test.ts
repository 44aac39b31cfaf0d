import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { exitWords } from './exit-words.ts';

describe('an exit code in words', () => {
  it('tells a kill by the kernel from one by a person', () => {
    expect(exitWords({ exitCode: 137, outOfMemory: true })).toEqual({ key: 'outOfMemory' });
    expect(exitWords({ exitCode: 137 })).toEqual({ key: 'killed' });
    expect(exitWords({ exitCode: 143 })).toEqual({ key: 'terminated' });
  });
  it('names crashes, missing programs and illegal instructions', () => {
    expect([132, 139, 126, 127, 1, 0].map((exitCode) => exitWords({ exitCode })?.key)).toEqual(['illegalInstruction', 'segfault', 'notExecutable', 'notFound', 'error', 'ended']);
  });
  it('says which signal it was where it has no name for it, and nothing for a container that runs', () => {
    expect(exitWords({ exitCode: 138 })).toEqual({ key: 'signal', signal: 10 });
    expect(exitWords({ exitCode: 42 })).toEqual({ key: 'other' });
    expect(exitWords({})).toBeUndefined();
  });
  it('has words for each in both languages', () => {
    for (const locale of ['en', 'zh']) {
      const { services } = JSON.parse(readFileSync(path.join(import.meta.dirname, `../../messages/${locale}.json`), 'utf8')) as { services: { exit: Record<string, string> } };
      const keys = [0, 1, 2, 125, 126, 127, 130, 132, 134, 135, 137, 139, 143, 138, 42].map((exitCode) => exitWords({ exitCode })?.key as string).concat('outOfMemory');
      expect(keys.filter((key) => !services.exit[key])).toEqual([]);
    }
  });
});
