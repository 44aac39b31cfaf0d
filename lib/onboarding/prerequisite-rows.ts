import { dockerRows } from './docker-rows.ts';
import { gpuRows } from './gpu-rows.ts';
import { machineRows } from './machine-rows.ts';
import { networkRows } from './network-rows.ts';
import type { PrerequisiteFacts, PrerequisiteRow } from './prerequisite-facts.ts';
import { probeRows } from './probe-rows.ts';

export type { PrerequisiteFacts, PrerequisiteRow } from './prerequisite-facts.ts';

const WORST_FIRST = ['broken', 'attention', 'unknown', 'ok'];

/** Every prerequisite of the quickstart and of facts 10.3 and 12, judged, worst first. Pure: the same facts give the same rows. */
export function prerequisiteRows(facts: PrerequisiteFacts): PrerequisiteRow[] {
  const rows = [...networkRows(facts), ...dockerRows(facts), ...gpuRows(facts), ...probeRows(facts), ...machineRows(facts)];
  const loud = (row: PrerequisiteRow): number => (row.said === 'exposed_leaks' ? -1 : 0);
  return rows.map((row, index) => ({ row, index })).sort((a, b) => loud(a.row) - loud(b.row) || WORST_FIRST.indexOf(a.row.state) - WORST_FIRST.indexOf(b.row.state) || a.index - b.index).map(({ row }) => row);
}

/** How many rows there are of each state. */
export function countRows(rows: readonly PrerequisiteRow[]): Record<PrerequisiteRow['state'], number> {
  const count = { ok: 0, attention: 0, broken: 0, unknown: 0 };
  for (const { state } of rows) count[state]++;
  return count;
}
