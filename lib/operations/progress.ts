import { clock } from '#lib/core/clock.ts';
import { singleton } from '#lib/core/singleton.ts';
import { announce } from '#lib/operations/lifecycle/fan-out.ts';
import type { Progress, SeenProgress } from './schema.ts';

/** Viewers are told this often at most (ms). */
const PACE = 500;

type Kept = { progress: SeenProgress; toldAt: number };
const kept = () => singleton('operations.progress', () => new Map<string, Kept>());

/** Keeps how far an operation is and wakes its viewers, twice a second at most. */
export function reportProgress(id: string, progress: Progress): void {
  const toldAt = kept().get(id)?.toldAt ?? 0;
  const due = Date.now() - toldAt >= PACE;
  kept().set(id, { progress: { ...progress, at: clock.now() }, toldAt: due ? Date.now() : toldAt });
  if (due) announce(id);
}

/** How far it is; undefined when nothing has been said, or it is over. */
export const progressOf = (id: string): SeenProgress | undefined => kept().get(id)?.progress;

export const forgetProgress = (id: string): boolean => kept().delete(id);
