import { z } from 'zod';
import { PanelError } from '#lib/core/errors.ts';
import type { Deployment } from '#lib/deployment/schema.ts';
import { type WeightsPlace, weightsPlace } from '#lib/deployment/weights-place.ts';
import { HUB, type HubListing, hubListing } from '#lib/models/hub-files.ts';
import { MODEL_ID, type ModelRef, REVISION } from '#lib/models/model-ref.ts';

/** `via`: the running ML node downloads it itself (facts 10.1); otherwise a container of the panel's does. */
export const weightsParams = z.object({ model: z.string().regex(MODEL_ID), revision: z.string().regex(REVISION).optional(), via: z.literal('ml-node').optional() });

export type WantedWeights = { ref: ModelRef; inMlNode: boolean };

export function wantedWeights(params: unknown): WantedWeights {
  const { model, revision, via } = weightsParams.parse(params);
  return { ref: { model, ...(revision ? { revision } : {}) }, inMlNode: via === 'ml-node' };
}

/** Throws weights_no_place. */
export async function placeOf(of: Deployment): Promise<WeightsPlace> {
  const place = await weightsPlace(of);
  if (!place) throw new PanelError('weights_no_place', { dir: of.dir }, { status: 409 });
  return place;
}

/** Billions of bytes, to one place. */
export const gb = (bytes: number): number => Math.round(bytes / 1e8) / 10;
/** An operation asks the hub itself; its steps share what it said (ms). */
const SHARED_MS = 30_000;
export const listingOf = (place: WeightsPlace, ref: ModelRef, maxAgeMs = SHARED_MS): Promise<HubListing | undefined> => hubListing(ref, place.environment.HF_ENDPOINT ?? HUB, maxAgeMs);
