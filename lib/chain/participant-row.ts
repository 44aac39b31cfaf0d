import { UNSEEN, type Participant } from './schema.ts';

/*
 * `participantSchema` by hand: the same answer for the same input (a property test compares them), many times
 * as fast. A whole set of 10 000 hosts would otherwise hold up every page for seconds.
 */

const REFUSED = Symbol('refused');
type Refused = typeof REFUSED;
const PLAIN = /^[ -~]*$/;

function text(value: unknown, max: number): string | Refused {
  if (value === undefined || value === null) return '';
  if (typeof value !== 'string' || value.length > max) return REFUSED;
  return PLAIN.test(value) ? value : value.replace(UNSEEN, '');
}

function integer(value: unknown): number | Refused {
  if (value === undefined || value === null) return 0;
  const number = typeof value === 'number' ? value : typeof value === 'string' && value.length <= 24 && /^-?\d+$/.test(value) ? Number(value) : Number.NaN;
  return Number.isSafeInteger(number) ? number : REFUSED;
}

function rows<T>(value: unknown, max: number, read: (row: unknown) => T | Refused): T[] | Refused {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || value.length > max) return REFUSED;
  const list: T[] = [];
  for (const row of value) {
    const one = read(row);
    if (one === REFUSED) return REFUSED;
    list.push(one as T);
  }
  return list;
}

function flag(value: unknown): boolean | Refused {
  if (value === undefined || value === null || value === false || value === 'false' || value === 0) return false;
  return value === true || value === 'true' || value === 1 ? true : REFUSED;
}

function object(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
}

type Node = { id: string; pocWeight: number; timeslots: boolean[] };

function mlNode(value: unknown): Node | Refused {
  const raw = object(value);
  if (!raw) return REFUSED;
  const id = text(raw.node_id, 256);
  const pocWeight = integer(raw.poc_weight);
  const timeslots = rows(raw.timeslot_allocation, 64, flag);
  return id === REFUSED || pocWeight === REFUSED || timeslots === REFUSED ? REFUSED : { id, pocWeight, timeslots };
}

function mlNodes(value: unknown): Node[] | Refused {
  const raw = object(value);
  return raw ? rows(raw.ml_nodes, 4096, mlNode) : REFUSED;
}

/** One row of an active set, or undefined when it can't be read. */
export function participantRow(value: unknown): Participant | undefined {
  const raw = object(value);
  if (!raw) return undefined;
  const index = text(raw.index, 128);
  const named = text(raw.address, 128);
  const validatorKey = text(raw.validator_key, 256);
  const weight = integer(raw.weight);
  const url = text(raw.inference_url, 2048);
  const models = rows(raw.models, 512, (model) => (typeof model === 'string' ? text(model, 512) : REFUSED));
  const groups = rows(raw.ml_nodes, 512, mlNodes);
  if (index === REFUSED || named === REFUSED || validatorKey === REFUSED || weight === REFUSED || url === REFUSED || models === REFUSED || groups === REFUSED) return undefined;
  const address = index || named;
  if (!address) return undefined;
  const nodes = groups.flatMap((group, i) => group.map((node) => ({ model: models[i] ?? '', ...node })));
  return { address, validatorKey, weight, url, models, mlNodes: nodes };
}
