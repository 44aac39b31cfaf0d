import { clock } from '#lib/core/clock.ts';
import { isPanelError, PanelError } from '#lib/core/errors.ts';
import { log } from '#lib/core/log.ts';
import { adminNodes } from '#lib/mlnodes/client.ts';
import { recoverClaim } from '#lib/mlnodes/recover-claim.ts';
import { nodePath } from '#lib/mlnodes/node-path.ts';
import { switchNode } from '#lib/mlnodes/switch-node.ts';
import { keepTrying } from './keep-trying.ts';
import { countsFrom, leave, type Next, type Turn } from './machine.ts';
import { changeMemo, memoHere } from './memo.ts';
import { EXIT_STAGES, type ExitMemo, type ExitParams, exitParams, type ExitStage, type Witness } from './schema.ts';
import { look, seenFor } from './sight.ts';
import { wantDisabled } from '#lib/operations/ml-nodes/intent.ts';
import { pace } from '#lib/operations/pace.ts';
import type { RunContext, Step, StepResult } from '#lib/operations/step.ts';
import type { Words } from '#lib/operations/schema.ts';
import { serviceContainers } from '#lib/operations/lifecycle/service-containers.ts';
import { surroundings } from '#lib/operations/surroundings.ts';

const rank = (stage: ExitStage): number => EXIT_STAGES.indexOf(stage);
export const paramsOf = (run: RunContext): ExitParams => exitParams.parse(run.params);

/** What is known of the world's trouble, for the page: a look that failed leaves the last one with its age. */
export async function troubled(run: RunContext, error: unknown): Promise<void> {
  run.signal.throwIfAborted();
  if (!isPanelError(error)) log.error({ err: error, operation: run.id }, 'a look of the exit failed by a defect');
  const words: Words = isPanelError(error) ? { code: error.code, params: error.params } : { code: 'unexpected', params: { event: run.id } };
  await changeMemo(run.id, (memo) => ({ memo: { ...memo, ...(memo.seen ? { seen: { ...memo.seen, unknown: [words] } } : {}) }, result: undefined })).catch((wrong) => log.error({ err: wrong, operation: run.id }, 'the trouble of an exit could not be written'));
  // The directory may have been gone when the panel started.
  await run.readAgain().catch(() => {});
}

/** One look, one decision, both remembered. Foreign hosts are asked for their word only when everything else is ready for it. */
async function turn(run: RunContext): Promise<Turn> {
  const params = paramsOf(run);
  const once = async (proof: boolean): Promise<Turn> => {
    const seen = await look(run.deployment, await memoHere(run), params, proof);
    return changeMemo(run.id, (memo) => {
      const result = leave(memo, seen.sight, params);
      const witnesses = seen.sight.witnesses ?? memo.seen?.witnesses ?? [];
      const waits = result.next.do === 'wait' ? result.next.waits : undefined;
      return { memo: { ...result.memo, seen: seenFor(seen, { unknown: result.unknown, witnesses, waits }) }, result };
    });
  };
  const first = await once(false);
  return first.stage === 'proof' ? once(true) : first;
}

/** Disables by the literal request, only ids of a list fetched right before, and only those that it shows enabled. */
async function disable(run: RunContext, ids: string[]): Promise<void> {
  const { dir } = run.deployment;
  // First what is wanted, then the request: whoever is killed in between still wants it.
  await wantDisabled(dir, ids, run.user, run.id);
  const admin = await surroundings().adminSide(run.deployment);
  if (!admin.url) return;
  const list = await adminNodes(admin.url);
  for (const id of ids) {
    if (!list.value?.some((node) => node.id === id && node.state.admin?.enabled !== false)) continue;
    run.output.say({ code: 'exit_disables', params: { request: `POST ${admin.url}${nodePath(id, 'disable')}` } });
    const { error } = await switchNode(admin.url, id, false);
    if (error) throw new PanelError(error.code, error.params, { status: 502 });
  }
}

async function recover(run: RunContext, epoch: number): Promise<void> {
  const admin = await surroundings().adminSide(run.deployment);
  if (!admin.url) return;
  const height = await changeMemo(run.id, (memo) => {
    const at = memo.seen?.clock?.height ?? 0;
    return { memo: { ...memo, recoveredAt: at }, result: at };
  });
  run.output.say({ code: 'exit_recovers', params: { epoch, height } });
  const { error } = await recoverClaim(admin.url, epoch);
  if (error) throw new PanelError(error.code, error.params, { status: 502 });
}

