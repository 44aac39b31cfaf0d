import { PanelError } from '#lib/core/errors.ts';
import type { Deployment } from '#lib/deployment/schema.ts';
import { switchNode } from '#lib/mlnodes/switch-node.ts';
import { disableEffect } from './effect.ts';
import { openExit } from './exit.ts';
import { wantNothing } from './intent.ts';
import { foundAll, inStates, isEnabled, listNow } from './list.ts';
import { switchRequest } from './requests.ts';
import { wishDisabled, wishes } from './wish.ts';
import { mlDisable, type MlNodeIds, mlNodeIds } from './schema.ts';
import type { Procedure, RunContext, Step, StepResult } from '#lib/operations/step.ts';
import type { Gate } from '#lib/operations/schema.ts';
import type { Situation } from '#lib/operations/lifecycle/service-containers.ts';
import { surroundings } from '#lib/operations/surroundings.ts';

const idsOf = (params: unknown): string[] => (params as MlNodeIds).nodes;
const YES: Gate = { answer: 'yes' };

/** A node that a running exit has disabled isn't enabled beside it: the exit would have to ask what is wanted. */
async function exitGate(of: Deployment, ids: readonly string[]): Promise<Gate> {
  const exit = await openExit(of);
  if (!exit) return YES;
  const its = (await wishes(of.dir)).filter(({ nodeId, partOf }) => partOf === exit.id && ids.includes(nodeId)).map(({ nodeId }) => nodeId);
  return its.length > 0 ? { answer: 'refused', why: 'ml_exit_runs', params: { nodes: its.join(', '), kind: exit.kind.replaceAll('-', '_'), user: exit.startedBy, id: exit.id } } : YES;
}

/** What would be sent, and what it means. Reads the list; changes nothing. */
const plan = (enabled: boolean) => async (of: Deployment, params: unknown): Promise<Situation> => {
  const ids = idsOf(params);
  const { url, nodes } = await listNow(of);
  const missing = ids.filter((id) => !nodes.some((node) => node.id === id));
  if (missing.length > 0) throw new PanelError('ml_node_unknown', { nodes: missing.join(', ') }, { status: 404 });
  const left = nodes.filter((node) => ids.includes(node.id) && isEnabled(node) !== enabled).map(({ id }) => id);
  const commands = (left.length > 0 ? left : ids).map((id) => switchRequest(url, id, enabled));
  const { clock } = await surroundings().leaving(false);
  const longer = clock.state === 'ok' && clock.value && disableEffect(clock.value).longer;
  const notes = left.length === 0 ? ['nothing_to_do'] : enabled ? ['ml_enable_next_poc'] : [longer ? 'ml_disable_longer' : 'ml_disable_later', 'ml_disable_duty', 'ml_disable_remembered'];
  const [command = []] = commands;
  return { deployment: of, affected: [], command: commands.length === 1 ? command : [], ...(commands.length > 1 ? { commands } : {}), found: { code: 'ml_nodes_found', params: { nodes: inStates(nodes, ids) } }, notes, gate: enabled ? await exitGate(of, ids) : YES };
};

const look: Step = {
  name: 'ml-list',
  async run(run): Promise<StepResult> {
    return (await foundAll(run, idsOf(run.params))).result;
  },
};

/** Before the request: whoever is killed in between still wants it. */
const wish: Step = {
  name: 'ml-wish',
  async run(run): Promise<StepResult> {
    const ids = idsOf(run.params);
    if (mlDisable.parse(run.params).kept) {
      // A person may have enabled it here since the panel saw it forgotten.
      const held = (await wishes(run.deployment.dir)).filter(({ asked }) => !asked).map(({ nodeId }) => nodeId);
      const dropped = ids.filter((id) => !held.includes(id));
      if (dropped.length > 0) throw new PanelError('ml_wish_gone', { nodes: dropped.join(', ') }, { status: 409 });
    }
    await wishDisabled(run.deployment.dir, ids, run.user);
    return { evidence: { code: 'ml_wished', params: { nodes: ids.join(', ') } } };
  },
};

