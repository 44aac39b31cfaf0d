import type { z } from 'zod';
import { getDeployment } from '#lib/operations/downloads/deployment-wanted.ts';
import { exitParams } from '#lib/operations/exit/schema.ts';
import { weightsParams } from '#lib/operations/downloads/weights-wanted.ts';
import { closePorts, openPorts } from '#lib/operations/ports/params.ts';
import { ML_DELETE_PARAMS } from '#lib/operations/ml-nodes/delete.ts';
import { ML_SAVE_PARAMS } from '#lib/operations/ml-nodes/save.ts';
import { ML_SWITCH_PARAMS } from '#lib/operations/ml-nodes/switch.ts';
import { pullParams } from '#lib/operations/downloads/pull-images.ts';
import { resetParams } from '#lib/operations/reset/schema.ts';
import type { Kind } from './schema.ts';

/** What comes with a kind whose target is `none`, as the journal keeps it: never a secret. */
export const WORK_PARAMS: Partial<Record<Kind, z.ZodType>> = { 'get-deployment': getDeployment, 'close-ports': closePorts, 'open-ports': openPorts, 'pull-images': pullParams, 'get-weights': weightsParams, 'safe-exit': exitParams, maintenance: exitParams, ...ML_SWITCH_PARAMS, ...ML_DELETE_PARAMS, ...ML_SAVE_PARAMS, reset: resetParams };

/** The checked params of a kind; undefined where it has none. Throws ZodError. */
export const workParams = (kind: Kind, params: unknown): unknown => WORK_PARAMS[kind]?.parse(params ?? {});
