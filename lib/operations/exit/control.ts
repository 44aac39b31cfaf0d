import { clock } from '#lib/core/clock.ts';
import { PanelError } from '#lib/core/errors.ts';
import { currentDeployment } from '#lib/deployment/current.ts';
import { allow, setBlock } from './machine.ts';
import { changeMemo, memoNow } from './memo.ts';
import { exitReport, type ExitReport } from './report.ts';
import { type ExitAnswer, EXIT_KINDS, type ExitForecast, exitMemo, type ExitParams, type ExitResume, type ExitView } from './schema.ts';
import { clockSeen, look } from './sight.ts';
import { exitView } from './view.ts';
import { timeOf } from '#lib/chain/epoch-clock.ts';
import { isOver, type Kind, type OperationView, REASON_MIN } from '#lib/operations/schema.ts';
import { listOperations, openOperations, operation } from '#lib/operations/store.ts';
import { surroundings } from '#lib/operations/surroundings.ts';

type By = { user: string; ip: string };

const isExit = (kind: Kind): boolean => (EXIT_KINDS as readonly string[]).includes(kind);

async function exitOf(id: string): Promise<OperationView> {
  const found = await operation(id);
  if (!found || !isExit(found.kind)) throw new PanelError('operation_unknown', { id }, { status: 404 });
  return found;
}

/** An exit as the page shows it. Throws operation_unknown. */
export async function exitSeen(id: string): Promise<ExitView> {
  return exitView(await exitOf(id), await memoNow(id));
}

/** The exit or maintenance that is under way, else the last one; undefined when there was none. */
export async function lastExit(): Promise<ExitView | undefined> {
  const open = (await openOperations()).find(({ kind }) => isExit(kind));
  const found = open ?? (await listOperations({ kind: [...EXIT_KINDS], limit: 1 })).operations[0];
  return found && exitView(found, await memoNow(found.id));
}

/** What a download is made of. Throws operation_unknown. */
export async function reportOf(id: string): Promise<ExitReport> {
  const found = await exitOf(id);
  const memo = await memoNow(id);
  return exitReport(found, exitView(found, memo), memo);
}

async function running(id: string): Promise<OperationView> {
  const found = await exitOf(id);
  if (isOver(found.state)) throw new PanelError('operation_over', { state: found.state }, { status: 409 });
  return found;
}

/** Answers what the exit asks: these nodes are disabled too, and it goes on. Throws operation_unknown, operation_over, exit_asks_nothing. */
export async function answerExit(id: string, { answer, nodes: shown }: ExitAnswer, by: By): Promise<void> {
  await running(id);
  const nodes = await changeMemo(id, (memo) => {
    const { memo: next, taken } = allow(memo, shown);
    return { memo: next, result: taken };
  });
  if (nodes.length === 0) throw new PanelError('exit_asks_nothing', {}, { status: 409 });
  await surroundings().audit({ ...by, action: `exit.${answer}`, target: id, result: 'ok', detail: { nodes: nodes.join(', ') } });
}

/**
 * Ends the pause of a maintenance: start, wait, enable, confirm. Once more with a reason, where something has come up that speaks
 * against the start. Throws operation_unknown, operation_over, exit_not_paused, operation_reason_needed (a reason that is too short).
 */
export async function resumeMaintenance(id: string, by: By, { reason, shown }: ExitResume = { shown: [] }): Promise<void> {
  const found = await running(id);
  const { mayResume, asksReason } = exitView(found, await memoNow(id));
  if (!mayResume && !asksReason) throw new PanelError('exit_not_paused', {}, { status: 409 });
  const said = (reason?.length ?? 0) >= REASON_MIN;
  const [open] = said ? [] : shown;
  if (open !== undefined) throw new PanelError('operation_reason_needed', { why: open, min: REASON_MIN }, { status: 409 });
  await changeMemo(id, (memo) => {
    const at = clock.now();
    const resume = { at, by: by.user, ...memo.resume, ...(said ? { reason, shown } : { shown: memo.resume?.shown ?? [] }) };
    return { memo: { ...memo, resume, ...(said && reason ? { events: [...memo.events, { code: 'reason', params: { user: by.user, reason }, at }] } : {}) }, result: undefined };
  });
  await surroundings().audit({ ...by, action: 'exit.resume', target: id, result: 'ok', ...(said && reason ? { detail: { reason } } : {}) });
}

/** What an exit would mean, before it is started: how long at least, and what is on duty. Asks no foreign host for it. */
export async function exitForecast(params: ExitParams): Promise<ExitForecast> {
  const of = await currentDeployment();
  if (!of) throw new PanelError('operation_no_deployment', {}, { status: 409 });
  const { sight, cost } = await look(of, exitMemo.parse({}), params, false);
  const { clock: at } = sight;
  const nodes = (sight.nodes ?? []).filter(({ id }) => params.scope !== 'ml-node' || id === params.node);
  // A disable counts in the latest epoch: while a PoC runs that is the one that is just being made (facts 4.4).
  const epoch = at && at.latestEpoch + 1;
  const block = at && epoch && setBlock(at, epoch);
  return {
    ...(at ? { clock: clockSeen(at) } : {}),
    longer: at !== undefined && at.latestEpoch > at.epoch,
    ...(at && epoch && block ? { earliest: { epoch, block, at: timeOf(at, block) } } : {}),
    nodes: nodes.map(({ id, enabled, duty }) => ({ id, enabled, duty })),
    cost,
    unknown: [sight.clockWhy, sight.nodesWhy, sight.identityWhy, sight.placeWhy].filter((one) => one !== undefined),
  };
}
