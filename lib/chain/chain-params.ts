import { z } from 'zod';
import { collateralRule } from './collateral.ts';
import { confirmationGroup } from './confirmation-params.ts';
import { intOrZero } from './schema.ts';

/** Chain REST path of the chain's parameters (facts 5.3). */
export const PARAMS_PATH = '/productscience/inference/inference/params';

/** `participant_access_params`. `opensAt`: before this block the chain takes no new host, whatever the command says (facts 13, row 58); 0: it does. */
const registrationRule = z.object({ new_participant_registration_start_height: intOrZero }).transform((raw) => ({ opensAt: raw.new_participant_registration_start_height }));

const answer = z
  .object({ params: z.object({ confirmation_poc_params: confirmationGroup.optional().catch(undefined), collateral_params: collateralRule.optional().catch(undefined), participant_access_params: registrationRule.optional().catch(undefined) }) })
  .transform(({ params: { confirmation_poc_params: confirmation, collateral_params: collateral, participant_access_params: registration } }) => ({ ...(confirmation ? { confirmation } : {}), ...(collateral ? { collateral } : {}), ...(registration ? { registration } : {}) }));
/** What is used of the chain's parameters, read live: they change by vote and by release. A group that the answer doesn't have, or that can't be read, is absent: unknown. */
export type ChainParams = z.infer<typeof answer>;

/** Reads chain REST `params`. */
export const readChainParams = (status: number, json: unknown): ChainParams | undefined => (status >= 200 && status < 300 ? answer.parse(json) : undefined);
