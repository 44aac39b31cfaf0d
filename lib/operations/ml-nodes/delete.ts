import { PanelError } from '#lib/core/errors.ts';
import type { Deployment } from '#lib/deployment/schema.ts';
import { deleteNode } from '#lib/mlnodes/delete-node.ts';
import { clock as now } from '#lib/core/clock.ts';
import { gate } from '#lib/operations/gate.ts';
import { wantNothing } from './intent.ts';
import { inStates, listNow } from './list.ts';
import { deleteRequest } from './requests.ts';
import { type Share, shares } from './shares.ts';
import { type MlNodeIds, mlNodeIds } from './schema.ts';
import type { Procedure, Step, StepResult } from '#lib/operations/step.ts';
import type { Against, Gate } from '#lib/operations/schema.ts';
import type { Situation } from '#lib/operations/lifecycle/service-containers.ts';
import { surroundings } from '#lib/operations/surroundings.ts';

const idsOf = (params: unknown): string[] => (params as MlNodeIds).nodes;

/** A node that has weight owes inference, and one on duty will have weight again: taking it out now interrupts (measured 45). */
export function deleteReasons(ids: readonly string[], of: ReadonlyMap<string, Share>): Against[] {
  const named = (test: (share: Share) => boolean): string[] => ids.filter((id) => test(of.get(id) ?? {}));
  const reasons: Against[] = [];
  const weighty = named(({ weight }) => weight !== undefined && weight > 0);
  if (weighty.length > 0) reasons.push({ why: 'ml_node_weight', params: { nodes: weighty.join(', '), weight: weighty.reduce((sum, id) => sum + (of.get(id)?.weight ?? 0), 0) } });
  const onDuty = named(({ duty }) => duty === true);
  if (onDuty.length > 0) reasons.push({ why: 'ml_node_duty', params: { nodes: onDuty.join(', ') } });
  const unknown = named(({ weight, duty }) => weight === undefined || duty === undefined);
  if (unknown.length > 0) reasons.push({ why: 'ml_node_weight_unknown', params: { nodes: unknown.join(', ') } });
  return reasons;
}

async function deleteGate(ids: readonly string[], of: ReadonlyMap<string, Share>): Promise<Gate> {
  const reasons = deleteReasons(ids, of);
  if (reasons.length === 0) return { answer: 'yes' };
  // Whether the moment is a bad one too: what interrupts an ML node is weighed like a restart of one.
  const phase = gate({ change: 'restart', service: { name: ids.join(', '), role: 'mlnode', group: 'ml' }, container: { state: 'running' }, crashLooping: false, phase: await surroundings().phase(), membership: 'unknown', now: now.now() });
  return { answer: 'reason-needed', reasons: [...reasons, ...(phase.answer === 'reason-needed' ? phase.reasons : [])] };
}

/** What would be sent, and what speaks against it. A node that the list doesn't have is deleted already. */
async function plan(of: Deployment, params: unknown): Promise<Situation> {
  const ids = idsOf(params);
  const { url, nodes } = await listNow(of);
  const there = ids.filter((id) => nodes.some((node) => node.id === id));
  const commands = (there.length > 0 ? there : ids).map((id) => deleteRequest(url, id));
  const known = shares(nodes, await surroundings().leaving(false), of.release);
  const [command = []] = commands;
  return {
    deployment: of, affected: [], command: commands.length === 1 ? command : [], ...(commands.length > 1 ? { commands } : {}),
    found: { code: 'ml_nodes_found', params: { nodes: inStates(nodes, ids) } }, notes: there.length === 0 ? ['nothing_to_do'] : ['ml_delete_list_only', ...(there.length === nodes.length ? ['ml_delete_last'] : [])],
    gate: there.length === 0 ? { answer: 'yes' } : await deleteGate(there, known),
  };
}

const look: Step = {
  name: 'ml-list',
  async run(run): Promise<StepResult> {
    const { nodes } = await listNow(run.deployment);
    return { evidence: { code: 'ml_nodes_found', params: { nodes: inStates(nodes, idsOf(run.params)) } } };
  },
};

const remove: Step = {
  name: 'ml-delete',
  async run(run): Promise<StepResult> {
    const { url, nodes } = await listNow(run.deployment);
    const there = idsOf(run.params).filter((id) => nodes.some((node) => node.id === id));
    for (const id of there) {
      run.output.say({ code: 'runs', params: { command: deleteRequest(url, id).join(' ') } });
      const { error } = await deleteNode(url, id);
      if (error) throw new PanelError(error.code, error.params, { status: 502 });
    }
    if (there.length === 0) return { skipped: true, evidence: { code: 'ml_deleted_already', params: { nodes: idsOf(run.params).join(', ') } } };
    return { evidence: { code: 'ml_sent', params: { nodes: there.join(', '), count: there.length } } };
  },
};

const gone: Step = {
  name: 'ml-deleted',
  async run(run): Promise<StepResult> {
    const { nodes } = await listNow(run.deployment);
    const left = idsOf(run.params).filter((id) => nodes.some((node) => node.id === id));
    if (left.length > 0) throw new PanelError('ml_not_deleted', { nodes: left.join(', ') }, { status: 502 });
    return { evidence: { code: 'ml_deleted', params: { nodes: idsOf(run.params).join(', '), count: nodes.length } } };
  },
};

/** What was wanted of a node that is gone would be wanted of the next one of its name. */
const forget: Step = {
  name: 'ml-forget',
  async run(run): Promise<StepResult> {
    await wantNothing(run.deployment.dir, idsOf(run.params));
    return { evidence: { code: 'ml_forgotten', params: { nodes: idsOf(run.params).join(', ') } } };
  },
};

/** Taking ML nodes out of the api's list (facts 4.3); their containers stay. */
export const ML_DELETE: Record<'ml-delete', Procedure> = { 'ml-delete': { lock: 'ml-nodes', steps: [look, remove, gone, forget] } };
export const ML_DELETE_PARAMS = { 'ml-delete': mlNodeIds };
export const ML_DELETE_PLANS = { 'ml-delete': plan };
