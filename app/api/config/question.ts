import { z } from 'zod';
import { configChange, editableFile } from '#lib/deployment/config-schema.ts';

/** `{file, change}`: what check, plan and save are asked. */
export const configQuestion = z.object({ file: editableFile, change: configChange });
