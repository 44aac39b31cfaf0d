import type { ExitForecast, ExitView } from '#lib/operations/exit/schema.ts';
import type { ShownError } from '../ui/error-notice.tsx';

export type { ExitClaim, ExitClock, ExitCost, ExitForecast, ExitNodeView, ExitParams, ExitStage, ExitView, ExitWait, Witness } from '#lib/operations/exit/schema.ts';

/** What rail and overview say of an exit that is under way. */
export type LeavingNow = Pick<ExitView, 'id' | 'kind' | 'params' | 'state' | 'stage' | 'waits' | 'failing' | 'question' | 'mayResume' | 'at'>;

/** Answer of GET /api/leave: what a start would mean, or the exit that runs; `last` is the one that ended last. */
export type LeaveNow = {
  at: number;
  deployment: 'ok' | 'absent' | 'unknown';
  error?: ShownError;
  forecast?: ExitForecast;
  running?: ExitView;
  /** ML nodes that an exit which is over has disabled, and that stay so through every restart; `kept`: the api lists them as disabled now. */
  left?: { nodes: string[]; kept: boolean };
  last?: Pick<ExitView, 'id' | 'kind' | 'params' | 'state' | 'startedBy' | 'startedAt' | 'endedAt'>;
};
