import { clock } from '#lib/core/clock.ts';
import { PanelError } from '#lib/core/errors.ts';
import { rememberRemoved } from '#lib/deployment/removed-containers.ts';
import { listContainers } from '#lib/docker/client.ts';
import { projectNetworks } from '#lib/docker/project-networks.ts';
import type { Procedure, RunContext, Step, StepResult } from '#lib/operations/step.ts';
import type { Group } from '#lib/operations/schema.ts';
import { inWords } from '#lib/operations/situation.ts';
import { downPlan } from './take-down-plan.ts';

/** How long the engine may take to let go of what compose has removed (ms). */
const PATIENCE = 30_000;

const targetOf = (run: RunContext, given: Group | undefined): string => given ?? run.target ?? '';

/** What is there of it, one-off containers of the project too when it is all of it. */
async function left(run: RunContext, target: string): Promise<string[]> {
  if (target === '@all') return (await listContainers({ project: run.deployment.project.name })).map((one) => `${one.name}: ${one.state}`);
  return (await downPlan(run.deployment, target)).affected.map((one) => inWords([one]));
}

/** Removes the containers of `given` (of the operation's target when absent). What is gone already isn't removed again. */
const remove = (name: string, given?: Group): Step => ({
  name,
  async run(run): Promise<StepResult> {
    const target = targetOf(run, given);
    // Reads whose containers these are: another clone with the same project name is refused here.
    const plan = await downPlan(run.deployment, target);
    const before = await left(run, target);
    const networks = target === '@all' ? await projectNetworks(run.deployment.project.name) : [];
    if (before.length === 0 && networks.length === 0) return { skipped: true, evidence: { code: 'removed_already', params: {} } };
    // Whoever starts them again starts them as they were.
    await rememberRemoved(run.deployment.dir, run.origin?.id ?? run.id, plan.affected.flatMap(({ container }) => container ?? []));
    return { exitCode: await run.compose(plan.composeArgs ?? []), evidence: { code: 'removed', params: { containers: before.join(', ') || '-' } } };
  },
});

/** The engine's list without them is the proof. Throws containers_left. */
const gone = (name: string, given?: Group): Step => ({
  name,
  async run(run): Promise<StepResult> {
    const target = targetOf(run, given);
    for (const begun = clock.now(); ; ) {
      const still = await left(run, target);
      if (still.length === 0) return { evidence: { code: 'gone', params: { project: run.deployment.project.name } } };
      if (clock.now() - begun > PATIENCE) throw new PanelError('containers_left', { containers: still.join(', ').slice(0, 400), project: run.deployment.project.name }, { status: 502 });
      await run.wait(500);
    }
  },
});

/**
 * The ML services' containers are removed, not stopped: they are `restart: always`, and a stopped one comes back with the
 * engine. For operations that end with it (safe exit).
 */
export const REMOVE_ML: Step[] = [remove('remove-ml', '@ml'), gone('verify-ml-removed', '@ml')];

/** `docker compose … down` of the recorded files, overrides and profiles included, volumes kept. For operations that end with it. */
export const TAKE_DOWN: Step[] = [remove('down', '@all'), gone('verify-down', '@all')];

const look: Step = {
  name: 'look',
  async run(run): Promise<StepResult> {
    const { affected } = await run.look();
    return { evidence: affected.length > 0 ? { code: 'found', params: { containers: inWords(affected) } } : { code: 'removed_already', params: {} } };
  },
};

/** Down: of everything, of a group, of one service. */
export const DOWN: Record<'down', Procedure> = { down: { steps: [look, remove('remove'), gone('verify-removed')] } };
