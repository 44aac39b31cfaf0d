import { requireSession } from '#lib/access/session.ts';
import { listOperations, startOperation } from '#lib/operations/journal.ts';
import { noteStarter } from '#lib/operations/ml-key/phrase.ts';
import { startInput } from '#lib/operations/schema.ts';
import { answer } from './answer.ts';
import { requestJson } from '../request-json.ts';

/** The history, newest first: `?state=failed&kind=restart&service=node&user=ann&from=…&to=…&before=ID&limit=50`. */
export async function GET(request: Request): Promise<Response> {
  await requireSession();
  const query = new URL(request.url).searchParams;
  const many = (name: string) => (query.has(name) ? query.getAll(name) : undefined);
  const one = (name: string) => query.get(name) || undefined;
  return answer(() =>
    listOperations({ state: many('state') as never, kind: many('kind') as never, service: many('service'), user: one('user'), from: one('from'), to: one('to'), before: one('before'), ...(one('limit') ? { limit: one('limit') } : {}) }),
  );
}

/** Starts one: `{kind, target?, reason?, shown?, when?}` → `{id}`. It goes on without the caller. */
export async function POST(request: Request): Promise<Response> {
  const { user, ip, sessionId } = await requireSession();
  return answer(async () => {
    const started = await startOperation({ ...startInput.parse(await requestJson(request)), user: user.username, ip });
    noteStarter(started.id, sessionId);
    return started;
  });
}
