import { clock } from '#lib/core/clock.ts';
import { singleton } from '#lib/core/singleton.ts';

type Seen = { id: string; restartCount: number; state: string; startedAt?: string };
type Growth = { count: number; grownAt: number[] };

/** How long a restart by Docker is remembered (ms), and how many of them make a loop. */
const WINDOW = 10 * 60_000;
const LOOP = 2;
/** A container that has held out longer than this is over its loop (ms). */
const RECOVERED = 120_000;

const memory = () => singleton('operations.crash-loop', () => new Map<string, Growth>());

/**
 * Remembers how often Docker has restarted these containers. One reading says nothing: an api that Docker restarted
 * five times last month, and a minute ago because `node` was restarted (measured 27), is well.
 */
export function noteRestarts(containers: Seen[]): void {
  const now = clock.now();
  const all = memory();
  for (const { id, restartCount } of containers) {
    const known = all.get(id);
    if (!known) {
      all.set(id, { count: restartCount, grownAt: [] });
      continue;
    }
    for (let more = known.count; more < restartCount && more < known.count + LOOP; more++) known.grownAt.push(now);
    known.count = restartCount;
    known.grownAt = known.grownAt.filter((at) => now - at < WINDOW).slice(-LOOP);
  }
  const present = new Set(containers.map((c) => c.id));
  if (all.size > 500) for (const id of all.keys()) if (!present.has(id)) all.delete(id);
}

/** Docker starts it again and again: it waits for its next start now, or was started so twice in ten minutes and is young. */
export function isCrashLooping(container: Seen): boolean {
  if (container.state === 'restarting') return true;
  const grown = memory().get(container.id)?.grownAt.filter((at) => clock.now() - at < WINDOW).length ?? 0;
  const age = container.startedAt ? clock.now() - Date.parse(container.startedAt) : Number.POSITIVE_INFINITY;
  return grown >= LOOP && age < RECOVERED;
}
