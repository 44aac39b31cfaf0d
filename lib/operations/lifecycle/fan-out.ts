import { singleton } from '#lib/core/singleton.ts';

type Listener = () => void;

const listeners = () => singleton('operations.fan-out', () => new Map<string, Set<Listener>>());

/** Wakes everyone who watches this operation. It carries nothing: what there is to see stands in the rows. */
export function announce(id: string): void {
  for (const listener of listeners().get(id) ?? []) listener();
}

/** Calls `listener` on every announcement of this operation until the returned function is called. */
export function watchAnnouncements(id: string, listener: Listener): () => void {
  const all = listeners();
  const set = all.get(id) ?? new Set<Listener>();
  all.set(id, set.add(listener));
  return () => {
    set.delete(listener);
    if (set.size === 0 && all.get(id) === set) all.delete(id);
  };
}

/** Watchers now; a test proves that none stays. */
export const watcherCount = (): number => [...listeners().values()].reduce((sum, set) => sum + set.size, 0);
