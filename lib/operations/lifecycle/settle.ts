import { clock } from '#lib/core/clock.ts';
import { PanelError } from '#lib/core/errors.ts';
import type { Container } from '#lib/docker/client.ts';
import type { RunContext, StepResult } from '#lib/operations/step.ts';
import { inWords, serviceContainers } from '#lib/operations/situation.ts';
import { isCrashLooping } from './crash-loop.ts';

/** How long a container may take to stay up (ms). */
const PATIENCE = 90_000;
const LOOK_MS = 1000;

const identity = (c: Container) => `${c.id} ${c.startedAt} ${c.restartCount}`;

/**
 * Waits until the services' containers have run for `settleMs` without a restart: exit 0 of the command is no proof.
 * Throws service_crash_looping or service_not_running. A single restart by Docker is forgiven, two are a loop; so is what
 * waits for its next one at the end: after ten of them Docker waits a minute, and two don't fit into our patience.
 */
export async function awaitRunning(run: RunContext, services: string[]): Promise<StepResult> {
  const begun = clock.now();
  const first = new Map<string, { id: string; restarts: number }>();
  // Between two crashes it runs, and then the engine doesn't say how the last one ended.
  const exits = new Map<string, number>();
  const looping = (service: string, { restartCount }: Container) => new PanelError('service_crash_looping', { service, restarts: restartCount, exit: exits.get(service) ?? '?' }, { status: 502 });
  let steady = { since: begun, what: '' };
  for (;;) {
    const containers = await serviceContainers(run.deployment);
    const found = services.map((name) => ({ service: { name }, container: containers.get(name)?.[0] }));
    for (const { service, container } of found) {
      if (!container) continue;
      if (container.exitCode !== undefined) exits.set(service.name, container.exitCode);
      const known = first.get(service.name);
      if (!known || known.id !== container.id) first.set(service.name, { id: container.id, restarts: container.restartCount });
      else if (container.restartCount - known.restarts >= 2) throw looping(service.name, container);
      // Not coming back: its restart policy has given up, or it has none.
      if ((container.state === 'exited' || container.state === 'dead') && clock.now() - begun > 3 * LOOK_MS) {
        throw new PanelError('service_not_running', { service: service.name, containers: inWords([{ service, container }]) }, { status: 502 });
      }
    }
    const up = found.every(({ container }) => container?.state === 'running');
    const what = up ? found.map(({ container }) => identity(container as Container)).join('|') : '';
    if (what !== steady.what) steady = { since: clock.now(), what };
    if (up && clock.now() - steady.since >= run.settleMs) {
      return { evidence: { code: 'running', params: { containers: inWords(found), seconds: Math.round((clock.now() - steady.since) / 1000) } } };
    }
    if (clock.now() - begun > PATIENCE) {
      const late = found.find(({ container }) => container?.state !== 'running') ?? found.find(({ container }) => container && isCrashLooping(container)) ?? found[0];
      if (late?.container && isCrashLooping(late.container)) throw looping(late.service.name, late.container);
      throw new PanelError('service_not_running', { service: late?.service.name ?? '', containers: inWords(found) }, { status: 502 });
    }
    await run.wait(LOOK_MS);
  }
}

/** Proves that containers are down and stay down. Throws service_still_running. */
export async function awaitStopped(run: RunContext, services: string[]): Promise<StepResult> {
  const look = async () => {
    const containers = await serviceContainers(run.deployment);
    return services.map((name) => ({ service: { name }, container: containers.get(name)?.[0] }));
  };
  const before = await look();
  await run.wait(Math.min(run.settleMs, 2000));
  const after = (await look()).map((one, i) => ({ ...one, container: one.container ?? before[i]?.container, gone: !one.container }));
  const up = after.find(({ container, gone }) => container && !gone && ['running', 'restarting', 'paused'].includes(container.state));
  if (up) throw new PanelError('service_still_running', { service: up.service.name, containers: inWords([up]) }, { status: 502 });
  return { evidence: { code: 'stopped', params: { containers: inWords(after) } } };
}
