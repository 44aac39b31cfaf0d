import { PanelError } from '#lib/core/errors.ts';
import type { Deployment } from '#lib/deployment/schema.ts';
import { composeCommand } from '#lib/docker/compose.ts';
import { inWords } from './container-words.ts';
import { exitParams } from './exit-schema.ts';
import type { Situation } from './service-containers.ts';
import { surroundings } from './surroundings.ts';
import { downPlan } from './take-down-plan.ts';

/**
 * The commands that end an exit, and what is there now. Nothing is refused for the moment: an exit waits for a good one. Throws
 * exit_node_unknown where the api's list doesn't have the one node.
 */
export async function exitPlan(of: Deployment, given: unknown): Promise<Situation> {
  const params = exitParams.parse(given);
  const list = await surroundings().mlNodes(of);
  if (params.scope === 'ml-node' && list.state === 'ok' && !list.value?.some(({ id }) => id === params.node)) throw new PanelError('exit_node_unknown', { node: params.node }, { status: 404 });
  const [everything, ml] = [await downPlan(of, '@all'), await downPlan(of, '@ml')];
  const phase = await surroundings().phase();
  const commands = [...(ml.composeArgs ? [composeCommand(of.project, ml.composeArgs)] : []), ...(params.scope === 'host' ? [composeCommand(of.project, everything.composeArgs ?? ['down'])] : [])];
  const notes = [...(phase.known && phase.clock.phase !== 'Inference' ? ['exit_longer'] : []), 'exit_waits', 'exit_duty', ...(params.scope === 'host' ? ['exit_host_down'] : ['exit_network_stays'])];
  return { deployment: of, affected: [], command: commands.at(-1) ?? [], commands, notes, found: everything.affected.length > 0 ? { code: 'found', params: { containers: inWords(everything.affected) } } : { code: 'found_none', params: {} } };
}
