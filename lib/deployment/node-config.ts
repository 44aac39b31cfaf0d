import { patchJsonText } from '#lib/core/json-text.ts';
import { NODE_FIELDS, type NodeConfigEntry, type NodeConfigFile, type NodeConfigProblem, type NodeField } from './node-config-schema.ts';

export { nodeConfigProblems } from './node-config-problems.ts';

type Raw = Record<string, unknown>;
const isRaw = (value: unknown): value is Raw => typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Reads the text of node-config.json. Never throws: a text that isn't JSON, or no list, has no nodes and one `broken`
 * problem; a field of a type that the api can't take is a `broken` problem and empty in the entry (facts 3.2: the api
 * ends at its first start and is started again for ever).
 */
export function parseNodeConfig(text: string): NodeConfigFile {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return { nodes: [], problems: [{ level: 'broken', code: 'node_config_json', params: placeOf(text, error) }] };
  }
  if (!Array.isArray(json)) return { nodes: [], problems: [{ level: 'broken', code: 'node_config_no_list', params: {} }] };
  const problems: NodeConfigProblem[] = [];
  const nodes = json.flatMap((raw: unknown, index) => {
    if (isRaw(raw)) return [entryOf(raw, index, problems)];
    problems.push({ level: 'broken', code: 'node_config_no_object', params: { number: index + 1 }, node: index });
    return [];
  });
  if (json.length === 0) problems.push({ level: 'attention', code: 'node_config_empty', params: {} });
  return { nodes, problems };
}

function entryOf(raw: Raw, index: number, problems: NodeConfigProblem[]): NodeConfigEntry {
  const wrong = (field: NodeField, model?: string): undefined => {
    const at = { node: index, field, ...(model === undefined ? {} : { model }) };
    if (!problems.some((one) => one.node === index && one.field === field && one.model === model)) problems.push({ level: 'broken', code: 'node_config_type', params: { number: index + 1, field }, ...at });
  };
  // Go takes null for "not there".
  const string = (field: NodeField): string | undefined => (raw[field] === undefined || raw[field] === null ? undefined : typeof raw[field] === 'string' ? raw[field] : wrong(field));
  const int = (field: NodeField): number => (raw[field] === undefined || raw[field] === null ? 0 : Number.isSafeInteger(raw[field]) ? (raw[field] as number) : (wrong(field) ?? 0));
  const optional = (key: 'inferenceSegment' | 'pocSegment' | 'baseUrl', field: NodeField) => {
    const value = string(field);
    return value === undefined ? {} : { [key]: value };
  };
  const hardware = hardwareOf(raw.hardware, () => wrong('hardware'));
  return {
    from: index,
    id: string('id') ?? '',
    host: string('host') ?? '',
    inferencePort: int('inference_port'),
    pocPort: int('poc_port'),
    ...optional('inferenceSegment', 'inference_segment'),
    ...optional('pocSegment', 'poc_segment'),
    ...optional('baseUrl', 'base_url'),
    maxConcurrent: int('max_concurrent'),
    models: modelsOf(raw.models, (model) => wrong('models', model)),
    ...(hardware ? { hardware } : {}),
    extra: Object.keys(raw).filter((key) => !NODE_FIELDS.some((known) => known === key)),
  };
}

function modelsOf(raw: unknown, wrong: (model?: string) => void): NodeConfigEntry['models'] {
  if (raw === undefined || raw === null) return [];
  if (!isRaw(raw)) {
    wrong();
    return [];
  }
  return Object.entries(raw).map(([id, model], from) => {
    const args = isRaw(model) ? (model.args ?? []) : model === null ? [] : undefined;
    if (Array.isArray(args) && args.every((token) => typeof token === 'string')) return { id, args, from };
    wrong(id);
    return { id, args: Array.isArray(args) ? args.filter((token): token is string => typeof token === 'string') : [], from };
  });
}

function hardwareOf(raw: unknown, wrong: () => void): NodeConfigEntry['hardware'] {
  if (raw === undefined || raw === null) return undefined;
  const good = (one: unknown): one is { type: string; count: number } => isRaw(one) && typeof (one.type ?? '') === 'string' && Number.isSafeInteger(one.count ?? 0);
  if (!Array.isArray(raw) || !raw.every(good)) {
    wrong();
    return undefined;
  }
  return raw.map(({ type, count }) => ({ type: type ?? '', count: count ?? 0 }));
}

/** Line and column (from 1) of what JSON.parse stumbled over. */
function placeOf(text: string, error: unknown): { line: number; column: number } {
  const position = Number(/position (\d+)/.exec(String(error))?.[1] ?? text.length);
  const before = text.slice(0, position).split('\n');
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
}

/**
 * The text with these nodes. Only what differs from `previous` is written: order of fields, indentation, unknown fields
 * and the last newline stay as they were. `previous` that is no JSON list (or empty) gives a new text of two blanks.
 */
export function formatNodeConfig(nodes: readonly NodeConfigEntry[], previous: string): string {
  const old = parseNodeConfig(previous).nodes;
  let raws: unknown[] = [];
  try {
    const json: unknown = JSON.parse(previous);
    raws = Array.isArray(json) ? json : [];
  } catch {
    // written anew
  }
  return patchJsonText(previous, nodes.map((node) => rawOf(node, node.from === undefined ? undefined : old.find(({ from }) => from === node.from), node.from === undefined ? undefined : raws[node.from])));
}

/** The node's object: the old one with the fields that changed. */
function rawOf(node: NodeConfigEntry, old: NodeConfigEntry | undefined, oldRaw: unknown): Raw {
  const raw: Raw = isRaw(oldRaw) ? { ...oldRaw } : {};
  const set = (field: NodeField, value: unknown, before: unknown): void => {
    if (old && JSON.stringify(value) === JSON.stringify(before)) return;
    if (value === undefined) delete raw[field];
    else raw[field] = value;
  };
  set('id', node.id, old?.id);
  if (node.baseUrl) {
    // Host and ports beside it are refused by the api; what isn't there isn't added.
    if (node.host || old?.host) set('host', node.host || undefined, old?.host || undefined);
    if (node.inferencePort || old?.inferencePort) set('inference_port', node.inferencePort || undefined, old?.inferencePort || undefined);
    if (node.pocPort || old?.pocPort) set('poc_port', node.pocPort || undefined, old?.pocPort || undefined);
  } else {
    set('host', node.host, old?.host);
    set('inference_port', node.inferencePort, old?.inferencePort);
    set('poc_port', node.pocPort, old?.pocPort);
  }
  set('base_url', node.baseUrl, old?.baseUrl);
  set('inference_segment', node.inferenceSegment, old?.inferenceSegment);
  set('poc_segment', node.pocSegment, old?.pocSegment);
  set('max_concurrent', node.maxConcurrent, old?.maxConcurrent);
  set('models', modelsRaw(node, old, raw.models), old ? modelsRaw(old, old, raw.models) : undefined);
  set('hardware', node.hardware, old?.hardware);
  return raw;
}

/** Models as an object; what a model has besides `args` (`model_override`) stays with it, under a new name too. */
function modelsRaw(node: NodeConfigEntry, old: NodeConfigEntry | undefined, raw: unknown): Raw {
  const before = isRaw(raw) ? raw : {};
  return Object.fromEntries(node.models.map(({ id, args, from }) => {
    const was = from === undefined ? undefined : old?.models.find((one) => one.from === from);
    const kept = was ? before[was.id] : undefined;
    if (was && JSON.stringify(was.args) === JSON.stringify(args)) return [id, kept ?? { args }];
    return [id, { ...(isRaw(kept) ? kept : {}), args }];
  }));
}
