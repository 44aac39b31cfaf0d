import { PanelError } from '#lib/core/errors.ts';
import { readConfigFile, saveConfigFile } from '#lib/deployment/config-file.ts';
import { EDITABLE } from '#lib/deployment/config-schema.ts';
import { rememberFound, rememberSaved } from '#lib/deployment/config-versions.ts';
import { bindsThere, deploymentSound, pullMissing, rememberKey, tmkmsAllowed } from '#lib/operations/lifecycle/compose-steps.ts';
import { contentOf } from './content.ts';
import { applyArgs, pendingServices } from './pending.ts';
import type { Procedure, RunContext, Step, StepResult } from '#lib/operations/step.ts';
import type { ConfigParams, FileKind } from '#lib/operations/schema.ts';
import { awaitRunning } from '#lib/operations/lifecycle/settle.ts';
import { currentContainers } from '#lib/operations/situation.ts';

function paramsOf(run: RunContext): ConfigParams {
  if (!run.config) throw new Error('a save without its versions');
  return run.config;
}

const short = (version: string) => (version === 'absent' ? '-' : version.slice(0, 12));

/** The file as it is now: the one to be replaced, or written already. Throws config_changed, config_content_gone. */
async function fileNow(run: RunContext) {
  const params = paramsOf(run);
  const name = EDITABLE[params.file];
  const file = await readConfigFile(run.deployment.dir, name);
  const written = file.version === params.version;
  if (!written && file.version !== params.expected) throw new PanelError('config_changed', { file: name }, { status: 409 });
  if (!written && !contentOf(run.id)) throw new PanelError('config_content_gone', { file: name }, { status: 409 });
  return { params, name, file, written };
}

const look: Step = {
  name: 'file',
  async run(run): Promise<StepResult> {
    const { name, file, params } = await fileNow(run);
    return { evidence: { code: 'config_file', params: { file: name, version: short(file.version), changed: params.changed.join(', ') || '-', count: params.changed.length } } };
  },
};

/** What somebody else made of the file since the last save is kept, so that it can be had back. */
const remember: Step = {
  name: 'remember',
  async run(run): Promise<StepResult> {
    const { params, name, file, written } = await fileNow(run);
    const found = !written && (await rememberFound(run.deployment.dir, params.file, file));
    return found ? { evidence: { code: 'config_found', params: { file: name, version: short(file.version) } } } : { skipped: true, evidence: { code: 'config_known', params: { file: name } } };
  },
};

const write: Step = {
  name: 'write',
  async run(run): Promise<StepResult> {
    const { params, name, file, written } = await fileNow(run);
    const content = contentOf(run.id);
    if (!content) {
      await run.readAgain();
      return { skipped: true, evidence: { code: 'config_written_already', params: { file: name, version: short(file.version) } } };
    }
    // Also where the text is the same: a file with a secret that others may read is closed.
    const saved = await saveConfigFile(run.deployment.dir, name, { text: content.text, expected: file.version, secret: content.hasSecret });
    await run.readAgain();
    if (written && !saved.tightened) return { skipped: true, evidence: { code: 'config_written_already', params: { file: name, version: short(params.version) } } };
    return { evidence: { code: 'config_written', params: { file: name, version: short(saved.version), mode: saved.mode.toString(8).padStart(4, '0'), tightened: saved.tightened ? 'yes' : 'no' } } };
  },
};

const versionRow: Step = {
  name: 'version-row',
  async run(run): Promise<StepResult> {
    const { params, name, file } = await fileNow(run);
    const added = params.expected !== params.version && (await rememberSaved(run.deployment.dir, params.file, file, { by: run.user, ip: run.ip, how: params.how, changed: params.changed, operationId: run.id }));
    return added ? { evidence: { code: 'config_version', params: { file: name, version: short(file.version) } } } : { skipped: true, evidence: { code: 'config_known', params: { file: name } } };
  },
};

const recreate: Step = {
  name: 'recreate',
  async run(run): Promise<StepResult> {
    const { params } = await fileNow(run);
    const containers = await currentContainers(run.deployment);
    const wanted = params.services.filter((name) => containers.has(name));
    const pending = wanted.length > 0 ? await pendingServices(params.file, run.deployment, wanted, containers) : new Set<string>();
    // A recreate that was cut off leaves a container that is new and doesn't run.
    const left = wanted.filter((name) => pending.has(name) || containers.get(name)?.state !== 'running');
    if (left.length === 0) return { skipped: true, evidence: wanted.length > 0 ? { code: 'config_applied', params: { services: wanted.join(', ') } } : { code: 'config_concerns_none', params: {} } };
    return { exitCode: await run.compose(applyArgs(params.file, left)), evidence: { code: 'config_recreated', params: { services: left.join(', ') } } };
  },
};

const runs: Step = {
  name: 'verify-running',
  async run(run): Promise<StepResult> {
    const containers = await currentContainers(run.deployment);
    const wanted = paramsOf(run).services.filter((name) => containers.has(name));
    return wanted.length > 0 ? awaitRunning(run, wanted) : { skipped: true, evidence: { code: 'config_concerns_none', params: {} } };
  },
};

const SAVE = [look, remember, write, versionRow];

/** Writing a file of the deployment (ADR 011), and bringing it to the containers that read it. */
export const CONFIG: Record<FileKind, Procedure> = {
  'save-config': { steps: SAVE },
  'apply-config': { steps: [...SAVE, deploymentSound, pullMissing, bindsThere, tmkmsAllowed, recreate, runs, rememberKey] },
};
