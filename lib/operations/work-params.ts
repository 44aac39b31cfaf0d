import type { z } from 'zod';
import type { Kind } from './schema.ts';

/** What comes with a kind whose target is `none`, as the journal keeps it: never a secret. */
export const WORK_PARAMS: Partial<Record<Kind, z.ZodType>> = {};

/** The checked params of a kind; undefined where it has none. Throws ZodError. */
export const workParams = (kind: Kind, params: unknown): unknown => WORK_PARAMS[kind]?.parse(params ?? {});
