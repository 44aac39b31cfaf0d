import type { GovernanceModel } from '#lib/chain/governance-models.ts';
import type { ExitNetwork } from '#lib/operations/exit/network.ts';
import { mergedArguments, modelArguments } from '#lib/core/model-arguments.ts';
import { nodeCondition } from '#lib/mlnodes/node-condition.ts';
import type { RawNode } from '#lib/mlnodes/node-configs.ts';
import type { AdminNode } from '#lib/mlnodes/schema.ts';
import { shownNode } from '#lib/operations/ml-nodes/draft.ts';
import { dutyBy, shares } from '#lib/operations/ml-nodes/shares.ts';
import type { MlNodeModel, MlNodeView, MlNodeWish } from '#lib/operations/ml-nodes/schema.ts';

type Seen = { now: number; nodes: readonly AdminNode[]; configs: readonly RawNode[]; approved?: readonly GovernanceModel[]; network: ExitNetwork; release?: string; wishes: readonly MlNodeWish[] };

/** The nodes of the api's list as the page shows them; no secret is in them. */
export function nodeViews({ now, nodes, configs, approved, network, release, wishes }: Seen): MlNodeView[] {
  const known = shares(nodes, network, release);
  const latestEpoch = network.clock.state === 'ok' ? network.clock.value?.latestEpoch : undefined;
  return nodes.map((node): MlNodeView => {
    const { id, host, baseUrl, inferencePort, inferenceSegment, pocPort, pocSegment, maxConcurrent, nodeNum, hardware, state } = node;
    const { version, entry } = shownNode(configs.find((one) => one.id === id) ?? rawOf(node));
    const { weight, duty } = known.get(id) ?? {};
    const wanted = wishes.find(({ nodeId }) => nodeId === id);
    return {
      id, version, entry, host, ...(baseUrl ? { baseUrl } : {}), inferencePort, inferenceSegment, pocPort, pocSegment, maxConcurrent, nodeNum, hardware,
      models: entry.models.map((model) => modelView(model, state, approved)),
      intended: state.intended, current: state.current, pocIntended: state.pocIntended, pocCurrent: state.pocCurrent, changing: state.changing, failure: state.failure,
      ...(state.since === undefined ? {} : { since: state.since }), ...(state.admin ? { enabled: state.admin.enabled, adminEpoch: state.admin.epoch } : {}), ...(state.mlNodeVersion ? { mlNodeVersion: state.mlNodeVersion } : {}),
      condition: nodeCondition(node, now, latestEpoch), ...(weight === undefined ? {} : { weight }), duty: { by: dutyBy(release, network), ...(duty === undefined ? {} : { on: duty }) }, ...(wanted ? { wanted } : {}),
    };
  });
}

/** `model` with its secrets as tokens. What this epoch's assignment gives counts before what governance says now. */
function modelView(model: { id: string; args: string[] }, { epochModels, duty }: AdminNode['state'], approved: Seen['approved']): MlNodeModel {
  const governance = approved?.find(({ id }) => id === model.id);
  const given = epochModels[model.id]?.args;
  const rule = given && given.length > 0 ? given : (governance?.args ?? []);
  const value = (args: readonly string[], flag: string): string => modelArguments(args).filter((one) => one.flag === flag).map(({ values }) => values.join(' ')).join(' · ');
  const overridden = mergedArguments(rule, model.args).dropped.map(({ flag, values }) => ({ flag, local: values.join(' '), governance: value(rule, flag) }));
  return { id: model.id, args: model.args, ...(approved ? { approved: governance !== undefined } : {}), overridden, inEpoch: Object.hasOwn(duty, model.id) };
}

/** A node that came to the list between two looks. */
const rawOf = ({ id, host, baseUrl, inferencePort, inferenceSegment, pocPort, pocSegment, maxConcurrent, models, hardware }: AdminNode): RawNode => ({
  id, host, ...(baseUrl ? { base_url: baseUrl } : {}), inference_port: inferencePort, inference_segment: inferenceSegment, poc_port: pocPort, poc_segment: pocSegment, max_concurrent: maxConcurrent,
  models: Object.fromEntries(models.map((one) => [one.id, { args: one.args }])), hardware,
});
