'use client';
import type { OwnNodeView, OwnParticipant } from '#lib/watch/network-readings.ts';
import { useOverview } from '../overview/use-overview.ts';
import { pages } from './pages.ts';

/** Whether the network has this host: its account in the set now, or when it was last read, with the consensus key of the own node. */
export function isInNetwork(own: OwnParticipant | undefined, node: Pick<OwnNodeView, 'validatorKey'> | undefined): boolean {
  const inSet = own?.inSet === true || (own?.inSet === undefined && (own?.active?.weight ?? 0) > 0);
  const chainKey = own?.record?.validatorKey || own?.active?.validatorKey;
  return inSet && Boolean(chainKey) && chainKey === node?.validatorKey;
}

/** The pages that stand in the rail: onboarding leaves it when the host is in the active set, and stays reachable by palette and key. */
export function useRailPages(): typeof pages {
  const { data } = useOverview();
  const open = data !== undefined && !isInNetwork(data.network?.own.value, data.network?.ownNode.value);
  return open ? pages : pages.filter(({ name }) => name !== 'onboarding');
}
