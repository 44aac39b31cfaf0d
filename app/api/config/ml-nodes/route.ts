import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { ShownError } from '#components/ui/error-notice.tsx';
import type { NodeConfigNow } from '#components/node-config/node-config-data.ts';
import { requireSession } from '#lib/access/session.ts';
import { clock } from '#lib/core/clock.ts';
import { isPanelError, PanelError } from '#lib/core/errors.ts';
import { SECRET_MARK } from '#lib/core/redact.ts';
import { readConfigFile } from '#lib/deployment/config-file.ts';
import { EDITABLE, type FileVersion } from '#lib/deployment/config-schema.ts';
import { parseNodeConfig } from '#lib/deployment/node-config.ts';
import { nodeConfigMerged } from '#lib/deployment/node-config-merged.ts';
import { otherNodeConfig } from '#lib/deployment/node-config-mount.ts';
import { hideNodeSecrets } from '#lib/deployment/node-config-tokens.ts';
import { registerNodeConfigSecrets } from '#lib/deployment/secret-values.ts';
import type { Deployment } from '#lib/deployment/schema.ts';
import type { AdminNode } from '#lib/mlnodes/schema.ts';
import { nodeDrift } from '#lib/mlnodes/drift.ts';
import { apiNodes } from '#lib/watch/api-nodes.ts';
import { replaceSecrets } from '../../../../guard/secret-arguments.ts';
import { approvedNow } from '../../models/catalogue-now.ts';
import { answer } from '../../operations/answer.ts';
import { deploymentNow } from '../../deployment-now.ts';
import { judged } from './node-rules.ts';

const NAME = EDITABLE['node-config'];

/** node-config.json for form and raw view, whether it is still read, and the same nodes as api and governance have them. */
export async function GET(): Promise<Response> {
  await requireSession();
  return answer(async (): Promise<NodeConfigNow> => {
    const { deployment, error } = await deploymentNow();
    if (error) throw new PanelError(error.code, error.params, { status: 409 });
    if (!deployment) return { noDeployment: true };
    const [file, otherPath, merged, api, governance] = await Promise.all([fileNow(deployment), otherNodeConfig(deployment), nodeConfigMerged(deployment.dir, deployment.services), apiNodes(deployment), approvedNow()]);
    const { entries, problems } = file.text === undefined ? { entries: [], problems: [] } : judged(file.text, deployment, governance.value);
    const masked = secretMasker();
    const inFile = masked(file.plain === undefined ? [] : parseNodeConfig(file.plain).nodes);
    const ofApi = api.value && masked(api.value);
    const ofGovernance = governance.value && masked(governance.value);
    const readable = file.error === undefined && !problems.some(({ code }) => code === 'node_config_json' || code === 'node_config_no_list');
    return {
      at: clock.now(), path: path.join(deployment.dir, NAME), ...(otherPath ? { otherPath } : {}), version: file.version, ...(file.changedAt === undefined ? {} : { changedAt: file.changedAt }), ...(file.text === undefined ? {} : { text: file.text }), ...(file.error ? { error: file.error } : {}),
      entries, problems, merged, ...(deployment.release ? { release: deployment.release } : {}),
      api: { ...api, value: ofApi?.map(shownNode) }, governance: { ...governance, value: ofGovernance?.map(({ id, vramGb, args }) => ({ id, vramGb, args })) },
      drift: nodeDrift({
        ...(readable && file.text !== undefined ? { file: inFile } : {}), ...(ofApi ? { api: ofApi } : {}),
        ...(ofGovernance ? { governance: Object.fromEntries(ofGovernance.map(({ id, args }) => [id, args])) } : {}),
        // What api has taken over, or will, is another file: this one waits for nothing.
        merged: otherPath ? 'unknown' : merged.state,
      }),
    };
  });
}

/** Masks what stands in a value; the same secret is the same mark, another one is another, so that what is masked can be compared. */
function secretMasker(): <T>(value: T) => T {
  const marks = new Map<string, string>();
  return (value) => JSON.parse(replaceSecrets(JSON.stringify(value), (secret) => {
    const mark = marks.get(secret) ?? SECRET_MARK + '*'.repeat(marks.size);
    marks.set(secret, mark);
    return mark;
  }));
}

/** `text` with secrets as tokens; `plain` never leaves the server. */
type FileNow = { version: FileVersion; text?: string; plain?: string; changedAt?: number; error?: ShownError };

async function fileNow({ dir }: Deployment): Promise<FileNow> {
  try {
    const { text, version } = await readConfigFile(dir, NAME);
    if (text === undefined) return { version };
    registerNodeConfigSecrets(text);
    const changedAt = (await stat(path.join(/*turbopackIgnore: true*/ dir, NAME)).catch(() => undefined))?.mtimeMs;
    return { version, text: hideNodeSecrets(text).text, plain: text, ...(changedAt === undefined ? {} : { changedAt }) };
  } catch (error) {
    if (!isPanelError(error)) throw error;
    return { version: 'absent', error: { code: error.code, params: error.params } };
  }
}

const shownNode = ({ id, host, inferencePort, pocPort, maxConcurrent, models, hardware, state }: AdminNode) => ({
  id, host, inferencePort, pocPort, maxConcurrent, models, hardware, current: state.current, intended: state.intended, failure: state.failure, ...(state.admin ? { enabled: state.admin.enabled } : {}),
});
