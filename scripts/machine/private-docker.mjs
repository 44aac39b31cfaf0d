// A Docker engine of the tests' own: own socket, data and pid file. The machine's engine is never touched.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const pidOf = (file) => (existsSync(file) ? Number(readFileSync(file, 'utf8').trim()) : undefined);

/** True when `pid` is alive and its command line names `dir`: a pid file may outlive its process. */
function isOurs(pid, dir) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(dir);
  } catch {
    return false;
  }
}

export const dockerHost = (dir) => `unix://${path.join(dir, 'docker.sock')}`;

export async function startDocker(dir) {
  mkdirSync(dir, { recursive: true });
  const running = pidOf(path.join(dir, 'docker.pid'));
  if (running && isOurs(running, dir)) return dockerHost(dir);
  await stopDocker(dir);
  // No default bridge: a second engine on the machine would fight for docker0. Compose makes its own networks.
  writeFileSync(path.join(dir, 'daemon.json'), JSON.stringify({ bridge: 'none', 'log-driver': 'json-file', 'live-restore': false }));
  const log = openSync(path.join(dir, 'dockerd.log'), 'a');
  const child = spawn(
    '/usr/sbin/dockerd',
    ['--config-file', path.join(dir, 'daemon.json'), '--host', dockerHost(dir), '--data-root', path.join(dir, 'data'), '--exec-root', path.join(dir, 'exec'), '--pidfile', path.join(dir, 'docker.pid')],
    { detached: true, stdio: ['ignore', log, log], env: { ...process.env, PATH: `${path.join(dir, 'bin')}:${process.env.PATH}:/usr/sbin:/sbin` } },
  );
  child.unref();
  for (let i = 0; i < 300; i++) {
    try {
      execFileSync('docker', ['version'], { env: { ...process.env, DOCKER_HOST: dockerHost(dir) }, stdio: 'ignore', timeout: 5000 });
      return dockerHost(dir);
    } catch {
      if (child.exitCode !== null) break;
      await sleep(200);
    }
  }
  throw new Error(`The private Docker engine did not come up:\n${readFileSync(path.join(dir, 'dockerd.log'), 'utf8').split('\n').slice(-15).join('\n')}`);
}

export async function stopDocker(dir) {
  for (const file of [path.join(dir, 'docker.pid'), path.join(dir, 'exec/containerd/containerd.pid')]) {
    const pid = pidOf(file);
    if (pid && isOurs(pid, dir)) {
      process.kill(pid, 'SIGTERM');
      for (let i = 0; i < 100 && isOurs(pid, dir); i++) await sleep(200);
      if (isOurs(pid, dir)) process.kill(pid, 'SIGKILL');
    }
    rmSync(file, { force: true });
  }
}

if (import.meta.url === `file://${process.argv[1]}`) {
  const [verb, dir] = process.argv.slice(2);
  if (!dir || !['start', 'stop'].includes(verb)) throw new Error('private-docker.mjs start|stop DIR');
  if (verb === 'start') console.log(await startDocker(path.resolve(dir)));
  else await stopDocker(path.resolve(dir));
}
