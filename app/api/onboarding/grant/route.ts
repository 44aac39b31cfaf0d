import type { GrantNow } from '#components/onboarding/grant-data.ts';
import { requireSession } from '#lib/access/session.ts';
import { paysFees } from '#lib/chain/fee-allowance.ts';
import { MAINNET } from '#lib/chain/seeds.ts';
import { clock } from '#lib/core/clock.ts';
import { seedApi } from '#lib/deployment/address-rules.ts';
import { feeAllowanceOf, networkSnapshot } from '#lib/watch/network-snapshot.ts';
import { deploymentNow } from '../../deployment-now.ts';
import { answer } from '../../operations/answer.ts';
import { permissionsNow } from '../permissions-now.ts';

/** What the account key has to allow the ML operational key, and what of it the chain has. Changes nothing. */
export async function GET(): Promise<Response> {
  await requireSession();
  return answer(async (): Promise<GrantNow> => {
    const [{ deployment, error }, network] = await Promise.all([deploymentNow(), networkSnapshot()]);
    const base = { at: clock.now(), deployment: deployment ? { dir: deployment.dir, release: deployment.release } : null, deploymentError: error, chainId: network.ownNode.value?.chainId ?? MAINNET };
    if (!deployment) return { ...base, permissions: { state: 'unknown' } };
    const { granter, key, read } = await permissionsNow(deployment);
    const { SEED_API_URL: seed } = deployment.values;
    const { registered } = network.own.value ?? {};
    const fees = granter && key.state === 'known' && paysFees(deployment.release) ? await feesNow(granter, key.address) : undefined;
    return { ...base, granter, key, permissions: read, ...(fees ? { fees } : {}), ...(registered === undefined ? {} : { registered }), ...(seed && !seedApi(seed) ? { seed: seed.replace(/\/+$/, '') } : {}) };
  });
}

async function feesNow(granter: string, grantee: string): Promise<GrantNow['fees']> {
  const { value, ...read } = await feeAllowanceOf(granter, grantee);
  if (value === undefined) return read;
  return { ...read, value: value && { ...(value.until === undefined ? {} : { until: value.until }), ...(value.left === undefined ? {} : { left: value.left.toString() }) } };
}
