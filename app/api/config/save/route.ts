import { requireSession } from '#lib/access/session.ts';
import { changedFile } from '#lib/deployment/config-change.ts';
import { startConfig } from '#lib/operations/journal.ts';
import { reasonSchema, shownSchema, whenSchema } from '#lib/operations/schema.ts';
import { z } from 'zod';
import { answer } from '../../operations/answer.ts';
import { refuseKeyMaterial } from '../../request-json.ts';
import { managedDeployment } from '../managed-deployment.ts';
import { configQuestion } from '../question.ts';

const body = configQuestion.extend({ apply: z.boolean(), reason: reasonSchema, shown: shownSchema, when: whenSchema, announced: z.array(z.string().max(200)).max(200).default([]) });

/** `{file, change, apply, announced, reason?, shown?, when?}` → `{id}` of the operation that writes the file and, with `apply`, brings it to the containers; `when: window` saves now and applies at the next safe window (`saved`: the save's id). */
export async function POST(request: Request): Promise<Response> {
  const { user, ip } = await requireSession();
  return answer(async () => {
    const { file, change, apply, announced, reason, shown, when } = body.parse(await request.json());
    // The change is looked at by itself: what the file has already is nobody's doing here.
    refuseKeyMaterial({ reason, announced });
    const changed = await changedFile((await managedDeployment()).dir, file, change);
    return startConfig({ file, changed, how: change.by === 'restore' ? 'restored' : 'saved', apply, announced, reason, shown, when, user: user.username, ip });
  });
}
