import type { AccountKeyState } from '#lib/chain/account-key.ts';
import type { ChainRead } from '../services/services-data.ts';
import type { ShownError } from '../ui/error-notice.tsx';

/** How the chain's record stands to what would be sent. */
export type RecordState = 'registered' | 'other-url' | 'other-key';

/** Answer of GET /api/onboarding/register: what the chain would be told, and what it has. Each part fails alone. */
export type RegisterNow = {
  at: number;
  deployment: { dir: string; release?: string } | null;
  deploymentError?: ShownError;
  /** PUBLIC_URL; `problem`: the chain would refuse it, or nobody could use it. */
  url?: { value: string; problem?: 'invalid' | 'private' | 'password' };
  account: AccountKeyState;
  /** SEED_API_URL, without a slash at its end; absent where it is none. */
  seed?: string;
  /** The key that the own node signs with. */
  consensus: ChainRead<{ key: string }>;
  chainId: string;
  /** The record of the account; `false`: there is none. */
  record: ChainRead<{ url: string; validatorKey: string; state?: RecordState } | false>;
};
