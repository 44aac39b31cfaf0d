import type { DeploymentStepNow } from '#components/onboarding/deployment-step-data.ts';
import { requireSession } from '#lib/access/session.ts';
import { clock } from '#lib/core/clock.ts';
import { panelEnv } from '#lib/core/env.ts';
import { CLONE_BYTES, fixedPlaceRefusal, proposedPlaces } from '#lib/deployment/clone-place.ts';
import { gitState } from '#lib/deployment/git-state.ts';
import { gitVersion } from '#lib/host/git.ts';
import { deploymentsNow } from '../../deployments/deployments-now.ts';
import { answer } from '../../operations/answer.ts';

/** The directory in use with its local changes, what else is here, and where a clone could be put. Nothing is written. */
export async function GET(): Promise<Response> {
  await requireSession();
  return answer(async (): Promise<DeploymentStepNow> => {
    const [now, places, refusal, version] = await Promise.all([deploymentsNow(), proposedPlaces(), fixedPlaceRefusal(), gitVersion()]);
    const git = now.current && (await gitState(now.current.dir));
    return { at: clock.now(), ...now, ...(git ? { git } : {}), places, ...(refusal ? { placeError: { code: refusal.code, params: refusal.params } } : {}), neededBytes: CLONE_BYTES, repository: panelEnv().repository, ...(version ? { gitVersion: version } : {}) };
  });
}
