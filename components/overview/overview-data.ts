import type { Need } from '#lib/watch/needs-you.ts';
import type { Kind } from '#lib/operations/schema.ts';
import type { LeavingNow } from '../leave/leave-data.ts';
import type { NetworkSnapshot } from '#lib/watch/network-snapshot.ts';
import type { Verdict } from '#lib/watch/verdict.ts';
import type { ShownError } from '../ui/error-notice.tsx';
import type { StateWord } from '../ui/state.tsx';

export type { Need } from '#lib/watch/needs-you.ts';

export type OverviewService = {
  name: string; role: string; group: 'network' | 'ml'; image: string; state: StateWord;
  /** Key under `services.word`, with `params`. */
  word: string; params: Record<string, string | number>;
  since?: string; restarts: number; raw?: string;
};

export type OverviewOperation = { id: string; kind: Kind; target?: string; state: string; user: string; at: string; reason?: string; error?: ShownError };

/** Answer of GET /api/overview. Each part fails alone. */
export type Overview = {
  at: number; host?: string; release?: string;
  deployment: { state: 'ok'; dir: string } | { state: 'absent' } | { state: 'unknown'; error: ShownError };
  services: { state: 'ok' | 'unknown'; at?: number; source?: string; list: OverviewService[]; error?: ShownError };
  network?: Pick<NetworkSnapshot, 'epoch' | 'own' | 'ownNode' | 'seeds'>;
  verdict: Verdict;
  /** An exit or a maintenance that is under way. */
  leaving?: LeavingNow;
  needs: Need[];
  operations: { state: 'ok' | 'unknown'; list: OverviewOperation[] };
};
