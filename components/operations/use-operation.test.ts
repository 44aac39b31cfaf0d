import { describe, expect, it } from 'vitest';
import { plainOutput } from './output-view.tsx';
import { appended } from './use-operation.ts';
import { operationsUrl } from './use-operations.ts';

const line = (id: number) => ({ id, at: '2026-11-23T20:00:00Z', stream: 'stdout' as const, line: `line ${id}` });

describe('the output of an operation', () => {
  it('takes each line once, however often the stream is taken up again', () => {
    const three = appended([], [line(1), line(2), line(3)]);
    expect(appended(three, [line(2), line(3), line(4)]).map((l) => l.id)).toEqual([1, 2, 3, 4]);
    expect(appended(three, [line(3)])).toBe(three);
  });

  it('shows text without the escapes that could move or turn it', () => {
    expect(plainOutput('\u001b[32mok\u001b[0m\u001b[2K \u001b]8;;http://x\u0007link\u202e')).toBe('ok link');
  });
});

it('the history is asked for with repeated names and without empty ones', () => {
  expect(operationsUrl({ state: ['failed', 'running'], kind: [], user: undefined, limit: 5 })).toBe('/api/operations?state=failed&state=running&limit=5');
  expect(operationsUrl({})).toBe('/api/operations');
});
