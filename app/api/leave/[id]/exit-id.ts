import { PanelError } from '#lib/core/errors.ts';
import { operationId } from '#lib/operations/schema.ts';

/** The id in the address. Throws operation_unknown where it can't be one. */
export async function exitId(params: Promise<{ id: string }>): Promise<string> {
  const { id } = await params;
  if (!operationId.safeParse(id).success) throw new PanelError('operation_unknown', { id: id.slice(0, 40) }, { status: 404 });
  return id;
}
