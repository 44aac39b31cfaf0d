import { parseNodeConfig } from '#lib/deployment/node-config.ts';
import type { NodeConfigEntry, NodeConfigProblem } from '#lib/deployment/node-config-schema.ts';
import { CSV_COLUMNS } from './schema.ts';

const MOST = 256;
type Column = (typeof CSV_COLUMNS)[number];
type Read = { nodes: NodeConfigEntry[]; problems: NodeConfigProblem[] };

/**
 * ML nodes of a text that a person pasted: a JSON list as node-config.json has it (or one object), or CSV with a line of
 * names (`id,host,inference_port,poc_port,max_concurrent,model,args`; arguments separated by blanks; several lines of one
 * id with different models are one node). Never throws: what can't be read is a `broken` problem.
 */
export function nodesOfText(text: string): Read {
  const trimmed = text.trim();
  const read = /^[[{]/.test(trimmed) ? parseNodeConfig(trimmed.startsWith('{') ? `[${trimmed}]` : trimmed) : nodesOfCsv(trimmed);
  if (read.nodes.length > MOST) return { nodes: [], problems: [{ level: 'broken', code: 'nodes_too_many', params: { count: read.nodes.length, most: MOST } }] };
  return { nodes: read.nodes.map(({ from: _place, ...node }) => ({ ...node, models: node.models.map(({ id, args }) => ({ id, args })) })), problems: read.problems };
}

function nodesOfCsv(text: string): Read {
  const { rows: [head, ...lines], open } = rowsOf(text);
  // Whatever follows is one value: the nodes of those lines would be left out without a word.
  if (open !== undefined) return { nodes: [], problems: [{ level: 'broken', code: 'nodes_csv_quote', params: { line: open } }] };
  const columns = (head?.cells ?? []).map((cell) => cell.trim().toLowerCase());
  const missing = (['id', 'host', 'model'] as const).filter((name) => !columns.includes(name));
  if (!head || missing.length > 0) return { nodes: [], problems: [{ level: 'broken', code: 'nodes_csv_head', params: { columns: CSV_COLUMNS.join(', '), missing: missing.join(', ') } }] };
  const problems: NodeConfigProblem[] = columns.filter((name) => !(CSV_COLUMNS as readonly string[]).includes(name)).map((name) => ({ level: 'broken', code: 'nodes_csv_column', params: { column: name.slice(0, 60), columns: CSV_COLUMNS.join(', ') } }));
  const nodes: NodeConfigEntry[] = [];
  for (const { cells, line } of lines) {
    if (cells.length === 1 && cells[0]?.trim() === '') continue;
    if (cells.length !== columns.length) {
      problems.push({ level: 'broken', code: 'nodes_csv_cells', params: { line, count: cells.length, wanted: columns.length } });
      continue;
    }
    const cell = (name: Column): string => cells[columns.indexOf(name)]?.trim() ?? '';
    const model = { id: cell('model'), args: cell('args').split(/\s+/).filter(Boolean) };
    const node = { id: cell('id'), host: cell('host'), inferencePort: port(cell('inference_port'), 5050), pocPort: port(cell('poc_port'), 8080), maxConcurrent: port(cell('max_concurrent'), 500) };
    const same = nodes.find((one) => one.id === node.id && one.host === node.host && one.inferencePort === node.inferencePort && one.pocPort === node.pocPort && !one.models.some(({ id }) => id === model.id));
    if (same) same.models.push(model);
    else nodes.push({ ...node, models: [model], extra: [] });
  }
  return { nodes, problems };
}

/** What isn't a number is 0, which the rules name. An empty cell is upstream's usual value for another machine (facts 3.1). */
const port = (cell: string, usual: number): number => (cell === '' ? usual : /^\d{1,9}$/.test(cell) ? Number(cell) : 0);

/** Rows of RFC 4180 with `,`, `;` or a tab between the cells: quoted cells may hold them, line breaks, and quotes as two. `open`: the line of a quote that nothing closes. */
function rowsOf(text: string): { rows: { cells: string[]; line: number }[]; open?: number } {
  const first = text.split(/\r?\n/, 1)[0] ?? '';
  const between = ['\t', ';', ','].find((one) => first.includes(one)) ?? ',';
  const rows: { cells: string[]; line: number }[] = [];
  let cells: string[] = [];
  let cell = '';
  let quoted = false;
  let quotedAt = 1;
  let line = 1;
  let begun = 1;
  const end = () => {
    rows.push({ cells: [...cells, cell], line: begun });
    cells = [];
    cell = '';
    begun = line;
  };
  for (let i = 0; i < text.length; i += 1) {
    const sign = text[i] as string;
    if (sign === '\n') line += 1;
    if (quoted) {
      if (sign !== '"') cell += sign;
      else if (text[i + 1] === '"') {
        cell += '"';
        i += 1;
      } else quoted = false;
    } else if (sign === '"' && cell.trim() === '') {
      quoted = true;
      quotedAt = line;
      cell = '';
    } else if (sign === between) {
      cells.push(cell);
      cell = '';
    } else if (sign === '\n') end();
    else if (sign !== '\r') cell += sign;
  }
  end();
  return { rows, ...(quoted ? { open: quotedAt } : {}) };
}
