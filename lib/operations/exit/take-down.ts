import { PanelError } from '#lib/core/errors.ts';
import { clock } from '#lib/core/clock.ts';
import { keepTrying } from './keep-trying.ts';
import { changeMemo } from './memo.ts';
import { sharedBy } from './shared-services.ts';
import { paramsOf, withProof } from './steps.ts';
import type { RunContext, Step, StepResult } from '#lib/operations/step.ts';
import type { Words } from '#lib/operations/schema.ts';
import { surroundings } from '#lib/operations/surroundings.ts';
import { rememberRunning } from '#lib/operations/interlock/tmkms-key-check.ts';
import { REMOVE_ML, TAKE_DOWN } from '#lib/operations/lifecycle/take-down.ts';
import { downPlan, refuseUnnamedMl } from '#lib/operations/lifecycle/take-down-plan.ts';
import { situation } from '#lib/operations/situation.ts';

/** Why the ML services stay although one node leaves; undefined where nobody else can need them. */
async function shared(run: RunContext, node: string): Promise<Words | undefined> {
  const { value, state } = await surroundings().mlNodes(run.deployment);
  if (!value || state !== 'ok') throw new PanelError('exit_list_unread', {}, { status: 503 });
  return sharedBy(value, run.deployment, node);
}

/** Point 7: the ML services' containers go, by proof; of one node only where no other needs them. */
const ml = (step: Step): Step => ({
  name: step.name,
  async run(run): Promise<StepResult> {
    const params = paramsOf(run);
    return withProof(run, async () => {
      const stays = params.scope === 'ml-node' ? await shared(run, params.node) : undefined;
      if (stays) return { skipped: true, evidence: stays };
      // Of the whole host compose takes them along; by the names in the files nobody would find them.
      if (params.scope !== 'host') await refuseUnnamedMl(run.deployment);
      const names = (await downPlan(run.deployment, '@ml')).affected.map(({ service }) => service.name);
      await changeMemo(run.id, (memo) => ({ memo: { ...memo, tookDown: [...new Set([...memo.tookDown, ...names])] }, result: undefined }));
      return step.run(run);
    });
  },
});

/** Point 8: the rest of the stack, where the whole host leaves. */
const all = (step: Step): Step => ({
  name: step.name,
  async run(run): Promise<StepResult> {
    if (paramsOf(run).scope !== 'host') return { skipped: true, evidence: { code: 'exit_network_stays', params: {} } };
    const work = async (): Promise<StepResult> => {
      // After a safe exit the folder may go to another machine; after a maintenance it goes on here.
      if (run.kind === 'maintenance') await rememberRunning(await situation('launch-all', undefined, run.deployment));
      return step.run(run);
    };
    return withProof(run, work, { takesNode: true });
  },
});

/** What is stopped is remembered with its time. */
const stopped: Step = {
  name: 'exit-stopped',
  async run(run) {
    const at = await keepTrying(run, () => changeMemo(run.id, (memo) => ({ memo: { ...memo, stoppedAt: memo.stoppedAt ?? clock.now() }, result: memo.stoppedAt ?? clock.now() })));
    return { evidence: { code: 'exit_stopped', params: { at: new Date(at).toISOString() } } };
  },
};

export const STOP: Step[] = [...REMOVE_ML.map(ml), ...TAKE_DOWN.map(all), stopped];
