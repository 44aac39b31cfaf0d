import { requireSession } from '#lib/access/session.ts';
import { previewOperation } from '#lib/operations/preview.ts';
import { previewInput } from '#lib/operations/schema.ts';
import { answer } from '../answer.ts';
import { requestJson } from '../../request-json.ts';

/** What `{kind, target?}` would run, change and need. Changes nothing. */
export async function POST(request: Request): Promise<Response> {
  await requireSession();
  return answer(async () => previewOperation(previewInput.parse(await requestJson(request))));
}
