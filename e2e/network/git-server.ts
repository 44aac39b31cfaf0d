/**
 * Upstream's repository behind git's own HTTP backend on a socket of its own, as GitHub serves it: `deploy/join` of the three
 * releases and the genesis file beside it, `main`, a branch and upstream's tags (`release/v0.2.4`, and trials of it).
 */
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { UPSTREAM } from './deployment.ts';
import { answerWithFault, type Faults } from './faults.ts';
import { noise } from './noise.ts';
import { openServer, type OpenServer, type ServerOptions } from './open-server.ts';
import { RELEASES, type ReleaseName } from './releases.ts';
import { Trickle } from './trickle.ts';

export type GitFaults = Pick<Faults, 'down' | 'slowMs' | 'status' | 'html' | 'truncated' | 'only'> & {
  /** The pack breaks off after so many bytes. */
  cutAfter?: number;
};
export type GitServerOptions = ServerOptions & {
  bytesPerSecond?: number;
  /** Bytes beside the deployment, so that a clone takes a while (default 2 MB; the real repository has some 100). */
  weight?: number;
  /** Changes files of `deploy/join` on their way into the repository, e.g. `(path, text) => …`. */
  change?: (path: string, text: string, release: ReleaseName) => string;
  upstream?: string;
  faults?: GitFaults;
};
export type GitServer = Omit<OpenServer, 'url' | 'containerUrl'> & {
  /** `http://127.0.0.1:PORT/gonka-ai/gonka.git`, and the same for containers. */
  url: string;
  containerUrl: string;
  /** The bare repository on this machine; one that is put beside it is served too. */
  repository: string;
  /** The commit of a release. */
  commitOf(release: ReleaseName): string;
  setFaults(faults: GitFaults): void;
  setRate(bytesPerSecond: number): void;
  requests: { method: string; path: string }[];
};

const WHO = { GIT_AUTHOR_NAME: 'upstream', GIT_AUTHOR_EMAIL: 'upstream@example.org', GIT_COMMITTER_NAME: 'upstream', GIT_COMMITTER_EMAIL: 'upstream@example.org', GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
/** stdout of the machine's git, as upstream and without anybody's configuration; throws with its words. */
export const git = (cwd: string, args: string[], date = '2025-10-22T12:00:00Z') =>
  execFileSync('git', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...WHO, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date } }).trim();

function* filesBelow(dir: string): Generator<string> {
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    if (entry.isDirectory()) yield* filesBelow(join(dir, entry.name));
    else yield join(dir, entry.name);
  }
}

/** Dates of the releases, so that the same content makes the same commits. */
const DATES: Record<ReleaseName, string> = { '0.2.4': '2025-10-22T12:00:00Z', '0.2.8': '2026-01-29T12:00:00Z', '0.2.14': '2026-07-23T12:00:00Z' };

function makeRepository(scratch: string, options: GitServerOptions): string {
  const work = join(scratch, 'work');
  mkdirSync(join(work, 'genesis'), { recursive: true });
  git(work, ['init', '-q', '-b', 'main']);
  writeFileSync(join(work, 'README.md'), '# Gonka\n');
  writeFileSync(join(work, 'genesis/genesis.json'), '{"chain_id":"gonka-mainnet"}\n');
  mkdirSync(join(work, 'docs'));
  writeFileSync(join(work, 'docs/whitepaper.pdf'), noise('whitepaper', options.weight ?? 2_000_000));
  for (const release of Object.keys(RELEASES) as ReleaseName[]) {
    const deploy = join(work, 'deploy');
    rmSync(deploy, { recursive: true, force: true });
    cpSync(join(options.upstream ?? UPSTREAM, `v${release}`), deploy, { recursive: true });
    execFileSync('chmod', ['-R', 'u+w', deploy]);
    for (const file of options.change ? filesBelow(deploy) : []) writeFileSync(file, options.change!(relative(work, file), readFileSync(file, 'utf8'), release), { mode: statSync(file).mode });
    const at = DATES[release];
    git(work, ['commit', '-q', '--allow-empty', '-m', `Try v${release}`], at);
    git(work, ['tag', `release/v${release}-alpha1`], at);
    git(work, ['add', '-A'], at);
    git(work, ['commit', '-q', '-m', `Upgrade v${release}`], at);
    // Upstream has tags with a message and without.
    git(work, release === '0.2.8' ? ['tag', `release/v${release}`] : ['tag', '-a', '-m', `v${release}`, `release/v${release}`], at);
  }
  git(work, ['branch', 'upgrade-v0.2.15']);
  const bare = join(scratch, 'gonka-ai', 'gonka.git');
  git(scratch, ['clone', '-q', '--bare', work, bare]);
  rmSync(work, { recursive: true });
  return bare;
}