/** Before the request: a panel that is killed in between must not disable again what is to be enabled. */
const forget: Step = {
  name: 'ml-forget',
  async run(run): Promise<StepResult> {
    const ids = idsOf(run.params);
    const gate = await exitGate(run.deployment, ids);
    if (gate.answer === 'refused') throw new PanelError(`gate_${gate.why}`, gate.params, { status: 409 });
    const known = (await wishes(run.deployment.dir)).filter(({ nodeId }) => ids.includes(nodeId));
    if (known.length === 0) return { skipped: true, evidence: { code: 'ml_no_wish', params: {} } };
    await wantNothing(run.deployment.dir, ids);
    return { evidence: { code: 'ml_forgotten', params: { nodes: known.map(({ nodeId }) => nodeId).join(', ') } } };
  },
};

const send = (enabled: boolean): Step => ({
  name: enabled ? 'ml-enable' : 'ml-disable',
  async run(run): Promise<StepResult> {
    const { nodes } = await foundAll(run, idsOf(run.params));
    const left = nodes.filter((node) => idsOf(run.params).includes(node.id) && isEnabled(node) !== enabled);
    for (const { id } of left) {
      // Asked anew for each: only what a list of a moment ago has is sent (measured 28).
      const { url, nodes: now } = await listNow(run.deployment);
      if (!now.some((node) => node.id === id)) throw new PanelError('ml_node_unknown', { nodes: id }, { status: 404 });
      run.output.say({ code: 'runs', params: { command: switchRequest(url, id, enabled).join(' ') } });
      const { error } = await switchNode(url, id, enabled);
      if (error) throw new PanelError(error.code, error.params, { status: 502 });
    }
    if (left.length === 0) return { skipped: true, evidence: { code: 'ml_switched_already', params: { nodes: idsOf(run.params).join(', ') } } };
    return { evidence: { code: 'ml_sent', params: { nodes: left.map(({ id }) => id).join(', '), count: left.length } } };
  },
});

/** What a list shows that is fetched now; and from when it counts. */
async function proven(run: RunContext, enabled: boolean): Promise<StepResult> {
  const { nodes } = await foundAll(run, idsOf(run.params));
  const wrong = nodes.filter((node) => idsOf(run.params).includes(node.id) && isEnabled(node) !== enabled);
  if (wrong.length > 0) throw new PanelError('ml_not_switched', { nodes: wrong.map(({ id }) => id).join(', ') }, { status: 502 });
  const params = { nodes: idsOf(run.params).join(', '), count: idsOf(run.params).length };
  if (enabled) return { evidence: { code: 'ml_enabled', params } };
  const { clock } = await surroundings().leaving(false);
  if (clock.state !== 'ok' || !clock.value) return { evidence: { code: 'ml_disabled', params } };
  // What counts is the epoch of the disable, which may be an earlier one.
  const counted = Math.max(...nodes.filter((node) => idsOf(run.params).includes(node.id)).map((node) => node.state.admin?.epoch ?? clock.value?.latestEpoch ?? 0));
  const { epoch, block } = disableEffect(clock.value);
  return { evidence: counted + 1 === epoch ? { code: 'ml_disabled_from', params: { ...params, epoch, block } } : { code: 'ml_disabled', params } };
}

const proof = (enabled: boolean): Step => ({ name: 'ml-switched', run: (run) => proven(run, enabled) });

const LOCK = 'ml-nodes';
/** Switching ML nodes by the api's admin side: by ids of a list fetched a moment before, proven by one fetched after (facts 4.3, 4.4). */
export const ML_SWITCH: Record<'ml-enable' | 'ml-disable', Procedure> = {
  'ml-enable': { lock: LOCK, steps: [look, forget, send(true), proof(true)] },
  'ml-disable': { lock: LOCK, steps: [look, wish, send(false), proof(false)] },
};
export const ML_SWITCH_PARAMS = { 'ml-enable': mlNodeIds, 'ml-disable': mlDisable };
export const ML_SWITCH_PLANS = { 'ml-enable': plan(true), 'ml-disable': plan(false) };
