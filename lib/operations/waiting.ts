import { singleton } from '#lib/core/singleton.ts';
import { announce } from '#lib/operations/lifecycle/fan-out.ts';
import type { Waiting } from './schema.ts';

const seen = () => singleton('operations.waiting', () => new Map<string, Waiting>());

/** What a scheduled operation waits for, as it was weighed last. In memory only: after a start of the panel it is weighed anew. */
export const waitingOf = (id: string): Waiting | undefined => seen().get(id);
export function noteWaiting(id: string, waiting: Waiting): void {
  seen().set(id, waiting);
  announce(id);
}
export const forgetWaiting = (id: string): void => void seen().delete(id);
