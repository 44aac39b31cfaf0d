import { createHash } from 'node:crypto';
import { isPanelError, PanelError } from '#lib/core/errors.ts';
import { firstOf } from '#lib/core/first-of.ts';
import type { Deployment } from '#lib/deployment/schema.ts';
import { hubToken, type WeightsPlace } from '#lib/deployment/weights-place.ts';
import { type DetachedRun, detachedCommand, detachedOutput, endDetached, findDetached, networkFor, startDetached } from '#lib/docker/detached-run.ts';
import { findImage } from '#lib/docker/local-image.ts';
import type { ModelRef } from '#lib/models/model-ref.ts';
import { weightsOnDisk } from '#lib/models/weights-cache.ts';
import { estimatedBytes } from '#lib/models/weights-size.ts';
import type { Procedure, RunContext, Step, StepResult } from '#lib/operations/step.ts';
import type { Situation } from '#lib/operations/lifecycle/service-containers.ts';
import { ableMlNode, downloadInMlNode, downloadRequest, mlNodeBase, mlNodeDownloads, mlNodeName } from './ml-node-download.ts';
import { seenPlace } from './seen-place.ts';
import { wantsToken, weightsError } from './weights-error.ts';
import { isUpToDate, weightsNow, weightsProof } from './weights-now.ts';
import { weightsProgress } from './weights-progress.ts';
import { gb, listingOf, placeOf, wantedWeights } from './weights-wanted.ts';

/** `huggingface-cli` is the older name of the same program; newer images have only `hf`. */
const PROGRAMS = ['hf', 'huggingface-cli'];
const LOOK_MS = 1000;
const TAIL = 40;

/** The run of one model of one deployment: a second one of that name can't be started, a running one is found again. */
export const weightsRunName = (of: Deployment, { model, revision = 'main' }: ModelRef): string =>
  `gonka-panel-weights-${createHash('sha256').update([of.dir, model, revision].join('\n')).digest('hex').slice(0, 12)}`;

/**
 * The ML node's own image, directory and user, so that what is downloaded is what the ML node finds; without its cards, and
 * with the hub allowed though older releases switch it off for the ML node (facts 10.4).
 */
async function runOf(of: Deployment, place: WeightsPlace, ref: ModelRef, program: string, token?: { name: string; value: string }): Promise<DetachedRun> {
  return {
    name: weightsRunName(of, ref),
    image: place.image,
    argv: [program, 'download', ref.model, ...(ref.revision ? ['--revision', ref.revision] : [])],
    binds: [`${place.source}:${place.target}`],
    env: { ...place.environment, HF_HOME: place.home, HF_HUB_OFFLINE: '0', HF_HUB_DISABLE_PROGRESS_BARS: '1' },
    ...(token ? { secretEnv: { [token.name]: token.value } } : {}),
    network: await networkFor([`${of.project.name}_default`, 'bridge']),
  };
}

/** What would be run, and whether it runs already. */
export async function weightsPlan(of: Deployment, params: unknown): Promise<Situation> {
  const { ref, inMlNode } = wantedWeights(params);
  const place = await placeOf(of);
  const [run, found, there] = await Promise.all([runOf(of, place, ref, PROGRAMS[0] as string), findDetached(weightsRunName(of, ref)), weightsNow(place, ref)]);
  const seen = { model: ref.model, container: run.name, service: place.service, gb: 'bytes' in there ? gb(there.bytes) : 0, path: place.cache };
  if (found?.state === 'running') return { deployment: of, affected: [], command: detachedCommand(run), found: { code: 'weights_run_on', params: seen } };
  if (!inMlNode) return { deployment: of, affected: [], command: detachedCommand(run), found: { code: `weights_${there.state}`, params: seen } };
  const base = await mlNodeBase(of, place).then((one) => one.base, () => mlNodeName(place));
  const downloads = await mlNodeDownloads(of, place, ref);
  const code = downloads ? 'weights_api_on' : downloads === undefined ? 'weights_api_unknown' : `weights_${there.state}`;
  return { deployment: of, affected: [], command: downloadRequest(base, ref), notes: ['weights_api_stays'], found: { code, params: seen } };
}

const look: Step = {
  name: 'weights-place',
  async run(run): Promise<StepResult> {
    const place = await placeOf(run.deployment);
    if (wantedWeights(run.params).inMlNode) return { evidence: { code: 'weights_api', params: { path: place.cache, service: place.service, url: await ableMlNode(run.deployment, place) } } };
    if (!(await findImage(place.image))) throw new PanelError('image_absent', { image: place.image }, { status: 409 });
    return { evidence: { code: 'weights_place', params: { path: place.cache, service: place.service } } };
  },
};

const room: Step = {
  name: 'weights-room',
  async run(run): Promise<StepResult> {
    const { ref } = wantedWeights(run.params);
    const place = await placeOf(run.deployment);
    const facts = await seenPlace(place.source);
    if ('unknown' in facts) return { skipped: true, evidence: { code: 'room_unseen', params: { path: place.source, known: 'no', size: 0 } } };
    const listing = await listingOf(place, ref);
    const total = listing?.bytes ?? estimatedBytes(ref.model);
    const { done } = await weightsOnDisk(place.cache, ref.model, listing?.files);
    const left = total === undefined ? undefined : Math.max(0, total - done);
    const params = { path: place.source, known: listing ? 'yes' : total === undefined ? 'no' : 'about', size: gb(left ?? 0), free: gb(facts.freeBytes) };
    if (left !== undefined && facts.freeBytes < left) throw new PanelError('weights_no_room', { ...params, model: ref.model, need: gb(left) }, { status: 507 });
    return { evidence: { code: 'weights_room', params } };
  },
};

