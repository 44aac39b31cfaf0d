import { z } from 'zod';
import { isLoopback } from '#lib/core/env.ts';
import { singleton } from '#lib/core/singleton.ts';
import { type ImageReference, imageReference } from './image-reference.ts';

/** Compressed bytes by layer digest, as they come over the line; or that the image isn't made for this machine. */
export type RemoteImage = { state: 'ok'; layers: Map<string, number>; bytes: number } | { state: 'other-platform'; offered: string[] } | { state: 'unknown' };

const TIMEOUT_MS = 8_000;
const MAX_BYTES = 4 * 1024 * 1024;
/** A registry is asked about an image this often at most (ms); one that didn't answer, a little sooner. */
const KEEP_MS = 60 * 60_000;
const RETRY_MS = 5 * 60_000;
const ACCEPT = ['application/vnd.oci.image.index.v1+json', 'application/vnd.docker.distribution.manifest.list.v2+json', 'application/vnd.oci.image.manifest.v1+json', 'application/vnd.docker.distribution.manifest.v2+json'].join(', ');

const platform = z.object({ os: z.string().catch(''), architecture: z.string().catch('') });
const manifestSchema = z.object({
  manifests: z.array(z.object({ digest: z.string(), platform: platform.optional() })).optional(),
  layers: z.array(z.object({ digest: z.string(), size: z.number().nonnegative() })).optional(),
});
const tokenSchema = z.object({ token: z.string().optional(), access_token: z.string().optional() });

/**
 * What a pull would bring, by the registry's manifest (OCI distribution; anonymous). `architecture` as Docker names it.
 * Never throws: a registry that wants a login or doesn't answer leaves the size unknown. Answers are kept for an hour.
 */
export function remoteImage(image: string, architecture: string): Promise<RemoteImage> {
  const kept = singleton('docker.manifests', () => new Map<string, { at: number; found: Promise<RemoteImage> }>());
  const key = `${image} ${architecture}`;
  const known = kept.get(key);
  if (known && Date.now() - known.at < KEEP_MS) return known.found;
  const found = ask(imageReference(image), architecture).catch((): RemoteImage => ({ state: 'unknown' }));
  const entry = { at: Date.now(), found };
  kept.set(key, entry);
  void found.then(({ state }) => {
    if (state === 'unknown') entry.at -= KEEP_MS - RETRY_MS;
  });
  return found;
}

async function ask(reference: ImageReference, architecture: string): Promise<RemoteImage> {
  const registry = new Registry(reference);
  const first = await registry.manifest(reference.version);
  const layers = first.layers ?? (await chosen(registry, first.manifests ?? [], architecture));
  if (!Array.isArray(layers)) return layers;
  return { state: 'ok', layers: new Map(layers.map(({ digest, size }) => [digest, size])), bytes: layers.reduce((sum, { size }) => sum + size, 0) };
}

type Listed = NonNullable<z.infer<typeof manifestSchema>['manifests']>;

async function chosen(registry: Registry, manifests: Listed, architecture: string): Promise<{ digest: string; size: number }[] | RemoteImage> {
  const named = manifests.flatMap(({ digest, platform: made }) => (made?.os === 'linux' ? [{ digest, made }] : []));
  const mine = named.find(({ made }) => made.architecture === architecture);
  if (!mine) return named.length > 0 ? { state: 'other-platform', offered: [...new Set(named.map(({ made }) => `linux/${made.architecture}`))] } : { state: 'unknown' };
  return (await registry.manifest(mine.digest)).layers ?? { state: 'unknown' };
}

class Registry {
  readonly #base: string;
  #token: string | undefined;

  constructor({ registry, repository }: ImageReference) {
    const host = registry === 'docker.io' ? 'registry-1.docker.io' : registry;
    // As the engine does: a registry on this machine needs no certificate.
    this.#base = `${isLoopback(host.replace(/:\d+$/, '')) ? 'http' : 'https'}://${host}/v2/${repository}`;
  }

  async manifest(version: string): Promise<z.infer<typeof manifestSchema>> {
    // Tags and digests need no escaping, and `%3A` is another path to some registries.
    if (!/^[\w.:-]+$/.test(version)) throw new Error('no version');
    const url = `${this.#base}/manifests/${version}`;
    let response = await this.#get(url);
    if (response.status === 401 && !this.#token) {
      this.#token = await this.#anonymous(response.headers.get('www-authenticate') ?? '');
      response = await this.#get(url);
    }
    if (!response.ok) throw new Error(`registry answered ${response.status}`);
    return manifestSchema.parse(await limitedJson(response));
  }

  /** The token that a registry gives to anybody who asks (`Bearer realm="…",service="…",scope="…"`). */
  async #anonymous(challenge: string): Promise<string> {
    const { realm = '', ...rest } = Object.fromEntries([...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, value]) => [key, value])) as Record<string, string>;
    const url = new URL(realm);
    if (url.protocol !== 'https:' && !isLoopback(url.hostname)) throw new Error('no token from there');
    for (const [key, value] of Object.entries(rest)) url.searchParams.set(key, value);
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    const { token, access_token } = tokenSchema.parse(await limitedJson(response));
    return token ?? access_token ?? '';
  }

  #get(url: string): Promise<Response> {
    return fetch(url, { headers: { accept: ACCEPT, ...(this.#token ? { authorization: `Bearer ${this.#token}` } : {}) }, signal: AbortSignal.timeout(TIMEOUT_MS) });
  }
}

async function limitedJson(response: Response): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += (chunk as Uint8Array).length;
    if (size > MAX_BYTES) throw new Error('answer too large');
    chunks.push(chunk as Uint8Array);
  }
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
}
