import type { EpochView } from '../epochs/epoch-view.ts';
import type { ShownError } from '../ui/error-notice.tsx';
import type { CollateralView } from '#lib/onboarding/collateral-view.ts';
import type { VerifyItem } from '#lib/onboarding/verify-items.ts';

export type { VerifyItem } from '#lib/onboarding/verify-items.ts';

/** `GET /api/onboarding/verify`. `outsideUrl`: what somebody outside opens; absent without PUBLIC_URL or proxy. */
export type VerifyNow = {
  /** ms */
  at: number;
  items: VerifyItem[];
  /** Absent while no epoch wants any, or where the account isn't known. */
  collateral?: CollateralView;
  outsideUrl?: string;
  seedUrl?: string;
  epoch?: { state: string; value?: EpochView; at?: number; source?: string; error?: ShownError };
  error?: ShownError;
};
