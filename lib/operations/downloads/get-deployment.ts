import { panelEnv } from '#lib/core/env.ts';
import { isPanelError, PanelError } from '#lib/core/errors.ts';
import { checkPlace, clearStaging, CLONE_BYTES, megabytes, openStaging, putInPlace, stagedClone } from '#lib/deployment/clone-place.ts';
import { chooseDeployment } from '#lib/deployment/current.ts';
import { forgetDeployment } from '#lib/deployment/deployment.ts';
import { gitState } from '#lib/deployment/git-state.ts';
import { checkClone, cloneCommand } from '#lib/deployment/upstream-clone.ts';
import { gitFailure, gitVersion, runGit } from '#lib/host/git.ts';
import { pathFacts } from '#lib/host/paths.ts';
import { PROCESS_MARK } from '#lib/operations/process-mark.ts';
import type { Procedure, RunContext, Step, StepResult } from '#lib/operations/step.ts';
import { KINDS } from '#lib/operations/schema.ts';
import { type GetDeployment, getDeployment } from '#lib/operations/downloads/deployment-wanted.ts';

/** `git clone …` into the hidden directory beside the place, as run. */
export const getDeploymentCommand = (params: unknown): string[] => {
  const { place, release } = getDeployment.parse(params);
  return cloneCommand(panelEnv().repository, release, stagedClone(place));
};

const paramsOf = (run: RunContext): GetDeployment => getDeployment.parse(run.params);

/** Whether an earlier try of this operation got as far as its place: the same release, whole and as its commit has it. */
async function thereAlready(run: RunContext): Promise<string | undefined> {
  const { place, release } = paramsOf(run);
  if (!run.origin) return undefined;
  try {
    const { dir } = await checkClone(place);
    const git = await gitState(dir);
    return git.state === 'known' && git.names.includes(release) && git.count === 0 ? dir : undefined;
  } catch (error) {
    if (isPanelError(error)) return undefined;
    throw error;
  }
}

const placeFree: Step = {
  name: 'clone-place',
  async run(run): Promise<StepResult> {
    const { place } = paramsOf(run);
    const dir = await thereAlready(run);
    if (dir) return { skipped: true, evidence: { code: 'clone_there', params: { dir } } };
    const checked = await checkPlace(place);
    const git = await gitVersion();
    if (!git) throw new PanelError('git_absent', {}, { status: 503 });
    return { evidence: { code: 'clone_place', params: { place: checked.place, free: megabytes(checked.freeBytes), needed: megabytes(CLONE_BYTES), git } } };
  },
};

const UNITS: Record<string, number> = { bytes: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 };
const size = (number: string | undefined, unit: string | undefined) => Math.round(Number(number) * (UNITS[unit ?? ''] ?? 1));

/** Git's `Receiving objects:  45% (800/1573), 12.30 MiB | 2.00 MiB/s` in bytes; undefined for another line. */
export function received(line: string): { done: number; perSecond?: number } | undefined {
  const match = /^Receiving objects: .*?, ([\d.]+) (bytes|[KMG]iB)(?: \| ([\d.]+) (bytes|[KMG]iB)\/s)?/.exec(line);
  if (!match) return undefined;
  return { done: size(match[1], match[2]), ...(match[3] ? { perSecond: size(match[3], match[4]) } : {}) };
}

const isFull = async (target: string): Promise<boolean> => {
  const facts = await pathFacts(target, false);
  return !('unknown' in facts) && facts.freeBytes < 1024 * 1024;
};

const clone: Step = {
  name: 'clone',
  async run(run): Promise<StepResult> {
    const { place, release } = paramsOf(run);
    const dir = await thereAlready(run);
    if (dir) return { skipped: true, evidence: { code: 'clone_there', params: { dir } } };
    const { repository } = panelEnv();
    const target = await openStaging(place);
    const [, ...args] = cloneCommand(repository, release, target);
    const result = await runGit(args, {
      signal: run.signal,
      timeoutMs: KINDS['get-deployment'].deadlineMs,
      env: { [PROCESS_MARK]: run.id },
      onProgress(line) {
        const now = received(line);
        if (now) run.progress({ ...now, parts: [] });
        // A line of progress is written anew a hundred times; its last one says how it ended.
        if (!/^(?:remote: )?[\w ]+: +\d+%/.test(line) || /, done\.$/.test(line)) run.output.line(line, 'stderr');
      },
    });
    if (result.exitCode === 0) return { exitCode: 0, evidence: { code: 'cloned', params: { release, repository } } };
    // Git has a dozen sentences for a disk that is full; the disk itself has one.
    const full = await isFull(target);
    // Half a clone is of no use to anyone; after a kill -9 the next try removes it.
    await clearStaging(place).catch(() => {});
    if (run.signal.aborted) throw run.signal.reason;
    const failure = gitFailure(result, { repository, release, place });
    throw Object.assign(full ? new PanelError('git_disk_full', failure.params, { status: 507 }) : failure, { exitCode: result.exitCode ?? -1 });
  },
};

const check: Step = {
  name: 'clone-check',
  async run(run): Promise<StepResult> {
    const { place } = paramsOf(run);
    const dir = await thereAlready(run);
    if (dir) return { skipped: true, evidence: { code: 'clone_there', params: { dir } } };
    try {
      const { release } = await checkClone(stagedClone(place));
      return { evidence: { code: 'clone_sound', params: { release: release ?? '-' } } };
    } catch (error) {
      await clearStaging(place).catch(() => {});
      throw error;
    }
  },
};

const move: Step = {
  name: 'clone-move',
  async run(run): Promise<StepResult> {
    const { place } = paramsOf(run);
    const dir = await thereAlready(run);
    if (dir) return { skipped: true, evidence: { code: 'clone_there', params: { dir } } };
    await putInPlace(place);
    return { evidence: { code: 'clone_moved', params: { place } } };
  },
};

const adopt: Step = {
  name: 'clone-adopt',
  async run(run): Promise<StepResult> {
    const { place } = paramsOf(run);
    await clearStaging(place);
    const { dir, release } = await checkClone(place);
    forgetDeployment();
    // With GONKA_DEPLOY_DIR the place was checked to be that directory's.
    if (!panelEnv().deployDir) await chooseDeployment(dir);
    return { evidence: { code: 'clone_adopted', params: { dir, release: release ?? '-' } } };
  },
};

/**
 * Upstream's repository at one release, cloned beside its place, checked, put there by one rename, and managed from then
 * on (quickstart, "download the deployment files"; S5). One at a time: each ends by choosing the deployment.
 */
export const GET_DEPLOYMENT: Record<'get-deployment', Procedure> = {
  'get-deployment': { steps: [placeFree, clone, check, move, adopt], lockOf: () => 'deployment-files' },
};
