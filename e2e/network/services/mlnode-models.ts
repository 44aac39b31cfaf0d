/**
 * The ML node's own downloads, `/api/v1/models/…` (facts 10.1, upstream's mlnode/packages/api/src/api/models): three at once,
 * no percentage. What it says of a model it has a task for is that task's memory; of others it asks the hub for the list and
 * looks whether each file is there, however long: with the hub away nothing is DOWNLOADED.
 */
import { existsSync, mkdirSync, readdirSync, statfsSync } from 'node:fs';
import { bytesBelow, CachedRepository, hubCache } from './hf-cache.ts';
import { DEFAULT_ENDPOINT, HubError, snapshotDownload } from './hf-download.ts';

type Model = { hf_repo: string; hf_commit: string | null };
type Task = { model: Model; started: number; abort: AbortController; status: 'DOWNLOADING' | 'DOWNLOADED' | 'PARTIAL'; error: string | null };
type Answer = [number, unknown];

const MAX_PARALLEL = 3;
const GB = 1024 ** 3;

export class MlNodeModels {
  #tasks = new Map<string, Task>();
  #log: (message: string) => void;

  constructor(log: (message: string) => void) {
    this.#log = log;
  }

  #key = (model: Model) => `${model.hf_repo}:${model.hf_commit ?? 'latest'}`;
  #cached = (model: Model) => new CachedRepository(hubCache(), model.hf_repo);

  async #status(model: Model) {
    const task = this.#tasks.get(this.#key(model));
    const progress = task?.status === 'DOWNLOADING' ? { start_time: task.started / 1000, elapsed_seconds: (Date.now() - task.started) / 1000 } : null;
    if (task) return { model, status: task.status, progress, error_message: task.error };
    return { model, status: (await this.#exists(model)) ? 'DOWNLOADED' : this.#snapshots(model).length > 0 ? 'PARTIAL' : 'NOT_FOUND', progress: null, error_message: null };
  }

  #snapshots = (model: Model) => this.#cached(model).commits().filter((commit) => !model.hf_commit || commit === model.hf_commit);

  async #exists(model: Model): Promise<boolean> {
    const cached = this.#cached(model);
    try {
      const listing = await fetch(`${(process.env.HF_ENDPOINT ?? DEFAULT_ENDPOINT).replace(/\/+$/, '')}/api/models/${model.hf_repo}/revision/${model.hf_commit ?? 'main'}`);
      const { siblings } = (await listing.json()) as { siblings: { rfilename: string }[] };
      const commit = cached.commitOf(model.hf_commit ?? 'main');
      return commit !== undefined && siblings.length > 0 && siblings.every(({ rfilename }) => existsSync(`${cached.snapshot(commit)}/${rfilename}`));
    } catch {
      return false;
    }
  }

  async #start(model: Model): Promise<Answer> {
    const key = this.#key(model);
    if (/^(true|1|yes)$/i.test(process.env.HF_HUB_OFFLINE?.trim() ?? '')) return [202, { task_id: `${key}:offline`, status: 'IGNORED', model }];
    const running = [...this.#tasks.values()].filter(({ status }) => status === 'DOWNLOADING');
    if (running.some((one) => this.#key(one.model) === key)) return [409, { detail: `Model ${key} is already downloading` }];
    if (running.length >= MAX_PARALLEL) return [429, { detail: `Maximum concurrent downloads (${MAX_PARALLEL}) reached` }];
    const task: Task = { model, started: Date.now(), abort: new AbortController(), status: 'DOWNLOADING', error: null };
    this.#tasks.set(key, task);
    if (await this.#exists(model)) {
      task.status = 'DOWNLOADED';
      return [202, { task_id: key, status: task.status, model }];
    }
    this.#log(`Started download for model ${key}`);
    void this.#download(task);
    return [202, { task_id: key, status: task.status, model }];
  }

  async #download(task: Task): Promise<void> {
    const { model, abort } = task;
    try {
      await snapshotDownload({ repo: model.hf_repo, revision: model.hf_commit ?? 'main', cache: hubCache(), signal: abort.signal, ...(process.env.HF_ENDPOINT ? { endpoint: process.env.HF_ENDPOINT } : {}) });
      const whole = await this.#exists(model);
      task.status = whole ? 'DOWNLOADED' : 'PARTIAL';
      task.error = whole ? null : 'Download verification failed - model files incomplete or corrupted';
      this.#log(whole ? `Successfully downloaded and verified model ${this.#key(model)}` : `Download verification failed: ${model.hf_repo}`);
    } catch (error) {
      task.status = 'PARTIAL';
      task.error = abort.signal.aborted ? 'Download cancelled' : words(model, error);
      this.#log(`Download subprocess failed with exit code 1: ${task.error}`);
    }
  }

  async #delete(model: Model): Promise<Answer> {
    const key = this.#key(model);
    const task = this.#tasks.get(key);
    const cancelled = task?.status === 'DOWNLOADING';
    task?.abort.abort();
    if (cancelled) while (task.status === 'DOWNLOADING') await new Promise((resolve) => setTimeout(resolve, 20));
    this.#tasks.delete(key);
    const there = this.#snapshots(model);
    if (there.length === 0) return cancelled ? [200, { status: 'cancelled', model }] : [404, { detail: `Model ${key} not found in cache` }];
    // Without a commit all revisions, and with the last one of them what was unfinished.
    for (const commit of there) this.#cached(model).remove(commit);
    return [200, { status: 'deleted', model }];
  }

  async #list(): Promise<Answer> {
    const cache = hubCache();
    const repos = existsSync(cache) ? readdirSync(cache).filter((name) => name.startsWith('models--')).map((name) => name.slice('models--'.length).replaceAll('--', '/')) : [];
    const models = repos.flatMap((repo) => new CachedRepository(cache, repo).commits().map((commit) => ({ hf_repo: repo, hf_commit: commit })));
    return [200, { models: await Promise.all(models.map(async (model) => ({ model, status: (await this.#exists(model)) ? 'DOWNLOADED' : 'PARTIAL' }))) }];
  }

  #space(): Answer {
    const cache = hubCache();
    mkdirSync(cache, { recursive: true });
    const { bavail, bsize } = statfsSync(cache);
    const gb = (bytes: number) => Math.round((bytes / GB) * 100) / 100;
    return [200, { cache_size_gb: gb(bytesBelow(cache)), available_gb: gb(bavail * bsize), cache_path: cache }];
  }

  /** The answer below `/api/v1/models`; undefined where there is no such route. */
  async answer(method: string, what: string, body: string): Promise<Answer | undefined> {
    if (['/status', '/download'].includes(what) && method !== 'POST') return [405, { detail: 'Method Not Allowed' }];
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
    if (what === '/status') return [200, await this.#status(model)];
    return what === '/download' ? this.#start(model) : this.#delete(model);
  }
}

/** Two errors have words of their own; of all others the first 500 characters of stderr are kept, which are the beginning of a traceback. */
function words(model: Model, error: unknown): string {
  const kind = error instanceof HubError ? error.kind : '';
  if (kind.includes('RepositoryNotFoundError')) return `Repository not found: ${model.hf_repo}`;
  if (kind.includes('RevisionNotFoundError')) return `Revision not found: ${model.hf_commit}`;
  const frame = '  File "/app/packages/api/src/api/models/manager.py", line 60, in _download_model_subprocess\n    return _download_with_retry()\n';
  const at = `Traceback (most recent call last):\n  File "<string>", line 1, in <module>\n${frame.repeat(6)}`;
  return `${at}${error instanceof Error ? error.message : String(error)}`.slice(0, 500);
}
