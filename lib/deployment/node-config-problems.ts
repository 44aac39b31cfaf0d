import { isIP } from 'node:net';
import { argumentProblems } from './node-config-arguments.ts';
import { PLACEHOLDER, type NodeConfigEntry, type NodeConfigProblem, type NodeField } from './node-config-schema.ts';
import { isLocalHost } from './value-rules.ts';

export type NodeConfigRules = {
  /** Upstream release by image tag, such as `0.2.8`; rules differ. */
  release?: string;
  /** Model ids that governance has approved, when known. */
  approved?: readonly string[];
  /** Arguments known to be right for a model (reference configurations, governance): they are not flagged. */
  reference?: Record<string, readonly (readonly string[])[]>;
};

/**
 * What is wrong with the nodes, by the rules of facts 3.1 and 3.2. `broken` is only what the api or the ML node surely
 * refuses or can't work with.
 */
export function nodeConfigProblems(nodes: readonly NodeConfigEntry[], rules: NodeConfigRules = {}): NodeConfigProblem[] {
  return [...nodes.flatMap((node, index) => nodeProblems(node, index, rules)), ...twice(nodes, rules)];
}

function nodeProblems(node: NodeConfigEntry, index: number, { release, approved, reference }: NodeConfigRules): NodeConfigProblem[] {
  const found: NodeConfigProblem[] = [];
  const name = node.id.trim() || `#${index + 1}`;
  const add = (level: NodeConfigProblem['level'], code: string, field: NodeField, params: NodeConfigProblem['params'] = {}, model?: string): void => {
    found.push({ level, code, params: { node: name, ...params }, node: index, field, ...(model === undefined ? {} : { model }) });
  };

  if (!node.id.trim()) add('broken', 'node_id_blank', 'id');
  else if (PLACEHOLDER.test(node.id)) add('attention', 'node_placeholder', 'id', { field: 'id' });

  if (node.baseUrl?.trim()) {
    if (node.host.trim() || node.inferencePort > 0 || node.pocPort > 0) add('broken', 'node_base_url_and_host', 'base_url');
    if (PLACEHOLDER.test(node.baseUrl)) add('broken', 'node_placeholder', 'base_url', { field: 'base_url' });
  } else {
    found.push(...hostProblem(node, name, index));
    for (const [field, port] of [['inference_port', node.inferencePort], ['poc_port', node.pocPort]] as const) {
      if (port < 1 || port > 65535) add('broken', 'node_port_range', field, { field, port });
    }
    found.push(...portHint(node, name, index));
  }
  if (node.maxConcurrent <= 0) add('broken', 'node_max_concurrent', 'max_concurrent', { value: node.maxConcurrent });

  if (node.models.length === 0) add('broken', 'node_no_model', 'models');
  for (const { id, args } of node.models) {
    if (!id.trim()) add('broken', 'node_model_blank', 'models', {}, id);
    else if (PLACEHOLDER.test(id)) add('broken', 'node_placeholder', 'models', { field: 'models' }, id);
    found.push(...argumentProblems({ node: name, index, model: id, args, reference: reference && Object.hasOwn(reference, id) ? (reference[id] ?? []) : [] }));
  }
  for (const [i, { id }] of node.models.entries()) if (node.models.findIndex((one) => one.id === id) < i) add('broken', 'node_model_twice', 'models', { model: id }, id);
  if (approved) {
    const others = node.models.filter(({ id }) => id.trim() && !PLACEHOLDER.test(id) && !approved.includes(id));
    // Until 0.2.13 one such model keeps the whole node out; later it is only left out itself (facts 3.2).
    const whole = (release !== undefined && isBefore(release, '0.2.14')) || others.length === node.models.length;
    for (const { id } of others) add(whole ? 'broken' : 'attention', whole ? 'node_model_unapproved' : 'node_model_dropped', 'models', { model: id }, id);
  }
  for (const { type, count } of node.hardware ?? []) if (count <= 0 || !type.trim()) add('attention', 'node_hardware_entry', 'hardware', { type, count });
  return found;
}

