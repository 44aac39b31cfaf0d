import type { GitState } from '#lib/deployment/git-state.ts';
import type { UpstreamRelease } from '#lib/deployment/upstream-releases.ts';
import type { DeploymentsNow } from '../deployment/deployment-data.ts';
import type { ShownError } from '../ui/error-notice.tsx';

export type { GitState, UpstreamRelease };

/** Answer of GET /api/onboarding/deployment. */
export type DeploymentStepNow = DeploymentsNow & {
  at: number;
  /** Of the directory in use. */
  git?: GitState;
  /** Places that a clone can be made at, the roomiest first. */
  places: { place: string; freeBytes: number }[];
  /** Why no clone can be made where GONKA_DEPLOY_DIR wants it. */
  placeError?: ShownError;
  /** Room that a clone asks for. */
  neededBytes: number;
  repository: string;
  /** Version of git on this machine; absent: there is none. */
  gitVersion?: string;
};

/** Answer of GET /api/onboarding/releases. `at`: when the repository was asked (ms). */
export type ReleasesNow = { repository: string; releases: UpstreamRelease[]; at: number };
