import type { StateWord } from '../ui/state.tsx';
import type { ServiceContainer } from './services-data.ts';

/** `word`: key under `services.word`. */
export type ContainerWords = { state: StateWord; word: string; params: Record<string, string | number>; since?: string };

/** So soon after a start a service that has restarted before isn't believed to have stopped doing so. */
const SETTLED_MS = 120_000;

/**
 * One of the five state words for a container, from the engine's facts alone. "Running" is said as such and not as
 * healthy: a service without a health check may run and do nothing (measured 34). `engineKnown`: false when the engine
 * can't be asked; then nothing is known.
 */
export function containerWords(container: ServiceContainer | undefined, now: number, engineKnown = true): ContainerWords {
  if (!engineKnown) return { state: 'unknown', word: 'unknown', params: {} };
  if (!container) return { state: 'attention', word: 'absent', params: {} };
  const { state, health, restarts, exitCode, startedAt, finishedAt } = container;
  const since = state === 'running' || state === 'paused' ? startedAt : (finishedAt ?? startedAt);
  const code = exitCode ?? 0;
  switch (state) {
    case 'restarting':
      return { state: 'broken', word: 'crashLoop', params: { restarts, code }, since };
    case 'running': {
      const young = startedAt !== undefined && now - Date.parse(startedAt) < SETTLED_MS;
      if (restarts > 1 && young) return { state: 'broken', word: 'crashLoopNow', params: { restarts }, since };
      if (health === 'unhealthy') return { state: 'broken', word: 'unhealthy', params: {}, since };
      if (health === 'starting') return { state: 'working', word: 'starting', params: {}, since };
      return health === 'healthy' ? { state: 'ok', word: 'healthy', params: {}, since } : { state: 'ok', word: 'running', params: {}, since };
    }
    case 'created':
      return container.error ? { state: 'broken', word: 'cannotStart', params: {}, since } : { state: 'attention', word: 'created', params: {}, since };
    case 'paused':
      return { state: 'broken', word: 'paused', params: {}, since };
    case 'removing':
      return { state: 'working', word: 'removing', params: {}, since };
    case 'exited':
      // 143: SIGTERM, 137: SIGKILL after the grace time; both are how a stop ends.
      if (container.outOfMemory) return { state: 'broken', word: 'outOfMemory', params: {}, since };
      return code === 0 || code === 143 || code === 137 ? { state: 'broken', word: 'stopped', params: { code }, since } : { state: 'broken', word: 'failed', params: { code }, since };
    default:
      return { state: 'broken', word: 'dead', params: {}, since };
  }
}

/** The raw facts behind the word, as evidence. */
export function rawState(container: ServiceContainer | undefined): string | undefined {
  if (!container) return undefined;
  const { state, health, exitCode, startedAt, finishedAt, restarts, error, outOfMemory } = container;
  return JSON.stringify({ State: { Status: state, Health: health, ExitCode: exitCode, OOMKilled: outOfMemory, Error: error, StartedAt: startedAt, FinishedAt: finishedAt }, RestartCount: restarts }, null, 1);
}

/** `0.2.4` of `ghcr.io/product-science/inferenced:0.2.4`; a digest shortened; `latest` when nothing stands there. */
export function imageTag(image: string): string {
  const digest = image.indexOf('@');
  if (digest >= 0) return image.slice(digest + 1, digest + 20);
  const tail = image.slice(image.lastIndexOf('/') + 1);
  const colon = tail.indexOf(':');
  return colon >= 0 ? tail.slice(colon + 1) : 'latest';
}
