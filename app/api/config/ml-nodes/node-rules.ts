import type { Deployment } from '#lib/deployment/schema.ts';
import { parseNodeConfig, nodeConfigProblems } from '#lib/deployment/node-config.ts';
import type { NodeConfigEntry, NodeConfigProblem } from '#lib/deployment/node-config-schema.ts';
import type { ApprovedModel } from '#lib/models/catalogue.ts';
import { REFERENCES } from '#lib/models/reference-configs.ts';

/** The nodes of a text with everything that is wrong with it, by the rules of this release, of upstream's reference configurations and of governance where it is known. */
export function judged(text: string, deployment: Pick<Deployment, 'release'>, approved: readonly ApprovedModel[] | undefined): { entries: NodeConfigEntry[]; problems: NodeConfigProblem[] } {
  const { nodes, problems } = parseNodeConfig(text);
  const reference = Object.fromEntries([...new Set([...Object.keys(REFERENCES), ...(approved ?? []).map(({ id }) => id)])].map((id) => [
    id, [...(REFERENCES[id] ?? []).map(({ args }) => args), ...(approved ?? []).filter((one) => one.id === id).map(({ args }) => args)],
  ]));
  const rules = nodeConfigProblems(nodes, { ...(deployment.release ? { release: deployment.release } : {}), ...(approved ? { approved: approved.map(({ id }) => id) } : {}), reference });
  // What is no JSON has no nodes, and nothing to be said about them.
  return { entries: nodes, problems: [...problems, ...rules.filter((one) => !problems.some((other) => other.node === one.node && other.field === one.field && other.model === one.model))] };
}
