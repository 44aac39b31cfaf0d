import type { ImagesNow, ShownImage, ShownRoom, ShownWeights } from '#components/onboarding/images-data.ts';
import { clock } from '#lib/core/clock.ts';
import { isPanelError } from '#lib/core/errors.ts';
import { redact } from '#lib/core/redact.ts';
import type { Deployment } from '#lib/deployment/schema.ts';
import { type WeightsPlace, weightsPlace } from '#lib/deployment/weights-place.ts';
import { containerUrl } from '#lib/docker/container-address.ts';
import { findDetached } from '#lib/docker/detached-run.ts';
import { readEngineInfo } from '#lib/docker/engine-info.ts';
import { type RemoteImage, remoteImage } from '#lib/docker/registry-manifest.ts';
import { ML_NODE_PORT } from '#lib/mlnodes/model-downloads.ts';
import { HUB, hubListing } from '#lib/models/hub-files.ts';
import { estimatedBytes } from '#lib/models/weights-size.ts';
import { weightsRunName } from '#lib/operations/downloads/get-weights.ts';
import { engineArchitecture, type WantedImage, wantedImages } from '#lib/operations/downloads/images-to-pull.ts';
import { bytesToCome } from '#lib/operations/downloads/pull-images.ts';
import { seenPlace } from '#lib/operations/downloads/seen-place.ts';
import { currentContainers } from '#lib/operations/lifecycle/service-containers.ts';
import { mlNodeOffers } from '#lib/watch/ml-node-offers.ts';
import { deploymentNow } from '../../deployment-now.ts';
import { type ConfiguredModel, configuredModels } from '../configured-models.ts';
import { soon } from '../soon.ts';
import { weightsShown } from '../weights-shown.ts';

/** Images and weights of the deployment, what is here of them, and what would have to come. Changes nothing. */
export async function imagesNow(): Promise<ImagesNow> {
  const { deployment, error } = await deploymentNow();
  const at = clock.now();
  if (!deployment) return { at, deployment: null, ...(error ? { deploymentError: error } : {}), images: [] };
  const base = { at, deployment: { dir: deployment.dir } };
  const [place, models] = await Promise.all([weightsPlace(deployment), configuredModels(deployment)]);
  try {
    const [wanted, { imagesDir }, weights] = await Promise.all([wantedImages(deployment), readEngineInfo(), models && Promise.all(models.map((one) => weightsOf(deployment, place, one)))]);
    const missing = wanted.filter((one) => !(one.here && one.fits));
    const architecture = await engineArchitecture();
    const remote = await Promise.all(missing.map(({ image }) => soon(remoteImage(image, architecture), { state: 'unknown' as const })));
    const download = missing.length > 0 ? bytesToCome(remote) : 0;
    const mine = wanted.find(({ services }) => place && services.includes(place.service));
    return {
      ...base, images: wanted.map((one) => shownImage(one, remote[missing.indexOf(one)])), ...(download === undefined ? {} : { download }), ...(imagesDir ? { imageRoom: await room(imagesDir) } : {}),
      ...(place ? { place: { service: place.service, cache: place.cache, offline: place.offline, imageHere: mine?.here !== undefined, ...(await offered(deployment, place)), room: await room(place.source) } } : {}), ...(weights ? { weights } : {}),
    };
  } catch (cause) {
    if (!isPanelError(cause)) throw cause;
    return { ...base, engineError: { code: cause.code, params: cause.params }, images: [] };
  }
}

function shownImage({ image, services, here, fits }: WantedImage, remote: RemoteImage | undefined): ShownImage {
  const other = !fits || remote?.state === 'other-platform';
  return {
    image: redact(image), services, state: other ? 'wrong' : here ? 'here' : 'absent',
    ...(here ? { id: here.id, architecture: here.architecture, bytes: here.bytes } : {}), ...(remote?.state === 'ok' ? { download: remote.bytes } : {}),
  };
}

async function room(path: string): Promise<ShownRoom> {
  const facts = await seenPlace(path);
  return 'unknown' in facts ? { path, why: facts.unknown } : { path, freeBytes: facts.freeBytes, totalBytes: facts.totalBytes };
}

/** Whether the ML node can download itself; nothing of one that doesn't run, or may not. */
async function offered(of: Deployment, place: WeightsPlace): Promise<{ mlNode?: 'offers' | 'absent' | 'unknown' }> {
  if (place.offline) return {};
  const container = (await currentContainers(of)).get(place.service);
  const url = container && containerUrl(container, ML_NODE_PORT);
  if (!url) return {};
  const { state, value } = await mlNodeOffers(url);
  return { mlNode: state !== 'ok' ? 'unknown' : value ? 'offers' : 'absent' };
}

async function weightsOf(of: Deployment, place: WeightsPlace | undefined, { here, nodes, ...ref }: ConfiguredModel): Promise<ShownWeights> {
  const base = { ...ref, nodes };
  if (!here || !place) return { ...base, state: 'elsewhere', running: false };
  const [listing, run] = await Promise.all([soon(hubListing(ref, place.environment.HF_ENDPOINT ?? HUB), undefined), findDetached(weightsRunName(of, ref))]);
  const state = await weightsShown(place, ref, listing);
  const estimate = estimatedBytes(ref.model);
  const total = listing ? { total: listing.bytes } : estimate === undefined ? {} : { total: estimate, estimated: true };
  return { ...base, state: state.state, ...('bytes' in state ? { bytes: state.bytes } : {}), ...(state.state === 'partial' ? { missing: state.missing.length, ...(state.beside ? { beside: true as const } : {}) } : {}), ...total, running: run?.state === 'running' };
}
