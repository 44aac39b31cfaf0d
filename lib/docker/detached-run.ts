import { Buffer } from 'node:buffer';
import { z } from 'zod';
import { PanelError } from '#lib/core/errors.ts';
import { redact } from '#lib/core/redact.ts';
import { CALL_TIMEOUT, engine, engineError, engineWords, statusOf } from './engine.ts';
import { FrameDecoder } from './frame-decoder.ts';

/** The name of a detached run; one of a name exists at a time, the engine sees to that. */
const LABEL = 'gonka-panel.detached';
const LOG_BYTES = '1m';

/** Work in a container that goes on without the panel, and is found again by its name. */
export type DetachedRun = {
  /** Of letters, digits, `_.-`. */
  name: string;
  image: string;
  /** Replaces the image's entry point. */
  argv: string[];
  /** `/host/path:/container/path` */
  binds: string[];
  env: Record<string, string>;
  /** Variables whose values are shown nowhere. They stand in the container until it is removed. */
  secretEnv?: Record<string, string>;
  network: string;
};
export type FoundRun = { id: string; state: 'created' | 'running' | 'exited'; exitCode?: number; argv: string[] };

/** The same as a `docker run`, to be shown: values of secret variables are left out, as `-e NAME` takes them from the environment. */
export function detachedCommand({ name, image, argv: [program = '', ...args], binds, env, secretEnv = {}, network }: DetachedRun): string[] {
  return [
    'docker', 'run', '-d', '--name', name, '--label', `${LABEL}=${name}`, '--network', network, '--stop-signal', 'SIGINT', '--log-driver', 'json-file', '--log-opt', `max-size=${LOG_BYTES}`,
    ...binds.flatMap((bind) => ['-v', bind]), ...Object.entries(env).flatMap(([key, value]) => ['-e', `${key}=${value}`]), ...Object.keys(secretEnv).flatMap((key) => ['-e', key]),
    '--entrypoint', program, image, ...args,
  ];
}

/** Starts it. Errors: image_absent, program_absent {program} (the image has no such program), detached_running (one of this name is there), one_shot_failed, engine_*. */
export async function startDetached(run: DetachedRun): Promise<void> {
  const { name, image, argv, binds, env, secretEnv = {}, network } = run;
  let container: ReturnType<ReturnType<typeof engine>['getContainer']>;
  try {
    container = await engine().createContainer({
      name, Image: image, StopSignal: 'SIGINT', Entrypoint: [argv[0] as string], Cmd: argv.slice(1), Tty: false,
      Env: Object.entries({ ...env, ...secretEnv }).map(([key, value]) => `${key}=${value}`),
      Labels: { [LABEL]: name },
      HostConfig: { Binds: binds, NetworkMode: network, LogConfig: { Type: 'json-file', Config: { 'max-size': LOG_BYTES } }, RestartPolicy: { Name: 'no' }, CapDrop: ['NET_RAW'], SecurityOpt: ['no-new-privileges'] },
      abortSignal: AbortSignal.timeout(60_000),
    } as never);
  } catch (error) {
    if (statusOf(error) === 404) throw new PanelError('image_absent', { image }, { status: 404, cause: error });
    if (statusOf(error) === 409) throw new PanelError('detached_running', { name }, { status: 409, cause: error });
    throw statusOf(error) ? new PanelError('one_shot_failed', { image, detail: engineWords(error) }, { status: 502, cause: error }) : engineError(error);
  }
  try {
    await container.start({ abortSignal: AbortSignal.timeout(120_000) } as never);
  } catch (error) {
    await container.remove({ force: true, v: true }).catch(() => undefined);
    const words = engineWords(error);
    if (/executable file not found|no such file or directory: unknown/.test(words) && words.includes(argv[0] as string)) throw new PanelError('program_absent', { program: argv[0] as string, image }, { status: 404, cause: error });
    throw statusOf(error) ? new PanelError('one_shot_failed', { image, detail: redact(words) }, { status: 502, cause: error }) : engineError(error);
  }
}

const inspected = z.object({
  Id: z.string(),
  Path: z.string().catch(''),
  Args: z.array(z.string()).nullish(),
  State: z.object({ Status: z.string().catch(''), ExitCode: z.number().catch(-1) }),
  Config: z.object({ Labels: z.record(z.string(), z.string()).nullish() }),
});

/** The run of this name, whoever started it; undefined when there is none. Throws engine_*. */
export async function findDetached(name: string): Promise<FoundRun | undefined> {
  try {
    const { Id, Path, Args, State, Config } = inspected.parse(await engine().getContainer(name).inspect({ abortSignal: AbortSignal.timeout(CALL_TIMEOUT) } as never));
    if (Config.Labels?.[LABEL] !== name) return undefined;
    const state = State.Status === 'created' ? 'created' : ['exited', 'dead'].includes(State.Status) ? 'exited' : 'running';
    return { id: Id, state, argv: [Path, ...(Args ?? [])], ...(state === 'exited' ? { exitCode: State.ExitCode } : {}) };
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw engineError(error);
  }
}

/** Its last lines, redacted, at most `lines`. Throws engine_*. */
export async function detachedOutput(id: string, lines: number): Promise<{ stream: 'stdout' | 'stderr'; line: string }[]> {
  let raw: Buffer;
  try {
    raw = (await engine().getContainer(id).logs({ stdout: true, stderr: true, follow: false, tail: lines, abortSignal: AbortSignal.timeout(CALL_TIMEOUT) } as never)) as unknown as Buffer;
  } catch (error) {
    throw engineError(error);
  }
  const parts: Record<'stdout' | 'stderr', Buffer[]> = { stdout: [], stderr: [] };
  new FrameDecoder((stream, bytes, start, end) => void parts[stream === 'stdout' ? 'stdout' : 'stderr'].push(bytes.subarray(start, end))).push(Buffer.from(raw));
  // A progress bar draws over itself: what stood last is what counts.
  const split = (stream: 'stdout' | 'stderr') => Buffer.concat(parts[stream]).toString('utf8').split('\n').map((line) => line.split('\r').at(-1) ?? '').filter((line) => line.trim()).map((line) => ({ stream, line: redact(line) }));
  return [...split('stderr'), ...split('stdout')].slice(-lines);
}

/** Stops it (SIGINT, as Ctrl-C does: as the first process of a container it ignores SIGTERM; after `seconds` SIGKILL) and removes it; one that is gone is fine. Throws engine_*. */
export async function endDetached(id: string, seconds = 2): Promise<void> {
  const container = engine().getContainer(id);
  try {
    await (container.stop({ t: seconds, abortSignal: AbortSignal.timeout((seconds + 30) * 1000) } as never) as unknown as Promise<unknown>).catch((error: unknown) => {
      if (![304, 404].includes(statusOf(error) ?? 0)) throw error;
    });
    await container.remove({ force: true, v: true, abortSignal: AbortSignal.timeout(60_000) } as never);
  } catch (error) {
    if (statusOf(error) !== 404 && statusOf(error) !== 409) throw engineError(error);
  }
}

/** The first of these networks that the engine has; `host` when it has none. Throws engine_*. */
export async function networkFor(wanted: readonly string[]): Promise<string> {
  try {
    const all = (await engine().listNetworks({ abortSignal: AbortSignal.timeout(CALL_TIMEOUT) } as never)) as unknown as { Name: string }[];
    return wanted.find((name) => all.some(({ Name }) => Name === name)) ?? 'host';
  } catch (error) {
    throw engineError(error);
  }
}
