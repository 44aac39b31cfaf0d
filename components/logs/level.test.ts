import { describe, expect, test } from 'vitest';
import { continues, findLevel, type Level } from './level.ts';

describe('every program of the host', () => {
  test.each<[string, Level | undefined, string]>([
    ['1:22PM INF finalized block height=3', 'info', 'INF'],
    ['1:22PM ERR Error dialing seed err="x"', 'error', 'ERR'],
    ['8:35AM WRN x', 'warn', 'WRN'],
    ['2026-11-23T13:42:02.440049Z  INFO tmkms::session: signed', 'info', 'INFO'],
    ['2026-11-23T13:42:02.538509Z ERROR tmkms::client: I/O error', 'error', 'ERROR'],
    ['2026/11/23 13:42:28 INFO Received request subsystem=Server', 'info', 'INFO'],
    ['2025/08/28 08:37:08 ERROR No epoch models available', 'error', 'ERROR'],
    ['2025/08/28 08:37:08 WARN Parent epoch group', 'warn', 'WARN'],
    ['2025/08/28 08:37:08 Loaded KEY_NAME: join', undefined, ''],
    ['2025-08-25 20:53:33,568 - pow.compute.controller - INFO - Created 4 GPU groups:', 'info', 'INFO'],
    ['2025-08-25 20:53:33,568 - x - WARNING - y', 'warn', 'WARNING'],
    ['INFO 01-07 11:10:16 [gpu_model_runner.py:1595] Starting to load model', 'info', 'INFO'],
    ['(EngineCore pid=12) ERROR 01-07 11:10:16 [core.py:1] boom', 'error', 'ERROR'],
    ['INFO:     172.18.0.5:51234 - "GET /health HTTP/1.1" 200 OK', 'info', 'INFO'],
    ['2026/11/23 14:21:37 [error] 52#52: *1837 limiting requests', 'error', 'error'],
    ['2026/11/23 14:21:37 [notice] 1#1: start worker', 'info', 'notice'],
    ['{"time":"2026-11-23T14:00:00Z","level":"ERROR","msg":"x"}', 'error', 'ERROR'],
    ['ts=1 level=warn msg=x', 'warn', 'warn'],
    ['INFO [01-02|15:04:05.000] Skeleton sync bounds', 'info', 'INFO'],
  ])('%s', (line, level, word) => {
    const found = findLevel(line);
    expect(found?.level).toBe(level);
    if (found && word) expect(line.slice(found.start, found.end)).toBe(word);
  });
  test.each<[string, Level | undefined]>([
    ['172.23.0.1 - - [23/Nov/2026:14:21:37 +0000] "GET /v1/epochs/latest HTTP/1.1" 503 197 "-"', 'warn'],
    ['172.23.0.1 - - [23/Nov/2026:14:21:37 +0000] "GET /v1/epochs/latest HTTP/1.1" 200 197 "-"', 'info'],
    ['Traceback (most recent call last):', 'error'],
    ['ValueError: boom', 'error'],
    ['panic: runtime error', 'error'],
    ['+ set -o pipefail', undefined],
    ['The error was INFO', undefined],
    ['INFORMATION for you', undefined],
  ])('%s', (line, level) => expect(findLevel(line)?.level).toBe(level));
});

test('continuations', () => {
  expect(continues('  File "x.py", line 3')).toBe(true);
  expect(continues('}')).toBe(true);
  expect(continues('Loaded KEY')).toBe(false);
});
