import { singleton } from '#lib/core/singleton.ts';
import { isDurable, type Kind, type OperationView } from './schema.ts';
import { moveLock, openOperations } from './store.ts';

/** The part of a deployment that leaving the network is alone on while it only waits. */
export const LEAVE = 'leave';

/** One at a time between "is the lock free" and "the row says who has it". */
export async function alone<T>(work: () => Promise<T>): Promise<T> {
  const queue = singleton('operations.start-queue', () => ({ last: Promise.resolve() as Promise<unknown> }));
  const mine = queue.last.then(work, work);
  queue.last = mine.catch(() => {});
  return mine;
}

/** The open operation that keeps one of this kind from starting on `lock`. */
export async function holderOf(lock: string, kind: Kind): Promise<OperationView | undefined> {
  const [holder] = await openOperations(lock);
  if (holder || !isDurable(kind)) return holder;
  // One that takes down right now holds the whole deployment: still the one that a second would double.
  return (await openOperations(lock.slice(0, lock.lastIndexOf(':')))).find((one) => isDurable(one.kind));
}

/** Takes the lock `lock` for the open operation `id`, in place of the one it has; otherwise who holds it. */
export const takeLock = (id: string, lock: string): Promise<OperationView | undefined> =>
  alone(async () => {
    const holder = (await openOperations(lock)).find((one) => one.id !== id);
    if (!holder) await moveLock(id, lock);
    return holder;
  });
