import type { ReleasesNow } from '#components/onboarding/deployment-step-data.ts';
import { requireSession } from '#lib/access/session.ts';
import { panelEnv } from '#lib/core/env.ts';
import { upstreamReleases } from '#lib/deployment/upstream-releases.ts';
import { answer } from '../../operations/answer.ts';

/** Releases that can be cloned, newest first, by the repository's own tags. */
export async function GET(): Promise<Response> {
  await requireSession();
  return answer(async (): Promise<ReleasesNow> => ({ repository: panelEnv().repository, ...(await upstreamReleases()) }));
}
