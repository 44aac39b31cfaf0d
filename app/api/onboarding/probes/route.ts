import { requireSession } from '#lib/access/session.ts';
import { tryContainers } from '#lib/onboarding/container-probes.ts';
import { networkSnapshot } from '#lib/watch/network-snapshot.ts';
import { managedDeployment } from '../../config/managed-deployment.ts';
import { answer } from '../../operations/answer.ts';

/** Tries what only a container can prove: that it gets the cards, and that it reaches the seed. The rows tell what came out. */
export async function POST(): Promise<Response> {
  await requireSession();
  return answer(async () => {
    const [deployment, network] = await Promise.all([managedDeployment(), networkSnapshot().catch(() => undefined)]);
    const { gpu, seed } = await tryContainers(deployment, (network?.seeds ?? []).map(({ url }) => url));
    return { gpu: gpu.outcome, seed: seed.outcome };
  });
}
