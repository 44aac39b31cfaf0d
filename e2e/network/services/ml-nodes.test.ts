/** Disable and enable block by block, as measured (22 to 25, 41): `samples/…/epoch-series.jsonl`. */
import { expect, test } from 'vitest';
import { latestEpoch, phaseAt, scaledEpochParams, stagesOf, type ChainClock } from '../chain.ts';
import { RELEASES, type ReleaseName } from '../releases.ts';
import { intentFor, MlNodes, type MlNode } from './ml-nodes.ts';

const clock: ChainClock = { atTime: 0, atHeight: 0, blockMs: 1000, anchor: { epoch: 0, start: 0 }, epochParams: scaledEpochParams(60) };

function intended(release: ReleaseName, enabled: boolean, adminEpoch: number, height: number, onDuty = false): string {
  const node = new MlNodes(RELEASES[release]).add({ host: 'inference', inference_segment: '', inference_port: 5000, poc_segment: '', poc_port: 8080, models: {}, id: 'node1', max_concurrent: 500, hardware: null }, adminEpoch);
  const latest = latestEpoch(clock, height);
  const intent = intentFor({ ...node, enabled } as MlNode, RELEASES[release], latest, phaseAt(clock, height), height, stagesOf(clock, latest).poc_generation_end, onDuty);
  return intent.poc === 'IDLE' ? intent.status : `${intent.status} ${intent.poc}`;
}

test('disabled during Inference: serves until the next PoC starts, then v0.2.4 stops it and v0.2.8 leaves it', () => {
  for (const release of ['0.2.4', '0.2.8'] as const) {
    expect(intended(release, false, 2, 146)).toBe('INFERENCE');
    expect(intended(release, false, 2, 179)).toBe('INFERENCE');
  }
  for (const height of [180, 200, 222, 266]) {
    expect(intended('0.2.4', false, 2, height)).toBe('STOPPED');
    expect(intended('0.2.8', false, 2, height)).toBe('INFERENCE');
  }
});

test('disabled during the PoC of N+1: finishes it, out one epoch later', () => {
  expect(intended('0.2.4', false, 6, 365)).toBe('POC GENERATING');
  expect(intended('0.2.4', false, 6, 370)).toBe('POC VALIDATING');
  expect(intended('0.2.4', false, 6, 380)).toBe('INFERENCE');
  expect(intended('0.2.4', false, 6, 420)).toBe('STOPPED');
});

test('enabled during Inference takes part in the next PoC; enabled during PoC waits for one more', () => {
  expect(intended('0.2.4', true, 4, 267)).toBe('INFERENCE');
  expect(intended('0.2.4', true, 4, 300)).toBe('POC GENERATING');
  expect(intended('0.2.4', true, 10, 600)).toBe('STOPPED');
  expect(intended('0.2.4', true, 10, 620)).toBe('INFERENCE');
  expect(intended('0.2.4', true, 10, 660)).toBe('POC GENERATING');
});

test('a node on duty goes on serving through the PoC', () => {
  expect(intended('0.2.8', true, 0, 365, true)).toBe('INFERENCE');
});
