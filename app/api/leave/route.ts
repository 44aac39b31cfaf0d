import type { LeaveNow } from '#components/leave/leave-data.ts';
import { requireSession } from '#lib/access/session.ts';
import { clock } from '#lib/core/clock.ts';
import type { Deployment } from '#lib/deployment/schema.ts';
import { exitForecast, lastExit } from '#lib/operations/exit/control.ts';
import { wishesNow } from '#lib/operations/ml-nodes/wishes-now.ts';
import { isOver } from '#lib/operations/schema.ts';
import { deploymentNow } from '../deployment-now.ts';
import { answer } from '../operations/answer.ts';

/** The exit that is under way; without one, what a start would mean now, and which was the last. */
export async function GET(): Promise<Response> {
  await requireSession();
  return answer(async (): Promise<LeaveNow> => {
    const [{ deployment, error }, seen] = await Promise.all([deploymentNow(), lastExit()]);
    const at = clock.now();
    const known = { at, deployment: error ? ('unknown' as const) : deployment ? ('ok' as const) : ('absent' as const), ...(error ? { error } : {}) };
    if (seen && !isOver(seen.state)) return { ...known, running: seen };
    const last = seen && { id: seen.id, kind: seen.kind, params: seen.params, state: seen.state, startedBy: seen.startedBy, startedAt: seen.startedAt, endedAt: seen.endedAt };
    const [forecast, left] = deployment ? await Promise.all([exitForecast({ scope: 'host' }), leftBy(deployment)]) : [];
    return { ...known, ...(forecast ? { forecast } : {}), ...(left ? { left } : {}), ...(last ? { last } : {}) };
  });
}

/** What exits that are over have left disabled. One that was enabled since, or that nobody has any more, is the ML nodes page's. */
async function leftBy(of: Deployment): Promise<LeaveNow['left']> {
  const left = (await wishesNow(of)).filter(({ partOf, exitRuns, state }) => partOf && !exitRuns && (state === 'kept' || state === 'unknown'));
  return left.length > 0 ? { nodes: left.map(({ nodeId }) => nodeId), kept: left.every(({ state }) => state === 'kept') } : undefined;
}
