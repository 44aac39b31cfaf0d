'use client';
import type { OwnParticipant } from '#lib/watch/network-readings.ts';
import { useOverview } from '../overview/use-overview.ts';
import { pages } from './pages.ts';

/** Whether the network has this host: in the set now, or when it was last read. */
export const isInNetwork = (own: OwnParticipant | undefined): boolean => own?.inSet === true || (own?.inSet === undefined && (own?.active?.weight ?? 0) > 0);

/** The pages that stand in the rail: onboarding leaves it when the host is in the active set, and stays reachable by palette and key. */
export function useRailPages(): typeof pages {
  const { data } = useOverview();
  const open = data !== undefined && !isInNetwork(data.network?.own.value);
  return open ? pages : pages.filter(({ name }) => name !== 'onboarding');
}
