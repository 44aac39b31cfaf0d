import Docker from 'dockerode';
import { panelEnv } from '#lib/core/env.ts';
import { PanelError, isPanelError } from '#lib/core/errors.ts';
import { singleton } from '#lib/core/singleton.ts';

export type EngineState =
  | { state: 'ok'; version: string; apiVersion: string; socket: string }
  | { state: 'absent' | 'stopped' | 'permission' | 'error'; socket: string; detail: string };

/** A call that must answer at once; a hung engine is an error after this long (ms). */
export const CALL_TIMEOUT = 15_000;

type Connection = { docker: Docker; socket: string };

/** The socket as the operator knows it (`/var/run/docker.sock` or `tcp://host:port`). */
export function engineSocket(): string {
  const { host } = panelEnv().docker;
  return host.startsWith('unix://') ? host.slice('unix://'.length) : host;
}

/** One connection description a process, made from DOCKER_HOST. Opens nothing by itself. */
export function engine(): Docker {
  return singleton(`docker-engine ${panelEnv().docker.host}`, connect).docker;
}

function connect(): Connection {
  const { host } = panelEnv().docker;
  // No idle connections: what is open is in use, so that a leak shows in the number of descriptors. By header, not by
  // an agent of our own: docker-modem prints its whole options for a debug log nobody reads, every open socket included.
  const headers = { Connection: 'close' };
  // `version` stays unset: the engine's own default path works with every engine, a pinned one doesn't.
  if (host.startsWith('unix://')) {
    return { docker: new Docker({ socketPath: host.slice('unix://'.length), host: undefined, port: undefined, protocol: 'http', headers } as never), socket: host };
  }
  const url = new URL(host);
  return { docker: new Docker({ socketPath: undefined, host: url.hostname, port: Number(url.port || 2375), protocol: 'http', headers } as never), socket: host };
}

const codeOf = (error: unknown): string | undefined => (error as { code?: string } | undefined)?.code;
export const statusOf = (error: unknown): number | undefined => (error as { statusCode?: number } | undefined)?.statusCode;

/** The engine's own sentence, without dockerode's "(HTTP code 404) no such container - " in front. */
export function engineWords(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/^\(HTTP code \d+\)[^-]*- /, '').trim().slice(0, 500);
}

/** Why the engine can't be talked to, or `error` when it answered with one. */
export function engineTrouble(error: unknown): Exclude<EngineState['state'], 'ok'> {
  switch (codeOf(error)) {
    case 'ENOENT':
    case 'ENOTFOUND':
    case 'ENOTDIR':
      return 'absent';
    case 'ECONNREFUSED':
      return 'stopped';
    case 'EACCES':
    case 'EPERM':
      return 'permission';
    default:
      return 'error';
  }
}

/** The engine can't be reached or broke off: worth another try when it is back. */
export function isOutage(error: unknown): boolean {
  return codeOf(error) === undefined ? statusOf(error) === undefined && (isPanelError(error) || /closed the log stream|aborted|socket hang up/.test(engineWords(error))) : typeof codeOf(error) === 'string';
}

/** Any failure of an engine call as a PanelError with its own words. */
export function engineError(error: unknown): PanelError {
  if (isPanelError(error)) return error as PanelError;
  const trouble = engineTrouble(error);
  const detail = error instanceof Error && error.name === 'TimeoutError' ? `no answer within ${CALL_TIMEOUT / 1000} s` : engineWords(error);
  return new PanelError(`engine_${trouble}`, { socket: engineSocket(), detail }, { status: 503, cause: error });
}

/** Whether the engine answers, and which one it is. Never throws. */
export async function engineState(): Promise<EngineState> {
  const socket = engineSocket();
  try {
    const version = (await engine().version({ abortSignal: AbortSignal.timeout(CALL_TIMEOUT) } as never)) as unknown as { Version: string; ApiVersion: string };
    if (typeof version?.Version !== 'string') return { state: 'error', socket, detail: 'the answer is not a Docker engine\'s' };
    return { state: 'ok', version: version.Version, apiVersion: String(version.ApiVersion), socket };
  } catch (error) {
    const known = engineError(error);
    return { state: engineTrouble(error), socket, detail: String(known.params.detail) };
  }
}
