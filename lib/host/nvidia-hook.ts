import { constants, existsSync } from 'node:fs';
import { access } from 'node:fs/promises';
import path from 'node:path';

/** Where packages put it; the engine looks for it in its own PATH when it starts. */
const FOLDERS = ['/usr/bin', '/usr/local/bin', '/usr/sbin', '/usr/local/nvidia/toolkit'];

/** Whether the program that gives cards to containers (of the NVIDIA Container Toolkit) is on this machine; undefined inside a container, which has programs of its own. */
export async function nvidiaHook({ folders = FOLDERS, inContainer = existsSync('/.dockerenv') }: { folders?: string[]; inContainer?: boolean } = {}): Promise<boolean | undefined> {
  if (inContainer) return undefined;
  const found = await Promise.all(folders.map((folder) => access(/*turbopackIgnore: true*/ path.join(folder, 'nvidia-container-runtime-hook'), constants.X_OK).then(() => true, () => false)));
  return found.includes(true);
}
