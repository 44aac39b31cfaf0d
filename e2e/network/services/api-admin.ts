/** The admin API (facts 4, measured 22 to 29 and 41 to 45). */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { heightAt, latestEpoch } from '../chain.ts';
import type { Api } from './api-parts.ts';
import { nodeConfig, type NodeConfig } from './api-config.ts';
import { readText, send, type Handler } from './http.ts';
import { apiLine, print } from './log.ts';
import { setupReport } from './setup-report.ts';

type Reply = (status: number, body: unknown) => void;
const INVALID = (got: string, offset: number) => `Unmarshal type error: expected=apiconfig.InferenceNodeConfig, got=${got}, field=, offset=${offset}`;

/** What the later releases say about a node (measured 43). */
function complaints(node: NodeConfig, others: NodeConfig[]): string[] {
  const list: string[] = [];
  const port = (name: string, value: number) => { if (!(value >= 1 && value <= 65535)) list.push(`${name} must be between 1 and 65535, got ${value}`); };
  if (!node.id.trim()) list.push('node id is required and cannot be empty');
  if (!node.host.trim()) list.push('host is required and cannot be empty');
  port('inference_port', node.inference_port);
  port('poc_port', node.poc_port);
  if (!(node.max_concurrent > 0)) list.push(`max_concurrent must be greater than 0, got ${node.max_concurrent}`);
  if (Object.keys(node.models ?? {}).length === 0) list.push('at least one model must be specified');
  if (list.length > 0) return list;
  for (const other of others) {
    if (other.id === node.id || other.host !== node.host) continue;
    if (other.inference_port === node.inference_port) list.push(`duplicate inference host+port combination: ${node.host}:${node.inference_port} (already used by node '${other.id}')`);
    if (other.poc_port === node.poc_port) list.push(`duplicate PoC host+port combination: ${node.host}:${node.poc_port} (already used by node '${other.id}')`);
  }
  return list;
}

