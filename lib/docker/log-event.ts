import type { ContainerEvent } from './engine-watch.ts';

export type LogLine = {
  service: string;
  stream: 'stdout' | 'stderr' | 'event';
  /** RFC 3339 with nanoseconds, UTC. */
  time: string;
  /** Secrets masked; may hold colour codes. For `event` lines an English sentence. */
  line: string;
  /** Only on `event` lines: what happened, for a page to say in its own language. */
  event?: LogEvent;
};

export type LogEvent =
  | { code: 'start' | 'pause' | 'unpause' | 'oom' | 'removed'; container: string }
  | { code: 'die'; container: string; exitCode?: number }
  /** The service has no container yet; its lines will come when it has one. */
  | { code: 'absent' }
  /** The engine went away, or is back; lines go on where they ended. */
  | { code: 'engine-lost'; detail: string }
  | { code: 'engine-back' }
  /** Lines that came faster than the viewer took them, or that a slow read had to leave out. */
  | { code: 'skipped'; count: number }
  /** The container's log driver keeps nothing that can be read back. */
  | { code: 'unreadable'; container: string; detail: string };

const WORDS: Record<LogEvent['code'], string> = {
  start: 'container started',
  pause: 'container paused',
  unpause: 'container goes on',
  oom: 'container ran out of memory',
  removed: 'container removed',
  die: 'container stopped',
  absent: 'no container yet',
  'engine-lost': 'Docker engine lost',
  'engine-back': 'Docker engine is back',
  skipped: 'lines skipped',
  unreadable: 'log cannot be read',
};

/** What stands in the line of an event: an English sentence. */
export function eventWords(event: LogEvent): string {
  let line = WORDS[event.code];
  if (event.code === 'die' && event.exitCode !== undefined) line += ` with exit code ${event.exitCode}`;
  if (event.code === 'skipped') line = `${event.count} ${line}`;
  if ('detail' in event) line += `: ${event.detail}`;
  return line;
}

/** What of a container's life is worth a line in its log. */
export function lifeEvent(event: ContainerEvent): LogEvent | undefined {
  switch (event.action) {
    case 'start':
    case 'pause':
    case 'unpause':
    case 'oom':
      return { code: event.action, container: event.name };
    case 'die':
      return { code: 'die', container: event.name, ...(event.exitCode === undefined ? {} : { exitCode: event.exitCode }) };
    case 'destroy':
      return { code: 'removed', container: event.name };
    default:
      return undefined;
  }
}
