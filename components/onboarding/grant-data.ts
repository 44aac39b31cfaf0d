import type { Permissions } from '#lib/chain/permissions.ts';
import type { OperationalKeyAddress } from '#lib/deployment/operational-key-address.ts';
import type { ChainRead } from '../services/services-data.ts';
import type { ShownError } from '../ui/error-notice.tsx';

/** Answer of GET /api/onboarding/grant: who allows whom, and what of it the chain has. Each part fails alone. */
export type GrantNow = {
  at: number;
  deployment: { dir: string; release?: string } | null;
  deploymentError?: ShownError;
  /** `gonka1…` of the account. */
  granter?: string;
  key?: OperationalKeyAddress;
  permissions: ChainRead<Permissions>;
  /** Fees of the key's transactions that the account pays, where the release has that; `false`: none. `left`: ngonka. */
  fees?: ChainRead<{ until?: number; left?: string } | false>;
  /** Whether the account is on chain: before that, the command ends with an error. Absent: not known. */
  registered?: boolean;
  /** SEED_API_URL, without a slash at its end; absent where it is none. */
  seed?: string;
  chainId: string;
};
