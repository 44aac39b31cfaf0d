/**
 * Upstream's repository as far as the deployment goes: deploy/join of three releases and the genesis file, with upstream's
 * tags, in a real repository, served by git's own daemon behind a door that can be slow, cut off or closed.
 */
import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { UPSTREAM } from '../network/deployment.ts';

const RELEASES = ['0.2.4', '0.2.8', '0.2.14'];
const IDENTITY = { GIT_AUTHOR_NAME: 'upstream', GIT_AUTHOR_EMAIL: 'upstream@example.org', GIT_COMMITTER_NAME: 'upstream', GIT_COMMITTER_EMAIL: 'upstream@example.org', GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };

export const git = (cwd: string, ...args: string[]): string => execFileSync('git', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...IDENTITY } as NodeJS.ProcessEnv });

export type UpstreamGit = {
  /** Folder with the repositories `gonka.git` and `other.git` (a repository without a deployment). */
  dir: string;
  /** `file://…/gonka.git` */
  fileUrl: string;
  /** `git://127.0.0.1:PORT/gonka.git` */
  url: string;
  /** Bytes a second to each client; 0: as fast as it goes. */
  bytesPerSecond: number;
  /** Connections so far. */
  connections: number;
  /** Breaks every connection that is open. */
  cut(): void;
  close(): Promise<void>;
};

/** `weight`: random bytes beside the deployment, so that a clone takes a while. `port` 0: any. */
export async function startUpstreamGit({ weight = 2_000_000, port = 0, host = '127.0.0.1' } = {}): Promise<UpstreamGit> {
  const dir = mkdtempSync(path.join(tmpdir(), 'upstream-git-'));
  const work = path.join(dir, 'work');
  mkdirSync(work);
  git(work, 'init', '-q', '-b', 'main');
  writeFileSync(path.join(work, '.gitignore'), '/deploy/**/config.env\n.inference/\n');
  mkdirSync(path.join(work, 'genesis'));
  writeFileSync(path.join(work, 'genesis/genesis.json'), '{"chain_id":"gonka-mainnet"}\n');
  writeFileSync(path.join(work, 'weight.bin'), randomBytes(weight));
  for (const release of RELEASES) {
    rmSync(path.join(work, 'deploy'), { recursive: true, force: true });
    cpSync(path.join(UPSTREAM, `v${release}`), path.join(work, 'deploy'), { recursive: true });
    execFileSync('chmod', ['-R', 'u+w', path.join(work, 'deploy')]);
    git(work, 'commit', '-q', '--allow-empty', '-m', `Try v${release}`);
    git(work, 'tag', `release/v${release}-alpha1`);
    git(work, 'add', '-A');
    git(work, 'commit', '-q', '-m', `Upgrade v${release}`);
    // Upstream has tags of both kinds.
    if (release === '0.2.8') git(work, 'tag', `release/v${release}`);
    else git(work, 'tag', '-a', '-m', release, `release/v${release}`);
  }
  git(dir, 'clone', '-q', '--bare', 'work', 'gonka.git');
  const other = path.join(dir, 'other');
  mkdirSync(other);
  git(other, 'init', '-q', '-b', 'main');
  writeFileSync(path.join(other, 'README.md'), 'something else\n');
  git(other, 'add', '-A');
  git(other, 'commit', '-q', '-m', 'Something else');
  git(other, 'tag', 'release/v0.2.14');
  git(dir, 'clone', '-q', '--bare', 'other', 'other.git');

  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    state.connections += 1;
    sockets.add(socket);
    socket.on('error', () => {});
    const daemon = spawn('git', ['daemon', '--inetd', '--export-all', `--base-path=${dir}`, dir], { stdio: ['pipe', 'pipe', 'ignore'] });
    socket.on('close', () => {
      sockets.delete(socket);
      daemon.kill('SIGKILL');
    });
    daemon.stdin.on('error', () => {});
    socket.pipe(daemon.stdin);
    daemon.stdout.on('data', (chunk: Buffer) => {
      socket.write(chunk);
      if (state.bytesPerSecond === 0) return;
      daemon.stdout.pause();
      setTimeout(() => daemon.stdout.resume(), (chunk.length / state.bytesPerSecond) * 1000);
    });
    daemon.stdout.on('end', () => socket.end());
  });
  await new Promise<void>((resolve) => server.listen(port, host, resolve));
  const state: UpstreamGit = {
    dir,
    fileUrl: `file://${dir}/gonka.git`,
    url: `git://${host}:${(server.address() as AddressInfo).port}/gonka.git`,
    bytesPerSecond: 0,
    connections: 0,
    cut() {
      for (const socket of sockets) socket.destroy();
    },
    async close() {
      state.cut();
      await new Promise((resolve) => server.close(resolve));
      rmSync(dir, { recursive: true, force: true });
    },
  };
  return state;
}
