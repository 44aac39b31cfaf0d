import type { AccountKeyState, RecordOwner } from '#lib/chain/account-key.ts';
import type { FileVersion } from '#lib/deployment/config-schema.ts';
import type { OperationalKeyFile } from '#lib/deployment/operational-key-file.ts';
import type { ChainRead } from '../services/services-data.ts';
import type { ShownError } from '../ui/error-notice.tsx';

/** Live state of the three keys; absent: there is nothing here yet that could be read. */
export type ThreeKeysNow = {
  account?: AccountKeyState;
  /** The key that the chain node signs with, by its own RPC. */
  consensus: ChainRead<{ key: string }>;
  operational?: OperationalKeyFile;
};

/** Answer of GET /api/onboarding/account-key. Each part fails alone. */
export type AccountKeyNow = {
  at: number;
  deployment: { dir: string; release?: string } | null;
  deploymentError?: ShownError;
  keys: ThreeKeysNow;
  /** config.env, when there is one that can be written. `readOnly`: key under `config.readOnly` why this variable can't be edited. */
  env?: { path: string; version: FileVersion; readOnly?: string };
  envError?: ShownError;
};

/** Body of POST /api/onboarding/account-key: the public key, and nothing else. */
export type AccountKeyQuestion = { key: string };

/** Its answer: the address of the key, and what the chain has under it (`false`: nothing). */
export type AccountKeyAnswer = { address: string; onChain: ChainRead<{ url: string; validatorKey: string; owner: RecordOwner } | false> };
