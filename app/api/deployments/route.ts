import { requireSession } from '#lib/access/session.ts';
import { deploymentsNow } from './deployments-now.ts';

/** The directory in use and what else was found on this machine. */
export async function GET(): Promise<Response> {
  await requireSession();
  return Response.json(await deploymentsNow());
}
