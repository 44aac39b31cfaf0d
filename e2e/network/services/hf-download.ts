/** `snapshot_download` of Hugging Face's client: a repository's files into the cache, eight at a time, each from where it stopped. */
import { createWriteStream, existsSync, mkdirSync, renameSync, statfsSync, statSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CachedRepository } from './hf-cache.ts';

export const DEFAULT_ENDPOINT = 'https://huggingface.co';
const PARALLEL = 8;
const RETRIES = 5;

/** An error with the client's name for it. */
export class HubError extends Error {
  kind: string;
  constructor(kind: string, message: string) {
    super(message);
    this.kind = kind;
  }
}

export type DownloadOptions = {
  repo: string; revision?: string; cache: string; endpoint?: string;
  /** Only these files. */
  only?: string[];
  warn?: (line: string) => void;
  /** Called as bytes arrive, with what is there of a file, and with its size when it is whole. */
  onBytes?: (path: string, have: number, size: number) => void;
  onList?: (count: number) => void;
  signal?: AbortSignal;
};

type Listing = { sha: string; siblings: { rfilename: string }[] };

async function ask(url: string, init: RequestInit): Promise<Response> {
  const token = process.env.HF_TOKEN;
  const response = await fetch(url, { ...init, headers: { ...(init.headers as Record<string, string>), ...(token ? { Authorization: `Bearer ${token}` } : {}) } });
  if (response.ok || (response.status >= 300 && response.status < 400)) return response;
  const id = `(Request ID: Root=1-${Date.now().toString(16)};standin)`;
  const reason = response.headers.get('x-error-message') ?? '';
  switch (response.headers.get('x-error-code')) {
    case 'RepoNotFound':
      throw new HubError('huggingface_hub.errors.RepositoryNotFoundError', `${response.status} Client Error. ${id}\n\nRepository Not Found for url: ${url}.\nPlease make sure you specified the correct \`repo_id\` and \`repo_type\`.\nIf you are trying to access a private or gated repo, make sure you are authenticated. For more details, see https://huggingface.co/docs/huggingface_hub/authentication\n${reason}`);
    case 'RevisionNotFound': throw new HubError('huggingface_hub.errors.RevisionNotFoundError', `${response.status} Client Error. ${id}\n\nRevision Not Found for url: ${url}.\n${reason}`);
    case 'GatedRepo': throw new HubError('huggingface_hub.errors.GatedRepoError', `${response.status} Client Error. ${id}\n\nCannot access gated repo for url ${url}.\n${reason}`);
  }
  throw new HubError('huggingface_hub.errors.HfHubHTTPError', `${response.status} ${response.status < 500 ? 'Client' : 'Server'} Error: ${response.statusText} for url: ${url}${reason ? `\n\n${reason}` : ''}`);
}

/** The network's own failures. */
const isUnreachable = (error: unknown): boolean => !(error instanceof HubError) && (error as { name?: string }).name !== 'AbortError' && (error as NodeJS.ErrnoException).code === undefined;

async function oneFile(options: DownloadOptions, cached: CachedRepository, commit: string, path: string): Promise<void> {
  const url = `${options.endpoint}/${options.repo}/resolve/${commit}/${path}`;
  const head = await ask(url, { method: 'HEAD', redirect: 'manual', signal: options.signal ?? null });
  const etag = (head.headers.get('x-linked-etag') ?? head.headers.get('etag') ?? '').replaceAll('"', '');
  const size = Number(head.headers.get('x-linked-size') ?? head.headers.get('content-length') ?? 0);
  const blob = cached.blob(etag);
  for (let attempt = 0; !existsSync(blob); attempt++) {
    const incomplete = `${blob}.incomplete`;
    let have = existsSync(incomplete) ? statSync(incomplete).size : 0;
    if (have < size || size === 0) {
      const free = statfsSync(cached.dir);
      if (attempt === 0 && free.bavail * free.bsize < size - have) options.warn?.(`UserWarning: Not enough free disk space to download the file. The expected file size is: ${(size / 1e6).toFixed(2)} MB. The target location ${cached.dir}/blobs only has ${((free.bavail * free.bsize) / 1e6).toFixed(2)} MB free disk space.\n  warnings.warn(`);
      try {
        const response = await ask(url, { headers: have > 0 ? { Range: `bytes=${have}-` } : {}, signal: options.signal ?? null });
        const body = Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]);
        body.on('data', (chunk: Buffer) => { have += chunk.length; options.onBytes?.(path, have, size); });
        await pipeline(body, createWriteStream(incomplete, { flags: have > 0 ? 'a' : 'w' }), { signal: options.signal });
      } catch (error) {
        if (!isUnreachable(error) || attempt >= RETRIES) throw error;
        options.warn?.(`Error while downloading from ${url}: ${error instanceof Error ? error.message : String(error)}\nTrying to resume download...`);
        await new Promise((resolve) => setTimeout(resolve, 1000));
        continue;
      }
    }
    if (size > 0 && statSync(incomplete).size !== size) throw new HubError('OSError', `Consistency check failed: file should be of size ${size} but has size ${statSync(incomplete).size} (${path}).`);
    renameSync(incomplete, blob);
  }
  options.onBytes?.(path, size, size);
  cached.link(commit, path, etag);
}

/**
 * Downloads what is missing and answers the snapshot's directory.
 * When the hub can't be reached and any snapshot is there, however incomplete, that is the answer: the real client can't check it either.
 */
export async function snapshotDownload(given: DownloadOptions): Promise<string> {
  const options = { ...given, endpoint: (given.endpoint ?? DEFAULT_ENDPOINT).replace(/\/+$/, ''), revision: given.revision ?? 'main' };
  const cached = new CachedRepository(options.cache, options.repo);
  const offline = /^(1|true|yes|on)$/i.test(process.env.HF_HUB_OFFLINE ?? '');
  let listing: Listing;
  try {
    if (offline) throw new Error('offline');
    listing = (await (await ask(`${options.endpoint}/api/models/${options.repo}/revision/${options.revision}`, { signal: options.signal ?? null })).json()) as Listing;
  } catch (error) {
    if (error instanceof HubError) throw error;
    const commit = cached.commitOf(options.revision);
    if (commit && existsSync(cached.snapshot(commit))) return cached.snapshot(commit);
    throw new HubError('huggingface_hub.errors.LocalEntryNotFoundError', offline
      ? "Cannot find an appropriate cached snapshot folder for the specified revision on the local disk and outgoing traffic has been disabled. To enable repo look-ups and downloads online, pass 'local_files_only=False' as input."
      : 'An error happened while trying to locate the files on the Hub and we cannot find the appropriate snapshot folder for the specified revision on the local disk. Please check your internet connection and try again.');
  }
  mkdirSync(options.cache, { recursive: true });
  cached.begin(options.revision, listing.sha);
  const waiting = listing.siblings.map((item) => item.rfilename).filter((path) => !options.only?.length || options.only.includes(path));
  options.onList?.(waiting.length);
  const worker = async () => {
    for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) await oneFile(options, cached, listing.sha, path);
  };
  // The real one waits for all its threads before it says what failed.
  const ended = await Promise.allSettled(Array.from({ length: PARALLEL }, worker));
  for (const end of ended) if (end.status === 'rejected') throw end.reason;
  return cached.snapshot(listing.sha);
}
