import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { prepareDeployment } from './network/deployment.ts';
import { ensureImages } from './network/image.ts';
import type { ReleaseName } from './network/releases.ts';
import { type Seed, startSeed } from './network/seed.ts';

/** A host's machine: a seed of the stand-in network, and upstream's unchanged deployment directory of one release with a filled config.env. */
export type HostWorld = {
  seed: Seed;
  /** …/deploy/join */
  dir: string;
  scratch: string;
  keyringPassword: string;
  /** What a panel on this machine is started with. */
  env: Record<string, string>;
  close: () => Promise<void>;
};

export type HostWorldOptions = { release: ReleaseName; seedPort: number; keyringPassword?: string; epochSeconds?: number; participants?: number; startOffset?: number };

export async function openHostWorld({ release, seedPort, keyringPassword = 'swordfish-$-7', epochSeconds = 60, participants, startOffset }: HostWorldOptions): Promise<HostWorld> {
  await ensureImages();
  const scratch = mkdtempSync(path.join(tmpdir(), 'panel-host-'));
  // Pollers of the panel are told from the containers by the door they use; limits are the recorded ones.
  const seed = await startSeed({ port: seedPort, release, epochSeconds, participants, startOffset });
  const deployment = await prepareDeployment({ release, scratch, seedUrl: seed.containerUrl, keyringPassword });
  return {
    seed,
    dir: deployment.dir,
    scratch,
    keyringPassword,
    env: { SEED_API_URLS: seed.url },
    close: async () => {
      removeProject(deployment.dir);
      await seed.stop();
      rmSync(scratch, { recursive: true, force: true });
    },
  };
}

/** Removes every container and network of the compose project that works in `dir`, and no other. */
export function removeProject(dir: string): void {
  const docker = (...args: string[]) => execFileSync('docker', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).split('\n').filter(Boolean);
  const containers = docker('ps', '-aq', '--filter', `label=com.docker.compose.project.working_dir=${dir}`);
  const projects = new Set(containers.flatMap((id) => docker('inspect', '--format', '{{ index .Config.Labels "com.docker.compose.project" }}', id)));
  if (containers.length) docker('rm', '-f', '-v', ...containers);
  for (const project of projects) {
    const networks = docker('network', 'ls', '-q', '--filter', `label=com.docker.compose.project=${project}`);
    if (networks.length) docker('network', 'rm', ...networks);
  }
}
