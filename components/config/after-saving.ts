import type { OperationView } from '#lib/operations/schema.ts';
import type { ConfigNow } from './config-data.ts';
import { type Edits, NO_EDITS } from './edits.ts';

/** The file was written, whatever became of the operation after that. */
export const wasWritten = (operation: OperationView): boolean => operation.steps.some((step) => step.name === 'write' && step.state === 'done');

/**
 * The edits that are left when an operation that saves has ended, undefined: they stay as they are. Saved ones are gone;
 * those of a file that was written before the operation failed are gone too; all others stay.
 */
export function afterSaving(operation: OperationView, edits: Edits, opened: ConfigNow | undefined, now: ConfigNow | undefined): Edits | undefined {
  if (operation.state === 'succeeded') return NO_EDITS;
  return wasWritten(operation) && now?.version !== opened?.version && edits !== NO_EDITS ? NO_EDITS : undefined;
}
