/** Compares JSON answers by their fields and types, whatever the values. */

type Shape = Map<string, Set<string>>;

function collect(value: unknown, path: string, shape: Shape): void {
  const note = (type: string) => shape.set(path, (shape.get(path) ?? new Set()).add(type));
  if (Array.isArray(value)) {
    note('list');
    for (const item of value) collect(item, `${path}[]`, shape);
  } else if (value && typeof value === 'object') {
    note('object');
    for (const [key, item] of Object.entries(value)) collect(item, `${path}.${key}`, shape);
  } else note(value === null ? 'null' : typeof value);
}

const shapeOf = (value: unknown): Shape => {
  const shape: Shape = new Map();
  collect(value, '', shape);
  return shape;
};

/** An empty list says nothing about what its items look like. */
function hasEmptyParent(path: string, of: Shape): boolean {
  for (let at = path.lastIndexOf('[]'); at > 0; at = path.lastIndexOf('[]', at - 1)) {
    const list = path.slice(0, at);
    if (of.has(list) && ![...of.keys()].some((key) => key.startsWith(`${list}[]`))) return true;
  }
  return false;
}

/** Fields that one has and the other hasn't, or with other types. `[]` when both have the same shape. */
export function shapeDifferences(recorded: unknown, made: unknown): string[] {
  const left = shapeOf(recorded);
  const right = shapeOf(made);
  const out: string[] = [];
  for (const [path, types] of left) {
    const other = right.get(path);
    if (!other) {
      if (!hasEmptyParent(path, right)) out.push(`missing ${path} (${[...types].join('|')})`);
    } else if ([...other].some((type) => !types.has(type))) out.push(`${path}: recorded ${[...types].join('|')}, made ${[...other].join('|')}`);
  }
  for (const path of right.keys()) if (!left.has(path) && !hasEmptyParent(path, left)) out.push(`extra ${path}`);
  return out;
}
