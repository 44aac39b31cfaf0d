import { StringDecoder } from 'node:string_decoder';
import { panelEnv } from '#lib/core/env.ts';
import { PanelError } from '#lib/core/errors.ts';
import { runProcessGroup } from '#lib/core/process-group.ts';
import { redact } from '#lib/core/redact.ts';

/** `stopped`: by us. Both outputs are cut at 4 MB. */
export type GitResult = { exitCode: number | null; stdout: string; stderr: string; stopped?: 'aborted' | 'timeout' };
type Run = {
  /** Absolute. Default: `/`, which is nobody's repository. */
  cwd?: string;
  /** More of the child's environment. */
  env?: Record<string, string>;
  signal?: AbortSignal;
  timeoutMs: number;
  /** A line of standard error; git's progress ends its lines with a carriage return. */
  onProgress?(line: string): void;
};

const MOST = 4 * 1024 * 1024;
/** Between SIGTERM and SIGKILL (ms). */
const GRACE = 5000;

/**
 * Nothing of the user's or the machine's configuration (rewritten addresses, helpers, hooks from a template), nothing that
 * asks at a terminal, no transport but the plain ones. GIT_ALLOW_PROTOCOL, and not `-c protocol.…`: every git that is about knows it.
 */
const SAFE: Record<string, string> = {
  LC_ALL: 'C',
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
  GIT_TEMPLATE_DIR: '',
  GIT_TERMINAL_PROMPT: '0',
  GIT_ASKPASS: '',
  SSH_ASKPASS: '',
  GIT_ALLOW_PROTOCOL: 'https:http:git:file',
  GIT_OPTIONAL_LOCKS: '0',
  // A line that has gone silent ends: less than 1 KB/s for a minute.
  GIT_HTTP_LOW_SPEED_LIMIT: '1000',
  GIT_HTTP_LOW_SPEED_TIME: '60',
};

/**
 * Runs git in a process group of its own; abort and timeout end the whole group (SIGTERM, after 5 s SIGKILL). Throws
 * git_absent where there is no git; a bad exit is the caller's to read (gitFailure).
 */
export async function runGit(args: readonly string[], { cwd = '/', env = {}, signal, timeoutMs, onProgress }: Run): Promise<GitResult> {
  const { child: own, proxies } = panelEnv();
  const texts = { stdout: '', stderr: '' };
  const decoders = { stdout: new StringDecoder('utf8'), stderr: new StringDecoder('utf8') };
  let rest = '';
  const progress = (text: string) => {
    const lines = (rest + text).split(/[\r\n]/);
    rest = (lines.pop() ?? '').slice(-MOST);
    for (const line of lines) if (line.trim()) onProgress?.(redact(line.trimEnd()));
  };
  const { exitCode, stopped } = await runProcessGroup('git', args, {
    cwd, env: { PATH: own.PATH, ...proxies, ...SAFE, ...env }, signal, timeoutMs, graceMs: GRACE,
    onData(chunk, stream) {
      const text = decoders[stream].write(chunk);
      if (texts[stream].length < MOST) texts[stream] += text;
      if (stream === 'stderr') progress(text);
    },
  }).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT' ? new PanelError('git_absent', {}, { status: 503, cause: error }) : new PanelError('git_failed', { exit: error.code ?? '?', detail: redact(error.message) }, { status: 502, cause: error });
  });
  if (rest.trim()) onProgress?.(redact(rest.trimEnd()));
  return { exitCode, ...texts, ...(stopped ? { stopped } : {}) };
}

/** `2.39.5`; undefined where there is no git. */
export async function gitVersion(): Promise<string | undefined> {
  const answer = await runGit(['--version'], { timeoutMs: 5000 }).catch(() => undefined);
  return /\d+\.\d+(?:\.\d+)?/.exec(answer?.stdout ?? '')?.[0];
}

const FAILURES: [code: string, pattern: RegExp][] = [
  ['git_disk_full', /No space left on device|Out of disk ?space|Disk quota exceeded/i],
  ['git_release_unknown', /Remote branch .* not found|couldn't find remote ref/i],
  ['git_no_repository', /repository .*not found|does not appear to be a git repository|could not read (?:Username|Password)|Authentication failed|does not exist|access denied or repository not exported|not valid: is this a git repository/i],
  ['git_no_network', /Could not resolve|Failed to connect|unable to connect|Couldn't connect|Connection (?:timed out|refused|reset)|Network is unreachable|No route to host|timed out|early EOF|unexpected disconnect|hung up|Empty reply|transfer closed|RPC failed|too slow|SSL|TLS|certificate|The requested URL returned error: 5/i],
];

/** Git's bad end as the error that a person reads, with git's own last words. `timeout` is a line that leads nowhere. */
export function gitFailure({ exitCode, stderr, stopped }: GitResult, params: Record<string, string>): PanelError {
  const lines = stderr.split(/[\r\n]/).map((line) => line.trim()).filter(Boolean);
  const telling = lines.filter((line) => /^(?:fatal|error|remote: )/.test(line));
  const detail = redact((telling.length > 0 ? telling : lines).slice(-3).join(' · ')).slice(0, 400);
  const code = stopped === 'timeout' ? 'git_no_network' : (FAILURES.find(([, pattern]) => pattern.test(stderr))?.[0] ?? 'git_failed');
  return new PanelError(code, { ...params, exit: exitCode ?? '?', detail: detail || '-' }, { status: 502 });
}
