import { PanelError } from '#lib/core/errors.ts';
import { type Container, restartContainer, startContainer, stopContainer } from '#lib/docker/client.ts';
import { composeCommand, serviceOperands } from '#lib/docker/compose.ts';
import { imageId } from '#lib/docker/local-image.ts';
import { wouldRecreate } from './compose-plan.ts';
import { bindsThere, deploymentSound, pullMissing, rememberKey, tmkmsAllowed } from './compose-steps.ts';
import { shortImage } from '#lib/operations/downloads/images-to-pull.ts';
import { LAUNCH_STEPS } from './launch.ts';
import type { Procedure, RunContext, Step, StepResult } from '#lib/operations/step.ts';
import { isGroup, type ServiceKind, type Words } from '#lib/operations/schema.ts';
import { servicesOf } from './service-group.ts';
import { awaitRunning, awaitStopped } from './settle.ts';
import { type Affected, inWords } from '#lib/operations/situation.ts';

/** What it is done to: one service, or those of a group that have something to be done. Throws service_unknown. */
async function touched(run: RunContext): Promise<[Affected, ...Affected[]]> {
  const [first, ...more] = (await run.look()).affected;
  if (!first) throw new PanelError('service_unknown', { service: run.target ?? '' }, { status: 404 });
  return [first, ...more];
}

const NONE = '-';
const namesOf = (affected: Affected[]) => affected.map((one) => one.service.name);

/** Keeps which containers there were and since when: a retry tells by it whether the effect has come already. */
const look: Step = {
  name: 'look',
  async run(run): Promise<StepResult> {
    const affected = await touched(run);
    const ids = affected.map(({ service, container }) => `${service.name} ${container?.id.slice(0, 12) ?? NONE} ${container?.startedAt ?? NONE}`).join('; ');
    if (affected.length > 1) return { evidence: { code: 'were', params: { containers: inWords(affected), ids } } };
    return { evidence: { code: 'was', params: { containers: inWords(affected), ids, since: affected[0].container?.startedAt ?? NONE } } };
  },
};

/** As the first of the retried operations has seen the service's container; NONE where there was none. */
function before(run: RunContext, service: string): { id: string; since: string } | undefined {
  const was: Words['params'] | undefined = run.origin?.steps.find((s) => s.name === 'look' && s.state === 'done')?.detail?.params;
  const [, id, since] = String(was?.ids ?? '').split('; ').map((one) => one.split(' ')).find(([name]) => name === service) ?? [];
  return id !== undefined && since !== undefined ? { id, since } : undefined;
}

/** Whether the container has been started anew since the first of the retried operations looked at it. */
function startedSince(run: RunContext, { service, container }: Affected): boolean {
  const was = before(run, service.name);
  return was !== undefined && container?.state === 'running' && container.startedAt !== undefined && container.startedAt !== was.since;
}

function replacedSince(run: RunContext, { service, container }: Affected): boolean {
  const was = before(run, service.name);
  return was !== undefined && was.id !== NONE && container?.state === 'running' && !container.id.startsWith(was.id);
}

const alreadyThere = (container: Container | undefined): StepResult => ({ skipped: true, evidence: { code: 'already', params: { since: container?.startedAt ?? NONE } } });

const start: Step = {
  name: 'start',
  async run(run) {
    const { composeArgs } = await run.look();
    const affected = await touched(run);
    const [{ container }] = affected;
    if (affected.every((one) => one.change === 'none')) return alreadyThere(container);
    if (!container || composeArgs) return { exitCode: await run.compose(composeArgs ?? []) };
    await startContainer(container.id);
    return {};
  },
};

const stop: Step = {
  name: 'stop',
  async run(run) {
    const { composeArgs, affected } = await run.look();
    const [left] = affected.filter((one) => one.change !== 'none' && one.container);
    if (!left?.container) return { skipped: true, evidence: { code: 'not_running', params: {} } };
    if (composeArgs) return { exitCode: await run.compose(composeArgs) };
    await stopContainer(left.container.id);
    return {};
  },
};

const restart: Step = {
  name: 'restart',
  async run(run) {
    const { composeArgs } = await run.look();
    const affected = await touched(run);
    const [{ container, change }] = affected;
    const left = affected.filter((one) => !startedSince(run, one));
    if (left.length === 0) return alreadyThere(container);
    if (isGroup(run.target ?? '')) return { exitCode: await run.compose(['restart', '--no-deps', ...serviceOperands(namesOf(left))]) };
    if (!container || composeArgs) return { exitCode: await run.compose(composeArgs ?? []) };
    // A restart that was cut off between stop and start leaves it down: then starting is what is missing.
    if (change === 'start') await startContainer(container.id);
    else await restartContainer(container.id);
    return {};
  },
};

const recreate: Step = {
  name: 'recreate',
  async run(run) {
    const affected = await touched(run);
    const done = affected.filter((one) => replacedSince(run, one));
    // Replaced by the files as they are now? They may have been edited since.
    const again = done.length > 0 ? await wouldRecreate(run.deployment.project, ['up', '-d', '--no-deps', ...serviceOperands(namesOf(affected))]) : new Set<string>();
    const left = affected.filter((one) => !done.includes(one) || again.has(one.container?.name ?? ''));
    if (left.length === 0) return alreadyThere(affected[0].container);
    return { exitCode: await run.compose(['up', '-d', '--no-deps', '--force-recreate', ...serviceOperands(namesOf(left))]) };
  },
};

const pull: Step = {
  name: 'pull',
  async run(run) {
    const { composeArgs = [] } = await run.look();
    run.output.say({ code: 'runs', params: { command: composeCommand(run.deployment.project, composeArgs).join(' ') } });
    return { exitCode: await run.compose(composeArgs) };
  },
};

/** The engine's ids are the proof, not what compose said. */
const pulled: Step = {
  name: 'images-verify',
  async run(run): Promise<StepResult> {
    const images = [...new Set(servicesOf(run.target, run.deployment).filter((one) => one.active).map((one) => one.image))];
    const ids = await Promise.all(images.map(async (image) => {
      const id = await imageId(image);
      if (!id) throw new PanelError('pull_broke_off', { image, detail: '-' }, { status: 502 });
      return `${shortImage(image)} ${id.replace('sha256:', '').slice(0, 12)}`;
    }));
    return { evidence: { code: 'image_ids', params: { count: ids.length, ids: ids.join(', ') } } };
  },
};

const runs: Step = { name: 'verify-running', run: async (run) => awaitRunning(run, namesOf(await touched(run))) };
const down: Step = { name: 'verify-stopped', run: async (run) => awaitStopped(run, namesOf((await run.look()).affected)) };

/** start, stop, restart, recreate, up and pull of one service, or of a group. */
export const LIFECYCLE: Record<Exclude<ServiceKind, 'down'>, Procedure> = {
  start: { steps: [look, deploymentSound, pullMissing, bindsThere, tmkmsAllowed, start, runs, rememberKey] },
  stop: { steps: [look, stop, down] },
  restart: { steps: [look, deploymentSound, pullMissing, bindsThere, tmkmsAllowed, restart, runs, rememberKey] },
  recreate: { steps: [look, deploymentSound, pullMissing, bindsThere, tmkmsAllowed, recreate, runs, rememberKey] },
  up: { steps: LAUNCH_STEPS },
  pull: { lock: 'images', steps: [pull, pulled] },
};
