import { z } from 'zod';
import { clock } from '#lib/core/clock.ts';
import { PanelError } from '#lib/core/errors.ts';
import type { Deployment } from '#lib/deployment/schema.ts';
import { readEngineInfo } from '#lib/docker/engine-info.ts';
import { findImage } from '#lib/docker/local-image.ts';
import { pullImage } from '#lib/docker/pull-image.ts';
import { type RemoteImage, remoteImage } from '#lib/docker/registry-manifest.ts';
import { engineArchitecture, imagesToPull, shortImage, wantedImages } from './images-to-pull.ts';
import { PullTransfer } from './pull-transfer.ts';
import type { Procedure, Step, StepResult } from '#lib/operations/step.ts';
import { seenPlace } from './seen-place.ts';
import type { Situation } from '#lib/operations/lifecycle/service-containers.ts';

/** `images`: some of the active services' images; all of those that aren't here when absent. */
export const pullParams = z.object({ images: z.array(z.string().min(1).max(512)).min(1).max(64).optional() });

/** Room in the Docker root below which nothing is pulled when the registry doesn't say the size: that of the prerequisites (bytes). */
const LEAST_ROOM = 10e9;

const chosenIn = (params: unknown): string[] | undefined => pullParams.parse(params ?? {}).images;
const names = (images: readonly { image: string }[]) => images.map(({ image }) => shortImage(image)).join(', ');

/** `docker pull` of each image that is missing: what the engine is asked for. */
export async function pullPlan(of: Deployment, params: unknown): Promise<Situation> {
  const chosen = chosenIn(params);
  const [missing, all] = await Promise.all([imagesToPull(of, chosen), wantedImages(of)]);
  const commands = missing.map(({ image }) => ['docker', 'pull', image]);
  const here = all.filter((one) => one.here && one.fits);
  return { deployment: of, affected: [], command: commands.length === 1 ? (commands[0] ?? []) : [], ...(commands.length > 1 ? { commands } : {}), found: { code: 'images_found', params: { here: here.length, count: all.length } } };
}

/** What would come over the line of images that share layers, each layer once. */
export function bytesToCome(found: readonly RemoteImage[]): number | undefined {
  const layers = new Map<string, number>();
  for (const one of found) {
    if (one.state !== 'ok') return undefined;
    for (const [digest, bytes] of one.layers) layers.set(digest, bytes);
  }
  return [...layers.values()].reduce((sum, bytes) => sum + bytes, 0);
}

const remote = async (images: readonly { image: string }[]): Promise<RemoteImage[]> => {
  const architecture = await engineArchitecture();
  return Promise.all(images.map(({ image }) => remoteImage(image, architecture)));
};

const look: Step = {
  name: 'images-missing',
  async run(run): Promise<StepResult> {
    const missing = await imagesToPull(run.deployment, chosenIn(run.params));
    return missing.length > 0 ? { evidence: { code: 'images_missing', params: { count: missing.length, images: names(missing) } } } : { skipped: true, evidence: { code: 'images_present', params: {} } };
  },
};

/** Compressed bytes are the least that a pull needs: the engine keeps them until they are unpacked. */
const room: Step = {
  name: 'images-room',
  async run(run): Promise<StepResult> {
    const missing = await imagesToPull(run.deployment, chosenIn(run.params));
    if (missing.length === 0) return { skipped: true, evidence: { code: 'images_present', params: {} } };
    const [{ imagesDir, machine }, found] = await Promise.all([readEngineInfo(), remote(missing)]);
    const other = found.findIndex(({ state }) => state === 'other-platform');
    const offered = found[other];
    if (offered?.state === 'other-platform') throw new PanelError('image_wrong_platform', { image: missing[other]?.image ?? '', offered: offered.offered.join(', '), machine }, { status: 409 });
    const bytes = bytesToCome(found);
    const facts = imagesDir ? await seenPlace(imagesDir) : { unknown: 'EUNKNOWN' };
    const gb = (value: number) => Math.round(value / 1e8) / 10;
    const params = { path: imagesDir || '-', known: bytes === undefined ? 'no' : 'yes', size: gb(bytes ?? 0) };
    if ('unknown' in facts) return { skipped: true, evidence: { code: 'room_unseen', params } };
    const need = bytes ?? LEAST_ROOM;
    if (facts.freeBytes < need) throw new PanelError('pull_no_room', { ...params, free: gb(facts.freeBytes), need: gb(need) }, { status: 507 });
    return { evidence: { code: 'images_room', params: { ...params, free: gb(facts.freeBytes) } } };
  },
};

const pull: Step = {
  name: 'images-pull',
  async run(run): Promise<StepResult> {
    const missing = await imagesToPull(run.deployment, chosenIn(run.params));
    if (missing.length === 0) return { skipped: true, evidence: { code: 'images_present', params: {} } };
    const found = await remote(missing);
    const transfer = new PullTransfer(missing.map(({ image }, index) => ({ image, ...layersOf(found[index]) })));
    const show = () => run.progress(transfer.look(clock.now()));
    // A line that stands still sends no messages: its rate has to fall all the same.
    const timer = setInterval(show, 1000);
    try {
      for (const { image } of missing) {
        run.output.say({ code: 'runs', params: { command: `docker pull ${image}` } });
        await pullImage(image, { signal: run.signal, onMessage: (message) => transfer.take(image, message) });
        if (!(await findImage(image))) throw new PanelError('pull_broke_off', { image, detail: '-' }, { status: 502 });
        transfer.over(image);
        run.output.say({ code: 'image_pulled', params: { image } });
        show();
      }
    } finally {
      clearInterval(timer);
    }
    return { evidence: { code: 'images_pulled', params: { images: names(missing) } } };
  },
};

const layersOf = (found: RemoteImage | undefined) => (found?.state === 'ok' ? { layers: found.layers } : {});

/** The engine's ids are the proof, not what the stream said. */
const verify: Step = {
  name: 'images-verify',
  async run(run): Promise<StepResult> {
    const chosen = chosenIn(run.params);
    const all = (await wantedImages(run.deployment)).filter(({ image }) => !chosen || chosen.includes(image));
    for (const { image, here, fits } of all) {
      if (!here) throw new PanelError('pull_broke_off', { image, detail: '-' }, { status: 502 });
      if (!fits) throw new PanelError('image_wrong_platform', { image, offered: `${here.os}/${here.architecture}`, machine: await engineArchitecture() }, { status: 409 });
    }
    return { evidence: { code: 'image_ids', params: { count: all.length, ids: all.map(({ image, here }) => `${shortImage(image)} ${here?.id.replace('sha256:', '').slice(0, 12)}`).join(', ') } } };
  },
};

/** S10. Alone on images only, so that hours of pulling keep nothing else waiting. */
export const PULL_IMAGES: Record<'pull-images', Procedure> = { 'pull-images': { lock: 'images', steps: [look, room, pull, verify] } };
