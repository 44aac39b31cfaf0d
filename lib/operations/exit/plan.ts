import { PanelError } from '#lib/core/errors.ts';
import type { Reading } from '#lib/chain/reading.ts';
import type { Deployment } from '#lib/deployment/schema.ts';
import { composeCommand } from '#lib/docker/compose.ts';
import type { AdminNode } from '#lib/mlnodes/schema.ts';
import { inWords } from '#lib/operations/lifecycle/container-words.ts';
import { type ExitParams, exitParams } from './schema.ts';
import { sharedBy } from './shared-services.ts';
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
 * exit_node_unknown where the api's list doesn't have the one node, exit_not_registered where the chain says that it has no such host.
 */
export async function exitPlan(of: Deployment, given: unknown): Promise<Situation> {
  const params = exitParams.parse(given);
  const [list, { registered, address, clock }] = await Promise.all([surroundings().mlNodes(of), surroundings().leaving(false)]);
  // A host that the chain doesn't know is in no set: there is nothing that could be proven, and it would be waited for that for ever.
  if (registered === false) throw new PanelError('exit_not_registered', { address: address ?? '' }, { status: 409 });
  if (params.scope === 'ml-node' && list.state === 'ok' && !list.value?.some(({ id }) => id === params.node)) throw new PanelError('exit_node_unknown', { node: params.node }, { status: 404 });
  const [everything, ml] = [await downPlan(of, '@all'), await downPlan(of, '@ml')];
  // The ML services stay where another node may need them, or where this one isn't on this machine.
  const stays = params.scope === 'ml-node' && list.state === 'ok' && list.value ? sharedBy(list.value, of, params.node) : undefined;
  const longer = clock.state === 'ok' && clock.value !== undefined && clock.value.latestEpoch > clock.value.epoch;
  const commands = [...(await disables(of, params, list)), ...(ml.composeArgs && !stays ? [composeCommand(of.project, ml.composeArgs)] : []), ...(params.scope === 'host' ? [composeCommand(of.project, everything.composeArgs ?? ['down'])] : [])];
  const notes = [...(longer ? ['exit_longer'] : []), 'exit_waits', 'exit_duty', params.scope === 'host' ? 'exit_host_down' : stays ? 'exit_ml_stays' : 'exit_network_stays'];
  return { deployment: of, affected: [], command: commands.at(-1) ?? [], commands, notes, found: everything.affected.length > 0 ? { code: 'found', params: { containers: inWords(everything.affected) } } : { code: 'found_none', params: {} } };
}
