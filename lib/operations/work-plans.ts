import type { Deployment } from '#lib/deployment/schema.ts';
import { exitPlan } from '#lib/operations/exit/plan.ts';
import { getDeploymentCommand } from '#lib/operations/downloads/get-deployment.ts';
import { weightsPlan } from '#lib/operations/downloads/get-weights.ts';
import { mlKeyPlan } from '#lib/operations/ml-key/plan.ts';
import { ML_DELETE_PLANS } from '#lib/operations/ml-nodes/delete.ts';
import { ML_SAVE_PLANS } from '#lib/operations/ml-nodes/save.ts';
import { ML_SWITCH_PLANS } from '#lib/operations/ml-nodes/switch.ts';
import { portSituation } from '#lib/operations/ports/plan.ts';
import { pullPlan } from '#lib/operations/downloads/pull-images.ts';
import { registerSituation } from '#lib/operations/registration/registration.ts';
import { resetPlan } from '#lib/operations/reset/plan.ts';
import type { Kind } from './schema.ts';
import type { Situation } from '#lib/operations/lifecycle/service-containers.ts';

/** Of a kind whose target is `none`: what would be run, and which containers it would change. Changes nothing. */
export const WORK_PLANS: Partial<Record<Kind, (of: Deployment, params: unknown) => Promise<Situation>>> = { 'create-ml-key': mlKeyPlan, 'close-ports': portSituation, 'open-ports': portSituation, 'register-host': registerSituation, 'pull-images': pullPlan, 'get-weights': weightsPlan, 'safe-exit': exitPlan, maintenance: exitPlan, ...ML_SWITCH_PLANS, ...ML_DELETE_PLANS, ...ML_SAVE_PLANS, reset: resetPlan };

/** The command of a kind that comes before there is a deployment, as it is shown and kept. */
export const BARE_COMMANDS: Partial<Record<Kind, (params: unknown) => string[]>> = { 'get-deployment': getDeploymentCommand };
