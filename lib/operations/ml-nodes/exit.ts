import type { Deployment } from '#lib/deployment/schema.ts';
import { LEAVE } from '#lib/operations/locks.ts';
import { isDurable, type OperationView } from '#lib/operations/schema.ts';
import { openOperations } from '#lib/operations/store.ts';

/** The safe exit or maintenance that is under way here. */
export async function openExit({ project }: Pick<Deployment, 'project'>): Promise<OperationView | undefined> {
  const open = [...(await openOperations(`${project.name}:${LEAVE}`)), ...(await openOperations(project.name))];
  return open.find(({ kind }) => isDurable(kind));
}
