/** The probes on the machine that runs the tests, with its real engine and without one. Compared with what the machine says itself. */
import { readFileSync } from 'node:fs';
import os from 'node:os';
import { expect, it } from 'vitest';
import { readEngineInfo } from '#lib/docker/engine-info.ts';
import { engineWatch } from '#lib/docker/engine-watch.ts';
import { hostFacts } from './host-facts.ts';
import { prerequisiteRows } from './prerequisite-rows.ts';

const kernelBytes = () => Number(/^MemTotal:\s+(\d+) kB/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1]) * 1024;
const unasked = { seeds: [], exposed: { at: 0, source: '–', why: 'not_chosen' } };

it('the engine describes its machine', async () => {
  const info = await readEngineInfo();
  expect(info).toMatchObject({ cores: os.cpus().length, machine: os.machine(), memoryBytes: kernelBytes() });
  expect(info.imagesDir).toMatch(/^\//);
  expect(info.runtimes).toContain('runc');
});

it('with the engine: what was measured is what the machine has', async () => {
  const snapshot = await engineWatch().snapshot();
  const { wanted, heard, ...facts } = await hostFacts(undefined, snapshot);
  expect(facts.cpu).toMatchObject({ source: 'Docker', value: { cores: os.cpus().length } });
  expect(facts.memoryBytes.value).toBe(kernelBytes());
  expect(facts.compose.value).toMatch(/^\d+\.\d+\.\d+/);
  expect(facts.disks.map(({ place }) => place)).toEqual(['docker', 'deploy', 'hf']);
  expect(facts.disks[1]?.room.why).toBe('not_chosen');
  const rows = prerequisiteRows({ ...facts, ...unasked });
  expect(rows.find(({ id }) => id === 'engine')).toMatchObject({ state: 'ok', said: 'engine' });
  expect(wanted).toBeUndefined();
});

it('without an engine: the machine by itself, and Docker as the thing that is broken', async () => {
  const facts = await hostFacts(undefined, { engine: { state: 'stopped', socket: '/nowhere.sock', detail: 'x' }, containers: [], at: 1 });
  expect(facts.cpu).toMatchObject({ source: os.hostname(), value: { cores: os.cpus().length } });
  expect(facts.toolkit.why).toBe('engine');
  expect(facts.disks[0]?.room.why).toBe('not_chosen');
  expect(prerequisiteRows({ ...facts, ...unasked }).filter(({ breaks }) => breaks === 'everything').map(({ id }) => id)).toEqual(['engine']);
});

it('in the panel’s own container the host’s programs are unknown, not missing', async () => {
  const snapshot = await engineWatch().snapshot();
  const facts = await hostFacts(undefined, snapshot, true);
  if (facts.gpus.state === 'absent') expect(prerequisiteRows({ ...facts, ...unasked }).find(({ id }) => id === 'gpu_cards')).toMatchObject({ state: 'unknown', said: 'why_container' });
  if (facts.toolkit.value === undefined) expect(facts.toolkit.why).toBe('container');
  expect(['hook', 'none']).not.toContain(facts.toolkit.value);
});
