import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { PanelError } from '#lib/core/errors.ts';
import type { Deployment } from '#lib/deployment/schema.ts';
import type { AdminNode } from '#lib/mlnodes/schema.ts';
import { clock } from '#lib/core/clock.ts';
import { changeMemo } from './memo.ts';
import { paramsOf, withProof } from './steps.ts';
import type { RunContext, Step, StepResult } from '#lib/operations/runner.ts';
import type { Words } from '#lib/operations/schema.ts';
import { surroundings } from '#lib/operations/surroundings.ts';
import { REMOVE_ML, TAKE_DOWN } from '#lib/operations/lifecycle/take-down.ts';

/** Where an ML node is: in this deployment, surely on another machine, or nobody can say (a name). */
export function whereIs({ host }: Pick<AdminNode, 'host'>, of: Pick<Deployment, 'services'>, own: readonly string[]): 'here' | 'elsewhere' | 'unclear' {
  if (of.services.some((one) => one.group === 'ml' && (one.name === host || one.containerName === host))) return 'here';
  if (isIP(host) === 0) return 'unclear';
  return host.startsWith('127.') || own.includes(host) ? 'unclear' : 'elsewhere';
}

const addresses = (): string[] => Object.values(networkInterfaces()).flatMap((card) => (card ?? []).map(({ address }) => address));

/** Why the ML services stay although one node leaves; undefined where nobody else can need them. */
async function shared(run: RunContext, node: string): Promise<Words | undefined> {
  const { value, state } = await surroundings().mlNodes(run.deployment);
  if (!value || state !== 'ok') throw new PanelError('exit_list_unread', {}, { status: 503 });
  const own = addresses();
  const mine = value.find(({ id }) => id === node);
  if (mine && whereIs(mine, run.deployment, own) !== 'here') return { code: 'exit_ml_elsewhere', params: { node, host: mine.host } };
  const others = value.filter((one) => one.id !== node && whereIs(one, run.deployment, own) !== 'elsewhere');
  return others.length > 0 ? { code: 'exit_ml_shared', params: { node, others: others.map(({ id }) => id).join(', ') } } : undefined;
}

/** Point 7: the ML services' containers go, by proof; of one node only where no other needs them. */
const ml = (step: Step): Step => ({
  name: step.name,
  async run(run): Promise<StepResult> {
    const params = paramsOf(run);
    return withProof(run, async () => {
      const stays = params.scope === 'ml-node' ? await shared(run, params.node) : undefined;
      return stays ? { skipped: true, evidence: stays } : step.run(run);
    });
  },
});

/** Point 8: the rest of the stack, where the whole host leaves. */
const all = (step: Step): Step => ({
  name: step.name,
  async run(run): Promise<StepResult> {
    if (paramsOf(run).scope !== 'host') return { skipped: true, evidence: { code: 'exit_network_stays', params: {} } };
    return withProof(run, () => step.run(run));
  },
});

/** What is stopped is remembered with its time. */
const stopped: Step = {
  name: 'exit-stopped',
  async run(run) {
    const at = await changeMemo(run.id, (memo) => ({ memo: { ...memo, stoppedAt: memo.stoppedAt ?? clock.now() }, result: memo.stoppedAt ?? clock.now() }));
    return { evidence: { code: 'exit_stopped', params: { at: new Date(at).toISOString() } } };
  },
};

export const STOP: Step[] = [...REMOVE_ML.map(ml), ...TAKE_DOWN.map(all), stopped];
