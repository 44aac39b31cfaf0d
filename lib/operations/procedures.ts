import { CONFIG } from './config-steps.ts';
import { EXIT } from './exit.ts';
import { GET_DEPLOYMENT } from './get-deployment.ts';
import { GET_WEIGHTS } from './get-weights.ts';
import { LAUNCH } from './launch.ts';
import { PULL_IMAGES } from './pull-images.ts';
import { ML_KEY } from './ml-key.ts';
import { ML_DELETE } from './ml-node-delete.ts';
import { ML_SAVE } from './ml-node-save.ts';
import { ML_SWITCH } from './ml-node-switch.ts';
import type { Procedure } from './runner.ts';
import type { Kind } from './schema.ts';
import { PORTS } from './port-steps.ts';
import { REGISTER } from './register.ts';
import { RESET } from './reset.ts';
import { LIFECYCLE } from './service-lifecycle.ts';
import { DOWN } from './take-down.ts';

/** How each kind is done. A new kind has a line here, in KINDS, and, where its target is `none`, in work-params.ts and work-plans.ts. */
export const PROCEDURES: Record<Kind, Procedure> = { ...LAUNCH, ...LIFECYCLE, ...DOWN, ...CONFIG, ...ML_KEY, ...ML_SWITCH, ...ML_DELETE, ...ML_SAVE, ...GET_DEPLOYMENT, ...PORTS, ...REGISTER, ...PULL_IMAGES, ...GET_WEIGHTS, ...EXIT, ...RESET };