const download: Step = {
  name: 'weights-download',
  async run(run): Promise<StepResult> {
    const { ref, inMlNode } = wantedWeights(run.params);
    const place = await placeOf(run.deployment);
    const before = await findDetached(weightsRunName(run.deployment, ref));
    if (before?.state !== 'running' && (await isUpToDate(place, ref))) {
      // It ended while no panel was there to see it; a token that it was given stands in it until it is removed.
      if (before) await endDetached(before.id);
      return { skipped: true, evidence: { code: 'weights_here', params: { model: ref.model } } };
    }
    // Two that write the same files would be in each other's way.
    if (inMlNode && before?.state === 'running') throw new PanelError('weights_in_container', { model: ref.model, container: weightsRunName(run.deployment, ref) }, { status: 409 });
    if (inMlNode) {
      if (before) await endDetached(before.id);
      return downloadInMlNode(run, place, ref);
    }
    if (before?.state !== 'running' && (await mlNodeDownloads(run.deployment, place, ref))) throw new PanelError('weights_in_ml_node', { model: ref.model, service: place.service }, { status: 409 });
    try {
      return await attempt(run, place, ref);
    } catch (error) {
      const token = hubToken(run.deployment);
      if (!isPanelError(error) || !wantsToken(error) || !token) throw error;
      // Only where it is asked for: a variable of a container can be read by everybody who may use Docker.
      run.output.say({ code: 'weights_with_token', params: { model: ref.model } });
      return attempt(run, place, ref, token);
    }
  },
};

/** Starts the container, or finds it, and stays with it until it ends. */
async function attempt(run: RunContext, place: WeightsPlace, ref: ModelRef, token?: { name: string; value: string }): Promise<StepResult> {
  const { name, watched } = await begin(run, place, ref, token);
  const exit = await watch(run, place, ref, name);
  const lines = await detachedOutput(name, TAIL);
  for (const { line, stream } of lines) run.output.line(line, stream);
  await endDetached(name);
  if (exit !== 0) throw Object.assign(weightsError(ref, lines.filter(({ stream }) => stream === 'stderr').map(({ line }) => line), exit), { exitCode: exit });
  return { exitCode: exit, evidence: { code: watched ? 'weights_watched' : 'weights_downloaded', params: { model: ref.model, container: name } } };
}

async function begin(run: RunContext, place: WeightsPlace, ref: ModelRef, token?: { name: string; value: string }): Promise<{ name: string; watched: boolean }> {
  const name = weightsRunName(run.deployment, ref);
  const before = await findDetached(name);
  if (before?.state === 'running') {
    run.output.say({ code: 'weights_found_running', params: { container: name } });
    return { name, watched: true };
  }
  // One that was made and never started, or has ended: what it has downloaded lies in the cache.
  if (before) await endDetached(before.id);
  for (const program of PROGRAMS) {
    const wanted = await runOf(run.deployment, place, ref, program, token);
    run.output.say({ code: 'runs', params: { command: detachedCommand(wanted).join(' ') } });
    try {
      await startDetached(wanted);
      return { name, watched: false };
    } catch (error) {
      if (!isPanelError(error) || error.code !== 'program_absent' || program === PROGRAMS.at(-1)) throw error;
    }
  }
  throw new Error('no program was tried');
}

/** Until it ends: its exit code. Cancelling stops the container; when the panel itself ends, the download goes on. */
async function watch(run: RunContext, place: WeightsPlace, ref: ModelRef, name: string): Promise<number> {
  const show = await weightsProgress(run, place, ref);
  try {
    for (;;) {
      const [now] = await Promise.all([findDetached(name), show()]);
      if (!now) throw new PanelError('weights_run_gone', { container: name }, { status: 502 });
      if (now.state === 'exited') return now.exitCode ?? -1;
      await run.wait(LOOK_MS);
    }
  } catch (error) {
    const why = run.signal.aborted ? (run.signal.reason as { why?: string } | undefined)?.why : undefined;
    if (why === 'cancelled' || why === 'deadline') await endDetached(name);
    throw error;
  }
}

/** The files are the proof: with the hub away, the program ends with 0 however little is there. */
const verify: Step = {
  name: 'weights-verify',
  async run(run): Promise<StepResult> {
    const { ref } = wantedWeights(run.params);
    const place = await placeOf(run.deployment);
    const found = await weightsProof(place, ref);
    if (found.state === 'unseen') return { skipped: true, evidence: { code: 'weights_unseen', params: { path: place.cache, model: ref.model, container: '-', gb: 0 } } };
    if (found.state === 'unproven') return { evidence: { code: 'weights_unproven', params: { path: place.cache, model: ref.model, container: '-', gb: gb(found.bytes) } } };
    if (found.state !== 'complete') throw new PanelError('weights_incomplete', { model: ref.model, missing: (found.state === 'partial' && firstOf(found.missing, 5)) || '-', path: place.cache }, { status: 502 });
    return { evidence: { code: 'weights_proven', params: { model: ref.model, count: found.files, gb: gb(found.bytes), commit: found.commit.slice(0, 12), path: place.cache } } };
  },
};

/** S9. Alone on weights only: it may take days, and changes nothing that runs. */
export const GET_WEIGHTS: Record<'get-weights', Procedure> = { 'get-weights': { lock: 'weights', steps: [look, room, download, verify] } };