/** Runs git's CGI program for a request. */
function backend(root: string, request: IncomingMessage, url: URL): Promise<{ status: number; headers: Record<string, string>; body: Buffer }> {
  return new Promise((resolve, reject) => {
    const header = (name: string) => String(request.headers[name] ?? '');
    const child = spawn('git', ['http-backend'], {
      stdio: ['pipe', 'pipe', 'ignore'],
      env: {
        ...process.env, ...WHO, GIT_PROJECT_ROOT: root, GIT_HTTP_EXPORT_ALL: '1', PATH_INFO: url.pathname, QUERY_STRING: url.search.slice(1), REQUEST_METHOD: request.method ?? 'GET',
        CONTENT_TYPE: header('content-type'), HTTP_CONTENT_ENCODING: header('content-encoding'), GIT_PROTOCOL: header('git-protocol'), REMOTE_ADDR: request.socket.remoteAddress ?? '',
      },
    });
    const pieces: Buffer[] = [];
    child.stdout.on('data', (piece: Buffer) => pieces.push(piece));
    child.stdin.on('error', () => {});
    request.pipe(child.stdin);
    child.on('error', reject);
    child.on('close', () => {
      const all = Buffer.concat(pieces);
      const end = all.indexOf('\r\n\r\n');
      const headers = Object.fromEntries(all.subarray(0, Math.max(0, end)).toString().split('\r\n').filter(Boolean).map((line) => line.split(/: (.*)/s).slice(0, 2) as [string, string]));
      const { Status: status = '200 OK', ...rest } = headers;
      resolve({ status: Number.parseInt(status, 10), headers: rest, body: all.subarray(end + 4) });
    });
  });
}

export async function startGitServer(options: GitServerOptions = {}): Promise<GitServer> {
  let faults = options.faults ?? {};
  const line = new Trickle(options.bytesPerSecond);
  const requests: GitServer['requests'] = [];
  const scratch = mkdtempSync(join(tmpdir(), 'standin-git-'));
  const repository = makeRepository(scratch, options);
  const opened = await openServer(options, async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://git');
    requests.push({ method: request.method ?? 'GET', path: `${url.pathname}${url.search}` });
    if (await answerWithFault(faults, request, response)) return;
    const { status, headers, body } = await backend(scratch, request, url);
    response.writeHead(status, headers);
    await line.send(response, body, url.pathname.endsWith('/git-upload-pack') ? faults.cutAfter : undefined);
  });
  const path = '/gonka-ai/gonka.git';
  return {
    port: opened.port, url: `${opened.url}${path}`, containerUrl: `${opened.containerUrl}${path}`, repository, requests,
    commitOf: (release) => git(repository, ['rev-parse', `release/v${release}^{commit}`]),
    setFaults: (next) => { faults = next; },
    setRate: (bytesPerSecond) => { line.bytesPerSecond = bytesPerSecond; },
    close: async () => {
      await opened.close();
      rmSync(scratch, { recursive: true, force: true });
    },
  };
}
