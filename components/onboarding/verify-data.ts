import type { EpochView } from '../epochs/epoch-view.ts';
import type { ShownError } from '../ui/error-notice.tsx';
import type { VerifyItem } from '#lib/onboarding/verify-items.ts';

export type { VerifyItem } from '#lib/onboarding/verify-items.ts';

/** `GET /api/onboarding/verify`. `outsideUrl`: what somebody outside opens; absent without PUBLIC_URL or proxy. */
export type VerifyNow = {
  /** ms */
  at: number;
  items: VerifyItem[];
  outsideUrl?: string;
  seedUrl?: string;
  epoch?: { state: string; value?: EpochView; at?: number; source?: string; error?: ShownError };
  error?: ShownError;
};
