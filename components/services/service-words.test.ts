import { describe, expect, it } from 'vitest';
import { serviceWords } from './service-words.ts';
import type { ServiceContainer, Witness } from './services-data.ts';

const NOW = Date.parse('2026-11-23T20:00:00Z');
const up = (seconds: number): ServiceContainer => ({ id: 'a', name: 'x', image: 'i', imageId: 's', state: 'running', restarts: 0, startedAt: new Date(NOW - seconds * 1000).toISOString(), networks: [], ports: [] });
const none = { state: 'unknown', error: { code: 'chain_no_answer', params: {} } } as const;
const node = (value: { height: number; catchingUp: boolean; synced: boolean }, age = 1000): Witness => ({ node: { state: 'ok', at: NOW - age, value }, api: none });

describe('a service in words', () => {
  it('says what node says of itself', () => {
    const say = (witness: Witness, seconds = 3600) => serviceWords('node', up(seconds), NOW, true, witness);
    expect(say(node({ height: 9, catchingUp: false, synced: true }))).toMatchObject({ state: 'ok', word: 'synced', params: { height: 9 } });
    expect(say(node({ height: 0, catchingUp: true, synced: false }))).toMatchObject({ state: 'working', word: 'stateSync' });
    expect(say(node({ height: 9, catchingUp: true, synced: false }))).toMatchObject({ state: 'working', word: 'catchingUp' });
    expect(say(node({ height: 9, catchingUp: false, synced: false }))).toMatchObject({ state: 'attention', word: 'noBlocks' });
    expect(say({ node: none, api: none })).toMatchObject({ state: 'attention', word: 'rpcSilent' });
    expect(say({ node: none, api: none }, 20)).toMatchObject({ word: 'running' });
    expect(say(node({ height: 9, catchingUp: false, synced: true }, 120_000))).toMatchObject({ word: 'running' });
  });

  it('an api that is up and answers nobody is not well', () => {
    expect(serviceWords('api', up(600), NOW, true, { node: none, api: none })).toMatchObject({ state: 'attention', word: 'apiSilent' });
    expect(serviceWords('api', up(600), NOW, true, { node: none, api: { state: 'ok', at: NOW, value: true } })).toMatchObject({ state: 'ok', word: 'answers' });
    expect(serviceWords('api', up(600), NOW, true)).toMatchObject({ word: 'running' });
  });

  it('leaves a container that is down as it is', () => {
    expect(serviceWords('node', { ...up(9), state: 'exited', exitCode: 1 }, NOW, true, node({ height: 9, catchingUp: false, synced: true }))).toMatchObject({ word: 'failed' });
    expect(serviceWords('tmkms', up(9), NOW, true, node({ height: 9, catchingUp: false, synced: true }))).toMatchObject({ word: 'running' });
  });
});
