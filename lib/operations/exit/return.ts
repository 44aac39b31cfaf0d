import { clock } from '#lib/core/clock.ts';
import { isPanelError, PanelError } from '#lib/core/errors.ts';
import { isDatabaseTrouble } from '#lib/db/trouble.ts';
import type { DeploymentService } from '#lib/deployment/schema.ts';
import { serviceOperands } from '#lib/docker/compose.ts';
import { adminNodes } from '#lib/mlnodes/client.ts';
import { switchNode } from '#lib/mlnodes/switch-node.ts';
import { keepTrying } from './keep-trying.ts';
import { isRemoved, seeMissing } from './machine.ts';
import { changeMemo, memoHere, memoNow } from './memo.ts';
import type { ExitMemo, ExitWait } from './schema.ts';
import { look, seenFor } from './sight.ts';
import { paramsOf, troubled } from './steps.ts';
import { LAUNCH } from '#lib/operations/lifecycle/launch.ts';
import { wantNothing } from '#lib/operations/ml-nodes/intent.ts';
import { pace } from '#lib/operations/pace.ts';
import type { RunContext, Step, StepResult } from '#lib/operations/step.ts';
import type { Words } from '#lib/operations/schema.ts';
import { awaitRunning } from '#lib/operations/lifecycle/settle.ts';
import { inWords, situation } from '#lib/operations/situation.ts';
import { surroundings } from '#lib/operations/surroundings.ts';

const mine = (memo: ExitMemo): string[] => memo.nodes.filter(({ ours }) => ours).map(({ id }) => id);
/** Of these, the ones that the api's list may still have. */
const coming = (memo: ExitMemo, { sight }: Seen): string[] => memo.nodes.filter((node) => node.ours && !isRemoved(node, sight.clock)).map(({ id }) => id);

type Said = { done: Words; waits?: undefined } | { waits: ExitWait; done?: undefined };
type Seen = Awaited<ReturnType<typeof look>>;

/** Waits for what `ready` makes of a look; what it waits for meanwhile is on the page. */
async function until(run: RunContext, ready: (seen: Seen, memo: ExitMemo) => Said | Promise<Said>): Promise<Words> {
  for (;;) {
    try {
      const seen = await look(run.deployment, await memoHere(run), paramsOf(run), false);
      const memo = await changeMemo(run.id, (now) => {
        const next = seeMissing(now, seen.sight);
        return { memo: next, result: next };
      });
      const said = await ready(seen, memo);
      const unknown = [seen.sight.clockWhy, seen.sight.nodesWhy, seen.sight.placeWhy].filter((one) => one !== undefined);
      await changeMemo(run.id, (now) => ({ memo: { ...now, seen: seenFor(seen, { unknown, witnesses: [], waits: said.waits }) }, result: undefined }));
      if (said.done) return said.done;
    } catch (error) {
      await troubled(run, error);
    }
    await run.wait(pace.exitMs);
  }
}
const wait = (code: string, more: Partial<ExitWait> = {}): Said => ({ waits: { code, params: {}, ...more } });

/** Everything is stopped; a person says when it goes on. */
const pause: Step = {
  name: 'exit-pause',
  async run(run): Promise<StepResult> {
    const { by } = await keepTrying(run, async () => (await memoNow(run.id)).resume, () => pace.exitSoonMs);
    return { evidence: { code: 'exit_resumed', params: { user: by } } };
  },
};

/** From here on nothing is wanted disabled: an api that starts now enables its nodes, and that is right. */
const release: Step = {
  name: 'exit-release',
  run: (run) =>
    keepTrying(run, async () => {
      await run.readAgain();
      const ids = mine(await memoHere(run));
      await wantNothing(run.deployment.dir, ids, run.id);
      return { evidence: { code: 'exit_released', params: { nodes: ids.join(', ') || '-' } } };
    }),
};

/** Everything has stopped: what doesn't let it start yet (an interlock, a seed that is asked too often, a port that is taken) is said and asked again. */
const startAgain = (run: RunContext, work: () => Promise<StepResult>): Promise<StepResult> =>
  keepTrying(run, async () => {
    // Files as they are now: whatever kept it from starting may have been put right in them.
    await run.readAgain();
    return run.alone(async () => {
      await memoHere(run);
      return work();
    });
  });

