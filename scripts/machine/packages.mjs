// What the tests need from the machine, installed from Debian's own packages when it is missing (root only).
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const SOURCES = '/etc/apt/sources.list.d/debian.sources';
const TRIXIE = '/etc/apt/sources.list.d/trixie-docker.sources';
const PIN = '/etc/apt/preferences.d/trixie-docker';

const has = (file) => existsSync(file);
const apt = (...args) => execFileSync('apt-get', args, { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });

function composeVersion() {
  try {
    return execFileSync('docker', ['compose', 'version', '--short'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}

/** A dockerd, a docker client with compose >= 2.24.4 and a Chromium: `{ installed: string[] }` names what had to be added. */
export function ensurePackages({ docker = true, chromium = true } = {}) {
  const installed = [];
  const wantsDocker = docker && (!has('/usr/sbin/dockerd') || !composeVersion());
  const wantsChromium = chromium && !has('/usr/bin/chromium');
  const wantsBusybox = docker && !has('/bin/busybox');
  // Deployment files are cloned from a git server on this machine; `ss` says who listens.
  const tools = [['/usr/bin/git', 'git'], ['/usr/bin/ss', 'iproute2']].filter(([file]) => docker && !has(file)).map(([, name]) => name);
  if (!wantsDocker && !wantsChromium && !wantsBusybox && tools.length === 0) return { installed };
  if (process.getuid?.() !== 0) throw new Error('The tests need dockerd, docker compose and chromium. Install docker.io, docker-compose, busybox-static and chromium, or run as root so that they are installed.');
  if (wantsDocker && has(SOURCES) && !has(TRIXIE)) {
    // Debian 12 has no compose v2; 13's packages install beside it and, pinned low, move nothing else.
    const release = readFileSync('/etc/os-release', 'utf8').match(/VERSION_CODENAME=(\w+)/)?.[1];
    if (release === 'bookworm') {
      const first = readFileSync(SOURCES, 'utf8').split(/\n\s*\n/)[0];
      writeFileSync(TRIXIE, `${first.replace(/^Suites:.*$/m, 'Suites: trixie')}\n`);
      writeFileSync(PIN, 'Package: *\nPin: release n=trixie\nPin-Priority: 100\n');
    }
  }
  apt('update', '-qq');
  if (wantsDocker) {
    const target = has(TRIXIE) ? ['-t', 'trixie'] : [];
    apt('install', '-y', '-qq', '--no-install-recommends', ...target, 'docker.io', 'docker-cli', 'docker-compose', 'docker-buildx', 'iptables');
    installed.push('docker');
  }
  if (wantsBusybox) {
    apt('install', '-y', '-qq', '--no-install-recommends', 'busybox-static');
    installed.push('busybox-static');
  }
  if (tools.length > 0) {
    apt('install', '-y', '-qq', '--no-install-recommends', ...tools);
    installed.push(...tools);
  }
  if (wantsChromium) {
    apt('install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-noto-cjk');
    installed.push('chromium');
  }
  return { installed };
}
