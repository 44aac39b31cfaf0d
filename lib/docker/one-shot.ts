import type { Readable } from 'node:stream';
import { isPanelError, PanelError } from '#lib/core/errors.ts';
import { engine, engineError, engineWords, statusOf } from './engine.ts';
import { FrameDecoder } from './frame-decoder.ts';

/** The deadline (ms since 1970) after which a left-over one-shot container may be removed by anyone. */
const DEADLINE_LABEL = 'gonka-panel.one-shot.deadline';
/** What is kept of each output stream; the rest is counted, not stored. */
const OUTPUT_CAP = 1024 * 1024;

/** A container with a name of its own that was made but never started is left over after this; starting takes far less. */
const STARTS_WITHIN_MS = 20_000;

export type OneShot = {
  image: string;
  /** The engine lets only one container have it, whoever asks: where two at once would do harm. */
  name?: string;
  /** The whole command: replaces the image's entry point. */
  argv: string[];
  /** `/host/path:/container/path[:ro]` */
  binds?: string[];
  /** Docker network mode, `none` when absent. */
  networkMode?: string;
  timeoutMs: number;
  /** Default true: what it prints is written to no log on disk. */
  logNone?: boolean;
  /** Goes to the standard input, which is then closed. Never an argument: those stand in the process list. */
  stdin?: string;
  user?: string;
  workingDir?: string;
  env?: Record<string, string>;
  pidMode?: 'host';
  /** All NVIDIA cards, asked for as upstream's ML file does. */
  gpus?: boolean;
  signal?: AbortSignal;
};

/**
 * Runs a container once and removes it, whatever happens. Nothing is pulled.
 * Errors: one_shot_busy (another one has the name), image_absent, one_shot_failed (could not be started), one_shot_timeout, engine_*.
 */
export async function runOneShot(options: OneShot): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  const { image, argv, timeoutMs } = options;
  if (argv.length === 0) throw new Error('runOneShot needs a command');
  await removeLeftOvers();
  const timeout = AbortSignal.timeout(timeoutMs);
  const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout;
  let container: ReturnType<ReturnType<typeof engine>['getContainer']> | undefined;
  let stream: Readable | undefined;
  try {
    if (options.name) await freeName(options.name);
    container = await engine().createContainer({
      ...(options.name ? { name: options.name } : {}),
      Image: image,
      Entrypoint: [argv[0] as string],
      Cmd: argv.slice(1),
      Env: Object.entries(options.env ?? {}).map(([key, value]) => `${key}=${value}`),
      User: options.user,
      WorkingDir: options.workingDir,
      Tty: false,
      OpenStdin: options.stdin !== undefined,
      StdinOnce: options.stdin !== undefined,
      AttachStdin: options.stdin !== undefined,
      AttachStdout: true,
      AttachStderr: true,
      Labels: { [DEADLINE_LABEL]: String(Date.now() + timeoutMs + 60_000) },
      HostConfig: {
        Binds: options.binds ?? [],
        NetworkMode: options.networkMode ?? 'none',
        LogConfig: options.logNone === false ? undefined : { Type: 'none', Config: {} },
        RestartPolicy: { Name: 'no' },
        AutoRemove: false,
        PidMode: options.pidMode,
        ...(options.gpus ? { DeviceRequests: [{ Driver: 'nvidia', Count: -1, Capabilities: [['gpu']] }] } : {}),
        CapDrop: ['NET_RAW'],
        SecurityOpt: ['no-new-privileges'],
      },
    } as never);
    const attached = (await container.attach({ stream: true, hijack: true, stdin: options.stdin !== undefined, stdout: true, stderr: true } as never)) as unknown as Readable & { end(data?: string): void };
    stream = attached;
    const output = collect(attached);
    await abortable(container.start() as Promise<unknown>, signal);
    if (options.stdin !== undefined) attached.end(options.stdin);
    const { StatusCode } = (await container.wait({ condition: 'not-running', abortSignal: signal } as never)) as unknown as { StatusCode: number };
    const { stdout, stderr } = await abortable(output, AbortSignal.any([signal, AbortSignal.timeout(5000)]));
    return { exitCode: StatusCode, stdout, stderr };
  } catch (error) {
    if (isPanelError(error)) throw error;
    if (options.name && !container && statusOf(error) === 409) throw busy(options.name);
    if (timeout.aborted) throw new PanelError('one_shot_timeout', { image, seconds: Math.round(timeoutMs / 1000) }, { status: 504 });
    if (options.signal?.aborted) throw options.signal.reason;
    if (!container && statusOf(error) === 404) throw new PanelError('image_absent', { image }, { status: 404, cause: error });
    if (statusOf(error)) throw new PanelError('one_shot_failed', { image, detail: engineWords(error) }, { status: 502, cause: error });
    throw engineError(error);
  } finally {
    stream?.destroy();
    await container?.remove({ force: true, v: true }).catch(() => undefined);
  }
}

function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) return stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

/** Resolves when the attach stream ends, which it does when the container has exited. */
function collect(attached: Readable): Promise<{ stdout: string; stderr: string }> {
  const parts = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  const size = { stdout: 0, stderr: 0 };
  const decoder = new FrameDecoder((stream, bytes, start, end) => {
    const name = stream === 'stdout' ? 'stdout' : 'stderr';
    if (size[name] >= OUTPUT_CAP) return;
    const kept = bytes.subarray(start, Math.min(end, start + OUTPUT_CAP - size[name]));
    size[name] += kept.length;
    parts[name].push(Buffer.from(kept));
  });
  const text = () => ({ stdout: Buffer.concat(parts.stdout).toString('utf8'), stderr: Buffer.concat(parts.stderr).toString('utf8') });
  return new Promise((resolve, reject) => {
    attached.on('data', (chunk: Buffer) => {
      try {
        decoder.push(chunk);
      } catch (error) {
        reject(error);
      }
    });
    attached.on('end', () => resolve(text()));
    attached.on('close', () => resolve(text()));
    attached.on('error', () => resolve(text()));
  });
}

/** One-shots of a panel that was killed in the middle; only those whose own deadline is over. */
async function removeLeftOvers(): Promise<void> {
  const left = await engine().listContainers({ all: true, filters: { label: [DEADLINE_LABEL] } }).catch((error: unknown) => {
    throw engineError(error);
  });
  for (const one of left) {
    if (Number(one.Labels[DEADLINE_LABEL]) < Date.now()) await engine().getContainer(one.Id).remove({ force: true, v: true }).catch(() => undefined);
  }
}

const busy = (name: string) => new PanelError('one_shot_busy', { name }, { status: 409 });

/** Removes a container of that name that has ended, or was never started; one that works keeps it. Throws one_shot_busy, engine_*. */
async function freeName(name: string): Promise<void> {
  try {
    const { Id, Created, State } = (await engine().getContainer(name).inspect()) as { Id: string; Created: string; State: { Status: string } };
    const left = ['exited', 'dead'].includes(State.Status) || (State.Status === 'created' && Date.now() - Date.parse(Created) > STARTS_WITHIN_MS);
    if (!left) throw busy(name);
    // By its id, and without force: the name may be another one's by now, and what has begun to run is not removed.
    await engine().getContainer(Id).remove({ v: true });
  } catch (error) {
    if (isPanelError(error)) throw error;
    if (statusOf(error) === 409) throw busy(name);
    if (statusOf(error) !== 404) throw engineError(error);
  }
}
