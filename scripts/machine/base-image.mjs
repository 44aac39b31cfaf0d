// The base that the panel's Dockerfile names (node:24-trixie-slim), made without an image registry:
// a debootstrap root, the pinned Node binary and this machine's npm, with its certificates and package sources.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

function mirror() {
  const found = /^URIs:\s*(\S+)/m.exec(readFileSync('/etc/apt/sources.list.d/debian.sources', 'utf8'))?.[1];
  if (!found) throw new Error('no Debian mirror in /etc/apt/sources.list.d/debian.sources');
  return found;
}

/** Imports `name` into the engine of DOCKER_HOST unless it is there. `cache`: folder that keeps the root for the next run. */
export function ensureBaseImage(name, cache) {
  if (spawnSync('docker', ['image', 'inspect', name], { stdio: 'ignore' }).status === 0) return;
  const archive = path.join(cache, 'base-image.tar');
  if (!existsSync(archive)) {
    if (!existsSync('/usr/sbin/debootstrap')) execFileSync('apt-get', ['install', '-y', '-qq', 'debootstrap'], { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
    const tree = path.join(cache, 'base-image');
    rmSync(tree, { recursive: true, force: true });
    mkdirSync(tree, { recursive: true });
    execFileSync('debootstrap', ['--variant=minbase', '--include=ca-certificates', 'trixie', tree, mirror()], { stdio: ['ignore', 'ignore', 'inherit'] });
    cpSync(realpathSync(path.join(root, 'node_modules/.bin/node')), path.join(tree, 'usr/local/bin/node'));
    const npm = path.resolve(realpathSync(process.env.npm_execpath ?? execFileSync('which', ['npm'], { encoding: 'utf8' }).trim()), '../..');
    cpSync(npm, path.join(tree, 'usr/local/lib/node_modules/npm'), { recursive: true });
    symlinkSync('../lib/node_modules/npm/bin/npm-cli.js', path.join(tree, 'usr/local/bin/npm'));
    cpSync('/etc/ssl/certs/ca-certificates.crt', path.join(tree, 'etc/ssl/certs/ca-certificates.crt'));
    const registry = execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    writeFileSync(path.join(tree, 'root/.npmrc'), `registry=${registry}\ncafile=/etc/ssl/certs/ca-certificates.crt\n`);
    execFileSync('tar', ['-C', tree, '--exclude=./proc/*', '--exclude=./sys/*', '--exclude=./dev/*', '--exclude=./var/cache/apt/*', '-cf', archive, '.']);
    rmSync(tree, { recursive: true, force: true });
  }
  execFileSync('docker', ['import', archive, name], { stdio: ['ignore', 'ignore', 'inherit'] });
}
