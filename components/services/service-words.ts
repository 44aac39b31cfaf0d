import { type ContainerWords, containerWords } from './container-state.ts';
import type { ServiceContainer, ServiceRole, Witness } from './services-data.ts';

/** So long after its start a service that answers nothing is worth a look, in ms. */
const RPC_PATIENCE = 180_000;
const API_PATIENCE = 90_000;
/** An answer older than this says nothing about now. */
const FRESH_MS = 60_000;

/**
 * A service in words: the container's state, and for node and api what they answer themselves, because a container
 * that is up proves little: an api with a wrong password stays up and serves nobody (measured 34).
 */
export function serviceWords(role: ServiceRole, container: ServiceContainer | undefined, now: number, engineKnown: boolean, witness?: Witness): ContainerWords {
  const base = containerWords(container, now, engineKnown);
  if (base.word !== 'running' && base.word !== 'healthy') return base;
  const up = container?.startedAt ? now - Date.parse(container.startedAt) : 0;
  const read = role === 'node' ? witness?.node : role === 'api' ? witness?.api : undefined;
  if (!read) return base;
  if (read.state !== 'ok' || read.value === undefined || read.at === undefined || now - read.at > FRESH_MS) {
    const silent = up > (role === 'node' ? RPC_PATIENCE : API_PATIENCE) && read.error !== undefined;
    return silent ? { ...base, state: 'attention', word: role === 'node' ? 'rpcSilent' : 'apiSilent', params: {} } : base;
  }
  if (read.value === true) return { ...base, word: 'answers' };
  const { height, synced, catchingUp } = read.value;
  if (synced) return { ...base, state: 'ok', word: 'synced', params: { height } };
  if (height === 0) return { ...base, state: 'working', word: 'stateSync', params: {} };
  return catchingUp ? { ...base, state: 'working', word: 'catchingUp', params: { height } } : { ...base, state: 'attention', word: 'noBlocks', params: { height } };
}

/** What node or api answered, as evidence. */
export function rawAnswer(role: ServiceRole, witness: Witness | undefined): string | undefined {
  const read = role === 'node' ? witness?.node : role === 'api' ? witness?.api : undefined;
  return read && (read.value !== undefined || read.error) ? JSON.stringify(read.value ?? read.error?.code) : undefined;
}
