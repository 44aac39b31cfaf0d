import { requireSession } from '#lib/access/session.ts';
import { answer } from '../operations/answer.ts';
import { onboardingNow } from './onboarding-now.ts';

/** Every step with its state and evidence, and the prerequisites one by one; `?again=1` measures the machine anew. */
export async function GET(request: Request): Promise<Response> {
  await requireSession();
  return answer(() => onboardingNow(new URL(request.url).searchParams.get('again') === '1'));
}
