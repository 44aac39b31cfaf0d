import type { Readable } from 'node:stream';
import { clock } from '#lib/core/clock.ts';
import { isPanelError } from '#lib/core/errors.ts';
import { singleton } from '#lib/core/singleton.ts';
import { listContainers } from './client.ts';
import { engine, engineError, type EngineState, engineState, engineSocket, engineTrouble } from './engine.ts';
import { type Container, engineEvent } from './schema.ts';

export type EngineSnapshot = { engine: EngineState; containers: Container[]; /** ms since 1970 */ at: number };

export type ContainerEvent = {
  id: string;
  name: string;
  project?: string;
  service?: string;
  oneOff: boolean;
  image: string;
  /** `start`, `die`, `stop`, `kill`, `create`, `destroy`, `oom`, `pause`, `unpause`, `restart`, `rename`, `health_status: healthy`, … */
  action: string;
  exitCode?: number;
  /** RFC 3339 with nanoseconds. */
  time: string;
};

/** `lost`: the engine went away (once per outage). `back`: the events stream is there again, everything may have changed. */
export type EngineChange = { type: 'event'; event: ContainerEvent } | { type: 'lost'; engine: EngineState } | { type: 'back' };
type Listener = (change: EngineChange) => void;

const FRESH_MS = 1000;
const BACKOFF = [250, 500, 1000, 2000, 5000];
/** Health checks and lookers-on: nothing that changes a container. */
const NOISE = /^(exec_|attach|detach|top|resize|archive-path|extract-to-dir|copy|export|commit)/;

/** Nanoseconds since 1970 (as the engine sends them, beyond a double's precision) as RFC 3339; good to about a microsecond. */
export function rfc3339(nanoseconds: number): string {
  const ms = Math.floor(nanoseconds / 1e6);
  const rest = Math.max(0, Math.min(999_999, Math.round(nanoseconds - ms * 1e6)));
  return `${new Date(ms).toISOString().slice(0, -1)}${String(rest).padStart(6, '0')}Z`;
}

class EngineWatch {
  private readonly listeners = new Set<Listener>();
  private cached: Promise<EngineSnapshot> | undefined;
  private cachedAt = 0;
  private abort: AbortController | undefined;

  /** The engine and all its containers, at most a second old; never throws. Costs nothing while nobody asks. */
  snapshot(): Promise<EngineSnapshot> {
    if (!this.cached || performance.now() - this.cachedAt > FRESH_MS) {
      this.cachedAt = performance.now();
      this.cached = look();
    }
    return this.cached;
  }

  /** The next snapshot is read anew: something was changed just now. */
  invalidate(): void {
    this.cached = undefined;
  }

  /** Calls back for every container event, engine loss and return. The events stream is open only while someone listens. */
  subscribe(listener: Listener): () => void {
    // A wrapper, so that the same function subscribed twice is two subscriptions.
    const own: Listener = (change) => listener(change);
    this.listeners.add(own);
    if (!this.abort) {
      this.abort = new AbortController();
      void this.follow(this.abort.signal);
    }
    return () => {
      this.listeners.delete(own);
      if (this.listeners.size === 0) {
        this.abort?.abort();
        this.abort = undefined;
      }
    };
  }

  /** How many listen and whether the events stream is (being) open: for tests and the bench. */
  get usage(): { listeners: number; following: boolean } {
    return { listeners: this.listeners.size, following: this.abort !== undefined };
  }

  close(): void {
    this.listeners.clear();
    this.abort?.abort();
    this.abort = undefined;
  }

  private tell(change: EngineChange): void {
    this.invalidate();
    for (const listener of [...this.listeners]) {
      try {
        listener(change);
      } catch {
        // one listener's defect is not the others'
      }
    }
  }