/** The api builds `http://HOST:PORT` of it without a look at its form (facts 3.1). */
function hostProblem({ host }: NodeConfigEntry, name: string, node: number): NodeConfigProblem[] {
  const give = (level: NodeConfigProblem['level'], code: string, params: NodeConfigProblem['params'] = {}): NodeConfigProblem[] => [{ level, code, params: { node: name, ...params }, node, field: 'host' }];
  if (!host.trim()) return give('broken', 'node_host_blank');
  if (PLACEHOLDER.test(host)) return give('broken', 'node_placeholder', { field: 'host' });
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(host)) return give('broken', 'node_host_scheme', { host, bare: host.replace(/^[a-z][a-z0-9+.-]*:\/+/i, '').replace(/[:/].*$/, '') });
  if (/\s/.test(host)) return give('broken', 'node_host_form', { host });
  if (/^\[[0-9a-f:.]+\]$/i.test(host) && isIP(host.slice(1, -1)) === 6) return [];
  if (isIP(host) === 6) return give('broken', 'node_host_ipv6', { host });
  if (/[:/?#@\\]/.test(host)) return give('broken', 'node_host_port', { host });
  if (host === 'localhost' || (isIP(host) === 4 && host.startsWith('127.'))) return give('attention', 'node_host_local', { host });
  return [];
}

/** On one Docker network the ML node listens on 5000 and 8080; from another machine its host ports 5050 and 8080 count (facts 3.1). */
function portHint({ host, inferencePort }: NodeConfigEntry, name: string, node: number): NodeConfigProblem[] {
  const service = /^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(host) && isIP(host) === 0 && !isLocalHost(host);
  const params = { node: name, host, port: inferencePort };
  if (service && inferencePort === 5050) return [{ level: 'attention', code: 'node_port_same_docker', params, node, field: 'inference_port' }];
  if (!service && host.trim() && inferencePort === 5000) return [{ level: 'attention', code: 'node_port_remote', params, node, field: 'inference_port' }];
  return [];
}

/** Since 0.2.5 the api skips a node whose id or host:port another one has; before, the ML node is given work twice (facts 3.2). */
function twice(nodes: readonly NodeConfigEntry[], { release }: NodeConfigRules): NodeConfigProblem[] {
  const found: NodeConfigProblem[] = [];
  const ids = new Map<string, number>();
  const addresses = new Map<string, number>();
  nodes.forEach((node, index) => {
    const id = node.id.trim();
    const first = ids.get(id);
    if (id && first !== undefined) found.push({ level: 'broken', code: 'node_id_twice', params: { node: id, first: first + 1, second: index + 1 }, node: index, field: 'id' });
    else ids.set(id, index);
    if (node.baseUrl?.trim() || !node.host.trim()) return;
    for (const [field, port] of [['inference_port', node.inferencePort], ['poc_port', node.pocPort]] as const) {
      const address = `${node.host.trim().toLowerCase()}:${port}`;
      const other = addresses.get(`${field} ${address}`);
      if (other === undefined) addresses.set(`${field} ${address}`, index);
      else {
        const level = release === undefined || isBefore(release, '0.2.5') ? 'attention' : 'broken';
        found.push({ level, code: 'node_address_twice', params: { node: id || `#${index + 1}`, other: nodes[other]?.id.trim() || `#${other + 1}`, address, field }, node: index, field });
      }
    }
  });
  return found;
}

/** `0.2.4` before `0.2.14`; what stands behind a hyphen doesn't count. */
function isBefore(release: string, other: string): boolean {
  const parts = (text: string): number[] => text.replace(/^v/, '').split('-')[0]?.split('.').map(Number) ?? [];
  const [a, b] = [parts(release), parts(other)];
  for (let i = 0; i < 3; i += 1) if ((a[i] ?? 0) !== (b[i] ?? 0)) return (a[i] ?? 0) < (b[i] ?? 0);
  return false;
}
