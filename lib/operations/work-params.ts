import path from 'node:path';
import { z } from 'zod';
import { isUpstreamRef } from '#lib/deployment/upstream-releases.ts';
import { exitParams } from '#lib/operations/exit/schema.ts';
import { weightsParams } from '#lib/operations/downloads/weights-wanted.ts';
import { closePorts, openPorts } from '#lib/operations/ports/params.ts';
import { ML_DELETE_PARAMS } from '#lib/operations/ml-nodes/delete.ts';
import { ML_SAVE_PARAMS } from '#lib/operations/ml-nodes/save.ts';
import { ML_SWITCH_PARAMS } from '#lib/operations/ml-nodes/switch.ts';
import { pullParams } from '#lib/operations/downloads/pull-images.ts';
import { resetParams } from '#lib/operations/reset/schema.ts';
import type { Kind } from './schema.ts';

/** `place`: of the repository, the deployment is in its deploy/join; `release`: a release's tag, or `main`. */
export const getDeployment = z.object({
  place: z.string().trim().max(1024).refine((place) => path.isAbsolute(place) && !/[\0\r\n]/.test(place)).transform((place) => path.resolve(/*turbopackIgnore: true*/ place)),
  release: z.string().max(100).refine(isUpstreamRef),
});
export type GetDeployment = z.infer<typeof getDeployment>;

/** What comes with a kind whose target is `none`, as the journal keeps it: never a secret. */
export const WORK_PARAMS: Partial<Record<Kind, z.ZodType>> = { 'get-deployment': getDeployment, 'close-ports': closePorts, 'open-ports': openPorts, 'pull-images': pullParams, 'get-weights': weightsParams, 'safe-exit': exitParams, maintenance: exitParams, ...ML_SWITCH_PARAMS, ...ML_DELETE_PARAMS, ...ML_SAVE_PARAMS, reset: resetParams };

/** The checked params of a kind; undefined where it has none. Throws ZodError. */
export const workParams = (kind: Kind, params: unknown): unknown => WORK_PARAMS[kind]?.parse(params ?? {});
