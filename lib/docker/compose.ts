import { existsSync } from 'node:fs';
import path from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { panelEnv } from '#lib/core/env.ts';
import { PanelError } from '#lib/core/errors.ts';
import { type GroupEnd, runProcessGroup } from '#lib/core/process-group.ts';
import { redact } from '#lib/core/redact.ts';

export type ComposeProject = {
  name: string;
  /** Absolute; the project directory that relative paths in the files refer to. */
  dir: string;
  /** Every compose file, in order; relative ones belong to `dir`. */
  files: string[];
  profiles: string[];
  /** The values of config.env with bash's meaning: the whole environment of compose besides PATH, HOME and DOCKER_*. */
  env: Record<string, string>;
};

export type ComposeResult = GroupEnd;
type Run = { onLine(line: string, stream: 'stdout' | 'stderr'): void; signal?: AbortSignal; timeoutMs: number };
type Raw = { onData(chunk: Buffer, stream: 'stdout' | 'stderr'): void; signal?: AbortSignal; timeoutMs: number };

/** Between SIGTERM and SIGKILL (ms). */
const GRACE = 10_000;
const LINE_CAP = 64 * 1024;
const OUTPUT_CAP = 32 * 1024 * 1024;

/** The argument vector, as run and as shown: all files always, so that an override file is never forgotten. */
export function composeCommand(project: ComposeProject, args: string[]): string[] {
  return [
    'docker', 'compose',
    '--progress', 'plain', '--ansi', 'never',
    '--project-directory', project.dir,
    '-p', project.name,
    ...project.files.flatMap((file) => ['-f', path.resolve(/*turbopackIgnore: true*/ project.dir, file)]),
    ...project.profiles.flatMap((profile) => ['--profile', profile]),
    ...args,
  ];
}

/** Service names as operands: behind `--`, so that none can be read as a flag. Throws service_unknown for what is no name. */
export function serviceOperands(services: string[]): string[] {
  for (const name of services) {
    if (!/^[a-zA-Z0-9._-]+$/.test(name)) throw new PanelError('service_unknown', { service: name.slice(0, 80) }, { status: 404 });
  }
  return services.length > 0 ? ['--', ...services] : [];
}

/**
 * The child's environment. Compose prefers it to any file, so it holds nothing of the panel's own (engineering 2.2).
 * A DOCKER_* or COMPOSE_* of config.env must not send the command to another engine or other files.
 */
export function composeEnvironment(project: ComposeProject): NodeJS.ProcessEnv {
  const { child, docker } = panelEnv();
  const own = Object.entries(project.env).filter(([key]) => key === 'COMPOSE_PROFILES' || !/^(DOCKER|COMPOSE|BUILDKIT)_/.test(key));
  const { PATH, HOME, ...rest } = child;
  // HOME is config.env's if it sets one, as in the operator's shell; PATH decides which programs run, so it stays ours.
  const env: Record<string, string> = { ...(HOME ? { HOME } : {}), ...Object.fromEntries(own), ...rest, ...(PATH ? { PATH } : {}), DOCKER_HOST: docker.host };
  return env as NodeJS.ProcessEnv;
}

/**
 * Runs compose in a process group of its own; abort and timeout end the whole group (SIGTERM, after 10 s SIGKILL).
 * Lines are redacted and free of escape codes. Rejects only when docker or its compose plugin is missing.
 */
export async function runCompose(project: ComposeProject, args: string[], run: Run): Promise<ComposeResult> {
  let pluginMissing = false;
  const lines = (stream: 'stdout' | 'stderr') =>
    lineSplitter((line) => {
      if (stream === 'stderr' && NO_PLUGIN.test(line)) pluginMissing = true;
      run.onLine(redact(line), stream);
    });
  const split = { stdout: lines('stdout'), stderr: lines('stderr') };
  const result = await execute(project, args, { signal: run.signal, timeoutMs: run.timeoutMs, onData: (chunk, stream) => split[stream].push(chunk) });
  split.stdout.flush();
  split.stderr.flush();
  if (pluginMissing && result.exitCode !== 0) throw new PanelError('compose_absent', {}, { status: 503 });
  return result;
}

