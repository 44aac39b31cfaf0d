/**
 * The hub that model weights come from, as the client programs of Hugging Face use it (`HF_ENDPOINT` says where it is):
 * the list of a repository's files with their sizes, and the files, over a slow line if wanted, from any byte on.
 */
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerWithFault, type Faults } from './faults.ts';
import { noise, safetensors } from './noise.ts';
import { openServer, type OpenServer, type ServerOptions } from './open-server.ts';
import { RELEASES } from './releases.ts';
import { Trickle } from './trickle.ts';

export type HubModel = {
  /** Of all tensors together (default 24 MB) and how many there are (default 4). */
  bytes?: number;
  shards?: number;
  /** The commit that `main` is at. */
  commit?: string;
  /** Its files want an account's token (401). */
  gated?: boolean;
};
export type HubFaults = Pick<Faults, 'down' | 'slowMs' | 'status' | 'html' | 'garbage' | 'only'> & {
  /** 429 for everything. */
  tooManyRequests?: boolean;
  /** Every file breaks off after so many bytes. */
  cutAfter?: number;
};
export type HubOptions = ServerOptions & {
  bytesPerSecond?: number;
  /** More repositories, or others' sizes. The models of all releases are there by themselves. */
  models?: Record<string, HubModel>;
  /** Entries of a page of the list of files (1000 as in the real one). */
  treePage?: number;
  faults?: HubFaults;
};
export type HubFile = { path: string; size: number; /** Of a large file (LFS). */ sha256?: string; /** The name of its blob in a cache. */ etag: string };
export type Hub = OpenServer & {
  setFaults(faults: HubFaults): void;
  setRate(bytesPerSecond: number): void;
  /** Moves `main` on to another commit with other files; the one before is still there by its name. */
  update(repo: string, model: HubModel & { commit: string }): void;
  /** The files of a repository, and the commit that `main` is at. Throws for an unknown one. */
  files(repo: string): { commit: string; files: HubFile[]; bytes: number };
  requests: { method: string; path: string; range?: string }[];
};

type Stored = HubFile & { oid: string; content: Buffer };
type Repository = { commit: string; gated: boolean; files: Stored[] };

const gitOid = (content: Buffer) => createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');

function stored(path: string, content: Buffer, large: boolean): Stored {
  const sha256 = large ? createHash('sha256').update(content).digest('hex') : undefined;
  const oid = gitOid(sha256 ? Buffer.from(`version https://git-lfs.github.com/spec/v1\noid sha256:${sha256}\nsize ${content.length}\n`) : content);
  return { path, size: content.length, etag: sha256 ?? oid, oid, content, ...(sha256 ? { sha256 } : {}) };
}

function makeRepository(repo: string, model: HubModel, commit: string): Repository {
  const { bytes = 24_000_000, shards = 4 } = model;
  const json = (value: unknown) => Buffer.from(`${JSON.stringify(value, null, 2)}\n`);
  const shardName = (index: number) => (shards === 1 ? 'model.safetensors' : `model-${String(index + 1).padStart(5, '0')}-of-${String(shards).padStart(5, '0')}.safetensors`);
  const tensor = (index: number) => `model.layers.${index}.mlp.down_proj.weight`;
  const weightMap = Object.fromEntries(Array.from({ length: shards }, (_, index) => [tensor(index), shardName(index)]));
  const sizes = Array.from({ length: shards }, (_, index) => Math.floor(bytes / shards) + (index === 0 ? bytes % shards : 0));
  const files = [
    stored('.gitattributes', Buffer.from('*.safetensors filter=lfs diff=lfs merge=lfs -text\ntokenizer.json filter=lfs diff=lfs merge=lfs -text\n'), false),
    stored('README.md', Buffer.from(`# ${repo}\n`), false),
    stored('config.json', json({ architectures: ['StandinForCausalLM'], model_type: 'standin', num_hidden_layers: shards }), false),
    stored('generation_config.json', json({ do_sample: true, temperature: 0.7 }), false),
    ...sizes.map((size, index) => stored(shardName(index), safetensors(tensor(index), size), true)),
    ...(shards > 1 ? [stored('model.safetensors.index.json', json({ metadata: { total_size: bytes }, weight_map: weightMap }), false)] : []),
    stored('tokenizer.json', noise(`${repo} tokenizer`, 400_000), true),
    stored('tokenizer_config.json', json({ model_max_length: 32_768 }), false),
  ];
  return { commit, gated: model.gated === true, files };
}

const send = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}) =>
  void response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8', ...headers }).end(JSON.stringify(body));
const refuse = (response: ServerResponse, status: number, code: string, message: string) =>
  send(response, status, { error: message }, { 'X-Error-Code': code, 'X-Error-Message': message });

const treeEntry = (file: Stored) => ({ type: 'file', oid: file.oid, size: file.size, ...(file.sha256 ? { lfs: { oid: file.sha256, size: file.size, pointerSize: 134 } } : {}), path: file.path });
const sibling = (file: Stored, blobs: boolean) => ({ rfilename: file.path, ...(blobs ? { blobId: file.oid, size: file.size, ...(file.sha256 ? { lfs: { sha256: file.sha256, size: file.size, pointerSize: 134 } } : {}) } : {}) });

