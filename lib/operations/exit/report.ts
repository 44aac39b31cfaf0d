import { redact } from '#lib/core/redact.ts';
import type { ExitMemo, ExitView, Witness } from './schema.ts';
import type { OperationView } from '#lib/operations/schema.ts';

/** The evidence of an exit, for the operator's own files. Everything in it is public or the operator's own; times ISO 8601. */
export type ExitReport = {
  product: 'gonka-panel';
  operation: string;
  kind: ExitView['kind'];
  scope: ExitView['params'];
  state: ExitView['state'];
  startedBy: string;
  startedAt?: string;
  endedAt?: string;
  began?: { epoch: number; latestEpoch: number; phase: string; block: number; chain: string; account: string; consensusKeys: string[] };
  nodes: { id: string; disabledAt?: string; countsFromEpoch?: number; forgottenByApi: number }[];
  draws: ExitView['draws'];
  claim?: ExitView['claim'];
  proof?: { epoch: number; block: number; at: string; witnesses: Witness[] };
  stoppedAt?: string;
  back?: ExitView['back'];
  events: { at: string; block?: number; code: string; params: Record<string, string | number> }[];
  steps: { name: string; state: string; startedAt?: string; endedAt?: string; evidence?: { code: string; params: Record<string, string | number> } }[];
};

const iso = (ms: number): string => new Date(ms).toISOString();

/** What is known of an exit, as data. */
export function exitReport(operation: OperationView, view: ExitView, memo: ExitMemo): ExitReport {
  const { noted, proven } = memo;
  return {
    product: 'gonka-panel',
    operation: operation.id,
    kind: view.kind,
    scope: view.params,
    state: view.state,
    startedBy: view.startedBy,
    startedAt: view.startedAt,
    endedAt: view.endedAt,
    ...(noted ? { began: { epoch: noted.epoch, latestEpoch: noted.latestEpoch, phase: noted.phase, block: noted.height, chain: noted.chainId, account: noted.address, consensusKeys: noted.keys } } : {}),
    nodes: view.nodes.map((node) => ({ id: node.id, ...(node.disabledAt === undefined ? {} : { disabledAt: iso(node.disabledAt) }), ...(node.countsFrom === undefined ? {} : { countsFromEpoch: node.countsFrom }), forgottenByApi: node.forgotten })),
    draws: view.draws,
    ...(view.claim ? { claim: view.claim } : {}),
    ...(proven ? { proof: { epoch: proven.epoch, block: proven.height, at: iso(proven.at), witnesses: proven.witnesses } } : {}),
    ...(view.stoppedAt === undefined ? {} : { stoppedAt: iso(view.stoppedAt) }),
    ...(view.back ? { back: view.back } : {}),
    events: memo.events.map(({ at, height, code, params }) => ({ at: iso(at), ...(height === undefined ? {} : { block: height }), code, params })),
    steps: operation.steps.map(({ name, state, startedAt, endedAt, detail }) => ({ name, state, startedAt, endedAt, ...(detail ? { evidence: detail } : {}) })),
  };
}

/** The report as a file of JSON; secrets masked like everything that leaves. */
export const reportJson = (report: ExitReport): string => `${redact(JSON.stringify(report, undefined, 2))}\n`;
