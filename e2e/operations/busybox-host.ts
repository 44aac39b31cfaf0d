/**
 * A deployment of busybox containers that has what operations look at: roles by image name, a consensus key that tmkms
 * makes and `tmkms-pubkey` prints, mounts, a configuration that can change. For tests of the journal, not of Gonka.
 */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { migrate } from '#lib/db/migrate.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const BASE = 'gp-ops/inferenced:0.2.4';
const APPLETS = ['sh', 'xargs', 'rm', 'rmdir', 'mv', 'sleep', 'cat', 'echo', 'mkdir', 'printf', 'head', 'base64', 'touch', 'date', 'env', 'test'];
const PUBKEY = '#!/bin/sh\nprintf \'{\\n  "@type": "/cosmos.crypto.ed25519.PubKey",\\n  "key": "%s"\\n}\\n\' "$(cat /root/.tmkms/secrets/priv_validator_key.softsign)"\n';

/** stdout of the docker CLI; throws with its words. */
export function docker(...args: string[]): string {
  return execFileSync('docker', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Images `gp-ops/{tmkms,inferenced,api}:0.2.4` from the machine's static busybox. */
export function ensureBusyboxImages(): void {
  if (docker('images', '-q', BASE).trim()) return;
  const tree = mkdtempSync(path.join(tmpdir(), 'gp-ops-image-'));
  try {
    for (const dir of ['bin', 'root', 'tmp', 'usr/local/bin']) mkdirSync(path.join(tree, dir), { recursive: true });
    copyFileSync('/bin/busybox', path.join(tree, 'bin/busybox'));
    chmodSync(path.join(tree, 'bin/busybox'), 0o755);
    for (const applet of APPLETS) symlinkSync('busybox', path.join(tree, 'bin', applet));
    writeFileSync(path.join(tree, 'bin/tmkms-pubkey'), PUBKEY, { mode: 0o755 });
    const tar = execFileSync('tar', ['-C', tree, '-c', '.'], { maxBuffer: 64 * 1024 * 1024 });
    execFileSync('docker', ['import', '-c', 'ENV PATH=/bin', '-', BASE], { input: tar, stdio: ['pipe', 'ignore', 'inherit'] });
  } finally {
    rmSync(tree, { recursive: true, force: true });
  }
  for (const name of ['tmkms', 'api']) docker('tag', BASE, `gp-ops/${name}:0.2.4`);
}

/** service → state of a project's containers, by the docker CLI; two containers of one service as `created + exited`. */
export function statesOf(project: string): Record<string, string> {
  const rows = docker('ps', '-a', '--filter', `label=com.docker.compose.project=${project}`, '--format', '{{.Label "com.docker.compose.service"}} {{.State}}').split('\n').filter(Boolean);
  const states: Record<string, string> = {};
  for (const [service, state] of rows.map((row) => row.split(' ') as [string, string])) states[service] = [...(states[service]?.split(' + ') ?? []), state].sort().join(' + ');
  return states;
}

const compose = (project: string) => `name: ${project}
services:
  tmkms:
    image: gp-ops/tmkms:0.2.4
    command:
      - sh
      - -c
      - |
        mkdir -p /root/.tmkms/secrets /root/.tmkms/state
        key=/root/.tmkms/secrets/priv_validator_key.softsign
        [ -f $$key ] || head -c 32 /dev/urandom | base64 > $$key
        state=/root/.tmkms/state/priv_validator_state.json
        [ -f $$state ] || echo '{"height":"990","round":"0","step":2,"block_id":null}' > $$state
        echo connected to validator successfully
        exec sleep 100000
    volumes: [".tmkms:/root/.tmkms"]
    stop_grace_period: 1s
    restart: unless-stopped
  node:
    image: gp-ops/inferenced:0.2.4
    command: [sh, -c, "mkdir -p /root/.inference/config; touch /root/.inference/.node_initialized; echo started; exec sleep 100000"]
    environment: ["KEY_NAME=\${KEY_NAME}"]
    volumes: [".inference:/root/.inference", "../../genesis/genesis.json:/root/genesis.json"]
    depends_on: [tmkms]
    stop_grace_period: 1s
    restart: always
  api:
    image: gp-ops/api:0.2.4
    command: [sh, -c, "echo started; exec sleep 100000"]
    environment: ["KEYRING_PASSWORD=\${KEYRING_PASSWORD}"]
    depends_on: [node]
    stop_grace_period: 1s
    restart: always
  loop:
    image: gp-ops/api:0.2.4
    command: [sh, -c, "echo no; exit 3"]
    restart: always
  absent:
    image: gp-ops/absent:\${KEYRING_PASSWORD}
`;

export type BusyboxHost = {
  dir: string;
  dataDir: string;
  project: string;
  secret: string;
  /** What a panel of this host gets as environment. */
  env: Record<string, string>;
  /** service → `running`, `exited`, …; absent services aren't in it */
  states(): Record<string, string>;
  container(service: string): string | undefined;
  compose(...args: string[]): string;
  remove(): void;
};

/** A deployment directory of its own (`…/deploy/join`), a migrated panel database beside it. */
export function busyboxHost(): BusyboxHost {
  ensureBusyboxImages();
  const base = mkdtempSync(path.join(tmpdir(), 'gp-ops-'));
  const project = `gpops${randomBytes(4).toString('hex')}`;
  const dir = path.join(base, 'deploy/join');
  const dataDir = path.join(base, 'data');
  mkdirSync(dir, { recursive: true });
  mkdirSync(dataDir, { mode: 0o700 });
  mkdirSync(path.join(base, 'genesis'));
  writeFileSync(path.join(base, 'genesis/genesis.json'), '{}');
  writeFileSync(path.join(dir, 'docker-compose.yml'), compose(project));
  const secret = `sentinel${randomBytes(12).toString('hex')}`;
  writeFileSync(path.join(dir, 'config.env'), `export KEY_NAME=gonka\nexport KEYRING_PASSWORD=${secret}\n`, { mode: 0o600 });
  migrate(path.join(dataDir, 'panel.db'), path.join(ROOT, 'prisma/migrations'));
  const ids = (...filter: string[]) => docker('ps', '-aq', '--filter', `label=com.docker.compose.project=${project}`, ...filter).split('\n').filter(Boolean);
  const run = (...args: string[]) => execFileSync('docker', ['compose', '-p', project, '--project-directory', dir, '-f', path.join(dir, 'docker-compose.yml'), ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, KEY_NAME: 'gonka', KEYRING_PASSWORD: secret } });
  return {
    dir,
    dataDir,
    project,
    secret,
    env: { PANEL_DATA_DIR: dataDir, GONKA_DEPLOY_DIR: dir, SEED_API_URLS: 'http://127.0.0.1:4699' },
    states: () => statesOf(project),
    container: (service) => ids('--filter', `label=com.docker.compose.service=${service}`)[0],
    compose: run,
    remove() {
      const all = ids();
      if (all.length) docker('rm', '-f', '-v', ...all);
      for (const network of docker('network', 'ls', '-q', '--filter', `label=com.docker.compose.project=${project}`).split('\n').filter(Boolean)) docker('network', 'rm', network);
      if (existsSync(base)) rmSync(base, { recursive: true, force: true });
    },
  };
}
