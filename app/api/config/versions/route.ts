import type { ConfigVersionRow } from '#components/config/config-data.ts';
import { requireSession } from '#lib/access/session.ts';
import { editableFile } from '#lib/deployment/config-schema.ts';
import { versionList } from '#lib/deployment/config-versions.ts';
import { answer } from '../../operations/answer.ts';
import { managedDeployment } from '../managed-deployment.ts';

/** The kept versions of `?file=env` or `node-config`, newest first, without their texts. */
export async function GET(request: Request): Promise<Response> {
  await requireSession();
  return answer(async (): Promise<{ versions: ConfigVersionRow[] }> => {
    const file = editableFile.parse(new URL(request.url).searchParams.get('file'));
    return { versions: await versionList((await managedDeployment()).dir, file) };
  });
}
