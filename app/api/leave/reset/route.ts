import { requireSession } from '#lib/access/session.ts';
import { resetInput, type ResetView } from '#lib/operations/reset/schema.ts';
import { resetView, startReset } from '#lib/operations/reset/view.ts';
import { managedDeployment } from '../../config/managed-deployment.ts';
import { answer } from '../../operations/answer.ts';
import { refuseKeyMaterial } from '../../request-json.ts';

/** What can be deleted, by name and size, and what speaks against it. Reads every folder: asked once a page. */
export async function GET(): Promise<Response> {
  await requireSession();
  return answer(async (): Promise<ResetView> => resetView(await managedDeployment()));
}

/** `{part, phrase, listing, passphrase?, reason?, shown?}` → `{id}` of the operation. The passphrase stays in memory. */
export async function POST(request: Request): Promise<Response> {
  const { user, ip } = await requireSession();
  return answer(async () => {
    const given = resetInput.parse(await request.json());
    const { phrase, passphrase, reason } = given;
    refuseKeyMaterial({ phrase, passphrase, reason });
    return startReset(given, { user: user.username, ip });
  });
}
