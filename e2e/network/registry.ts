/**
 * An image registry on a socket of its own, for `docker pull` and `docker compose pull` of a real engine: upstream's images under the
 * registry's name (`127.0.0.1:PORT/product-science/api:0.2.4`; engines speak plain HTTP to 127.0.0.0/8), in layers, as slowly as wanted.
 */
import { createHash, randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { ServerResponse } from 'node:http';
import { answerWithFault, type Faults } from './faults.ts';
import { IMAGE_NAMES, imageConfig, imageLayers } from './image.ts';
import { noise } from './noise.ts';
import { openServer, type OpenServer, type ServerOptions } from './open-server.ts';
import { TarWriter } from './tar.ts';
import { Trickle } from './trickle.ts';

export type RegistryFaults = Pick<Faults, 'down' | 'slowMs' | 'status' | 'html' | 'only'> & {
  /** 429 with Docker Hub's words. */
  tooManyRequests?: boolean;
  /** These upstream names have no manifest (`true`: none has). */
  manifestUnknown?: string[] | true;
  /** 401: a private image. */
  unauthorized?: boolean;
  /** The image exists for arm64 only: an index without this machine, or (`silent`) one manifest that the engine takes and can't run. */
  wrongArchitecture?: boolean | 'silent';
  /** Every layer breaks off after so many bytes of each request; the engine goes on with a range, five times. */
  cutAfter?: number;
  /** Layers aren't what their digest says. */
  corrupt?: boolean;
};
export type RegistryOptions = ServerOptions & {
  bytesPerSecond?: number;
  /** Upstream's names; all of image.ts by default. */
  images?: string[];
  /** Bytes of an image's own layers (default 6, 4, 3 and 1 MB), beside the two that make it run and that all images share. */
  layers?: number[];
  /** False: without the shared layers (some 50 MB). Such an image can be pulled, not run. */
  runnable?: boolean;
  faults?: RegistryFaults;
};
export type Registry = OpenServer & {
  setFaults(faults: RegistryFaults): void;
  setRate(bytesPerSecond: number): void;
  /** What an upstream image is called here. */
  nameOf(upstream: string): string;
  /** Its digest, for `NAME@sha256:…`. */
  digestOf(upstream: string): string;
  /** Bytes to pull for it, all layers. */
  bytesOf(upstream: string): number;
  requests: { method: string; path: string; range?: string }[];
};

const OCI = 'application/vnd.oci.image';
const sha256 = (data: Buffer | string) => `sha256:${createHash('sha256').update(data).digest('hex')}`;
type Blob = { type: string; content: Buffer; digest: string };
const blob = (type: string, content: Buffer | string): Blob => ({ type, content: Buffer.from(content), digest: sha256(content) });
const descriptor = (item: Blob) => ({ mediaType: item.type, digest: item.digest, size: item.content.length });

/** `ghcr.io/product-science/api:0.2.4` is `product-science/api` with the tag `0.2.4`; `nginx` of Docker Hub is `library/nginx`. */
function splitName(upstream: string): { repository: string; tag: string } {
  const [path = '', tag = 'latest'] = upstream.replace(/@sha256:.*$/, '').replace(/^[\w-]+(?:\.[\w-]+)+\//, '').split(':');
  return { repository: path.includes('/') ? path : `library/${path}`, tag };
}

let shared: { diffIds: string[]; blobs: Blob[] } | undefined;

/** The layers that make an image run, packed once for the process. */
function sharedLayers(): NonNullable<typeof shared> {
  if (shared) return shared;
  const layers = imageLayers();
  shared = { diffIds: layers.map(sha256), blobs: layers.map((layer) => blob(`${OCI}.layer.v1.tar+gzip`, gzipSync(layer, { level: 1 }))) };
  return shared;
}

type Image = { repository: string; tag: string; layers: Blob[]; manifests: Record<'native' | 'arm64', Blob>; index: Blob; armIndex: Blob };

/** `mark`: makes the own layers those of one registry, so that what another one's pull left in an engine is not here already. */
function makeImage(upstream: string, mark: string, options: RegistryOptions, put: (item: Blob) => Blob): Image {
  const own = (options.layers ?? [6_000_000, 4_000_000, 3_000_000, 1_000_000]).map((size, index) => {
    const tar = new TarWriter();
    tar.file(`usr/share/standin/${index}`, noise(`${mark} ${upstream} layer ${index}`, size));
    return put(blob(`${OCI}.layer.v1.tar`, tar.end()));
  });
  const below = options.runnable === false ? { diffIds: [], blobs: [] } : sharedLayers();
  const layers = [...below.blobs.map(put), ...own];
  const diffIds = [...below.diffIds, ...own.map((layer) => layer.digest)].map((id) => id.replace('sha256:', ''));
  const manifest = (architecture: string) => {
    const config = put(blob(`${OCI}.config.v1+json`, imageConfig(upstream, diffIds, architecture)));
    return put(blob(`${OCI}.manifest.v1+json`, JSON.stringify({ schemaVersion: 2, mediaType: `${OCI}.manifest.v1+json`, config: descriptor(config), layers: layers.map(descriptor) })));
  };
  const machine = process.arch === 'arm64' ? 'arm64' : 'amd64';
  const other = machine === 'arm64' ? 's390x' : 'arm64';
  const manifests = { native: manifest(machine), arm64: manifest(other) };
  const index = (item: Blob, architecture: string) =>
    put(blob(`${OCI}.index.v1+json`, JSON.stringify({ schemaVersion: 2, mediaType: `${OCI}.index.v1+json`, manifests: [{ ...descriptor(item), platform: { architecture, os: 'linux' } }] })));
  return { ...splitName(upstream), layers, manifests, index: index(manifests.native, machine), armIndex: index(manifests.arm64, other) };
}

const refuse = (response: ServerResponse, status: number, code: string, message: string) =>
  void response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify({ errors: [{ code, message }] }));

export async function startRegistry(options: RegistryOptions = {}): Promise<Registry> {
  let faults = options.faults ?? {};
  const line = new Trickle(options.bytesPerSecond);
  const blobs = new Map<string, Blob>();
  const put = (item: Blob) => { blobs.set(item.digest, item); return item; };
  const requests: Registry['requests'] = [];
  const names = options.images ?? IMAGE_NAMES;
  const mark = randomUUID();
  const made = new Map<string, Image>();

  /** Made when it is asked for: packing takes a moment. */
  function image(upstream: string): Image {
    const found = made.get(upstream) ?? makeImage(upstream, mark, options, put);
    made.set(upstream, found);
    return found;
  }
  function manifestOf(repository: string, reference: string): Blob | undefined {
    if (faults.manifestUnknown === true) return undefined;
    if (reference.startsWith('sha256:')) return blobs.get(reference);
    const upstream = names.find((name) => splitName(name).repository === repository && splitName(name).tag === reference);
    if (!upstream || faults.manifestUnknown?.includes(upstream)) return undefined;
    const { index, armIndex, manifests } = image(upstream);
    return faults.wrongArchitecture === 'silent' ? manifests.arm64 : faults.wrongArchitecture ? armIndex : index;
  }

  const opened = await openServer(options, async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://registry');
    requests.push({ method: request.method ?? 'GET', path: pathname, ...(request.headers.range ? { range: request.headers.range } : {}) });
    response.setHeader('Docker-Distribution-Api-Version', 'registry/2.0');
    if (await answerWithFault(faults, request, response)) return;
    if (pathname === '/v2/') return void response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}');
    if (faults.tooManyRequests) return refuse(response, 429, 'TOOMANYREQUESTS', 'You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit');
    if (faults.unauthorized) return refuse(response, 401, 'UNAUTHORIZED', 'authentication required');
    const [, repository = '', kind, reference = ''] = /^\/v2\/(.+)\/(manifests|blobs)\/([^/]+)$/.exec(pathname) ?? [];
    const found = kind === 'manifests' ? manifestOf(repository, reference) : kind === 'blobs' ? blobs.get(reference) : undefined;
    if (!found) return kind === 'blobs' ? refuse(response, 404, 'BLOB_UNKNOWN', 'blob unknown to registry') : refuse(response, 404, 'MANIFEST_UNKNOWN', 'manifest unknown');
    const from = Number(/^bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const isLayer = found.type.includes('.layer.');
    const content = faults.corrupt && isLayer ? noise('corrupt', found.content.length) : found.content;
    response.writeHead(from > 0 ? 206 : 200, {
      'Content-Type': kind === 'manifests' ? found.type : 'application/octet-stream', 'Content-Length': String(content.length - from), 'Docker-Content-Digest': found.digest, 'Accept-Ranges': 'bytes',
      ...(from > 0 ? { 'Content-Range': `bytes ${from}-${content.length - 1}/${content.length}` } : {}),
    });
    if (request.method === 'HEAD') return void response.end();
    if (!isLayer) return void response.end(content);
    await line.send(response, content.subarray(from), faults.cutAfter);
  });

  const nameOf = (upstream: string) => {
    const { repository, tag } = splitName(upstream);
    return `127.0.0.1:${opened.port}/${repository}:${tag}`;
  };
  return {
    ...opened, requests, nameOf,
    setFaults: (next) => { faults = next; },
    setRate: (bytesPerSecond) => { line.bytesPerSecond = bytesPerSecond; },
    digestOf: (upstream) => image(upstream).index.digest,
    bytesOf: (upstream) => image(upstream).layers.reduce((sum, layer) => sum + layer.content.length, 0),
  };
}