// Without the plugin, docker reads compose's flags as its own.
const NO_PLUGIN = /'compose' is not a docker command|^unknown flag: --progress/;

async function execute(project: ComposeProject, args: string[], { onData, signal, timeoutMs }: Raw): Promise<ComposeResult> {
  const [file, ...argv] = composeCommand(project, args) as [string, ...string[]];
  // Told apart here: spawn says ENOENT for a missing program and for a missing directory alike.
  if (!existsSync(/*turbopackIgnore: true*/ project.dir)) throw new PanelError('compose_dir_absent', { dir: project.dir }, { status: 404 });
  return runProcessGroup(file, argv, { cwd: project.dir, env: composeEnvironment(project), signal, timeoutMs, graceMs: GRACE, onData }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') throw new PanelError('docker_cli_absent', { dir: project.dir }, { status: 503, cause: error });
    throw new PanelError('compose_failed', { detail: redact(error.message) }, { status: 502, cause: error });
  });
}

/** Lines without carriage returns and escape codes; a line without end is cut at 64 KB. */
function lineSplitter(onLine: (line: string) => void) {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  const emit = (line: string) => {
    const clean = line.replace(/\x1b\[[0-9;?]*[A-Za-z]/g, '').replace(/\r+$/, '');
    onLine(clean.slice(clean.lastIndexOf('\r') + 1));
  };
  return {
    push(chunk: Buffer) {
      const lines = (rest + decoder.write(chunk)).split('\n');
      rest = lines.pop() as string;
      for (const line of lines) emit(line);
      while (rest.length > LINE_CAP) {
        emit(rest.slice(0, LINE_CAP));
        rest = rest.slice(LINE_CAP);
      }
    },
    flush() {
      rest += decoder.end();
      if (rest) emit(rest);
      rest = '';
    },
  };
}

/** Runs a question and returns its whole standard output, raw: it may hold secrets, so it never leaves the server. */
async function ask(project: ComposeProject, args: string[], signal?: AbortSignal): Promise<string> {
  const parts = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  let size = 0;
  const result = await execute(project, args, {
    signal,
    timeoutMs: 60_000,
    onData: (chunk, stream) => {
      size += chunk.length;
      if (size < OUTPUT_CAP) parts[stream].push(chunk);
    },
  });
  if (result.exitCode === 0 && size < OUTPUT_CAP) return Buffer.concat(parts.stdout).toString('utf8');
  const said = Buffer.concat(parts.stderr).toString('utf8').split('\n').filter((line) => line.trim() && !/level=warning/.test(line));
  if (said.some((line) => NO_PLUGIN.test(line))) throw new PanelError('compose_absent', {}, { status: 503 });
  throw new PanelError('compose_failed', { detail: redact(said.slice(-3).join(' · ').slice(0, 600)) || `exit ${result.exitCode ?? result.signal}` }, { status: 502 });
}

/** `docker compose config --format json`, parsed and interpolated. Throws compose_failed with compose's own words. */
export async function composeConfig(project: ComposeProject): Promise<unknown> {
  return JSON.parse(await ask(project, ['config', '--format', 'json']));
}

/** Service → configuration hash; differs from the running container's `config-hash` label where `up` would recreate it. */
export async function composeHashes(project: ComposeProject): Promise<Record<string, string>> {
  const text = await ask(project, ['config', '--hash', '*']);
  return Object.fromEntries(text.split('\n').map((line) => line.trim().split(/\s+/)).filter((pair): pair is [string, string] => pair.length === 2));
}

/** The plugin's version, such as `2.26.1`; undefined when docker or the plugin isn't there. */
export async function composeVersion(dir: string): Promise<string | undefined> {
  const text = await ask({ name: 'version', dir, files: [], profiles: [], env: {} }, ['version', '--short']).catch(() => '');
  return /\d+\.\d+\.\d+/.exec(text)?.[0];
}