async function act(run: RunContext, next: Next): Promise<void> {
  if (next.do === 'disable') await disable(run, next.nodes);
  if (next.do === 'recover') await recover(run, next.epoch);
}

/** Looks and acts until `enough` says so. What fails is looked at again: nobody is there at three in the morning. */
export async function untilTurn(run: RunContext, enough: (turn: Turn) => boolean): Promise<Turn> {
  for (;;) {
    let soon = false;
    try {
      const now = await turn(run);
      if (enough(now)) return now;
      await act(run, now.next);
      soon = now.next.do === 'disable';
    } catch (error) {
      await troubled(run, error);
    }
    await run.wait(soon ? pace.exitSoonMs : pace.exitMs);
  }
}

const past = (stage: ExitStage) => ({ stage: at, next }: Turn): boolean => rank(at) > rank(stage) || next.do === 'proven';

const waiting = (name: string, stage: ExitStage, evidence: (memo: ExitMemo) => Words): Step => ({
  name,
  async run(run): Promise<StepResult> {
    const { memo } = await untilTurn(run, past(stage));
    return { evidence: evidence(memo) };
  },
});

const names = (memo: ExitMemo): string => memo.nodes.map(({ id }) => id).join(', ') || '-';

/** Points 1 to 6 of the way out. Each step is a stretch of the same machine, which is asked anew in every one. */
export const WAY_OUT: Step[] = [
  waiting('exit-note', 'note', (memo) => ({ code: 'exit_noted', params: { epoch: memo.noted?.epoch ?? 0, phase: memo.noted?.phase ?? '', block: memo.noted?.height ?? 0, nodes: names(memo) } })),
  waiting('exit-disable', 'disable', (memo) => ({ code: 'exit_disabled', params: { nodes: names(memo), epoch: countsFrom(memo) } })),
  waiting('exit-set', 'set', (memo) => ({ code: 'exit_set', params: { epoch: memo.seen?.clock?.epoch ?? 0, after: countsFrom(memo) } })),
  waiting('exit-duty', 'duty', (memo) => ({ code: 'exit_duty', params: { epoch: memo.seen?.clock?.epoch ?? 0, draws: memo.draws.length } })),
  waiting('exit-claim', 'claim', ({ claim }): Words => (claim ? { code: 'exit_claim', params: { epoch: claim.epoch, state: claim.state, reward: claim.reward ?? '0' } } : { code: 'exit_claim_none', params: {} })),
  waiting('exit-proof', 'proof', (memo) => ({ code: 'exit_proof', params: { epoch: memo.seen?.clock?.epoch ?? 0, block: memo.seen?.clock?.height ?? 0 } })),
];

/** The own node has been stopped: there is nobody to ask any more, and nothing left to lose. One that restarts comes back. */
async function nodeIsGone(run: RunContext): Promise<boolean> {
  const containers = await serviceContainers(run.deployment);
  const node = run.deployment.services.find((one) => one.role === 'node');
  const state = node && containers.get(node.name)?.[0].state;
  return state === undefined || ['exited', 'dead', 'created'].includes(state);
}

const remembered = (run: RunContext, witnesses: Witness[]): Promise<void> =>
  changeMemo(run.id, (memo) => ({ memo: { ...memo, proven: { epoch: memo.seen?.clock?.epoch ?? 0, height: memo.seen?.clock?.height ?? 0, at: clock.now(), witnesses }, takeDownAt: memo.takeDownAt ?? clock.now() }, result: undefined }));

/**
 * Does what touches containers, with the whole deployment to itself and with a proof of now: it is waited for without the
 * lock (others may have to repair the node for it) and asked for once more with it. One that takes the own node itself
 * (`takesNode`), was begun with a proof and cut off so that the node is gone already is completed. What fails is tried again.
 */
export async function withProof(run: RunContext, work: () => Promise<StepResult>, { takesNode = false } = {}): Promise<StepResult> {
  return keepTrying(run, async () => {
    // Files, overrides and profiles as they are now: the exit may have waited for days.
    await run.readAgain();
    const begun = takesNode && (await memoHere(run)).takeDownAt !== undefined && (await nodeIsGone(run));
    if (!begun) await untilTurn(run, (one) => one.next.do === 'proven');
    return run.alone(async (): Promise<StepResult | undefined> => {
      if (begun) return work();
      const { next } = await turn(run);
      if (next.do !== 'proven') return undefined;
      await remembered(run, next.witnesses);
      return work();
    });
  });
}
