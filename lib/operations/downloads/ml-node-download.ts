import path from 'node:path';
import { clock } from '#lib/core/clock.ts';
import { isPanelError, PanelError } from '#lib/core/errors.ts';
import type { Deployment } from '#lib/deployment/schema.ts';
import type { WeightsPlace } from '#lib/deployment/weights-place.ts';
import { containerUrl } from '#lib/docker/container-address.ts';
import { containerMounts } from '#lib/docker/container-mounts.ts';
import { downloadUrl, ML_NODE_PORT, modelBody, modelDownload, offersDownloads, startModelDownload } from '#lib/mlnodes/model-downloads.ts';
import type { MlNodesError } from '#lib/mlnodes/schema.ts';
import type { ModelRef } from '#lib/models/model-ref.ts';
import { weightsOnDisk } from '#lib/models/weights-cache.ts';
import { currentContainers } from '#lib/operations/lifecycle/service-containers.ts';
import type { RunContext, StepResult } from '#lib/operations/step.ts';
import { seenPlace } from './seen-place.ts';
import { wantsToken, weightsError } from './weights-error.ts';
import { weightsProgress } from './weights-progress.ts';
import { listingOf } from './weights-wanted.ts';

const LOOK_MS = 1_000;
/** Each question is a line in the ML node's log (ms). */
const ASK_MS = 5_000;
/** An ML node that loads a model may be too busy to answer; what it downloads goes on (ms). */
const SILENT_MS = 5 * 60_000;
/** With less than this a disk is full for whoever writes files of gigabytes (bytes). */
const FULL = 64 * 1024 * 1024;
/** Where an ML node keeps models without HF_HOME; it doesn't know HF_HUB_CACHE. */
const OWN_HOME = '/root/.cache';

const thrown = (error: MlNodesError) => new PanelError(error.code, error.params, { status: 502 });

/** The request as a command that a person could run on this machine. */
export const downloadRequest = (base: string, ref: ModelRef): string[] => ['curl', '-sS', '-X', 'POST', downloadUrl(base), '-H', 'Content-Type: application/json', '-d', JSON.stringify(modelBody(ref))];

/** What stands for the address of an ML node that doesn't run. */
export const mlNodeName = (place: WeightsPlace): string => `http://${place.service}:${ML_NODE_PORT}`;

/** The address of this machine's running ML node. Throws weights_api_stopped, engine_*. */
export async function mlNodeBase(of: Deployment, place: WeightsPlace): Promise<{ base: string; container: string }> {
  const container = (await currentContainers(of)).get(place.service);
  const base = container && containerUrl(container, ML_NODE_PORT);
  if (!base) throw new PanelError('weights_api_stopped', { service: place.service }, { status: 409 });
  return { base, container: container.id };
}

/** Its address, when what it downloads lies where it is looked for. Throws weights_api_*, mlnodes_*, engine_*. */
export async function ableMlNode(of: Deployment, place: WeightsPlace): Promise<string> {
  const { base, container } = await mlNodeBase(of, place);
  if (place.offline) throw new PanelError('weights_api_offline', { service: place.service }, { status: 409 });
  const offers = await offersDownloads(base);
  if (offers.error) throw thrown(offers.error);
  if (!offers.value) throw new PanelError('weights_api_absent', { service: place.service, image: place.image }, { status: 409 });
  const own = path.posix.relative(place.target, path.posix.join(place.environment.HF_HOME ?? OWN_HOME, 'hub'));
  const mounted = (await containerMounts(container)).find(({ target }) => target === place.target)?.source;
  // It was made before the files said otherwise, or keeps them in another folder than its loader.
  if (mounted === undefined || path.resolve(/*turbopackIgnore: true*/ mounted, own) !== path.resolve(/*turbopackIgnore: true*/ place.cache)) throw new PanelError('weights_api_elsewhere', { service: place.service, path: place.cache }, { status: 409 });
  return base;
}

