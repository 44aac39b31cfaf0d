import { audit } from '#lib/access/audit.ts';
import { clock } from '#lib/core/clock.ts';
import { surroundOperations } from '#lib/operations/surroundings.ts';
import { adminSide, apiNodes } from '#lib/watch/api-nodes.ts';
import { governanceModels, holdersOf, leaving, networkSnapshot, participantOf, phaseForGate } from '#lib/watch/network-snapshot.ts';
import { membershipOf, nodeKeyOf, ownKeyOf } from '#lib/watch/own-standing.ts';

/** Tells operations what the other jobs know: phase, membership, the chain's key of this host, and where refusals are kept. */
export function connectOperations(): void {
  surroundOperations({
    audit,
    phase: phaseForGate,
    membership: async () => membershipOf(await networkSnapshot(), clock.now()),
    ownKey: async () => ownKeyOf(await networkSnapshot(), clock.now()),
    nodeKey: async () => nodeKeyOf(await networkSnapshot()),
    participant: participantOf,
    holders: holdersOf,
    mlNodes: apiNodes,
    adminSide,
    leaving,
    approvedModels: governanceModels,
  });
}

connectOperations();
