import { z } from 'zod';
import { int } from './schema.ts';

/** `confirmation_poc_params` of the chain's parameters. */
export const confirmationGroup = z
  .object({ expected_confirmations_per_epoch: int.nullish(), confirmation_poc_safety_window: int.nullish() })
  .transform((raw) => ({
    /** Confirmation PoCs that are expected in an epoch; 0: none come. Absent: the answer doesn't say. */
    ...(typeof raw.expected_confirmations_per_epoch === 'number' ? { expected: raw.expected_confirmations_per_epoch } : {}),
    /** So many blocks before a PoC none comes (since 0.2.11, facts 7). */
    ...(typeof raw.confirmation_poc_safety_window === 'number' ? { safetyWindow: raw.confirmation_poc_safety_window } : {}),
  }));
/** The parameters of confirmation PoC, read live: they change by vote and by release. */
export type ConfirmationParams = z.infer<typeof confirmationGroup>;
