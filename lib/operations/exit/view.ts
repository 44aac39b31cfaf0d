import { type ExitMemo, type ExitParams, type ExitStage, EXIT_STAGES, type ExitView, exitParams } from './schema.ts';
import { clock } from '#lib/core/clock.ts';
import { MISSING_BLOCKS } from './machine.ts';
import { isOver, type OperationView } from '#lib/operations/schema.ts';
import { unwrittenOf } from '#lib/operations/unwritten.ts';

/** Which stage a step of the row belongs to; what isn't named goes with the one before it. */
const STAGE_OF: Record<string, ExitStage> = {
  'exit-note': 'note', 'exit-disable': 'disable', 'exit-set': 'set', 'exit-duty': 'duty', 'exit-claim': 'claim', 'exit-proof': 'proof', 'remove-ml': 'remove', down: 'down', 'exit-stopped': 'report',
  'exit-pause': 'pause', 'exit-release': 'start', 'exit-healthy': 'healthy', 'exit-enable': 'enable', 'exit-back': 'back',
};

/** What a start says that wants a typed reason: for the interlock of tmkms, or for the moment. */
const ASKS_REASON: readonly string[] = ['operation_reason_needed', 'operation_moment_passed'];

/** The stages that this exit has: the network node of a host that stays isn't stopped, and claims by itself for the rest. */
function stagesFor(kind: OperationView['kind'], { scope }: ExitParams): ExitStage[] {
  const without = [...(kind === 'maintenance' ? [] : ['pause', 'start', 'healthy', 'enable', 'back']), ...(scope === 'host' ? [] : ['down']), ...(scope === 'ml-node' ? ['claim'] : [])];
  return EXIT_STAGES.filter((one) => !without.includes(one));
}

function stagesOf({ steps, state, kind }: OperationView, params: ExitParams): Pick<ExitView, 'stage' | 'stages'> {
  const rows = steps.filter(({ name }) => name !== 'observe' && name !== 'undo');
  let stage: ExitStage = 'note';
  const open = rows.find((step) => {
    stage = STAGE_OF[step.name] ?? stage;
    return step.state !== 'done' && step.state !== 'skipped';
  });
  const at = open ? stage : 'report';
  const order = stagesFor(kind, params);
  // A report of a maintenance ends it, and stands after the stop only in a list of steps.
  const reached = EXIT_STAGES.indexOf(at === 'report' && open && kind === 'maintenance' ? 'pause' : at);
  // A step of a stage that this exit doesn't have is passed over at once: it is where the next one is.
  const here = order.findIndex((one) => EXIT_STAGES.indexOf(one) >= reached);
  return { stage: order[here] ?? at, stages: order.map((one, i) => ({ stage: one, state: i < here || state === 'succeeded' ? 'done' : i === here && !isOver(state) ? 'now' : 'open' })) };
}

/** A proof is made anew for each try of what it is for; one that is older (ms) says nothing of now. */
const PROOF_STANDS_MS = 2 * 60_000;

/** What the page shows, from the row and its memo alone: nobody outside is asked. */
export function exitView(operation: OperationView, memo: ExitMemo): ExitView {
  const params: ExitParams = exitParams.safeParse(operation.params).data ?? { scope: 'host' };
  const { seen } = memo;
  const known = new Map((seen?.nodes ?? []).map((node) => [node.id, node]));
  const height = seen?.clock?.height;
  const pausing = operation.kind === 'maintenance' && operation.state === 'running' && operation.steps.some(({ name, state }) => name === 'exit-pause' && state === 'running');
  return {
    id: operation.id,
    kind: operation.kind === 'maintenance' ? 'maintenance' : 'safe-exit',
    params,
    state: operation.state,
    startedBy: operation.startedBy,
    startedAt: operation.startedAt,
    endedAt: operation.endedAt,
    error: operation.error,
    ...stagesOf(operation, params),
    at: seen?.at,
    clock: seen?.clock,
    waits: isOver(operation.state) ? undefined : seen?.waits,
    unknown: isOver(operation.state) ? [] : (seen?.unknown ?? []),
    // What can't be written stands in no memo.
    failing: isOver(operation.state) ? undefined : (unwrittenOf(operation.id) ?? memo.failing),
    question: isOver(operation.state) ? undefined : memo.question,
    nodes: memo.nodes.map((node) => ({
      id: node.id,
      enabled: known.get(node.id)?.enabled,
      duty: known.get(node.id)?.duty,
      disabledAt: node.disabledAt,
      ours: node.ours,
      countsFrom: node.epoch,
      forgotten: node.forgotten,
      removed: node.missingSince !== undefined && height !== undefined && height - node.missingSince >= MISSING_BLOCKS,
    })),
    draws: memo.draws,
    cost: seen?.cost,
    claim: memo.claim,
    witnesses: seen?.witnesses ?? [],
    proven: memo.proven,
    proofStands: memo.proven !== undefined && seen?.waits === undefined && Math.abs(clock.now() - memo.proven.at) < PROOF_STANDS_MS,
    stoppedAt: memo.stoppedAt,
    takenDown: memo.tookDown.length > 0 || (params.scope === 'host' && memo.stoppedAt !== undefined),
    undone: operation.steps.find(({ name, state }) => name === 'undo' && (state === 'done' || state === 'failed'))?.detail,
    mayResume: pausing && memo.resume === undefined,
    asksReason: !isOver(operation.state) && memo.resume !== undefined && ASKS_REASON.includes(memo.failing?.code ?? ''),
    resumed: memo.resume && { at: memo.resume.at, by: memo.resume.by, reason: memo.resume.reason },
    back: memo.backIn,
    events: memo.events,
  };
}
