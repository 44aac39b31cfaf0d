/** The probe that asks for every card, on an engine with NVIDIA's hook first on its PATH: the hook is a small program that puts an `nvidia-smi` into the container, as the real one does. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Deployment } from '#lib/deployment/schema.ts';
import { startDocker, stopDocker } from '../../scripts/machine/private-docker.mjs';
import { ensureImages } from '../network/image.ts';

const MLNODE = 'ghcr.io/product-science/mlnode:3.0.10';
let dir: string;
let tryContainers: typeof import('#lib/onboarding/container-probes.ts').tryContainers;

const hook = (ending = '') => `#!/bin/sh
bundle=$(sed -n 's/.*"bundle": *"\\([^"]*\\)".*/\\1/p')
root=$(${process.execPath} -p 'JSON.parse(require("fs").readFileSync(process.argv[1])).root.path' "$bundle/config.json")
cp "${dir}/nvidia-smi" "$root/usr/bin/nvidia-smi"
${ending}
`;
/** What `nvidia-smi` prints in a container from now on. */
function cards(...lines: string[]): void {
  writeFileSync(path.join(dir, 'nvidia-smi'), `#!/bin/node\nconsole.log(${JSON.stringify(lines.join('\n'))});\n`, { mode: 0o755 });
}
const install = (text: string) => writeFileSync(path.join(dir, 'bin/nvidia-container-runtime-hook'), text, { mode: 0o755 });
const gpu = async () => (await tryContainers({ dir, services: [{ role: 'mlnode', image: MLNODE }], values: {}, project: { name: 'none' } } as unknown as Deployment, [])).gpu;

beforeAll(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'gp-gpu-'));
  mkdirSync(path.join(dir, 'bin'));
  cards('0, NVIDIA H200, 143771, 1024, 570.133.20', '1, NVIDIA H200, 143771, 1024, 570.133.20');
  install(hook());
  // The panel reads its environment once.
  process.env.DOCKER_HOST = await startDocker(dir);
  await ensureImages(process.env, [MLNODE]);
  ({ tryContainers } = await import('#lib/onboarding/container-probes.ts'));
}, 120_000);
afterAll(async () => {
  await stopDocker(dir);
  rmSync(dir, { recursive: true, force: true });
});

it('a container that gets the cards counts them', async () => {
  expect(await gpu()).toMatchObject({ outcome: 'sees', seen: 2, lost: 0, image: MLNODE });
});

it('a card that has fallen off the bus is seen in the container too', async () => {
  cards('0, NVIDIA H200, 143771, 1024, 570.133.20', '1, NVIDIA H200, [N/A], [N/A], 570.133.20');
  expect(await gpu()).toMatchObject({ outcome: 'sees', seen: 2, lost: 1 });
});

it('a driver that is newer than the loaded module keeps the container from starting, and is named', async () => {
  install(hook('echo "nvidia-container-cli: initialization error: nvml error: driver/library version mismatch" >&2; exit 1'));
  expect(await gpu()).toMatchObject({ outcome: 'driver_mismatch' });
});

it('without the toolkit the engine says so', async () => {
  rmSync(path.join(dir, 'bin/nvidia-container-runtime-hook'));
  await stopDocker(dir);
  await startDocker(dir);
  expect(await gpu()).toMatchObject({ outcome: 'no_toolkit' });
}, 60_000);
