import { mergedArguments, modelArguments } from '#lib/core/model-arguments.ts';

/** A node as node-config.json or as the api's list has it. */
export type DriftNode = {
  id: string; host: string; baseUrl?: string; inferencePort: number; pocPort: number; inferenceSegment?: string; pocSegment?: string; maxConcurrent: number;
  models: { id: string; args: string[] }[]; hardware?: { type: string; count: number }[];
};

/**
 * One difference. A side that doesn't have it is absent. `field` is a name in the file, `node` (a whole node is on one side
 * only), `model`, or an argument's flag. Words: `config.nodeDrift.<whatToDo>` {what, next}.
 */
export type NodeDrift = { node: string; model?: string; field: string; file?: string; api?: string; governance?: string; whatToDo: WhatToDo };
export type WhatToDo =
  | 'add_to_api' | 'only_in_api' | 'only_in_api_merged' | 'update_api' | 'api_waits_for_file' | 'governance_wins' | 'governance_adds' | 'model_unapproved' | 'hardware_detected';

export type DriftSides = {
  /** Absent: not read. */
  file?: readonly DriftNode[];
  api?: readonly DriftNode[];
  /** Governance's arguments by model; absent: not read. */
  governance?: Readonly<Record<string, readonly string[]>>;
  /** Whether the api has taken the file over: then only the admin API changes anything (facts 3.2). */
  merged: 'merged' | 'not-merged' | 'unknown';
};

/**
 * The file, the api's own list and governance's arguments side by side: only what differs, in the file's order, nodes that
 * only the api has last. A local argument whose flag governance has too is dropped by the api (facts 3.1), on either side.
 */
export function nodeDrift({ file, api, governance, merged }: DriftSides): NodeDrift[] {
  const found: NodeDrift[] = [];
  const toApi: WhatToDo = merged === 'not-merged' ? 'api_waits_for_file' : 'update_api';
  for (const node of file ?? []) {
    const other = api?.find(({ id }) => id === node.id);
    if (api && !other) found.push({ node: node.id, field: 'node', file: place(node), whatToDo: merged === 'not-merged' ? 'api_waits_for_file' : 'add_to_api' });
    if (other) found.push(...fieldDrift(node, other, toApi), ...modelDrift(node, other, toApi));
  }
  for (const node of api ?? []) if (file && !file.some(({ id }) => id === node.id)) found.push({ node: node.id, field: 'node', api: place(node), whatToDo: merged === 'merged' ? 'only_in_api_merged' : 'only_in_api' });
  if (governance) found.push(...governanceDrift(file ?? [], api ?? [], governance));
  return found;
}

const place = (node: DriftNode): string => node.baseUrl ?? `${node.host}:${node.inferencePort}, ${node.pocPort}`;

function fieldDrift(file: DriftNode, api: DriftNode, whatToDo: WhatToDo): NodeDrift[] {
  const rows = ([
    ['host', file.host, api.host], ['base_url', file.baseUrl ?? '', api.baseUrl ?? ''], ['inference_port', file.inferencePort, api.inferencePort], ['inference_segment', file.inferenceSegment ?? '', api.inferenceSegment ?? ''],
    ['poc_port', file.pocPort, api.pocPort], ['poc_segment', file.pocSegment ?? '', api.pocSegment ?? ''], ['max_concurrent', file.maxConcurrent, api.maxConcurrent],
  ] as const).filter(([, a, b]) => a !== b).map(([field, a, b]): NodeDrift => ({ node: file.id, field, ...filled(`${a}`, `${b}`), whatToDo }));
  const listed = (list: DriftNode['hardware']): string => (list ?? []).map(({ type, count }) => `${count} × ${type}`).join(', ');
  // Without hardware in the file the api asks the ML node (facts 3.1): no difference.
  if (file.hardware && file.hardware.length > 0 && listed(file.hardware) !== listed(api.hardware)) rows.push({ node: file.id, field: 'hardware', ...filled(listed(file.hardware), listed(api.hardware)), whatToDo: 'hardware_detected' });
  return rows;
}

/** A field without a value is absent on that side. (An argument without one is set.) */
const filled = (file: string, api: string): Pick<NodeDrift, 'file' | 'api'> => ({ ...(file === '' ? {} : { file }), ...(api === '' ? {} : { api }) });

function modelDrift(file: DriftNode, api: DriftNode, whatToDo: WhatToDo): NodeDrift[] {
  const found: NodeDrift[] = [];
  for (const { id } of [...file.models, ...api.models.filter((one) => !file.models.some((other) => other.id === one.id))]) {
    const [a, b] = [file.models.find((one) => one.id === id), api.models.find((one) => one.id === id)];
    if (!a || !b) {
      found.push({ node: file.id, model: id, field: 'model', ...(a ? { file: a.args.join(' ') } : {}), ...(b ? { api: b.args.join(' ') } : {}), whatToDo });
      continue;
    }
    for (const flag of new Set([...modelArguments(a.args), ...modelArguments(b.args)].map((one) => one.flag))) {
      const [left, right] = [said(a.args, flag), said(b.args, flag)];
      if (left !== right) found.push({ node: file.id, model: id, field: flag || 'args', ...(left === undefined ? {} : { file: left }), ...(right === undefined ? {} : { api: right }), whatToDo });
    }
  }
  return found;
}

/** The argument's values; '' for a flag alone; undefined when it isn't there. Every appearance counts. */
function said(args: readonly string[], flag: string): string | undefined {
  const all = modelArguments(args).filter((one) => one.flag === flag);
  return all.length === 0 ? undefined : all.map(({ values }) => values.join(' ')).join(' · ');
}

/** Models that governance doesn't have, and local arguments that have no effect because governance has them. */
function governanceDrift(file: readonly DriftNode[], api: readonly DriftNode[], governance: NonNullable<DriftSides['governance']>): NodeDrift[] {
  const found: NodeDrift[] = [];
  const nodes = [...new Set([...file, ...api].map(({ id }) => id))];
  for (const node of nodes) {
    const argsIn = (list: readonly DriftNode[], model: string) => list.find(({ id }) => id === node)?.models.find(({ id }) => id === model)?.args;
    const models = new Set([...file, ...api].filter(({ id }) => id === node).flatMap((one) => one.models.map(({ id }) => id)));
    for (const model of models) {
      const sides = { file: argsIn(file, model), api: argsIn(api, model) };
      if (!Object.hasOwn(governance, model)) {
        found.push({ node, model, field: 'model', ...(sides.file ? { file: sides.file.join(' ') } : {}), ...(sides.api ? { api: sides.api.join(' ') } : {}), whatToDo: 'model_unapproved' });
        continue;
      }
      const rule = governance[model] ?? [];
      const dropped = new Set([sides.file, sides.api].flatMap((args) => mergedArguments(rule, args ?? []).dropped.map(({ flag }) => flag)));
      for (const { flag } of modelArguments(rule)) {
        const [fileValue, apiValue] = [said(sides.file ?? [], flag), said(sides.api ?? [], flag)];
        const value = said(rule, flag) ?? '';
        const differs = [fileValue, apiValue].some((one) => one !== undefined && one !== value);
        const row = { node, model, field: flag || 'args', ...(fileValue === undefined ? {} : { file: fileValue }), ...(apiValue === undefined ? {} : { api: apiValue }), governance: value };
        if (!dropped.has(flag)) found.push({ ...row, whatToDo: 'governance_adds' });
        else if (differs) found.push({ ...row, whatToDo: 'governance_wins' });
      }
    }
  }
  return found;
}
