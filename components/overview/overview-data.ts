import type { ShownError } from '../ui/error-notice.tsx';
import type { StateWord } from '../ui/state.tsx';
import type { EpochView } from '../epochs/epoch-view.ts';

/** A value read from somewhere: with where and when, or why it isn't known. */
export type Read<T> = { state: 'ok' | 'stale' | 'unknown' | 'rate-limited'; value?: T; at?: number; source?: string; error?: ShownError };

export type OverviewService = {
  name: string; role: string; group: 'network' | 'ml'; image: string; state: StateWord;
  /** Key under `overview.word`, with `params`. */
  word: string; params: Record<string, string | number>;
  since?: string; restarts: number; raw?: string;
};

export type Need = {
  id: string; level: 'broken' | 'attention' | 'unknown';
  /** Full message key of title and text (`<key>.title`, `<key>.text`), or the words of a known error or deployment problem. */
  key: string; params: Record<string, string | number>;
  action?: { label: string; href: string };
};

export type OverviewOperation = { id: string; kind: string; target?: string; state: string; user: string; at: string; reason?: string; error?: ShownError };

/** Answer of GET /api/overview. Each part fails alone. */
export type Overview = {
  at: number; host?: string; release?: string;
  deployment: { state: 'ok'; dir: string } | { state: 'absent' } | { state: 'unknown'; error: ShownError };
  engine: { state: 'ok'; version: string; at: number; source: string } | { state: 'absent' | 'stopped' | 'permission' | 'error' | 'unknown'; source?: string; detail?: string };
  services: { state: 'ok' | 'unknown'; at?: number; source?: string; list: OverviewService[]; error?: ShownError };
  network?: { epoch: Read<EpochView>; own: Read<{ address?: string; weight?: number; rank?: number; of?: number; active?: boolean; registered?: boolean }> };
  verdict: { key: string; state: StateWord; params: Record<string, string | number> };
  needs: Need[];
  operations: { state: 'ok' | 'unknown'; list: OverviewOperation[] };
};
