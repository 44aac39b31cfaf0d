import type { ConfigVersion } from '#components/config/config-data.ts';
import { requireSession } from '#lib/access/session.ts';
import { PanelError } from '#lib/core/errors.ts';
import { versionDetail } from '#lib/deployment/config-versions.ts';
import { z } from 'zod';
import { answer } from '../../../operations/answer.ts';
import { managedDeployment } from '../../managed-deployment.ts';

type Context = { params: Promise<{ id: string }> };

/** One kept version: its text with secrets masked, and what differs from it to the file as it is now. */
export async function GET(_request: Request, { params }: Context): Promise<Response> {
  await requireSession();
  return answer(async (): Promise<ConfigVersion> => {
    const { id } = await params;
    const found = z.uuid().safeParse(id).success ? await versionDetail((await managedDeployment()).dir, id) : undefined;
    if (!found) throw new PanelError('config_version_unknown', { id: id.slice(0, 40) }, { status: 404 });
    return found;
  });
}
