import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { PanelError } from '#lib/core/errors.ts';
import { EDITABLE } from '#lib/deployment/config-schema.ts';
import { parseNodeConfig } from '#lib/deployment/node-config.ts';
import { nodeConfigMerged } from '#lib/deployment/node-config-merged.ts';
import { otherNodeConfig } from '#lib/deployment/node-config-mount.ts';
import type { Deployment } from '#lib/deployment/schema.ts';

/**
 * Before an api is created or started that has not taken its node-config.json over yet: it must be able to read it, or it ends at its start and
 * is started again for ever (facts 3.2). Afterwards the file counts for nothing, and a host isn't held back by it; neither where
 * that can't be known. Throws operation_node_config_broken. A file that isn't there is found by the mounts.
 */
export async function refuseUnreadableNodes(of: Pick<Deployment, 'dir' | 'services'>): Promise<void> {
  if ((await nodeConfigMerged(of.dir, of.services)).state !== 'not-merged') return;
  const file = path.resolve(/*turbopackIgnore: true*/ of.dir, (await otherNodeConfig(of)) ?? EDITABLE['node-config']);
  const text = await readFile(/*turbopackIgnore: true*/ file, 'utf8').catch(() => undefined);
  const broken = text === undefined ? undefined : parseNodeConfig(text).problems.find(({ level }) => level === 'broken');
  if (broken) throw new PanelError('operation_node_config_broken', { file, problem: broken.code, ...broken.params }, { status: 409 });
}
