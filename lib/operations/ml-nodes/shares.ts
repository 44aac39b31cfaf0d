import { isAtLeast } from '#lib/docker/compose-version.ts';
import type { AdminNode } from '#lib/mlnodes/schema.ts';
import type { ExitNetwork } from '#lib/operations/exit/network.ts';

/** What an ML node has and owes in this epoch. Absent is unknown. */
export type Share = { weight?: number; duty?: boolean };

/** From here on duty is drawn on chain and the slots of the api's list mean nothing (facts 4.2). */
const SNAPSHOT_SINCE = '0.2.12';
/** Which of both says who is on duty in this release; `unknown` release: the chain's word where it has one. */
export const dutyBy = (release: string | undefined, { preserved }: Pick<ExitNetwork, 'preserved'>): 'timeslots' | 'snapshot' =>
  release === undefined ? (preserved ? 'snapshot' : 'timeslots') : isAtLeast(release, SNAPSHOT_SINCE) ? 'snapshot' : 'timeslots';

/**
 * Weight and duty of each ML node (facts 4.2, 5.3): weight from the active set of the epoch in force, duty as this release
 * says it. A set that can't be read, and one that gives the host weight without naming nodes (measured 18), say nothing.
 */
export function shares(nodes: readonly AdminNode[], network: Pick<ExitNetwork, 'clock' | 'participants' | 'address' | 'preserved'>, release?: string): Map<string, Share> {
  const by = dutyBy(release, network);
  const weightOf = weights(network);
  return new Map(nodes.map(({ id, state }) => {
    const weight = weightOf(id);
    const duty = by === 'snapshot' ? network.preserved?.includes(id) : Object.values(state.duty).some(({ timeslots }) => timeslots[1] === true);
    return [id, { ...(weight === undefined ? {} : { weight }), ...(duty === undefined ? {} : { duty }) }];
  }));
}

function weights({ clock, participants, address }: Pick<ExitNetwork, 'clock' | 'participants' | 'address'>): (id: string) => number | undefined {
  const set = participants.state === 'ok' ? participants.value : undefined;
  const current = clock.state === 'ok' ? clock.value : undefined;
  if (!set || !current) return () => undefined;
  if (set.pocFailed) return () => 0;
  if (!address || set.epoch !== current.epoch) return () => undefined;
  const own = set.list.find((one) => one.address === address);
  // A set that names nobody else is no evidence of absence.
  if (!own) return () => (set.list.some(({ weight }) => weight > 0) ? 0 : undefined);
  if (own.weight > 0 && own.mlNodes.length === 0) return () => undefined;
  return (id) => own.mlNodes.filter((one) => one.id === id).reduce((sum, { pocWeight }) => sum + pocWeight, 0);
}
