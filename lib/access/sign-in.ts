import { clock } from '#lib/core/clock.ts';
import { db } from '#lib/db/client.ts';
import { audit } from './audit.ts';
import { auth } from './auth.ts';
import { accountWait, recordSignIn } from './sign-in-limit.ts';

/** Tries of one account wait for each other, so that fifty at once can't all slip under the count. */
const queues = new Map<string, Promise<unknown>>();

export async function inTurn<T>(key: string, work: () => Promise<T>): Promise<T> {
  const before = queues.get(key) ?? Promise.resolve();
  const mine = before.catch(() => undefined).then(work);
  queues.set(key, mine);
  try {
    return await mine;
  } finally {
    if (queues.get(key) === mine) queues.delete(key);
  }
}

const tooMany = (seconds: number) =>
  Response.json({ error: { code: 'sign_in_wait', params: { seconds } } }, { status: 429, headers: { 'retry-after': String(seconds) } });

/** `POST /api/auth/sign-in/username` with our per-account limit around better-auth's per-address one. */
export function signIn(request: Request, ip: string): Promise<Response> {
  const started = clock.now();
  return request
    .clone()
    .json()
    .catch(() => ({}))
    .then((body: { username?: unknown }) => {
      const username = typeof body.username === 'string' ? body.username.toLowerCase().slice(0, 64) : '';
      return inTurn(username, async () => {
        // A name that nobody has may be a password in the wrong field: it is not written down.
        const user = (await db().user.count({ where: { username } })) > 0 ? username : undefined;
        const wait = await accountWait(username, ip);
        if (wait > 0) {
          await audit({ user, ip, action: 'sign-in', result: 'refused', detail: { wait } });
          return tooMany(Math.ceil(wait / 1000));
        }
        const answer = await auth().handler(request);
        if (answer.status === 429) return tooMany(Number(answer.headers.get('x-retry-after') ?? 60));
        await recordSignIn(username, answer.ok);
        await audit({ user, ip, action: 'sign-in', result: answer.ok ? 'ok' : 'failed', detail: { ms: clock.now() - started } });
        if (answer.ok) return answer;
        // One answer for a wrong name and a wrong password.
        return Response.json({ error: { code: 'sign_in_wrong', params: {} } }, { status: 401 });
      });
    });
}
