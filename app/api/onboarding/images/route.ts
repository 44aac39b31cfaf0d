import { requireSession } from '#lib/access/session.ts';
import { answer } from '../../operations/answer.ts';
import { imagesNow } from './images-now.ts';

/** Images and model weights: what is here, what would have to come, and where there is room for it. */
export async function GET(): Promise<Response> {
  await requireSession();
  return answer(imagesNow);
}
