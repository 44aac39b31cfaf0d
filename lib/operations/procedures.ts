import { CONFIG } from './config-steps.ts';
import { LAUNCH } from './launch.ts';
import type { Procedure } from './runner.ts';
import type { Kind } from './schema.ts';
import { LIFECYCLE } from './service-lifecycle.ts';

/** How each kind is done. A new kind has a line here, in KINDS, and, where its target is `none`, in work-params.ts and work-plans.ts. */
export const PROCEDURES: Record<Kind, Procedure> = { ...LAUNCH, ...LIFECYCLE, ...CONFIG };
