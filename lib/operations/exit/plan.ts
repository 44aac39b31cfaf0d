import { PanelError } from '#lib/core/errors.ts';
import type { Reading } from '#lib/chain/reading.ts';
import type { Deployment } from '#lib/deployment/schema.ts';
import { composeCommand } from '#lib/docker/compose.ts';
import type { AdminNode } from '#lib/mlnodes/schema.ts';
import { inWords } from '#lib/operations/lifecycle/container-words.ts';
import { type ExitParams, exitParams } from './schema.ts';
import type { Situation } from '#lib/operations/lifecycle/service-containers.ts';
import { surroundings } from '#lib/operations/surroundings.ts';
import { downPlan } from '#lib/operations/lifecycle/take-down-plan.ts';

/** The requests that disable, as they can be pasted; none where the list can't be read: which nodes there are is then unknown. */
async function disables(of: Deployment, params: ExitParams, list: Reading<AdminNode[]>): Promise<string[][]> {
  const { url = 'http://api:9200' } = await surroundings().adminSide(of);
  const enabled = (list.value ?? []).filter(({ id, state }) => state.admin?.enabled !== false && (params.scope !== 'ml-node' || id === params.node));
  return enabled.map(({ id }) => ['curl', '-X', 'POST', `${url}/admin/v1/nodes/${encodeURIComponent(id)}/disable`]);
}

/**
 * The requests and commands of an exit, and what is there now. Nothing is refused for the moment: an exit waits for a good one. Throws
 * exit_node_unknown where the api's list doesn't have the one node.
 */
export async function exitPlan(of: Deployment, given: unknown): Promise<Situation> {
  const params = exitParams.parse(given);
  const list = await surroundings().mlNodes(of);
  if (params.scope === 'ml-node' && list.state === 'ok' && !list.value?.some(({ id }) => id === params.node)) throw new PanelError('exit_node_unknown', { node: params.node }, { status: 404 });
  const [everything, ml] = [await downPlan(of, '@all'), await downPlan(of, '@ml')];
  const phase = await surroundings().phase();
  const commands = [...(await disables(of, params, list)), ...(ml.composeArgs ? [composeCommand(of.project, ml.composeArgs)] : []), ...(params.scope === 'host' ? [composeCommand(of.project, everything.composeArgs ?? ['down'])] : [])];
  const notes = [...(phase.known && phase.clock.phase !== 'Inference' ? ['exit_longer'] : []), 'exit_waits', 'exit_duty', ...(params.scope === 'host' ? ['exit_host_down'] : ['exit_network_stays'])];
  return { deployment: of, affected: [], command: commands.at(-1) ?? [], commands, notes, found: everything.affected.length > 0 ? { code: 'found', params: { containers: inWords(everything.affected) } } : { code: 'found_none', params: {} } };
}
