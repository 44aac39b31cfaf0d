import { audit } from '#lib/access/audit.ts';
import { clock } from '#lib/core/clock.ts';
import { LEAVE } from '#lib/operations/locks.ts';
import { openOperations } from '#lib/operations/store.ts';
import { surroundOperations } from '#lib/operations/surroundings.ts';
import { adminWedged } from '#lib/watch/admin-wedge.ts';
import { adminSide, apiNodes } from '#lib/watch/api-nodes.ts';
import { governanceModels, holdersOf, leaving, networkSnapshot, networkStanding, participantOf, phaseForGate, registrationOpens, signaturesOf } from '#lib/watch/network-snapshot.ts';
import { membershipOf, nodeKeyOf, ownKeyOf, signerOf } from '#lib/watch/own-standing.ts';

/** Tells operations what the other jobs know: phase, membership, the chain's key of this host, and where refusals are kept. */
export function connectOperations(): void {
  surroundOperations({
    audit,
    phase: phaseForGate,
    membership: async () => membershipOf(await networkStanding(), clock.now()),
    wedged: adminWedged,
    exitUnderWay: async (project) => (await openOperations(`${project}:${LEAVE}`))[0],
    ownKey: async () => ownKeyOf(await networkSnapshot(), clock.now()),
    nodeKey: async () => nodeKeyOf(await networkSnapshot()),
    signatures: async (key, after) => signerOf(await signaturesOf(key, after)),
    participant: participantOf,
    holders: holdersOf,
    registrationOpens,
    mlNodes: apiNodes,
    adminSide,
    leaving,
    approvedModels: governanceModels,
  });
}

connectOperations();
