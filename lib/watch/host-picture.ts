import type { Permissions } from '#lib/chain/permissions.ts';
import type { Reading } from '#lib/chain/reading.ts';
import type { EngineState } from '#lib/docker/client.ts';
import type { NetworkSnapshot } from './network-readings.ts';
import type { WatchedContainer, WatchedService } from './service-health.ts';

export type Params = Record<string, string | number>;

/**
 * Everything that the headline (`verdict`) and the list of needs (`needsYou`) are judged from. Each part may be missing
 * or unknown by itself.
 */
export type HostPicture = {
  /** Milliseconds. */
  now: number;
  deployment:
    | { state: 'ok'; release?: string; problems: { level: 'broken' | 'attention'; code: string; params: Params }[] }
    | { state: 'absent' }
    | { state: 'unknown'; error: { code: string; params?: Params } };
  engine: EngineState | { state: 'unknown' };
  /** Of the deployment. */
  services: WatchedService[];
  /** Of the deployment only, as the engine lists them. */
  containers: WatchedContainer[];
  network?: NetworkSnapshot;
  /** What the account allows the ML operational key. */
  permissions?: Reading<Permissions>;
  /** Wishes about ML nodes (`partOf`: of an exit, which runs or is over), and whether the api's admin side is wedged. */
  mlNodes?: { wishes: { nodeId: string; state: string; exitRuns: boolean; partOf?: string }[]; reapply: boolean; wedged: boolean };
  /** The newest operation; times in RFC 3339. */
  lastOperation?: { id: string; kind: string; target?: string; state: string; endedAt?: string };
};
