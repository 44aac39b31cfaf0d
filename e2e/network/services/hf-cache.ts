/** The cache of Hugging Face's programs: `hub/models--ORG--NAME/{blobs,refs,snapshots}`; a snapshot is links to blobs. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** Where the cache is; without HF_HOME it is not where the compose file mounts it (facts 2.2). */
export function hubCache(env: NodeJS.ProcessEnv = process.env): string {
  return env.HF_HUB_CACHE ?? join(env.HF_HOME ?? join(env.HOME ?? '/root', '.cache/huggingface'), 'hub');
}

export type CacheStatus = 'DOWNLOADED' | 'PARTIAL' | 'NOT_FOUND';

export class CachedRepository {
  readonly dir: string;

  constructor(cache: string, repo: string) {
    this.dir = join(cache, `models--${repo.replaceAll('/', '--')}`);
  }

  blob(etag: string): string {
    return join(this.dir, 'blobs', etag);
  }

  /** Everything before the first byte: the directories, and what `main` is. */
  begin(revision: string, commit: string): void {
    for (const dir of ['blobs', 'snapshots']) mkdirSync(join(this.dir, dir), { recursive: true });
    if (revision === commit) return;
    mkdirSync(join(this.dir, 'refs'), { recursive: true });
    writeFileSync(join(this.dir, 'refs', revision), commit);
  }

  /** A file of a snapshot, once its blob is whole. */
  link(commit: string, path: string, etag: string): void {
    const at = join(this.dir, 'snapshots', commit, path);
    mkdirSync(dirname(at), { recursive: true });
    rmSync(at, { force: true });
    symlinkSync(relative(dirname(at), this.blob(etag)), at);
  }

  /** The commit that a revision is at, as far as the cache knows. */
  commitOf(revision: string): string | undefined {
    const ref = join(this.dir, 'refs', revision);
    if (existsSync(ref)) return readFileSync(ref, 'utf8').trim();
    return existsSync(join(this.dir, 'snapshots', revision)) ? revision : undefined;
  }

  snapshot(commit: string): string {
    return join(this.dir, 'snapshots', commit);
  }

  commits(): string[] {
    const dir = join(this.dir, 'snapshots');
    return existsSync(dir) ? readdirSync(dir) : [];
  }

  /** Judged by the index of the weights and by files that are still incomplete. */
  status(revision = 'main'): CacheStatus {
    if (!existsSync(this.dir)) return 'NOT_FOUND';
    const commit = this.commitOf(revision);
    const blobs = existsSync(join(this.dir, 'blobs')) ? readdirSync(join(this.dir, 'blobs')) : [];
    if (!commit || blobs.some((name) => name.endsWith('.incomplete'))) return 'PARTIAL';
    const file = (name: string) => existsSync(join(this.snapshot(commit), name));
    const index = join(this.snapshot(commit), 'model.safetensors.index.json');
    if (!existsSync(index)) return file('model.safetensors') && file('config.json') ? 'DOWNLOADED' : 'PARTIAL';
    const { weight_map: weights } = JSON.parse(readFileSync(index, 'utf8')) as { weight_map: Record<string, string> };
    return Object.values(weights).every(file) && file('config.json') ? 'DOWNLOADED' : 'PARTIAL';
  }

  /** Removes one revision, or the whole repository. */
  remove(revision?: string): void {
    if (revision) rmSync(this.snapshot(revision), { recursive: true, force: true });
    if (!revision || this.commits().length === 0) rmSync(this.dir, { recursive: true, force: true });
  }
}

export function bytesBelow(dir: string): number {
  if (!existsSync(dir)) return 0;
  return readdirSync(dir, { withFileTypes: true }).reduce((sum, entry) => sum + (entry.isDirectory() ? bytesBelow(join(dir, entry.name)) : entry.isFile() ? statSync(join(dir, entry.name)).size : 0), 0);
}
