import type { Deployment } from '#lib/deployment/schema.ts';
import { parseNodeConfig, nodeConfigProblems } from '#lib/deployment/node-config.ts';
import type { NodeConfigEntry, NodeConfigProblem } from '#lib/deployment/node-config-schema.ts';
import type { ApprovedModel } from '#lib/models/catalogue.ts';
import { knownArguments } from '#lib/models/known-arguments.ts';

/** The nodes of a text with everything that is wrong with it, by the rules of this release, of upstream's reference configurations and of governance where it is known. */
export function judged(text: string, deployment: Pick<Deployment, 'release'>, approved: readonly ApprovedModel[] | undefined): { entries: NodeConfigEntry[]; problems: NodeConfigProblem[] } {
  const { nodes, problems } = parseNodeConfig(text);
  const rules = nodeConfigProblems(nodes, { ...(deployment.release ? { release: deployment.release } : {}), ...(approved ? { approved: approved.map(({ id }) => id) } : {}), reference: knownArguments(approved) });
  // What is no JSON has no nodes, and nothing to be said about them.
  return { entries: nodes, problems: [...problems, ...rules.filter((one) => !problems.some((other) => other.node === one.node && other.field === one.field && other.model === one.model))] };
}
