import { z } from 'zod';
import { singleton } from '#lib/core/singleton.ts';
import { MODEL_ID, type ModelRef, REVISION } from './model-ref.ts';

/** A file of a repository at the hub; `etag` is the name of its blob in the cache. */
export type HubFile = { name: string; size: number; etag: string };
export type HubListing = { commit: string; files: HubFile[]; bytes: number };

const TIMEOUT_MS = 10_000;
const MAX_BYTES = 8 * 1024 * 1024;
/** The hub is asked about a revision this often at most (ms), unless somebody wants it younger; one that didn't answer, a little sooner. */
const KEEP_MS = 60 * 60_000;
const RETRY_MS = 60_000;
export const HUB = 'https://huggingface.co';

const answer = z.object({
  sha: z.string().regex(/^[0-9a-f]{40}$/),
  siblings: z.array(z.object({ rfilename: z.string(), size: z.number().nonnegative(), blobId: z.string(), lfs: z.object({ sha256: z.string() }).nullish() })).min(1),
});

/**
 * The files of a model with their sizes (`GET /api/models/ID/revision/REV?blobs=true`), asked without a token: repositories
 * that want one say their list to everybody. Never throws. `maxAgeMs`: how old an answer may be before the hub is asked
 * again; a branch such as `main` is at another commit tomorrow, the list of a commit never changes. While the hub doesn't
 * answer, what it said last is still what is known best; undefined when it never did.
 */
export function hubListing({ model, revision = 'main' }: ModelRef, endpoint = HUB, maxAgeMs = KEEP_MS): Promise<HubListing | undefined> {
  const kept = singleton('models.hub', () => new Map<string, { at: number; silent?: true; found: Promise<HubListing | undefined> }>());
  const key = [endpoint, model, revision].join(' ');
  const known = kept.get(key);
  if (known && Date.now() - known.at < (known.silent ? Math.min(RETRY_MS, maxAgeMs) : maxAgeMs)) return known.found;
  if (!MODEL_ID.test(model) || !REVISION.test(revision)) return Promise.resolve(undefined);
  const entry: { at: number; silent?: true; found: Promise<HubListing | undefined> } = { at: Date.now(), found: Promise.resolve(undefined) };
  entry.found = ask(`${endpoint.replace(/\/+$/, '')}/api/models/${model}/revision/${revision}?blobs=true`).catch(() => {
    entry.silent = true;
    return known?.found;
  });
  kept.set(key, entry);
  return entry.found;
}

async function ask(url: string): Promise<HubListing> {
  const response = await fetch(url, { headers: { accept: 'application/json', 'user-agent': 'gonka-panel' }, signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (!response.ok || !response.body) throw new Error(`hub answered ${response.status}`);
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body) {
    length += chunk.length;
    if (length > MAX_BYTES) throw new Error('answer too large');
    chunks.push(chunk);
  }
  const { sha, siblings } = answer.parse(JSON.parse(Buffer.concat(chunks).toString('utf8')));
  const files = siblings.filter(({ rfilename }) => !rfilename.includes('..')).map(({ rfilename, size, blobId, lfs }) => ({ name: rfilename, size, etag: lfs?.sha256 ?? blobId }));
  return { commit: sha, files, bytes: files.reduce((sum, { size }) => sum + size, 0) };
}