export function adminApi(api: Api): Handler {
  const { config, nodes, link } = api;
  const { release } = config;
  let wedged = false;
  let report: { until: number; body: unknown } | undefined;

  const latest = () => {
    const view = link.view();
    return view ? latestEpoch(view.world.clock, heightAt(view.world.clock, view.now)) : 0;
  };
  const keep = () => {
    config.nodes = nodes.list.map((node) => node.config);
    config.saveNodes();
  };

  /** Puts a node in or replaces it. The error, or undefined. */
  function upsert(body: unknown): { node: NodeConfig } | { status: number; error: string } {
    const node = nodeConfig(body as Record<string, unknown>);
    const existing = nodes.list.find((item) => item.config.id === node.id);
    const models = Object.keys(node.models ?? {});
    const valid = models.filter((id) => release.models.some((model) => model.id === id));
    if (release.validatesNodes) {
      const wrong = complaints(node, nodes.list.map((item) => item.config));
      const verb = existing ? 'update' : 'create';
      if (wrong.length > 0) return { status: existing ? 500 : 400, error: `failed to ${verb} node: validation failed: ${wrong.join('; ')}` };
      if (release.v2 ? valid.length === 0 : valid.length < models.length) {
        return { status: existing ? 500 : 400, error: release.v2 ? `failed to ${verb} node: node ${node.id} has no governance-valid models` : `failed to ${verb} node: one or more models are not valid governance models. Check logs for details.` };
      }
    } else if (valid.length < models.length) return existing ? { status: 400, error: 'failed to update node' } : { status: 500, error: 'error creating new node' };
    if (existing) existing.config = node;
    else nodes.add(node, latest());
    keep();
    return { node };
  }

  async function createOne(request: IncomingMessage, reply: Reply): Promise<void> {
    const text = await readText(request);
    let body: unknown;
    try {
      body = JSON.parse(text);
    } catch (error) {
      return reply(400, { error: { message: `Syntax error: offset=0, error=${error instanceof Error ? error.message : ''}` } });
    }
    if (typeof body !== 'object' || body === null || Array.isArray(body)) {
      const got = Array.isArray(body) ? 'array' : typeof body;
      return reply(400, release.validatesNodes
        ? { error: `invalid request body: code=400, message=${INVALID(got, text.length)}, internal=json: cannot unmarshal ${got} into Go value of type apiconfig.InferenceNodeConfig` }
        : { error: { message: INVALID(got, text.length) } });
    }
    const result = upsert(body);
    return 'node' in result ? reply(200, result.node) : reply(result.status, { error: result.error });
  }

  async function createBatch(request: IncomingMessage, reply: Reply): Promise<void> {
    const list = JSON.parse(await readText(request)) as Record<string, unknown>[];
    const done: NodeConfig[] = [];
    const errors: string[] = [];
    for (const [index, body] of list.entries()) {
      const result = upsert(body);
      if ('node' in result) done.push(result.node);
      else errors.push(`node[${index}] (id: ${String(body.id ?? '')}): code=${result.status}, message=${result.error}`);
    }
    if (errors.length === 0 || !release.validatesNodes) return reply(201, done);
    return done.length > 0 ? reply(206, { errors, nodes: done }) : reply(400, { error: { error: 'all nodes failed validation', errors } });
  }

  function toggle(id: string, enable: boolean, reply: Reply): void {
    const node = nodes.list.find((item) => item.config.id === id);
    if (!node) {
      // A lock is taken and never given back (measured 28).
      wedged = release.wedges;
      reply(404, { error: `node not found: ${id}` });
      return;
    }
    Object.assign(node, { enabled: enable, adminEpoch: latest() });
    reply(200, { message: `node ${enable ? 'enabled' : 'disabled'} successfully`, node_id: id });
  }

  async function recover(request: IncomingMessage, reply: Reply): Promise<void> {
    const body = JSON.parse((await readText(request)) || '{}') as { force_claim?: boolean; epoch_index?: number };
    const { previous } = config;
    const shown = { epoch_index: body.epoch_index ?? previous.epoch_index, seed: previous.seed, missed_validations: 0 };
    if (previous.epoch_index === 0) return reply(400, { error: `No valid seed available for previous epoch ${latest() - 1}` });
    if (previous.claimed && !body.force_claim) return reply(200, { success: false, message: 'Rewards already claimed for this epoch. Use force_claim=true to override.', ...shown, already_claimed: true, claim_executed: false });
    if (link.view()?.world.claims.refused) return reply(500, { error: 'Failed to claim rewards: failed to execute message; message index: 0: reward not claimable' });
    const already = previous.claimed;
    await link.report('claim', { address: config.address });
    previous.claimed = true;
    return reply(200, { success: true, message: 'Manual claim reward recovery completed successfully', ...shown, already_claimed: already, claim_executed: true });
  }

  return async (request: IncomingMessage, response: ServerResponse, url: URL) => {
    print(apiLine('INFO', 'Received request', 'Server', { method: request.method ?? '', path: url.pathname }));
    if (wedged) return;
    const reply: Reply = (status, body) => send(response, { status, type: release.apiJson, body }, '\n');
    const [, , , what = '', first = '', second = ''] = url.pathname.split('/');
    if (!url.pathname.startsWith('/admin/v1/')) return reply(404, { error: 'Not Found' });
    switch (`${request.method} ${what}`) {
      case 'GET nodes':
        if (first === 'upgrade-status') return reply(200, { message: 'No upgrade plan active' });
        return first ? reply(404, { error: 'Not Found' }) : reply(200, nodes.json(link.view(), config.address));
      case 'POST nodes':
        if (first === 'batch') return createBatch(request, reply);
        if (first === 'version-status') return reply(200, Object.fromEntries(nodes.list.map((node) => [node.config.id, { is_alive: node.current !== 'FAILED' }])));
        if (second === 'enable' || second === 'disable') return toggle(first, second === 'enable', reply);
        return first ? reply(404, { error: 'Not Found' }) : createOne(request, reply);
      case 'PUT nodes': return createOne(request, reply);
      case 'DELETE nodes': {
        const before = nodes.list.length;
        nodes.list = nodes.list.filter((node) => node.config.id !== first);
        keep();
        return reply(200, nodes.list.length < before);
      }
      case 'GET config': return reply(200, config.json());
      case 'GET unit-of-compute-price-proposal': return reply(200, { default: 100 });
      case 'GET setup':
        if (!report || report.until < Date.now()) report = { until: Date.now() + 60_000, body: await setupReport(api) };
        return reply(200, report.body);
      case 'POST claim-reward': return recover(request, reply);
      case 'GET export': return reply(200, { inference_nodes: config.nodes, kv_config: [], seed_info: [] });
    }
    return reply(404, { error: 'Not Found' });
  };
}