export async function startHub(options: HubOptions = {}): Promise<Hub> {
  let faults = options.faults ?? {};
  const line = new Trickle(options.bytesPerSecond);
  const requests: Hub['requests'] = [];
  const made = new Map<string, Repository>();
  const older = new Map<string, Repository>();
  const listed = Object.values(RELEASES).flatMap((release) => release.models);

  /** Made when it is asked for: contents and their sums take a moment. */
  function repository(repo: string): Repository | undefined {
    const known = listed.find((model) => model.hf_repo === repo);
    const model = options.models?.[repo];
    if (!known && !model) return undefined;
    const found = made.get(repo) ?? makeRepository(repo, model ?? {}, model?.commit ?? known?.hf_commit ?? gitOid(Buffer.from(repo)));
    made.set(repo, found);
    return found;
  }

  async function sendFile(request: IncomingMessage, response: ServerResponse, file: Stored, commit: string, host: string): Promise<void> {
    const headers: Record<string, string> = { ETag: `"${file.etag}"`, 'X-Repo-Commit': commit, 'Accept-Ranges': 'bytes' };
    if (file.sha256) Object.assign(headers, { 'X-Linked-Etag': `"${file.etag}"`, 'X-Linked-Size': String(file.size) });
    // Large files lie at another address, as they do in the real hub.
    if (file.sha256 && !request.url?.startsWith('/cdn/')) return void response.writeHead(302, { ...headers, Location: `http://${host}/cdn${request.url}` }).end();
    const from = Number(/^bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
    if (from > 0 && from >= file.size) return void response.writeHead(416, { 'Content-Range': `bytes */${file.size}` }).end();
    response.writeHead(from > 0 ? 206 : 200, {
      ...headers, 'Content-Type': 'application/octet-stream', 'Content-Length': String(file.size - from), ...(from > 0 ? { 'Content-Range': `bytes ${from}-${file.size - 1}/${file.size}` } : {}),
    });
    if (request.method === 'HEAD') return void response.end();
    await line.send(response, file.content.subarray(from), faults.cutAfter);
  }

  const opened = await openServer(options, async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://hub');
    const path = decodeURIComponent(url.pathname);
    requests.push({ method: request.method ?? 'GET', path, ...(request.headers.range ? { range: request.headers.range } : {}) });
    if (faults.tooManyRequests) return refuse(response, 429, 'TooManyRequests', 'We had to rate limit your IP. To continue using our service, create a HF account or login to your existing account, and make sure you pass a HF_TOKEN if you are using the API.');
    if (await answerWithFault(faults, request, response)) return;
    const file = /^(?:\/cdn)?\/([^/]+\/[^/]+)\/resolve\/([^/]+)\/(.+)$/.exec(path);
    const api = /^\/api\/models\/([^/]+\/[^/]+)(?:\/(revision|tree)\/([^/]+))?\/?$/.exec(path);
    const [, repo = '', ...rest] = file ?? api ?? [];
    const newest = repo ? repository(repo) : undefined;
    // The real hub doesn't say whether a repository is missing or private.
    if (!newest) return refuse(response, 401, 'RepoNotFound', 'Invalid username or password.');
    const revision = (file ? rest[0] : rest[1]) ?? 'main';
    const found = revision === 'main' || revision === newest.commit ? newest : older.get(`${repo} ${revision}`);
    if (!found) return refuse(response, 404, 'RevisionNotFound', `Invalid rev id: ${revision}`);
    if (file) {
      if (found.gated && !request.headers.authorization?.startsWith('Bearer hf_')) return refuse(response, 401, 'GatedRepo', `Access to model ${repo} is restricted. You must have access to it and be authenticated to access it. Please log in.`);
      const wanted = found.files.find((item) => item.path === rest[1]);
      return wanted ? sendFile(request, response, wanted, found.commit, request.headers.host ?? '') : refuse(response, 404, 'EntryNotFound', 'Entry not found');
    }
    if (rest[0] === 'tree') {
      const from = Number(url.searchParams.get('cursor') ?? 0);
      const shown = found.files.slice(from, from + Math.min(Number(url.searchParams.get('limit')) || 1000, options.treePage ?? 1000));
      url.searchParams.set('cursor', String(from + shown.length));
      const more = from + shown.length < found.files.length;
      return send(response, 200, shown.map(treeEntry), more ? { Link: `<http://${request.headers.host}${url.pathname}${url.search}>; rel="next"` } : {});
    }
    const blobs = url.searchParams.get('blobs') === 'true';
    return send(response, 200, { _id: found.commit.slice(0, 24), id: repo, modelId: repo, sha: found.commit, private: false, gated: found.gated ? 'auto' : false, siblings: found.files.map((item) => sibling(item, blobs)), ...(blobs ? { usedStorage: found.files.reduce((sum, item) => sum + item.size, 0) } : {}) });
  });

  return {
    ...opened, requests,
    setFaults: (next) => { faults = next; },
    setRate: (bytesPerSecond) => { line.bytesPerSecond = bytesPerSecond; },
    update: (repo, model) => {
      const before = repository(repo);
      if (before) older.set(`${repo} ${before.commit}`, before);
      made.set(repo, makeRepository(repo, model, model.commit));
    },
    files: (repo) => {
      const found = repository(repo);
      if (!found) throw new Error(`no repository ${repo}`);
      return { commit: found.commit, files: found.files.map(({ content: _content, oid: _oid, ...item }) => item), bytes: found.files.reduce((sum, item) => sum + item.size, 0) };
    },
  };
}
