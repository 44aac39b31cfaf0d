import { z } from 'zod';
import { requireSession } from '#lib/access/session.ts';
import { isInnerAddress } from '#lib/deployment/internal-ports.ts';
import { managedDeployment } from '../../config/managed-deployment.ts';
import { answer } from '../../operations/answer.ts';
import { portsNow } from './ports-now.ts';

const addressAsked = z.ipv4().refine(isInnerAddress).optional();

/** Internal ports by every witness, and the plan that closes them; `?address=` binds what ML nodes need there. Changes nothing. */
export async function GET(request: Request): Promise<Response> {
  await requireSession();
  return answer(async () => portsNow(await managedDeployment(), addressAsked.parse(new URL(request.url).searchParams.get('address') ?? undefined)));
}
