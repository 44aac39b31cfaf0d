import type { ShownError } from '../ui/error-notice.tsx';
import type { ShownProblem } from '../services/services-data.ts';

/** `why`: code of the reason it is offered, key under `deployment.why`. `problem`: a code that it couldn't be read with. */
export type Candidate = { dir: string; why: string; release?: string; problem?: ShownError };

/** Answer of GET /api/deployments. */
export type DeploymentsNow = {
  current?: { dir: string; release?: string; project: string; services: string[]; problems: ShownProblem[] };
  /** Why the one in use can't be read. */
  currentError?: ShownError;
  /** Set by GONKA_DEPLOY_DIR: can't be changed here. */
  fixed?: string;
  candidates: Candidate[];
  candidatesError?: ShownError;
};

export type ChooseState = { dir?: string; error?: ShownError; done?: { dir: string } };
