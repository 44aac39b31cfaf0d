import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { PullProgress, pullMessage } from './pull-progress.ts';

/** Recorded from Docker 26.1.5: five layers, of which an earlier image has brought two. */
const recorded = readFileSync(path.join(import.meta.dirname, 'fixtures/pull-engine-26.ndjson'), 'utf8').trim().split('\n').map((line) => pullMessage.parse(JSON.parse(line)));
const SIZES = new Map([['sha256:7bc6125b6217000000', 203_264], ['sha256:bebbc1005902000000', 303_104], ['sha256:9bb49d4abd6b000000', 3_003_392], ['sha256:1f3404f23ebd000000', 49_000_000], ['sha256:393f81bf2dd8000000', 900_000]]);
const sum = 203_264 + 303_104 + 3_003_392;

describe('the progress of a pull', () => {
  it('ends with every layer, and counts only what came over the line', () => {
    const progress = new PullProgress();
    for (const message of recorded) progress.take(message);
    expect([...progress.layers.values()].map(({ state }) => state).sort()).toEqual(['done', 'done', 'done', 'exists', 'exists']);
    expect(progress.amounts()).toEqual({ done: sum, total: sum });
  });

  it('never goes back while a layer is unpacked', () => {
    const progress = new PullProgress();
    let before = 0;
    for (const message of recorded) {
      progress.take(message);
      const { done } = progress.amounts();
      expect(done).toBeGreaterThanOrEqual(before);
      before = done;
    }
  });

  it('has no total before each layer has said its size, and one from the start when the registry has', () => {
    const silent = new PullProgress();
    for (const message of recorded.slice(0, 7)) silent.take(message);
    expect(silent.amounts().total).toBeUndefined();
    const told = new PullProgress(SIZES);
    expect(told.amounts()).toEqual({ done: 0, total: sum + 49_900_000 });
    for (const message of recorded.slice(0, 3)) told.take(message);
    expect(told.amounts()).toEqual({ done: 0, total: sum });
  });

  it('knows a layer that is tried once more', () => {
    const progress = new PullProgress();
    progress.take({ id: 'abc', status: 'Downloading', progressDetail: { current: 10, total: 100 } });
    progress.take({ id: 'abc', status: 'Retrying in 5 seconds' });
    expect(progress.layers.get('abc')).toEqual({ id: 'abc', state: 'waiting', done: 10, total: 100 });
  });
});
