import { type Layer, type PullMessage, PullProgress } from '#lib/docker/pull-progress.ts';
import { shortImage } from './images-to-pull.ts';
import type { Progress, ProgressPart } from '#lib/operations/schema.ts';
import { TransferRate } from './transfer-rate.ts';

/** `layers`: compressed bytes by digest, when the registry has said them. */
export type ComingImage = { image: string; layers?: ReadonlyMap<string, number> };

const STATE: Record<Layer['state'], Pick<ProgressPart, 'state' | 'doing'>> = {
  waiting: { state: 'waiting' }, downloading: { state: 'working' }, verifying: { state: 'working', doing: 'verifying' }, downloaded: { state: 'working', doing: 'extracting' }, extracting: { state: 'working', doing: 'extracting' }, done: { state: 'done' }, exists: { state: 'done' },
};

/** The pulls of several images, one after the other, as one transfer: what is done, what is left, each layer of the image that is under way. */
export class PullTransfer {
  readonly #images: { image: string; progress: PullProgress; sized: boolean; over: boolean }[];
  readonly #rate = new TransferRate();

  constructor(images: readonly ComingImage[]) {
    const counted = new Set<string>();
    this.#images = images.map(({ image, layers }) => {
      // A layer that an earlier image brings comes over the line once.
      const own = new Map([...(layers ?? [])].filter(([digest]) => !counted.has(digest)));
      for (const digest of own.keys()) counted.add(digest);
      return { image, progress: new PullProgress(own), sized: layers !== undefined, over: false };
    });
  }

  take(image: string, message: PullMessage): void {
    this.#images.find((one) => one.image === image)?.progress.take(message);
  }

  /** The image is here. */
  over(image: string): void {
    const one = this.#images.find((entry) => entry.image === image);
    if (one) one.over = true;
  }

  /** `now` in ms. */
  look(now: number): Progress {
    const amounts = this.#images.map((one) => ({ ...one.progress.amounts(), known: one.sized || one.over || one.progress.layers.size > 0 }));
    const done = amounts.reduce((sum, one) => sum + one.done, 0);
    const known = amounts.every((one) => one.known && one.total !== undefined);
    const total = known ? amounts.reduce((sum, one) => sum + (one.total ?? 0), 0) : undefined;
    return { done, ...(total === undefined ? {} : { total }), ...this.#rate.take(done, total, now), parts: this.#images.flatMap(parts) };
  }
}

/** One part for an image that waits or is over, its layers while it is under way. */
function parts({ image, progress, over }: { image: string; progress: PullProgress; over: boolean }): ProgressPart[] {
  const layers = [...progress.layers.values()];
  const begun = layers.some(({ state }) => state !== 'waiting');
  if (!over && begun) return layers.map(({ id, state, done, total }) => ({ name: `${shortImage(image)} ${id}`, ...STATE[state], done, ...(total === undefined ? {} : { total }) }));
  const { done, total } = progress.amounts();
  return [{ name: shortImage(image), state: over ? 'done' : 'waiting', done, ...(total ? { total } : {}) }];
}