/** The same steps as a launch of everything, interlock of tmkms included. */
const launch = (step: Step): Step => ({
  name: step.name,
  async run(run): Promise<StepResult> {
    if (paramsOf(run).scope !== 'host') return { skipped: true, evidence: { code: 'exit_network_stays', params: {} } };
    return startAgain(run, async () => step.run(await asLaunch(run)));
  },
});

/** A start of everything with the reason that was typed for it at the resume, or since. */
async function asLaunch(run: RunContext): Promise<RunContext> {
  const { resume } = await memoNow(run.id);
  return Object.create(run, { kind: { value: 'launch-all' }, reason: { value: resume?.reason }, answered: { value: resume?.shown ?? [] }, look: { value: (plan = false) => situation('launch-all', undefined, run.deployment, plan) } });
}

/**
 * The ML services that are started again: those that this exit removed, by exactly their names; what others run on beside
 * them isn't touched. Where the files name one of them no longer (an update has renamed it) every one of the files, since the
 * exit has removed them all. Throws exit_ml_files_gone where the files have none.
 */
export function startsAgain(services: readonly Pick<DeploymentService, 'name' | 'group' | 'active'>[], tookDown: readonly string[]): string[] {
  const ml = services.filter((one) => one.group === 'ml' && one.active).map(({ name }) => name);
  const gone = tookDown.filter((name) => !ml.includes(name));
  if (ml.length === 0 && gone.length > 0) throw new PanelError('exit_ml_files_gone', { services: gone.join(', ') }, { status: 409 });
  return gone.length > 0 ? ml : ml.filter((name) => tookDown.includes(name));
}

const startMl: Step = {
  name: 'start-ml',
  async run(run): Promise<StepResult> {
    const { tookDown } = await memoNow(run.id);
    if (paramsOf(run).scope === 'host' || tookDown.length === 0) return { skipped: true };
    return startAgain(run, async () => {
      const services = startsAgain(run.deployment.services, tookDown);
      const exitCode = await run.compose(['up', '-d', '--no-deps', ...serviceOperands(services)]);
      return { ...(await awaitRunning(run, services)), exitCode };
    });
  },
};

/** Chain, api and its list of ML nodes are there. */
const healthy: Step = {
  name: 'exit-healthy',
  run: async (run) => ({
    evidence: await until(run, (seen, memo) => {
      const { sight, network } = seen;
      if (!sight.clock || network.clock.source !== 'own node') return wait('own_node');
      if (network.api.state !== 'ok' || !sight.nodes) return wait('own_api');
      const absent = coming(memo, seen).filter((id) => !sight.nodes?.some((node) => node.id === id));
      if (absent.length > 0) return wait('own_nodes', { params: { nodes: absent.join(', ') } });
      return { done: { code: 'exit_healthy', params: { block: sight.clock.height } } };
    }),
  }),
};

/** Enables by the literal request what was enabled before, where a list fetched right before shows it disabled. */
async function enable(run: RunContext, ids: string[]): Promise<void> {
  const admin = await surroundings().adminSide(run.deployment);
  if (!admin.url) throw new PanelError('exit_api_absent', {}, { status: 503 });
  const list = await adminNodes(admin.url);
  if (list.error) throw new PanelError(list.error.code, list.error.params, { status: 502 });
  for (const node of list.value) {
    if (!ids.includes(node.id) || node.state.admin?.enabled !== false) continue;
    run.output.say({ code: 'exit_enables', params: { request: `POST ${admin.url}/admin/v1/nodes/${encodeURIComponent(node.id)}/enable` } });
    const { error } = await switchNode(admin.url, node.id, true);
    if (error) throw new PanelError(error.code, error.params, { status: 502 });
  }
}

