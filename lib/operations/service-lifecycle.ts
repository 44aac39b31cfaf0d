import { PanelError } from '#lib/core/errors.ts';
import { type Container, restartContainer, startContainer, stopContainer } from '#lib/docker/client.ts';
import { wouldRecreate } from './compose-plan.ts';
import { bindsThere, deploymentSound, pullMissing, rememberKey, tmkmsAllowed } from './compose-steps.ts';
import type { Procedure, RunContext, Step, StepResult } from './runner.ts';
import type { ServiceKind, Words } from './schema.ts';
import { awaitRunning, awaitStopped } from './settle.ts';
import { type Affected, inWords } from './situation.ts';

const only = async (run: RunContext): Promise<Affected> => {
  const [one] = (await run.look()).affected;
  if (!one) throw new PanelError('service_unknown', { service: run.target ?? '' }, { status: 404 });
  return one;
};

const NONE = '-';

/** Keeps which container there was and since when: a retry tells by it whether the effect has come already. */
const look: Step = {
  name: 'look',
  async run(run) {
    const one = await only(run);
    return { evidence: { code: 'was', params: { containers: inWords([one]), id: one.container?.id.slice(0, 12) ?? NONE, since: one.container?.startedAt ?? NONE } } };
  },
};

const before = (run: RunContext): Words['params'] | undefined => run.origin?.steps.find((s) => s.name === 'look' && s.state === 'done')?.detail?.params;

/** Whether the container has been started anew since the first of the retried operations looked at it. */
function startedSince(run: RunContext, container: Container | undefined): boolean {
  const was = before(run);
  return was !== undefined && container?.state === 'running' && container.startedAt !== undefined && container.startedAt !== was.since;
}

function replacedSince(run: RunContext, container: Container | undefined): boolean {
  const was = before(run);
  return was !== undefined && was.id !== NONE && container?.state === 'running' && !container.id.startsWith(String(was.id));
}

const alreadyThere = (container: Container | undefined): StepResult => ({ skipped: true, evidence: { code: 'already', params: { since: container?.startedAt ?? NONE } } });

const start: Step = {
  name: 'start',
  async run(run) {
    const { composeArgs } = await run.look();
    const one = await only(run);
    if (one.change === 'none') return alreadyThere(one.container);
    if (!one.container || composeArgs) return { exitCode: await run.compose(composeArgs ?? []) };
    await startContainer(one.container.id);
    return {};
  },
};

const stop: Step = {
  name: 'stop',
  async run(run) {
    const { container, change } = await only(run);
    if (change === 'none' || !container) return { skipped: true, evidence: { code: 'not_running', params: {} } };
    await stopContainer(container.id);
    return {};
  },
};

const restart: Step = {
  name: 'restart',
  async run(run) {
    const { composeArgs } = await run.look();
    const one = await only(run);
    if (startedSince(run, one.container)) return alreadyThere(one.container);
    if (!one.container || composeArgs) return { exitCode: await run.compose(composeArgs ?? []) };
    // A restart that was cut off between stop and start leaves it down: then starting is what is missing.
    if (one.change === 'start') await startContainer(one.container.id);
    else await restartContainer(one.container.id);
    return {};
  },
};

const recreate: Step = {
  name: 'recreate',
  async run(run) {
    const now = await run.look();
    const one = await only(run);
    if (replacedSince(run, one.container)) {
      // Replaced by the files as they are now? They may have been edited since.
      const upArgs = (now.composeArgs ?? []).filter((arg) => arg !== '--force-recreate');
      if (!(await wouldRecreate(run.deployment.project, upArgs)).size) return alreadyThere(one.container);
    }
    return { exitCode: await run.compose(now.composeArgs ?? []) };
  },
};

const runs: Step = { name: 'verify-running', run: async (run) => awaitRunning(run, [(await only(run)).service.name]) };
const down: Step = { name: 'verify-stopped', run: async (run) => awaitStopped(run, (await only(run)).service.name) };

/** start, stop, restart, recreate of one service. */
export const LIFECYCLE: Record<Exclude<ServiceKind, 'down'>, Procedure> = {
  start: { steps: [look, deploymentSound, pullMissing, bindsThere, tmkmsAllowed, start, runs, rememberKey] },
  stop: { steps: [look, stop, down] },
  restart: { steps: [look, deploymentSound, pullMissing, bindsThere, tmkmsAllowed, restart, runs, rememberKey] },
  recreate: { steps: [look, deploymentSound, pullMissing, bindsThere, tmkmsAllowed, recreate, runs, rememberKey] },
};
