import { requireSession } from '#lib/access/session.ts';
import { answer } from '../../operations/answer.ts';
import { verifyNow } from './verify-now.ts';

/** What the last step looks at besides the other steps' own evidence, and when the next PoC starts. */
export async function GET(): Promise<Response> {
  await requireSession();
  return answer(verifyNow);
}
