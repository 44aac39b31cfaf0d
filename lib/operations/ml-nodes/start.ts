import { randomUUID } from 'node:crypto';
import { PanelError } from '#lib/core/errors.ts';
import { redact, SECRET_MARK } from '#lib/core/redact.ts';
import type { NodeConfigEntry } from '#lib/deployment/node-config-schema.ts';
import { hideNodeSecrets } from '#lib/deployment/node-config-tokens.ts';
import { parseNodeConfig } from '#lib/deployment/node-config.ts';
import { namesHardware, nodeFingerprint, type RawNode } from '#lib/mlnodes/node-configs.ts';
import { secretsIn } from '../../../guard/secret-arguments.ts';
import { dropContent, holdContent, whileMasked } from '#lib/operations/config/content.ts';
import { finished, startOperation } from '#lib/operations/journal.ts';
import { isBroken, mlNodeProblems } from './checks.ts';
import { draftOf } from './draft.ts';
import { configsNow } from './list.ts';
import { batchRequest, saveRequest } from './requests.ts';
import type { CheckInput, MlNodeSave, MlNodesCheck } from './schema.ts';
import { nodesOfText } from './text.ts';
import { deployment } from '#lib/operations/situation.ts';
import { surroundings } from '#lib/operations/surroundings.ts';

/** What is to be sent: new nodes, or the one that had the version `base` when it was shown. */
type Asked = { nodes: NodeConfigEntry[]; base?: string };

/** The nodes as they'd be sent, held against the list, the network's models and the rules as they are now. Throws ml_node_changed, config_secret_token, mlnodes_*. */
async function drafted({ nodes: entries, base }: Asked) {
  const of = await deployment();
  const [{ url, nodes: listed }, approved] = await Promise.all([configsNow(of), surroundings().approvedModels()]);
  const before = base === undefined ? undefined : listed.find((node) => nodeFingerprint(node) === base);
  if (base !== undefined && !before) throw new PanelError('ml_node_changed', { node: entries[0]?.id ?? '', there: listed.some(({ id }) => id === entries[0]?.id) ? 'yes' : 'no' }, { status: 409 });
  const raw = entries.map((entry) => draftOf(entry, before));
  const problems = mlNodeProblems(parseNodeConfig(JSON.stringify(raw)).nodes, { release: of.release, approved: approved.value, listed, ...(before ? { replaces: before.id } : {}) });
  return { url, listed, raw, problems, before, approved };
}

/**
 * Starts `ml-save` or `ml-add-many`. The nodes are held in memory while it runs, the journal keeps their fingerprints.
 * Refusals as startOperation's, besides: ml_nodes_broken, ml_node_changed, config_secret_token.
 */
export async function startMlNodes(request: { kind: 'ml-save' | 'ml-add-many'; reason?: string; shown?: string[]; user: string; ip: string } & Asked): Promise<{ id: string }> {
  const { kind, nodes, base, ...by } = request;
  return whileMasked(`ml nodes ${randomUUID()}`, secretsIn(JSON.stringify(nodes)), async () => {
    const { raw, problems } = await drafted({ nodes, base });
    const broken = problems.filter(({ level }) => level === 'broken');
    if (broken.length > 0) throw new PanelError('ml_nodes_broken', { count: broken.length, nodes: nodes.map(({ id }) => id).join(', ') }, { status: 409 });
    const text = JSON.stringify(raw);
    const secrets = secretsIn(text);
    const content = randomUUID();
    const params: MlNodeSave = { content, nodes: raw.map((node) => ({ id: node.id, wanted: nodeFingerprint(node, namesHardware(node)), ...(namesHardware(node) ? { hardware: true } : {}), ...(base === undefined ? {} : { base }) })) };
    holdContent(content, { text, hasSecret: secrets.length > 0, secrets });
    try {
      const started = await startOperation({ kind, params, ...by });
      void finished(started.id).finally(() => dropContent(content));
      return started;
    } catch (error) {
      dropContent(content);
      throw error;
    }
  });
}

/** What the nodes of a form or of a pasted text would be, with everything that is wrong with them. Sends nothing. */
export async function checkMlNodes(input: CheckInput): Promise<MlNodesCheck> {
  const read = 'text' in input ? nodesOfText(input.text) : { nodes: 'node' in input ? [input.node as NodeConfigEntry] : (input.nodes as NodeConfigEntry[]), problems: [] };
  const asked: Asked = { nodes: read.nodes, ...('node' in input && input.base !== undefined ? { base: input.base } : {}) };
  return whileMasked(`ml nodes ${randomUUID()}`, secretsIn('text' in input ? input.text : JSON.stringify(read.nodes)), async () => {
    const { url, listed, raw, problems: rules, before, approved } = await drafted(asked);
    const problems = [...read.problems, ...rules].map((one) => ({ ...one, params: Object.fromEntries(Object.entries(one.params).map(([name, value]) => [name, typeof value === 'string' ? redact(value) : value])) }));
    const save = 'node' in input;
    const left = raw.filter((node) => !before || nodeFingerprint(node, namesHardware(node)) !== nodeFingerprint(before, namesHardware(node)));
    return {
      nodes: raw.map((node, i) => ({ node: shown(node, before, asked.nodes[i] as NodeConfigEntry), exists: listed.some(({ id }) => id === node.id) })),
      problems,
      sendable: raw.length > 0 && left.length > 0 && !isBroken(problems),
      commands: raw.length === 0 ? [] : [(save ? saveRequest(url, raw[0]) : batchRequest(url, raw)).map((part) => redact(part))],
      gate: { answer: 'yes' },
      notes: left.length === 0 ? ['nothing_to_do'] : [before ? 'ml_models_next_epoch' : 'ml_new_next_poc', 'ml_kept_in_a_minute'],
      unchecked: approved.value ? [] : [approved.error ?? { code: 'chain_no_answer', params: {} }],
    };
  });
}

/** As it would be sent, without its secrets: an edited node keeps the tokens that it came with, a new one's are masked. */
function shown(node: RawNode, before: RawNode | undefined, entry: NodeConfigEntry): NodeConfigEntry {
  if (before) return entry;
  const [masked] = parseNodeConfig(hideNodeSecrets(JSON.stringify([node])).text.replace(/⟪secret \d+⟫/g, SECRET_MARK)).nodes;
  return masked ?? entry;
}
