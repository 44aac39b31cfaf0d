import { CONFIG } from '#lib/operations/config/steps.ts';
import { EXIT } from '#lib/operations/exit/exit.ts';
import { GET_DEPLOYMENT } from '#lib/operations/downloads/get-deployment.ts';
import { GET_WEIGHTS } from '#lib/operations/downloads/get-weights.ts';
import { LAUNCH } from '#lib/operations/lifecycle/launch.ts';
import { PULL_IMAGES } from '#lib/operations/downloads/pull-images.ts';
import { ML_KEY } from '#lib/operations/ml-key/ml-key.ts';
import { ML_DELETE } from '#lib/operations/ml-nodes/delete.ts';
import { ML_SAVE } from '#lib/operations/ml-nodes/save.ts';
import { ML_SWITCH } from '#lib/operations/ml-nodes/switch.ts';
import type { Procedure } from './step.ts';
import type { Kind } from './schema.ts';
import { PORTS } from '#lib/operations/ports/steps.ts';
import { REGISTER } from '#lib/operations/registration/register.ts';
import { RESET } from '#lib/operations/reset/reset.ts';
import { LIFECYCLE } from '#lib/operations/lifecycle/service-lifecycle.ts';
import { DOWN } from '#lib/operations/lifecycle/take-down.ts';

/** How each kind is done. A new kind has a line here, in KINDS, and, where its target is `none`, in work-params.ts and work-plans.ts. */
export const PROCEDURES: Record<Kind, Procedure> = { ...LAUNCH, ...LIFECYCLE, ...DOWN, ...CONFIG, ...ML_KEY, ...ML_SWITCH, ...ML_DELETE, ...ML_SAVE, ...GET_DEPLOYMENT, ...PORTS, ...REGISTER, ...PULL_IMAGES, ...GET_WEIGHTS, ...EXIT, ...RESET };
