import type { ChainRead, EngineNow, ServiceContainer, ShownProblem } from '../services/services-data.ts';
import type { ShownError } from '../ui/error-notice.tsx';

/** Answer of GET /api/start-chain. Each part fails alone; `at`: server clock in ms. */
export type ChainStart = {
  at: number;
  engine: EngineNow;
  deployment: { dir: string; release?: string; problems: ShownProblem[] } | null;
  deploymentError?: ShownError;
  /** Names of the two services in this deployment, and their containers. */
  tmkms?: { name: string; container?: ServiceContainer };
  node?: { name: string; container?: ServiceContainer };
  ownNode: ChainRead<{ height: number; catchingUp: boolean; synced: boolean; peers?: number; latestBlockTime?: number; seedHeight?: number; chainId: string }>;
  /** The network's newest block as a seed says it. */
  seed: ChainRead<{ height: number; secondsPerBlock?: number }>;
};
