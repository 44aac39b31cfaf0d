import { argumentValue, mergedArguments } from '#lib/core/model-arguments.ts';
import { readConfigFile } from '#lib/deployment/config-file.ts';
import { parseNodeConfig } from '#lib/deployment/node-config.ts';
import type { Deployment } from '#lib/deployment/schema.ts';
import type { ModelRef } from '#lib/models/model-ref.ts';
import { approvedNow } from '../models/catalogue-now.ts';

/** A model of node-config.json. `here`: an ML node of this machine runs it; otherwise its weights belong on another one. */
export type ConfiguredModel = ModelRef & { nodes: string[]; here: boolean };

/** The models that node-config.json gives to ML nodes, with the revision that their arguments end up with. Undefined when the file can't be read, or doesn't say it in a form that the api takes. */
export async function configuredModels(of: Deployment): Promise<ConfiguredModel[] | undefined> {
  const [text, approved] = await Promise.all([readConfigFile(of.dir, 'node-config.json').then((file) => file.text, () => null), approvedNow()]);
  if (text === null) return undefined;
  const { nodes, problems } = parseNodeConfig(text ?? '[]');
  if (problems.some(({ level, field }) => level === 'broken' && (field === undefined || field === 'models'))) return undefined;
  const found = new Map<string, ConfiguredModel>();
  const own = new Set([...of.services.filter(({ group, active }) => group === 'ml' && active).map(({ name }) => name), 'localhost', '127.0.0.1']);
  for (const node of nodes) {
    const host = node.baseUrl && URL.canParse(node.baseUrl) ? new URL(node.baseUrl).hostname : node.host;
    for (const { id, args } of node.models) {
      const governance = approved.value?.find((one) => one.id === id)?.args ?? [];
      const revision = argumentValue(mergedArguments(governance, args).tokens, '--revision');
      const key = [id, revision, own.has(host)].join(' ');
      const one = found.get(key) ?? { model: id, ...(revision ? { revision } : {}), nodes: [], here: own.has(host) };
      found.set(key, { ...one, nodes: [...one.nodes, node.id] });
    }
  }
  return [...found.values()];
}
