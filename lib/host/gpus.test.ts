/** Against small programs that print what nvidia-smi prints. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hostGpus, parseCudaVersion, parseGpus } from './gpus.ts';

const QUERY = '--query-gpu=index,name,memory.total,memory.used,driver_version --format=csv,noheader,nounits';
const HEAD = '| NVIDIA-SMI 570.133.20   Driver Version: 570.133.20   CUDA Version: 12.8     |';
let dir: string;

beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'gp-gpus-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function program(query: string, other = `echo '${HEAD}'`, mode = 0o755): string {
  const file = path.join(dir, 'nvidia-smi');
  writeFileSync(file, `#!/bin/sh\nif [ "$*" = "${QUERY}" ]; then\n${query}\nelse\n${other}\nfi\n`);
  chmodSync(file, mode);
  return file;
}

describe('asked on the machine', () => {
  it('eight H200', async () => {
    const command = program('for i in 0 1 2 3 4 5 6 7; do echo "$i, NVIDIA H200, 143771, 1024, 570.133.20"; done');
    const gpus = await hostGpus({ command });
    expect(gpus).toMatchObject({ state: 'read', driver: '570.133.20', cudaVersion: '12.8' });
    expect(gpus.state === 'read' && gpus.gpus).toEqual(Array.from({ length: 8 }, (_, index) => ({ index, name: 'NVIDIA H200', totalMiB: 143771, usedMiB: 1024, driver: '570.133.20', state: 'ok' })));
  });
  it('no nvidia-smi', async () => expect(await hostGpus({ command: path.join(dir, 'nothing') })).toEqual({ state: 'absent' }));
  it('a driver that does not answer', async () => {
    expect(await hostGpus({ command: program("echo \"NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.\"; exit 9") })).toEqual({ state: 'unknown', error: { code: 'gpus_failed', params: { exit: 9 } } });
  });
  it('no cards', async () => expect(await hostGpus({ command: program('echo "No devices were found"; exit 6') })).toEqual({ state: 'read', gpus: [], cudaVersion: '12.8' }));
  it('one card of two is lost: the other one counts', async () => {
    const gpus = await hostGpus({ command: program('echo "0, NVIDIA L4, 23034, 1, 550.1"\necho "Unable to determine the device handle for GPU0000:01:00.0: Unknown Error"; exit 255', 'exit 255') });
    expect(gpus).toEqual({ state: 'read', driver: '550.1', gpus: [{ index: 0, name: 'NVIDIA L4', totalMiB: 23034, usedMiB: 1, driver: '550.1', state: 'ok' }, { name: '', state: 'broken' }] });
  });
  it('a hung driver is waited for only so long', async () => {
    const started = performance.now();
    expect(await hostGpus({ command: program('exec sleep 30'), timeoutMs: 300 })).toEqual({ state: 'unknown', error: { code: 'gpus_slow', params: { seconds: 0 } } });
    expect(performance.now() - started).toBeLessThan(3_000);
  });
  it('a file that may not be run', async () => expect(await hostGpus({ command: program('', '', 0o644) })).toEqual({ state: 'unknown', error: { code: 'gpus_denied', params: {} } }));
  it('the panel’s environment does not reach it', async () => {
    process.env.GP_SENTINEL = 'sentinel';
    const gpus = await hostGpus({ command: program('echo "0, $(env | cut -d= -f1 | tr "\\n" " "), 1, 1, 1"') });
    delete process.env.GP_SENTINEL;
    expect(gpus.state === 'read' && gpus.gpus[0]?.name).toContain('LC_ALL');
    expect(JSON.stringify(gpus)).not.toContain('GP_SENTINEL');
  });
});

it.each(['[N/A]', '[Not Supported]', 'ERR!', '[GPU is lost]', '[Unknown Error]', '0', ''])('memory %j: the card is broken', (memory) => {
  expect(parseGpus(`3, NVIDIA H100, ${memory || ' '}, [N/A], 570.1`)).toEqual([{ index: 3, name: 'NVIDIA H100', driver: '570.1', state: 'broken' }]);
});
it('lines that are no cards are passed over', () => {
  expect(parseGpus('')).toEqual([]);
  expect(parseGpus('NVIDIA-SMI has failed\n0, x\n\r\n1, A, B, 24564, 10, 1.2\r\n')).toEqual([{ index: 1, name: 'A, B', totalMiB: 24564, usedMiB: 10, driver: '1.2', state: 'ok' }]);
});
it('CUDA of the driver', () => {
  expect(parseCudaVersion(HEAD)).toBe('12.8');
  expect(parseCudaVersion('CUDA Version : 13.0')).toBe('13.0');
  expect(parseCudaVersion('CUDA Version: N/A')).toBeUndefined();
});
