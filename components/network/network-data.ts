import type { NetworkSnapshot } from '#lib/watch/network-snapshot.ts';
import type { Participant } from '#lib/chain/participants.ts';

/** Answer of GET /api/network. */
export type NetworkNow = Pick<NetworkSnapshot, 'at' | 'epoch' | 'participants' | 'own' | 'ownNode' | 'ownApi' | 'seeds'>;
export type { Participant };
