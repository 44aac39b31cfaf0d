import { envOfText } from '#lib/deployment/config-change.ts';
import type { EditableFile } from '#lib/deployment/config-schema.ts';
import { composeConfigurationOf } from '#lib/deployment/deployment.ts';
import { exportedValues } from '#lib/deployment/env-values.ts';
import { nodeConfigMerged } from '#lib/deployment/node-config-merged.ts';
import { otherNodeConfig } from '#lib/deployment/node-config-mount.ts';
import type { Deployment } from '#lib/deployment/schema.ts';
import { PanelError } from '#lib/core/errors.ts';
import type { Gate } from '#lib/operations/schema.ts';
import { pendingServices } from './pending.ts';
import { currentContainers, type Situation, situation } from '#lib/operations/situation.ts';

/** Before anything is written: the deployment as it would be, and what applying would do to its containers. */
export type Planned = { deployment: Deployment; services: string[]; situation: Situation };

/**
 * What applying this text would recreate, among the services that have a container. Throws operation_command_failed with
 * compose's words where it refuses the result, engine_*, compose_*, operation_other_directory.
 */
export async function planApply(file: EditableFile, of: Deployment, text: string, changes: boolean): Promise<Planned> {
  const deployment = file === 'env' ? await withValues(of, text) : of;
  const containers = await currentContainers(of);
  const present = deployment.services.map((one) => one.name).filter((name) => containers.has(name));
  // Only api has node-config.json mounted (facts 2.2); a new text is one that its container doesn't have.
  const api = deployment.services.filter((one) => one.role === 'api' && present.includes(one.name)).map((one) => one.name);
  const services = file === 'env' ? await pendingServices(file, deployment, present, containers, of.project) : changes ? api : await pendingServices(file, of, api, containers);
  const names = present.filter((name) => new Set(services).has(name));
  const planned = await situation('apply-config', file, deployment, false, { config: { services: names } });
  return { deployment, services: names, situation: planned };
}

/** The deployment with the exported values of another config.env: compose's environment, and images that are named by them. */
async function withValues(of: Deployment, text: string): Promise<Deployment> {
  const values = exportedValues(envOfText(text, of.dir).values);
  const project = { ...of.project, env: values };
  const config = await composeConfigurationOf(of, project);
  if (!config) throw new PanelError('config_compose_refuses', {}, { status: 409 });
  return { ...of, project, values, services: of.services.map((one) => ({ ...one, image: config.services[one.name]?.image ?? one.image })) };
}

/** Applying node-config.json says nothing to an api that reads another file, or that has taken it over already (facts 3.2). */
export async function mergedGate(file: EditableFile, of: Deployment): Promise<Gate> {
  if (file !== 'node-config') return { answer: 'yes' };
  const other = await otherNodeConfig(of);
  if (other) return { answer: 'refused', why: 'node_config_other', params: { path: other } };
  const { state } = await nodeConfigMerged(of.dir, of.services);
  return state === 'merged' ? { answer: 'refused', why: 'node_config_merged', params: {} } : { answer: 'yes' };
}
