/** What engines, drivers and programs say, and what it means for the rows. */
import { describe, expect, it } from 'vitest';
import { gpuOutcome, seedOutcome } from './container-probes.ts';
import type { GpuProbe, PrerequisiteFacts, SeedProbe } from './prerequisite-facts.ts';
import { probeRows } from './probe-rows.ts';

const ran = (exitCode: number, stdout = '', stderr = '') => ({ exitCode, stdout, stderr });
const cards = (count: number, memory = '143771') => Array.from({ length: count }, (_, i) => `${i}, NVIDIA H200, ${memory}, 1024, 570.133.20\n`).join('');

describe('cards in a container', () => {
  const SAID: [string, Parameters<typeof gpuOutcome>[0], GpuProbe['outcome']][] = [
    ['an engine without the toolkit', { failed: 'could not select device driver "nvidia" with capabilities: [[gpu]]' }, 'no_toolkit'],
    ['a driver that was updated without a reboot', { failed: 'OCI runtime create failed: … nvidia-container-cli: initialization error: nvml error: driver/library version mismatch: unknown' }, 'driver_mismatch'],
    ['the same, said by nvidia-smi', ran(18, 'Failed to initialize NVML: Driver/library version mismatch\n'), 'driver_mismatch'],
    ['a driver that is not loaded', { failed: 'nvidia-container-cli: initialization error: nvml error: driver not loaded: unknown' }, 'driver_missing'],
    ['an image that needs a newer CUDA', { failed: 'nvidia-container-cli: requirement error: unsatisfied condition: cuda>=13.0, please update your driver to a newer version' }, 'cuda_old'],
    ['an image without nvidia-smi', { failed: 'exec: "nvidia-smi": executable file not found in $PATH: unknown' }, 'no_program'],
    ['no device', ran(6, 'No devices were found\n'), 'none'],
    ['something else', ran(9, '', 'segmentation fault'), 'failed'],
  ];
  for (const [name, result, outcome] of SAID) it(name, () => expect(gpuOutcome(result).outcome).toBe(outcome));
  it('counts what it sees, and what gives no answer', () => {
    expect(gpuOutcome(ran(0, cards(8)))).toEqual({ outcome: 'sees', seen: 8, lost: 0 });
    expect(gpuOutcome(ran(0, cards(2) + cards(1, '[N/A]')))).toEqual({ outcome: 'sees', seen: 3, lost: 1 });
  });
});

describe('the seed from a container', () => {
  const SAID: [Parameters<typeof seedOutcome>[0], SeedProbe['outcome']][] = [
    [ran(0), 'answers'], [ran(22, '', 'curl: (22) The requested URL returned error: 503'), 'odd'], [ran(1, '', 'wget: server returned error: HTTP/1.1 404 Not Found'), 'odd'],
    [ran(6, '', 'curl: (6) Could not resolve host: node2.gonka.ai'), 'no_name'], [ran(1, '', "wget: bad address 'node2.gonka.ai'"), 'no_name'],
    [ran(7, '', 'curl: (7) Failed to connect to node2.gonka.ai port 8000 after 1 ms: Could not connect to server'), 'no_way'], [ran(28, '', 'curl: (28) Connection timed out after 15001 milliseconds'), 'no_way'], [ran(1, '', "wget: can't connect to remote host (1.2.3.4): Connection refused"), 'no_way'],
    [{ failed: 'exec: "curl": executable file not found in $PATH' }, 'no_program'], [ran(60, '', 'curl: (60) SSL certificate problem'), 'failed'],
  ];
  for (const [result, outcome] of SAID) it(`${JSON.stringify(result).slice(0, 90)} → ${outcome}`, () => expect(seedOutcome(result).outcome).toBe(outcome));
});

describe('the rows', () => {
  const facts = (change: Partial<PrerequisiteFacts>) => ({ now: 1, inContainer: false, gpus: { state: 'read', gpus: JSON.parse(JSON.stringify(Array(8).fill({ name: 'H200', state: 'ok' }))), at: 1 }, ...change }) as PrerequisiteFacts;
  const row = (id: string, change: Partial<PrerequisiteFacts>) => probeRows(facts(change)).find((one) => one.id === id);
  const gpu = (outcome: GpuProbe['outcome'], more: Partial<GpuProbe> = {}) => row('gpu_container', { gpuProbe: { at: 1, image: 'x/mlnode:3', outcome, ...more } });

  it('nothing is ticked that wasn’t tried, and what can’t be tried yet holds nobody up', () => {
    for (const id of ['gpu_container', 'seed_container']) expect(row(id, {})).toMatchObject({ state: 'unknown', said: 'probe_untried', apart: true });
    expect(gpu('no_image')).toMatchObject({ state: 'unknown', apart: true });
    expect(row('seed_container', { seedProbe: { at: 1, outcome: 'no_image' } })).toMatchObject({ state: 'unknown', apart: true });
  });
  it('a machine without cards isn’t asked for them', () => {
    expect(row('gpu_container', { gpus: { state: 'absent', at: 1 } })).toBeUndefined();
    // From the panel's container a missing nvidia-smi says nothing.
    expect(row('gpu_container', { gpus: { state: 'absent', at: 1 }, inContainer: true })).toMatchObject({ state: 'unknown' });
  });
  it('all, fewer, lost, none, no toolkit', () => {
    expect(gpu('sees', { seen: 8, lost: 0 })).toMatchObject({ state: 'ok', said: 'gpu_container_all' });
    expect(gpu('sees', { seen: 7, lost: 0 })).toMatchObject({ state: 'broken', said: 'gpu_container_fewer', breaks: 'ml', params: { seen: 7, of: 8 } });
    expect(gpu('sees', { seen: 8, lost: 1 })).toMatchObject({ state: 'broken', said: 'gpu_container_lost' });
    expect(gpu('none')).toMatchObject({ state: 'broken', said: 'gpu_container_none' });
    expect(gpu('no_toolkit')?.fix?.commands.flat()).toContain('nvidia-container-toolkit');
  });
  it('a seed that containers don’t reach is a warning with the command that shows it', () => {
    const probe: SeedProbe = { at: 1, image: 'x/api:1', network: 'join_default', host: 'h:8000', url: 'http://h:8000/v1/epochs/latest', outcome: 'no_way' };
    expect(row('seed_container', { seedProbe: probe })).toMatchObject({ state: 'attention', fix: { commands: expect.arrayContaining([['docker', 'run', '--rm', '--network', 'join_default', '--entrypoint', 'curl', 'x/api:1', '-sS', '-m', '15', 'http://h:8000/v1/epochs/latest']]) } });
    expect(row('seed_container', { seedProbe: { ...probe, outcome: 'odd' } })).toMatchObject({ state: 'ok' });
  });
});
