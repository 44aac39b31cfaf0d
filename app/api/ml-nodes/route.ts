import { requireSession } from '#lib/access/session.ts';
import type { EpochClock } from '#lib/chain/epoch-clock.ts';
import type { Reading } from '#lib/chain/reading.ts';
import { clock } from '#lib/core/clock.ts';
import { PanelError } from '#lib/core/errors.ts';
import { disableEffect } from '#lib/operations/ml-nodes/effect.ts';
import { openExit } from '#lib/operations/ml-nodes/exit.ts';
import { reapplies } from '#lib/operations/ml-nodes/wish.ts';
import { wishesNow } from '#lib/operations/ml-nodes/wishes-now.ts';
import { type MlClock, type MlNodesView, saveInput } from '#lib/operations/ml-nodes/schema.ts';
import { startMlNodes } from '#lib/operations/ml-nodes/start.ts';
import { nodesOfText } from '#lib/operations/ml-nodes/text.ts';
import { adminSideState } from '#lib/watch/admin-wedge.ts';
import { apiNodeConfigs } from '#lib/watch/api-node-configs.ts';
import { apiNodes } from '#lib/watch/api-nodes.ts';
import { leaving } from '#lib/watch/network-snapshot.ts';
import { replaceSecrets } from '../../../guard/secret-arguments.ts';
import { SECRET_MARK } from '#lib/core/redact.ts';
import { deploymentNow } from '../deployment-now.ts';
import { approvedNow } from '../models/catalogue-now.ts';
import { answer } from '../operations/answer.ts';
import { refuseKeyMaterial } from '../request-json.ts';
import { nodeViews } from './node-views.ts';

/** The api's list of ML nodes with what the network, governance and the operator say of each (MlNodesView). */
export async function GET(): Promise<Response> {
  await requireSession();
  return answer(async (): Promise<MlNodesView> => {
    const { deployment: of, error } = await deploymentNow();
    if (error) throw new PanelError(error.code, error.params, { status: 409 });
    if (!of) return { noDeployment: true };
    const [list, admin, wishes, network, approved, reapply, exit] = await Promise.all([apiNodes(of), adminSideState(of), wishesNow(of), leaving(false), approvedNow(), reapplies(), openExit(of)]);
    const configs = list.state === 'ok' ? await apiNodeConfigs(of) : undefined;
    const now = clock.now();
    const { value: nodes, ...seen } = list;
    const shown = wishes.map(({ asked: _asked, ...wish }) => wish);
    const epoch = network.clock.state === 'ok' ? network.clock.value : undefined;
    const service = of.services.find(({ role }) => role === 'api')?.name;
    return {
      at: now, ...(of.release ? { release: of.release } : {}),
      list: { ...seen, ...(nodes ? { value: nodeViews({ now, nodes, configs: configs?.value ?? [], approved: approved.value, network, release: of.release, wishes: shown }) } : {}) },
      admin: { state: admin.state, ...(admin.since === undefined ? {} : { since: admin.since }), ...(service ? { service } : {}) },
      wishes: shown, reapply, clock: clockView(network.clock), ...(epoch ? { disableNow: disableEffect(epoch) } : {}),
      governance: { ...approved, value: approved.value?.map(({ id, vramGb, args }) => ({ id, vramGb, args: masked(args) })) },
      ...(exit ? { exit: { id: exit.id, kind: exit.kind } } : {}),
    };
  });
}

const masked = (args: readonly string[]): string[] => JSON.parse(replaceSecrets(JSON.stringify(args), () => SECRET_MARK));

function clockView({ value, ...seen }: Reading<EpochClock>): Reading<MlClock> {
  if (!value) return seen;
  const { epoch, latestEpoch, phase, confirmationPocActive, height, at, source, stages, secondsPerBlock } = value;
  const { nextPocStart, setNewValidators } = stages;
  return { ...seen, value: { epoch, latestEpoch, phase, height, at, source, nextPocStart, setNewValidators, ...(confirmationPocActive === undefined ? {} : { confirmationPocActive }), ...(secondsPerBlock === undefined ? {} : { secondsPerBlock }) } };
}

/** Adds or replaces ML nodes (`saveInput`) → `{id}` of the operation. */
export async function POST(request: Request): Promise<Response> {
  const { user, ip } = await requireSession();
  return answer(async () => {
    const input = saveInput.parse(await request.json());
    refuseKeyMaterial({ ...input, base: undefined });
    const { reason, shown } = input;
    const by = { reason, shown, user: user.username, ip };
    if (input.do === 'save') return startMlNodes({ kind: 'ml-save', nodes: [input.node], base: input.base, ...by });
    if (input.do === 'add-many') return startMlNodes({ kind: 'ml-add-many', nodes: input.nodes, ...by });
    const { nodes, problems } = nodesOfText(input.text);
    const broken = problems.filter(({ level }) => level === 'broken').length;
    if (broken > 0 || nodes.length === 0) throw new PanelError('ml_nodes_broken', { count: broken, nodes: '-' }, { status: 409 });
    return startMlNodes({ kind: 'ml-add-many', nodes, ...by });
  });
}
