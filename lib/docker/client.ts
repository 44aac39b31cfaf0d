import { PanelError } from '#lib/core/errors.ts';
import { CALL_TIMEOUT, engine, engineError, engineWords, statusOf } from './engine.ts';
import { type Container, type ContainerState, inspectedContainer, listedContainer } from './schema.ts';

export { engineState, type EngineState } from './engine.ts';
export { runOneShot } from './one-shot.ts';
export type { Container, ContainerState } from './schema.ts';

const LABEL = 'com.docker.compose.';
const STATES: readonly string[] = ['created', 'running', 'paused', 'restarting', 'removing', 'exited', 'dead'];
/** Inspects under way at once: a machine may run hundreds of containers. */
const PARALLEL = 8;

/** A container id (short or whole) or a name; anything else never reaches the engine's path. */
export function containerRef(id: string): string {
  if (!/^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,254}$/.test(id)) throw new PanelError('container_unknown', { container: id.slice(0, 80) }, { status: 404 });
  return id;
}

const state = (text: string): ContainerState => (STATES.includes(text) ? (text as ContainerState) : 'dead');
// The engine writes year 1 for "never".
const moment = (text: string | undefined) => (text && !text.startsWith('0001-') ? text : undefined);

/**
 * Every container, running or not, with what only an inspect knows (since when, exit code, restarts).
 * `project` = a compose project's name. Throws engine_absent | engine_stopped | engine_permission | engine_error.
 */
export async function listContainers(filter: { project?: string } = {}): Promise<Container[]> {
  const options = { all: true, ...(filter.project ? { filters: { label: [`${LABEL}project=${filter.project}`] } } : {}), abortSignal: AbortSignal.timeout(CALL_TIMEOUT) };
  let listed: unknown[];
  try {
    listed = (await engine().listContainers(options)) as unknown[];
  } catch (error) {
    throw engineError(error);
  }
  const found: (Container | undefined)[] = new Array(listed.length);
  let next = 0;
  const worker = async () => {
    while (next < listed.length) {
      const at = next++;
      const entry = listedContainer.safeParse(listed[at]);
      if (entry.success) found[at] = await container(entry.data.Id, entry.data);
    }
  };
  await Promise.all(Array.from({ length: Math.min(PARALLEL, listed.length) }, worker));
  return found.filter((one): one is Container => one !== undefined);
}

/** One container, or undefined when it is gone. `id` = id or name. */
export async function findContainer(id: string): Promise<Container | undefined> {
  return container(containerRef(id));
}

async function container(id: string, listed?: { Ports?: { IP?: string; PrivatePort: number; PublicPort?: number; Type: string }[] | null }): Promise<Container | undefined> {
  let raw: unknown;
  try {
    raw = await engine().getContainer(id).inspect({ abortSignal: AbortSignal.timeout(CALL_TIMEOUT) } as never);
  } catch (error) {
    if (statusOf(error) === 404) return undefined; // removed between the list and now
    throw engineError(error);
  }
  const parsed = inspectedContainer.safeParse(raw);
  if (!parsed.success) throw new PanelError('engine_error', { socket: '', detail: `inspect of ${id.slice(0, 12)} can't be read` }, { status: 503 });
  const c = parsed.data;
  const label = (name: string) => c.Config.Labels?.[LABEL + name] || undefined;
  const health = c.State.Health?.Status;
  const started = moment(c.State.StartedAt);
  return {
    id: c.Id,
    name: c.Name.replace(/^\//, ''),
    project: label('project'),
    service: label('service'),
    image: c.Config.Image,
    imageId: c.Image,
    state: state(c.State.Status),
    health: health === 'starting' || health === 'healthy' || health === 'unhealthy' ? health : undefined,
    exitCode: started && c.State.Status !== 'running' ? c.State.ExitCode : undefined,
    startedAt: started,
    finishedAt: moment(c.State.FinishedAt),
    restartCount: c.RestartCount,
    oneOff: label('oneoff')?.toLowerCase() === 'true',
    workingDir: label('project.working_dir'),
    configFiles: label('project.config_files')?.split(','),
    configHash: label('config-hash'),
    // `node:service_started:false,tmkms:…`
    dependsOn: label('depends_on')?.split(',').map((one) => one.split(':')[0] as string),
    networks: Object.entries(c.NetworkSettings?.Networks ?? {}).map(([name, network]) => ({ name, address: network?.IPAddress ?? '' })),
    ports: (listed?.Ports ?? []).map((p) => ({ host: p.IP, hostPort: p.PublicPort, containerPort: p.PrivatePort, protocol: p.Type })),
    error: c.State.Error || undefined,
    outOfMemory: c.State.OOMKilled || undefined,
    tty: c.Config.Tty,
  };
}

async function lifecycle(id: string, verb: 'start' | 'stop' | 'restart' | 'remove', run: () => Promise<unknown>): Promise<void> {
  try {
    await run();
  } catch (error) {
    const status = statusOf(error);
    if (status === 304 || (status === 404 && verb === 'remove')) return; // already so
    if (status === 404) throw new PanelError('container_unknown', { container: id.slice(0, 80) }, { status: 404, cause: error });
    if (status) throw new PanelError(`container_${verb}_failed`, { container: id.slice(0, 80), detail: engineWords(error) }, { status: 502, cause: error });
    throw engineError(error);
  }
}

/** Starts a container; one that runs already is left as it is. */
export const startContainer = (id: string): Promise<void> => lifecycle(id, 'start', async () => engine().getContainer(containerRef(id)).start({ abortSignal: AbortSignal.timeout(120_000) } as never));

/** Stops a container: SIGTERM, after `seconds` (the container's own setting when absent) SIGKILL. */
export const stopContainer = (id: string, seconds?: number): Promise<void> => lifecycle(id, 'stop', async () => engine().getContainer(containerRef(id)).stop({ ...grace(seconds), abortSignal: patience(seconds) } as never));

/** Stops and starts a container. It keeps its configuration: a changed file needs a recreate. */
export const restartContainer = (id: string, seconds?: number): Promise<void> => lifecycle(id, 'restart', async () => engine().getContainer(containerRef(id)).restart({ ...grace(seconds), abortSignal: patience(seconds) } as never));

/** Removes a container that doesn't run; its volumes stay. One that runs is refused by the engine. */
export const removeContainer = (id: string): Promise<void> => lifecycle(id, 'remove', async () => engine().getContainer(containerRef(id)).remove({ abortSignal: AbortSignal.timeout(60_000) } as never));

const grace = (seconds: number | undefined) => (seconds === undefined ? {} : { t: Math.max(0, Math.floor(seconds)) });
// A container's own stop_grace_period can be minutes long.
const patience = (seconds: number | undefined) => AbortSignal.timeout(((seconds ?? 600) + 60) * 1000);
