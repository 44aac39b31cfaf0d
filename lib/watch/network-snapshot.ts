import { panelEnv } from '#lib/core/env.ts';
import { clock } from '#lib/core/clock.ts';
import { singleton } from '#lib/core/singleton.ts';
import { chainGateway } from '#lib/chain/client.ts';
import type { Signatures } from '#lib/chain/commits.ts';
import type { FeeAllowance } from '#lib/chain/fee-allowance.ts';
import type { GovernanceModel } from '#lib/chain/governance-models.ts';
import type { Grant } from '#lib/chain/grants.ts';
import { ownAddresses } from '#lib/chain/own-node.ts';
import type { ChainParticipant } from '#lib/chain/own-participant.ts';
import type { Reading } from '#lib/chain/reading.ts';
import { currentDeployment } from '#lib/deployment/current.ts';
import { engineWatch } from '#lib/docker/engine-watch.ts';
import type { ExitNetwork } from '#lib/operations/exit/network.ts';
import type { NetworkSnapshot, OwnPeering } from './network-readings.ts';
import { NetworkWatch, type GatePhase } from './network-watch.ts';

export type { ActiveParticipants, NetworkSnapshot, OwnNodeView, OwnParticipant } from './network-readings.ts';
export type { GatePhase } from './network-watch.ts';

/** The process's view of the network. */
export function networkWatch(): NetworkWatch {
  return singleton(
    'network-watch',
    () =>
      new NetworkWatch({
        now: () => clock.now(),
        seedUrls: panelEnv().seedApiUrls,
        gateway: chainGateway(),
        addresses: async () => {
          const [deployment, { containers }] = await Promise.all([currentDeployment(), engineWatch().snapshot()]);
          return deployment ? ownAddresses(containers.filter((container) => container.project === deployment.project.name)) : {};
        },
        accountPubkey: async () => (await currentDeployment())?.values.ACCOUNT_PUBKEY,
      }),
  );
}

/** Epoch, active set, own participant, own node and seeds, each with state, age and source. Costs nothing while nobody asks. */
export function networkSnapshot(): Promise<NetworkSnapshot> {
  return networkWatch().snapshot();
}

/** The same, with a second source for this host's absence from the set where its own node can't be one. */
export function networkStanding(): Promise<NetworkSnapshot> {
  return networkWatch().standing();
}

/** The phase for the gate in front of a disruptive operation: proven fresh, or a code of `errors.*` saying why it is unknown. */
export function phaseForGate(): Promise<GatePhase> {
  return networkWatch().phaseForGate();
}

/** What a host that leaves has to know; `proof`: with each source's own answer. */
export function leaving(proof: boolean): Promise<ExitNetwork> {
  return networkWatch().leaving(proof);
}

/** The models that governance has approved, with source and age, or why they are unknown. */
export function governanceModels(): Promise<Reading<GovernanceModel[]>> {
  return networkWatch().governanceModels();
}

/** How the own node stands among a seed's peers, or why that is unknown. */
export function ownPeering(): Promise<Reading<OwnPeering>> {
  return networkWatch().ownPeering();
}

/** The participant record of any account, `false` when the chain has none, or why that is unknown. `fresh`: somebody waits for a change. */
export function participantOf(address: string, fresh = false): Promise<Reading<ChainParticipant | false>> {
  return networkWatch().participantOf(address, fresh);
}

/** What one account allows another, every permission with its end, or why that is unknown. */
export function grantsOf(granter: string, grantee: string): Promise<Reading<Grant[]>> {
  return networkWatch().grantsOf(granter, grantee);
}

/** What one account pays of another's transaction fees, `false` for nothing, or why that is unknown. */
export function feeAllowanceOf(granter: string, grantee: string): Promise<Reading<FeeAllowance | false>> {
  return networkWatch().feeAllowanceOf(granter, grantee);
}

/** From which block on the chain takes new hosts, or undefined where that is unknown. */
export function registrationOpens(): ReturnType<NetworkWatch['registrationOpens']> {
  return networkWatch().registrationOpens();
}

/** The network's rule on collateral and what a host has deposited, or why that is unknown. */
export function collateralOf(address: string): ReturnType<NetworkWatch['collateralOf']> {
  return networkWatch().collateralOf(address);
}

/** The account that the own api works for, or why that is unknown. */
export function apiAccount(): Promise<Reading<string>> {
  return networkWatch().apiAccount();
}

/** The accounts that are registered with a consensus key (base64), and among whom it was looked for. */
export function holdersOf(key: string): Promise<Reading<{ addresses: string[]; of: 'all' | 'active' }>> {
  return networkWatch().holdersOf(key);
}

/** Where the chain shows a consensus key's (base64) signature, or why that is unknown. `after`: the height of the signing state that it is compared with. */
export function signaturesOf(key: string, after?: number): Promise<Reading<Signatures>> {
  return networkWatch().signaturesOf(key, after);
}