const enabling: Step = {
  name: 'exit-enable',
  run: async (run) => ({
    evidence: await until(run, async (seen, memo) => {
      const { sight } = seen;
      const off = coming(memo, seen).filter((id) => sight.nodes?.find((node) => node.id === id)?.enabled !== true);
      if (off.length > 0 || !sight.clock) {
        await enable(run, off);
        return wait('enable', { params: { nodes: off.join(', ') } });
      }
      const { latestEpoch } = sight.clock;
      await changeMemo(run.id, (now) => ({ memo: { ...now, enabledEpoch: now.enabledEpoch ?? latestEpoch }, result: undefined }));
      return { done: { code: 'exit_enabled', params: { nodes: mine(memo).join(', ') || '-', epoch: latestEpoch } } };
    }),
  }),
};

/** Back in the set of a later epoch, with weight. */
const back: Step = {
  name: 'exit-back',
  run: async (run) => ({
    evidence: await until(run, async (seen, memo) => {
      const { sight: { place, clock: at }, network } = seen;
      // None of its nodes is to come back: they were disabled before, or somebody has deleted them.
      if (coming(memo, seen).length === 0) return { done: { code: 'exit_back_none', params: {} } };
      const since = memo.enabledEpoch ?? 0;
      const there = place && at && place.epoch > since && place.weight > 0 ? place : undefined;
      if (!there) return wait('back', at ? { block: at.latestEpoch > at.epoch ? at.stages.setNewValidators : at.next.setNewValidators, epoch: at.latestEpoch > at.epoch ? at.latestEpoch : at.latestEpoch + 1 } : {});
      await changeMemo(run.id, (now) => ({ memo: { ...now, backIn: { epoch: there.epoch, weight: there.weight, at: clock.now(), source: network.participants.source ?? '' } }, result: undefined }));
      return { done: { code: 'exit_back', params: { epoch: there.epoch, weight: there.weight } } };
    }),
  }),
};

export const WAY_BACK: Step[] = [pause, release, ...LAUNCH['launch-all'].steps.map(launch), startMl, healthy, enabling, back];

/** How long a cancel tries to enable again what the exit disabled (ms). */
const UNDO_MS = 3 * 60_000;

/** A cancel: nothing is wanted disabled any more, and what was enabled before the exit is enabled again, unless what they run on was removed. */
export async function undoExit(run: RunContext): Promise<Words> {
  const before = await memoNow(run.id);
  const left = mine(before).join(', ') || '-';
  if (before.dir !== undefined) await wantNothing(before.dir, mine(before), run.id);
  for (const begun = clock.now(); ; ) {
    let why = 'mlnodes_slow';
    try {
      const said = await undone(run);
      if (said) return said;
    } catch (error) {
      run.signal.throwIfAborted();
      // An engine that restarts, files that are moved, an api that doesn't answer: all of it may be over in a moment.
      if (!isPanelError(error) || error.code === 'exit_other_deployment') throw error;
      why = error.code;
      // What can't be written is waited for by whoever called.
      if (isDatabaseTrouble(error)) throw error;
    }
    if (clock.now() - begun > UNDO_MS) return { code: 'exit_not_undone', params: { nodes: left, why } };
    await run.wait(pace.exitSoonMs);
  }
}

/** One try; undefined while a node is still disabled. */
async function undone(run: RunContext): Promise<Words | undefined> {
  await run.readAgain();
  const memo = await memoHere(run);
  const ids = mine(memo);
  const left = ids.join(', ') || '-';
  const containers = (await situation('launch-all', undefined, run.deployment, false)).affected;
  const runs = (name: string): boolean => containers.some(({ service, container }) => service.name === name && container?.state === 'running');
  // Nodes whose containers are gone would only fail; what was stopped by proof stays stopped.
  if (memo.tookDown.some((name) => !runs(name))) return { code: 'exit_undone_stopped', params: { nodes: left } };
  const api = containers.find(({ service }) => service.role === 'api');
  // An api that starts enables every node by itself (measured 26, 44).
  if (api?.container?.state !== 'running') return { code: 'exit_undone_api_down', params: { nodes: left, containers: inWords(api ? [api] : []) || '-' } };
  await enable(run, ids);
  const { value, state } = await surroundings().mlNodes(run.deployment);
  const off = ids.filter((id) => value?.some((node) => node.id === id && node.state.admin?.enabled === false));
  return state === 'ok' && off.length === 0 ? { code: 'exit_undone', params: { nodes: left } } : undefined;
}
