import { describe, expect, it } from 'vitest';
import { containerWords, imageTag } from './container-state.ts';
import type { ServiceContainer } from './services-data.ts';

const NOW = Date.parse('2026-11-23T20:00:00Z');
const container = (more: Partial<ServiceContainer>): ServiceContainer => ({ id: 'a', name: 'node', image: 'i', imageId: 's', state: 'running', restarts: 0, startedAt: '2026-11-20T20:00:00Z', networks: [], ports: [], ...more });
const say = (more: Partial<ServiceContainer>) => containerWords(container(more), NOW);

describe('a container in words', () => {
  it('tells running from healthy', () => {
    expect(say({})).toMatchObject({ state: 'ok', word: 'running' });
    expect(say({ health: 'healthy' })).toMatchObject({ state: 'ok', word: 'healthy' });
    expect(say({ health: 'unhealthy' })).toMatchObject({ state: 'broken', word: 'unhealthy' });
    expect(say({ health: 'starting' })).toMatchObject({ state: 'working', word: 'starting' });
  });

  it('sees a crash loop between two crashes too, and forgets it when the service has settled', () => {
    expect(say({ state: 'restarting', restarts: 7, exitCode: 1 })).toMatchObject({ state: 'broken', word: 'crashLoop', params: { restarts: 7, code: 1 } });
    expect(say({ restarts: 7, startedAt: '2026-11-23T19:59:50Z' })).toMatchObject({ state: 'broken', word: 'crashLoopNow' });
    expect(say({ restarts: 7 })).toMatchObject({ state: 'ok', word: 'running' });
  });

  it('tells stopped from failed', () => {
    for (const exitCode of [0, 137, 143]) expect(say({ state: 'exited', exitCode }).word).toBe('stopped');
    expect(say({ state: 'exited', exitCode: 1 }).word).toBe('failed');
    expect(say({ state: 'exited', exitCode: 137, outOfMemory: true }).word).toBe('outOfMemory');
    expect(say({ state: 'created', error: 'could not select device driver' })).toMatchObject({ state: 'broken', word: 'cannotStart' });
    expect(say({ state: 'created' })).toMatchObject({ state: 'attention', word: 'created' });
  });

  it('never calls anything known without an engine', () => {
    expect(containerWords(container({}), NOW, false)).toMatchObject({ state: 'unknown' });
    expect(containerWords(undefined, NOW)).toMatchObject({ state: 'attention', word: 'absent' });
  });

  it('reads tags', () => {
    expect(imageTag('ghcr.io/product-science/inferenced:0.2.4')).toBe('0.2.4');
    expect(imageTag('127.0.0.1:5000/nginx')).toBe('latest');
    expect(imageTag('x/bridge@sha256:0123456789abcdef0123')).toBe('sha256:0123456789ab');
  });
});
