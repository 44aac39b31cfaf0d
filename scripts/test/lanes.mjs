// Files of tests run side by side: each lane has a Docker engine and, but for the first, a network of its own, because
// upstream's container names and ports are fixed. Most of a test is waiting for blocks, so more lanes than processors pay.
import { execFileSync, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { closeNetwork, inNetwork, openNetwork } from '../machine/own-network.mjs';
import { startDocker, stopDocker } from '../machine/private-docker.mjs';

const LANES = 4;
const engineProgram = fileURLToPath(new URL('../machine/private-docker.mjs', import.meta.url));

/** What a file of tests, or a killed run, left in the tests' own engine would be found as a host by the next one. */
function clear(dockerHost) {
  const docker = (...args) => execFileSync('docker', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, DOCKER_HOST: dockerHost } });
  const left = docker('ps', '-aq').split('\n').filter(Boolean);
  if (left.length > 0) docker('rm', '-f', ...left);
  docker('network', 'prune', '-f');
}

/** `{ name, prefix, dockerHost, close() }` of each lane. The first is in the machine's own network, for what needs the package registry. */
export async function openLanes(engineDir) {
  const first = { name: 'lane 0', prefix: [], dockerHost: await startDocker(engineDir), close: () => stopDocker(engineDir) };
  const lanes = [first];
  for (let n = 1; n < LANES && process.getuid?.() === 0; n++) {
    const [network, dir] = [`gonka-panel-test-${n}`, `${engineDir}-${n}`];
    try {
      // An engine that a killed run left would hold the network that is made anew.
      await stopDocker(dir);
      openNetwork(network, n);
      const [command, ...args] = [...inNetwork(network), process.execPath, engineProgram, 'start', dir];
      const dockerHost = execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim();
      lanes.push({
        name: `lane ${n}`, prefix: inNetwork(network), dockerHost,
        async close() {
          await stopDocker(dir);
          closeNetwork(network);
        },
      });
    } catch (error) {
      console.log(`No network of its own for tests (${String(error.stderr ?? error.message).trim().split('\n')[0]}): they run in ${lanes.length} ${lanes.length === 1 ? 'lane' : 'lanes'}.`);
      break;
    }
  }
  return lanes;
}

/**
 * Works through `jobs` (`{ title, file, args, env, log, outside? }`) on all lanes; `outside`: needs the machine's own
 * network. `report(job, { good, seconds, lane })` is called as each ends.
 */
export async function runOnLanes(lanes, jobs, report) {
  const waiting = [...jobs];
  await Promise.all(lanes.map(async (lane, index) => {
    for (;;) {
      const at = waiting.findIndex((job) => (index === 0 ? job.outside : !job.outside));
      const next = at >= 0 ? at : index === 0 ? 0 : -1;
      const [job] = next >= 0 ? waiting.splice(next, 1) : [];
      if (!job) return;
      const started = Date.now();
      clear(lane.dockerHost);
      const good = await run(lane, job);
      await report(job, { good, lane: lane.name, seconds: (Date.now() - started) / 1000 });
    }
  }));
}

function run({ prefix, dockerHost }, { file, args, env, log }) {
  const [command, ...rest] = [...prefix, file, ...args];
  return new Promise((resolve) => {
    const output = createWriteStream(log);
    const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...env, DOCKER_HOST: dockerHost } });
    child.stdout.pipe(output, { end: false });
    child.stderr.pipe(output, { end: false });
    child.on('error', (error) => output.write(`${error.message}\n`));
    child.on('close', (code) => output.end(() => resolve(code === 0)));
  });
}
