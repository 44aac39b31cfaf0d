import path from 'node:path';
import { isPanelError } from '#lib/core/errors.ts';
import { engineWatch } from '#lib/docker/engine-watch.ts';
import { checkDeployDir } from './deploy-dir.ts';
import { usualRoots } from './roomy-places.ts';

export type FoundDeployment = {
  dir: string;
  /** `containers`: containers were started from there. `usual`: a usual place. `near`: beside or above the panel. */
  why: 'containers' | 'usual' | 'near';
  release?: string;
  /** `errors.<code>`: why it can't be chosen as it is. */
  problem?: { code: string; params: Record<string, string | number> };
};

const JOIN = 'gonka/deploy/join';

/**
 * Directories on this machine that look like a Gonka deployment, containers' first. What isn't one is left out;
 * one that containers were started from is named with its problem (moved, no permission). Never throws.
 */
export async function discoverDeployments(): Promise<FoundDeployment[]> {
  const { containers } = await engineWatch().snapshot().catch(() => ({ containers: [] }));
  const running = containers.filter((one) => one.workingDir && !one.oneOff && one.service).map((one) => one.workingDir as string);
  // Any project on the machine has such a label; only those that look like Gonka may show a problem.
  const gonka = new Set(containers.filter((one) => /inferenced|gonka|product-science/.test(one.image)).map((one) => one.workingDir));
  const candidates: { dir: string; why: FoundDeployment['why'] }[] = [
    ...running.map((dir) => ({ dir, why: 'containers' as const })),
    ...(await usualPlaces()).map((dir) => ({ dir, why: 'usual' as const })),
    ...nearPlaces().map((dir) => ({ dir, why: 'near' as const })),
  ];
  const found = new Map<string, FoundDeployment>();
  for (const { dir, why } of candidates) {
    if (found.has(dir)) continue;
    try {
      const checked = await checkDeployDir(dir);
      if (!found.has(checked.dir)) found.set(checked.dir, { dir: checked.dir, why, release: checked.release });
    } catch (error) {
      if (!isPanelError(error)) throw error;
      const { code, params } = error;
      if ((why === 'containers' && gonka.has(dir)) || (why === 'usual' && code === 'deploy_dir_permission')) found.set(dir, { dir, why, problem: { code, params } });
    }
  }
  return [...found.values()];
}

async function usualPlaces(): Promise<string[]> {
  return (await usualRoots()).map((root) => path.join(/*turbopackIgnore: true*/ root, JOIN));
}

/** The panel may have been unpacked inside or beside the upstream repository. */
function nearPlaces(): string[] {
  const places: string[] = [];
  let dir = process.cwd();
  for (let step = 0; step < 6; step++) {
    places.push(dir, path.join(/*turbopackIgnore: true*/ dir, 'deploy/join'), path.join(/*turbopackIgnore: true*/ dir, JOIN));
    const up = path.dirname(dir);
    if (up === dir) break;
    dir = up;
  }
  return places;
}
