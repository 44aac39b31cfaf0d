/** The ML node's own downloads, `/api/v1/models/…` (facts 10.1): three at once, no percentage, and what failed stays PARTIAL. */
import { existsSync, mkdirSync, readdirSync, statfsSync } from 'node:fs';
import { bytesBelow, CachedRepository, hubCache } from './hf-cache.ts';
import { snapshotDownload } from './hf-download.ts';

type Model = { hf_repo: string; hf_commit: string | null };
type Task = { model: Model; started: number; abort: AbortController };
type Answer = [number, unknown];

const MAX_PARALLEL = 3;
const GB = 1024 ** 3;

export class MlNodeModels {
  #tasks = new Map<string, Task>();
  #failures = new Map<string, string>();
  #log: (message: string) => void;

  constructor(log: (message: string) => void) {
    this.#log = log;
  }

  #key = (model: Model) => `${model.hf_repo}:${model.hf_commit ?? 'latest'}`;
  #cached = (model: Model) => new CachedRepository(hubCache(), model.hf_repo);

  #status(model: Model) {
    const task = this.#tasks.get(this.#key(model));
    if (task) return { model, status: 'DOWNLOADING', progress: { start_time: task.started / 1000, elapsed_seconds: (Date.now() - task.started) / 1000 }, error_message: null };
    return { model, status: this.#cached(model).status(model.hf_commit ?? 'main'), progress: null, error_message: this.#failures.get(this.#key(model)) ?? null };
  }

  #start(model: Model): Answer {
    const key = this.#key(model);
    if (/^(true|1|yes)$/i.test(process.env.HF_HUB_OFFLINE?.trim() ?? '')) return [202, { task_id: `${key}:offline`, status: 'IGNORED', model }];
    if (this.#tasks.has(key)) return [409, { detail: `Model ${key} is already downloading` }];
    if (this.#status(model).status === 'DOWNLOADED') return [202, { task_id: key, status: 'DOWNLOADED', model }];
    if (this.#tasks.size >= MAX_PARALLEL) return [429, { detail: `Maximum concurrent downloads (${MAX_PARALLEL}) reached` }];
    const abort = new AbortController();
    this.#tasks.set(key, { model, started: Date.now(), abort });
    this.#failures.delete(key);
    this.#log(`Download started for ${model.hf_repo}, task_id: ${key}`);
    snapshotDownload({ repo: model.hf_repo, revision: model.hf_commit ?? 'main', cache: hubCache(), signal: abort.signal, ...(process.env.HF_ENDPOINT ? { endpoint: process.env.HF_ENDPOINT } : {}) })
      .then(() => this.#log(`Successfully downloaded ${key}`))
      .catch((error: unknown) => {
        if (abort.signal.aborted) return this.#cached(model).remove();
        const words = (error as NodeJS.ErrnoException).code === 'ENOSPC' ? '[Errno 28] No space left on device' : error instanceof Error ? error.message : String(error);
        this.#failures.set(key, words);
        this.#log(`Failed to download ${key}: ${words}`);
      })
      .finally(() => this.#tasks.delete(key));
    return [202, { task_id: key, status: 'DOWNLOADING', model }];
  }

  #delete(model: Model): Answer {
    const task = this.#tasks.get(this.#key(model));
    task?.abort.abort();
    if (task) return [200, { status: 'cancelled', model }];
    const cached = this.#cached(model);
    if (cached.status(model.hf_commit ?? 'main') === 'NOT_FOUND' || (model.hf_commit && !cached.commitOf(model.hf_commit))) return [404, { detail: `Model ${this.#key(model)} not found in cache` }];
    cached.remove(model.hf_commit ?? undefined);
    return [200, { status: 'deleted', model }];
  }

  #list(): Answer {
    const cache = hubCache();
    const repos = existsSync(cache) ? readdirSync(cache).filter((name) => name.startsWith('models--')).map((name) => name.slice('models--'.length).replaceAll('--', '/')) : [];
    return [200, { models: repos.flatMap((repo) => {
      const cached = new CachedRepository(cache, repo);
      return cached.commits().map((commit) => ({ model: { hf_repo: repo, hf_commit: commit }, status: cached.status(commit) }));
    }) }];
  }

  #space(): Answer {
    const cache = hubCache();
    mkdirSync(cache, { recursive: true });
    const { bavail, bsize } = statfsSync(cache);
    const gb = (bytes: number) => Math.round((bytes / GB) * 100) / 100;
    return [200, { cache_size_gb: gb(bytesBelow(cache)), available_gb: gb(bavail * bsize), cache_path: cache }];
  }

  /** The answer below `/api/v1/models`; undefined where there is no such route. */
  answer(method: string, what: string, body: string): Answer | undefined {
    if (method === 'GET' && what === '/list') return this.#list();
    if (method === 'GET' && what === '/space') return this.#space();
    if (!['POST /status', 'POST /download', 'DELETE '].includes(`${method} ${what}`)) return undefined;
    let model: Model;
    try {
      const { hf_repo, hf_commit = null } = JSON.parse(body) as Model;
      if (typeof hf_repo !== 'string') throw new Error('hf_repo');
      model = { hf_repo, hf_commit };
    } catch {
      return [422, { detail: [{ type: 'missing', loc: ['body', 'hf_repo'], msg: 'Field required', input: {} }] }];
    }
    if (what === '/status') return [200, this.#status(model)];
    return what === '/download' ? this.#start(model) : this.#delete(model);
  }
}
