import { z } from 'zod';
import type { NodeConfigAnswer } from '#components/node-config/node-config-data.ts';
import { requireSession } from '#lib/access/session.ts';
import { PanelError } from '#lib/core/errors.ts';
import { refuseNewKeyMaterial } from '#lib/deployment/config-change.ts';
import { CONFIG_FILE_LIMIT, readConfigFile } from '#lib/deployment/config-file.ts';
import { EDITABLE, fileVersion } from '#lib/deployment/config-schema.ts';
import { currentDeployment } from '#lib/deployment/current.ts';
import { formatNodeConfig } from '#lib/deployment/node-config.ts';
import { nodeConfigEntries } from '#lib/deployment/node-config-schema.ts';
import { hideNodeSecrets, showNodeSecrets } from '#lib/deployment/node-config-tokens.ts';
import { approvedNow } from '../../../models/catalogue-now.ts';
import { answer } from '../../../operations/answer.ts';
import { judged } from '../node-rules.ts';

const text = z.string().max(CONFIG_FILE_LIMIT);
const question = z.union([z.object({ version: fileVersion, text }), z.object({ version: fileVersion, entries: nodeConfigEntries, base: text.optional() })]);

/**
 * What the file would be with these nodes (or this text), and what is wrong with it; writes nothing. Everything is done on
 * the text with tokens: secrets aren't needed for it. 409 config_changed when `version` isn't the file's any more.
 */
export async function POST(request: Request): Promise<Response> {
  await requireSession();
  return answer(async (): Promise<NodeConfigAnswer> => {
    const given = question.parse(await request.json());
    const deployment = await currentDeployment();
    if (!deployment) throw new PanelError('no_deployment', {}, { status: 409 });
    const file = await readConfigFile(deployment.dir, EDITABLE['node-config']);
    if (file.version !== given.version) throw new PanelError('config_changed', { file: EDITABLE['node-config'] }, { status: 409 });
    const original = file.text ?? '';
    const masked = hideNodeSecrets(original).text;
    const result = 'text' in given ? given.text : formatNodeConfig(given.entries, given.base ?? masked);
    // Refuses a token that this version doesn't have, before anyone tries to save it.
    refuseNewKeyMaterial(original, showNodeSecrets(result, original));
    return { text: result, ...judged(result, deployment, (await approvedNow()).value), changed: result !== masked };
  });
}