/** Whether the ML node is downloading it now; undefined when it can't be asked. Never throws. */
export async function mlNodeDownloads(of: Deployment, place: WeightsPlace, ref: ModelRef): Promise<boolean | undefined> {
  try {
    const { base } = await mlNodeBase(of, place);
    const { value, error } = await modelDownload(base, ref);
    // Before 3.0.10 there are no downloads.
    return error?.params.status === 404 ? false : value && value.status === 'DOWNLOADING';
  } catch (error) {
    return isPanelError(error) && error.code === 'weights_api_stopped' ? false : undefined;
  }
}

/** Asks the ML node to download, or finds that it does, and stays with it until it ends. Stopping leaves it at work: its own way to stop throws away what is there. */
export async function downloadInMlNode(run: RunContext, place: WeightsPlace, ref: ModelRef): Promise<StepResult> {
  const base = await ableMlNode(run.deployment, place);
  run.output.say({ code: 'runs', params: { command: downloadRequest(base, ref).join(' ') } });
  const { value: answer, error } = await startModelDownload(base, ref);
  // An answer that didn't come says nothing of the request.
  if (error && !(await mlNodeDownloads(run.deployment, place, ref))) throw error.code === 'mlnodes_refused' ? failed(place, ref, String(error.params.said)) : thrown(error);
  if (answer === 'switched-off') throw new PanelError('weights_api_offline', { service: place.service }, { status: 409 });
  if (answer === 'too-many') throw new PanelError('weights_api_busy', { service: place.service }, { status: 409 });
  if (answer === 'there') return { evidence: { code: 'weights_api_there', params: { model: ref.model, service: place.service } } };
  if (answer !== 'started') run.output.say({ code: 'weights_api_found', params: { model: ref.model, service: place.service } });
  await stay(run, place, ref);
  return { evidence: { code: 'weights_api_downloaded', params: { model: ref.model, service: place.service } } };
}

async function stay(run: RunContext, place: WeightsPlace, ref: ModelRef): Promise<void> {
  const show = await weightsProgress(run, place, ref);
  let asked = Number.NEGATIVE_INFINITY;
  let silentSince: number | undefined;
  for (;;) {
    await show();
    if (clock.now() - asked >= ASK_MS) {
      const { base } = await mlNodeBase(run.deployment, place);
      const { value, error } = await modelDownload(base, ref);
      asked = clock.now();
      if (value?.status === 'DOWNLOADED') return;
      if (value && value.status !== 'DOWNLOADING') throw await whyEnded(place, ref, value.error);
      if (error && silentSince === undefined) run.output.say({ code: 'weights_api_silent', params: { service: place.service } });
      silentSince = error ? (silentSince ?? asked) : undefined;
      if (error && silentSince !== undefined && asked - silentSince >= SILENT_MS) throw thrown(error);
    }
    await run.wait(LOOK_MS);
  }
}

const failed = (place: WeightsPlace, ref: ModelRef, detail: string) => new PanelError('weights_api_failed', { model: ref.model, service: place.service, detail: detail.slice(-300) || '-' }, { status: 502 });

/** Its words are mostly the beginning of a traceback: whether the disk is full, the disk says itself. */
async function whyEnded(place: WeightsPlace, ref: ModelRef, said: string | undefined): Promise<PanelError> {
  const listing = await listingOf(place, ref);
  const [facts, disk] = await Promise.all([seenPlace(place.source), weightsOnDisk(place.cache, ref.model, listing?.files)]);
  const left = listing ? listing.bytes - disk.done : FULL;
  if (said !== undefined && !('unknown' in facts) && left > 0 && facts.freeBytes < Math.min(left, FULL)) return new PanelError('weights_disk_full', { model: ref.model, revision: ref.revision ?? 'main', exit: 1, detail: said.slice(-300) }, { status: 507 });
  // Only a download of an earlier life of the ML node leaves no words.
  if (said === undefined) return new PanelError('weights_api_ended', { model: ref.model, service: place.service }, { status: 502 });
  const known = weightsError(ref, [said], 1);
  if (wantsToken(known)) return new PanelError('weights_api_no_account', { model: ref.model, service: place.service, detail: said.slice(0, 300) }, { status: 502 });
  return known.code === 'weights_failed' ? failed(place, ref, said) : known;
}
