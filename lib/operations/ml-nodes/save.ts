import { PanelError } from '#lib/core/errors.ts';
import { parseNodeConfig } from '#lib/deployment/node-config.ts';
import type { Deployment } from '#lib/deployment/schema.ts';
import { nodeFingerprint, type RawNode } from '#lib/mlnodes/node-configs.ts';
import { saveNode, saveNodes } from '#lib/mlnodes/save-node.ts';
import { contentOf } from '#lib/operations/config/content.ts';
import { isBroken, mlNodeProblems } from './checks.ts';
import { configsNow } from './list.ts';
import { batchRequest, saveRequest } from './requests.ts';
import { type MlNodeSave, mlNodeSave } from './schema.ts';
import type { Procedure, RunContext, Step, StepResult } from '#lib/operations/step.ts';
import type { Situation } from '#lib/operations/lifecycle/service-containers.ts';
import { surroundings } from '#lib/operations/surroundings.ts';

type SaveKind = 'ml-save' | 'ml-add-many';
const paramsOf = (params: unknown): MlNodeSave => params as MlNodeSave;
const names = (nodes: readonly { id: string }[]): string => nodes.map(({ id }) => id).join(', ');

/** The nodes that are to be sent; they are in memory only, since their arguments can hold secrets. Undefined after a restart of the panel. */
function contentNow(params: MlNodeSave): RawNode[] | undefined {
  const held = contentOf(params.content);
  return held && (JSON.parse(held.text) as RawNode[]);
}

/** Those of the list that are what is wanted already. */
const asWanted = (params: MlNodeSave, listed: readonly RawNode[]): MlNodeSave['nodes'] =>
  params.nodes.filter(({ id, wanted, hardware }) => listed.some((node) => node.id === id && nodeFingerprint(node, hardware) === wanted));
const leftOf = (params: MlNodeSave, listed: readonly RawNode[]): MlNodeSave['nodes'] => {
  const there = asWanted(params, listed);
  return params.nodes.filter((one) => !there.includes(one));
};

/** Somebody else was there in between: the node is another one than was shown, or a new id is taken. */
function refuseChanged(left: MlNodeSave['nodes'], listed: readonly RawNode[]): void {
  for (const { id, base } of left) {
    const now = listed.find((node) => node.id === id);
    if (base === undefined && now) throw new PanelError('ml_node_exists', { node: id }, { status: 409 });
    if (base !== undefined && (!now || nodeFingerprint(now) !== base)) throw new PanelError('ml_node_changed', { node: id, there: now ? 'yes' : 'no' }, { status: 409 });
  }
}

/** The literal request, and whether its content is still there. Changes nothing. */
const plan = (kind: SaveKind) => async (of: Deployment, given: unknown): Promise<Situation> => {
  const params = paramsOf(given);
  const { url, nodes } = await configsNow(of);
  const left = leftOf(params, nodes);
  const content = contentNow(params);
  const isNew = params.nodes.some(({ base }) => base === undefined);
  return {
    deployment: of, affected: [], command: kind === 'ml-save' ? saveRequest(url, content?.[0]) : batchRequest(url, content),
    found: { code: 'ml_nodes_as_wanted', params: { nodes: names(asWanted(params, nodes)) || '-', others: names(left) || '-', count: left.length } },
    notes: left.length === 0 ? ['nothing_to_do'] : [isNew ? 'ml_new_next_poc' : 'ml_models_next_epoch', 'ml_kept_in_a_minute'],
    gate: !content && left.length > 0 ? { answer: 'refused', why: 'ml_content_gone', params: { nodes: names(left) } } : { answer: 'yes' },
  };
};

/** What is left to be sent, as long as it is what was on the screen. */
async function work(run: RunContext): Promise<{ url: string; listed: RawNode[]; left: MlNodeSave['nodes']; content: RawNode[] }> {
  const params = paramsOf(run.params);
  const { url, nodes } = await configsNow(run.deployment);
  const left = leftOf(params, nodes);
  const content = (contentNow(params) ?? []).filter(({ id }) => left.some((one) => one.id === id));
  if (content.length < left.length) throw new PanelError('gate_ml_content_gone', { nodes: names(left) }, { status: 409 });
  refuseChanged(left, nodes);
  return { url, listed: nodes, left, content };
}

const look: Step = {
  name: 'ml-list',
  async run(run): Promise<StepResult> {
    const { left } = await work(run);
    const { nodes } = paramsOf(run.params);
    return { evidence: { code: 'ml_planned', params: { nodes: names(left) || '-', count: left.length, already: nodes.length - left.length } } };
  },
};

/** The rules once more, against the list of now: v0.2.4 checks none of them (measured 29). */
const check: Step = {
  name: 'ml-check',
  async run(run): Promise<StepResult> {
    const { listed, left, content } = await work(run);
    const { value: approved } = await surroundings().approvedModels();
    const [first] = left;
    const problems = mlNodeProblems(parseNodeConfig(JSON.stringify(content)).nodes, { release: run.deployment.release, approved, listed, ...(first?.base ? { replaces: first.id } : {}) });
    if (isBroken(problems)) throw new PanelError('ml_nodes_broken', { count: problems.filter(({ level }) => level === 'broken').length, nodes: names(left) }, { status: 409 });
    return { evidence: { code: 'ml_checked', params: { count: content.length, models: approved ? 'known' : 'unknown' } } };
  },
};

const send: Step = {
  name: 'ml-send',
  async run(run): Promise<StepResult> {
    const { url, content } = await work(run);
    const [only] = content;
    if (!only) return { skipped: true, evidence: { code: 'ml_saved_already', params: { nodes: names(paramsOf(run.params).nodes) } } };
    const many = run.kind === 'ml-add-many';
    run.output.say({ code: 'runs', params: { command: (many ? batchRequest(url, content) : saveRequest(url, only)).join(' ') } });
    const answer: Awaited<ReturnType<typeof saveNodes>> = many ? await saveNodes(url, content) : { refused: '', ...(await saveNode(url, only)) };
    if (answer.error) throw new PanelError(answer.error.code, answer.error.params, { status: 502 });
    if (answer.refused) run.output.say({ code: 'ml_refused', params: { said: answer.refused } });
    return { evidence: { code: 'ml_sent', params: { nodes: names(content), count: content.length } } };
  },
};

/** Whatever the api answered, what its list shows is what came of it. */
const proof: Step = {
  name: 'ml-saved',
  async run(run): Promise<StepResult> {
    const params = paramsOf(run.params);
    const { nodes } = await configsNow(run.deployment);
    const left = leftOf(params, nodes);
    if (left.length > 0) {
      const absent = left.filter(({ id }) => !nodes.some((node) => node.id === id));
      throw new PanelError('ml_not_saved', { absent: names(absent) || '-', different: names(left.filter((one) => !absent.includes(one))) || '-', saved: params.nodes.length - left.length }, { status: 502 });
    }
    return { evidence: { code: 'ml_saved', params: { nodes: names(params.nodes), count: params.nodes.length } } };
  },
};

const PROCEDURE: Procedure = { lock: 'ml-nodes', steps: [look, check, send, proof] };
/** Adding and replacing ML nodes (facts 4.3). Started by lib/operations/ml-nodes/start.ts, which holds their content. */
export const ML_SAVE: Record<SaveKind, Procedure> = { 'ml-save': PROCEDURE, 'ml-add-many': PROCEDURE };
export const ML_SAVE_PARAMS = { 'ml-save': mlNodeSave, 'ml-add-many': mlNodeSave };
export const ML_SAVE_PLANS = { 'ml-save': plan('ml-save'), 'ml-add-many': plan('ml-add-many') };
