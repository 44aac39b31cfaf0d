/** `hf download` and `huggingface-cli download`: progress on stderr as tqdm draws it, the snapshot's directory on stdout. */
import { hubCache } from '../services/hf-cache.ts';
import { HubError, snapshotDownload } from '../services/hf-download.ts';

const err = (text: string): void => void process.stderr.write(text);
const clock = (seconds: number) => (Number.isFinite(seconds) ? `${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(Math.floor(seconds % 60)).padStart(2, '0')}` : '?');
const short = (bytes: number) => (bytes >= 1e9 ? `${(bytes / 1e9).toFixed(2)}G` : bytes >= 1e6 ? `${(bytes / 1e6).toFixed(2)}M` : bytes >= 1e3 ? `${(bytes / 1e3).toFixed(2)}k` : String(bytes));

/** tqdm's bars, drawn over themselves. */
class Bars {
  #started = new Map<string, { at: number; from: number; drawn: number }>();
  #whole = new Set<string>();
  #files = 0;
  #began = Date.now();

  list(count: number): void {
    this.#files = count;
    this.#all();
  }

  bytes(path: string, have: number, size: number): void {
    const now = Date.now();
    const bar = this.#started.get(path) ?? { at: now, from: have, drawn: 0 };
    this.#started.set(path, bar);
    if (have >= size && !this.#whole.has(path)) {
      this.#whole.add(path);
      this.#all();
    } else if (now - bar.drawn < 250) return;
    bar.drawn = now;
    const seconds = (now - bar.at) / 1000;
    const rate = (have - bar.from) / Math.max(0.001, seconds);
    const percent = size ? Math.floor((have / size) * 100) : 100;
    err(`\r${path}: ${String(percent).padStart(3)}%|${'█'.repeat(Math.floor(percent / 10)).padEnd(10)}| ${short(have)}/${short(size)} [${clock(seconds)}<${clock((size - have) / rate)}, ${short(rate)}B/s]`);
  }

  #all(): void {
    const seconds = (Date.now() - this.#began) / 1000;
    const done = this.#whole.size;
    const percent = this.#files ? Math.floor((done / this.#files) * 100) : 0;
    err(`\rFetching ${this.#files} files: ${String(percent).padStart(3)}%|${'█'.repeat(Math.floor(percent / 10)).padEnd(10)}| ${done}/${this.#files} [${clock(seconds)}<${done ? clock((seconds / done) * (this.#files - done)) : '?'}, ${done ? `${(done / Math.max(0.001, seconds)).toFixed(2)}it/s` : '?it/s'}]`);
    if (done === this.#files) err('\n');
  }
}

const VALUES = new Set(['--revision', '--cache-dir', '--include', '--exclude', '--repo-type', '--token', '--max-workers', '--local-dir']);

/** Python's way to end: a traceback, the error's name and words as the last lines, exit 1. */
function fail(program: string, error: unknown): number {
  const { code } = error as NodeJS.ErrnoException;
  const words = error instanceof HubError ? `${error.kind}: ${error.message}` : code === 'ENOSPC' ? 'OSError: [Errno 28] No space left on device' : code === 'EROFS' ? 'OSError: [Errno 30] Read-only file system' : `requests.exceptions.ConnectionError: ${error instanceof Error ? error.message : String(error)}`;
  err(`\nTraceback (most recent call last):\n  File "/usr/local/bin/${program}", line 8, in <module>\n    sys.exit(main())\n             ^^^^^^\n${words}\n`);
  return 1;
}

export async function runHf(program: string, args: string[]): Promise<number> {
  const [verb, ...rest] = args;
  if (verb !== 'download') {
    err(`usage: ${program} <command> [<args>]\n${program}: error: argument {download}: invalid choice: '${verb ?? ''}'\n`);
    return 2;
  }
  const values: Record<string, string> = {};
  const words: string[] = [];
  let quiet = false;
  for (let i = 0; i < rest.length; i++) {
    const [name = '', inline] = rest[i]!.split(/=(.*)/s);
    if (VALUES.has(name)) values[name] = inline ?? rest[++i] ?? '';
    else if (name === '--quiet') quiet = true;
    else if (!name.startsWith('--')) words.push(rest[i]!);
  }
  const [repo, ...only] = words;
  if (!repo) {
    err(`usage: ${program} download [-h] repo_id [filenames ...]\n${program} download: error: the following arguments are required: repo_id\n`);
    return 2;
  }
  const bars = new Bars();
  try {
    const at = await snapshotDownload({
      repo, only, cache: values['--cache-dir'] ?? hubCache(), revision: values['--revision'] ?? 'main', ...(process.env.HF_ENDPOINT ? { endpoint: process.env.HF_ENDPOINT } : {}),
      warn: (line) => err(`\n${line}\n`), ...(quiet ? {} : { onBytes: (path, have, size) => bars.bytes(path, have, size), onList: (count) => bars.list(count) }),
    });
    process.stdout.write(`${at}\n`);
    return 0;
  } catch (error) {
    return fail(program, error);
  }
}
