import { z } from 'zod';

/** One line of `POST /images/create`. `id`: first twelve characters of a layer's digest; on the first line it is the tag. */
export const pullMessage = z.object({
  id: z.string().optional().catch(undefined),
  status: z.string().optional().catch(undefined),
  progressDetail: z.object({ current: z.number().optional(), total: z.number().optional() }).optional().catch(undefined),
  error: z.string().optional().catch(undefined),
});
export type PullMessage = z.infer<typeof pullMessage>;

export type LayerState = 'waiting' | 'downloading' | 'verifying' | 'downloaded' | 'extracting' | 'done' | 'exists';
/** `done` of `total` compressed bytes that came over the line; `total` is known when the layer's turn comes, or from the manifest. */
export type Layer = { id: string; state: LayerState; done: number; total?: number };

const STATES: Record<string, LayerState> = {
  'Pulling fs layer': 'waiting', Waiting: 'waiting', Downloading: 'downloading', 'Verifying Checksum': 'verifying', 'Download complete': 'downloaded', Extracting: 'extracting', 'Pull complete': 'done', 'Already exists': 'exists',
};

/**
 * Folds an engine's messages into the layers of one image, in their order. `sizes`: compressed bytes by digest, where the
 * registry has said them before: then the total is known from the first moment on.
 */
export class PullProgress {
  readonly layers = new Map<string, Layer>();

  constructor(sizes: ReadonlyMap<string, number> = new Map()) {
    for (const [digest, bytes] of sizes) {
      const id = digest.replace(/^sha256:/, '').slice(0, 12);
      this.layers.set(id, { id, state: 'waiting', done: 0, total: bytes });
    }
  }

  take({ id, status, progressDetail }: PullMessage): void {
    const retrying = status?.startsWith('Retrying in ');
    const state = retrying ? 'waiting' : STATES[status ?? ''];
    if (!id || !state) return;
    const before = this.layers.get(id);
    const layer: Layer = { ...(before ?? { id, done: 0 }), state };
    // What extracting counts is read from the disk, not from the line.
    if (state === 'downloading') {
      if (progressDetail?.total) layer.total = progressDetail.total;
      if (progressDetail?.current !== undefined) layer.done = progressDetail.current;
    }
    // The engine's last word on a layer's bytes is some kilobytes short of its size.
    if (['verifying', 'downloaded', 'extracting', 'done'].includes(state) && layer.total !== undefined) layer.done = layer.total;
    this.layers.set(id, layer);
  }

  /** Bytes of the layers that had to come over the line. `total` is absent while one of them hasn't said its size. */
  amounts(): { done: number; total?: number } {
    const coming = [...this.layers.values()].filter(({ state }) => state !== 'exists');
    const done = coming.reduce((sum, layer) => sum + layer.done, 0);
    // A layer that ended without a message about its size was too small to have one.
    const silent = coming.some((layer) => layer.total === undefined && !['done', 'downloaded', 'extracting'].includes(layer.state));
    return silent ? { done } : { done, total: coming.reduce((sum, layer) => sum + (layer.total ?? layer.done), 0) };
  }
}