  private async follow(signal: AbortSignal): Promise<void> {
    let failures = 0;
    let lost = false;
    // What happens while the stream is being opened counts as well.
    let since = sinceAfter(new Date(clock.now()).toISOString().replace('Z', '000000Z'));
    while (!signal.aborted) {
      try {
        const stream = (await engine().getEvents({ filters: { type: ['container'] }, since, abortSignal: signal } as never)) as unknown as Readable;
        // Events may have been missed, however short it was.
        if (failures > 0) this.tell({ type: 'back' });
        lost = false;
        failures = 0;
        await eachLine(stream, signal, (line) => {
          const event = containerEvent(line);
          if (!event || signal.aborted) return;
          if (NOISE.test(event.action)) return;
          since = sinceAfter(event.time);
          this.tell({ type: 'event', event });
        });
        throw new Error('the events stream ended');
      } catch (error) {
        if (signal.aborted) return;
        if (!lost && failures > 0) {
          lost = true;
          this.tell({ type: 'lost', engine: { state: engineTrouble(error), socket: engineSocket(), detail: String(engineError(error).params.detail) } });
        }
        // The first retry comes at once: an engine that merely dropped the stream was never lost.
        await sleep(failures === 0 ? 50 : (BACKOFF[Math.min(failures - 1, BACKOFF.length - 1)] as number), signal);
        failures++;
      }
    }
  }
}

/** One a process. `snapshot()` for what is, `subscribe()` for what happens. */
export const engineWatch = (): EngineWatch => singleton('engine-watch', () => new EngineWatch());

async function look(): Promise<EngineSnapshot> {
  const state = await engineState();
  if (state.state !== 'ok') return { engine: state, containers: [], at: Date.now() };
  try {
    return { engine: state, containers: await listContainers(), at: Date.now() };
  } catch (error) {
    const known = engineError(error);
    const trouble = isPanelError(error) ? (known.code.replace('engine_', '') as 'error') : engineTrouble(error);
    return { engine: { state: trouble, socket: engineSocket(), detail: String(known.params.detail) }, containers: [], at: Date.now() };
  }
}

/** The engine takes seconds with a fraction, inclusive: one nanosecond on, so that the event itself doesn't come twice. */
function sinceAfter(time: string): string {
  const seconds = Math.floor(Date.parse(time) / 1000);
  const nanos = Number(time.slice(20, 29)) + 1000;
  return nanos > 999_999_999 ? `${seconds + 1}.000000000` : `${seconds}.${String(nanos).padStart(9, '0')}`;
}

/** One line of the events stream, or undefined for what is no container's event. */
export function containerEvent(line: string): ContainerEvent | undefined {
  let raw: unknown;
  try {
    raw = JSON.parse(line);
  } catch {
    return undefined;
  }
  const parsed = engineEvent.safeParse(raw);
  if (!parsed.success || parsed.data.Type !== 'container') return undefined;
  const { Action, Actor, timeNano, time } = parsed.data;
  const of = (name: string) => Actor.Attributes[name] || undefined;
  const exit = of('exitCode');
  return {
    id: Actor.ID,
    name: of('name') ?? Actor.ID.slice(0, 12),
    project: of('com.docker.compose.project'),
    service: of('com.docker.compose.service'),
    oneOff: of('com.docker.compose.oneoff')?.toLowerCase() === 'true',
    image: of('image') ?? '',
    action: Action,
    exitCode: exit !== undefined && /^\d+$/.test(exit) ? Number(exit) : undefined,
    time: rfc3339(timeNano ?? (time ?? 0) * 1e9),
  };
}

/** Calls `onLine` for each line until the stream ends; rejects when it breaks or is aborted. */
function eachLine(stream: Readable, signal: AbortSignal, onLine: (line: string) => void): Promise<void> {
  let rest = '';
  stream.setEncoding('utf8');
  return new Promise((resolve, reject) => {
    const stop = () => stream.destroy();
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    stream.on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() as string;
      if (rest.length > 1_000_000) rest = '';
      for (const line of lines) if (line) onLine(line);
    });
    stream.on('error', reject);
    stream.on('end', resolve);
    stream.on('close', () => {
      signal.removeEventListener('abort', stop);
      resolve();
    });
  });
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });
}
