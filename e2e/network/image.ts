/**
 * The network's image, made on the spot: the running Node binary, the libraries it is linked to and this folder.
 * Two layers (Node, this folder); every upstream image name of the three releases gets a configuration of its own on top of it
 * (`STANDIN_IMAGE`), so that a container knows which program of which release it plays. No registry, no build.
 */
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TarWriter } from './tar.ts';

const PRODUCT = 'ghcr.io/product-science';
const RELEASES = ['0.2.4', '0.2.8', '0.2.14'];

/** Upstream's names. `bridge` is pinned by digest in the compose files, which no local image can have: see `overrideText` of deployment.ts. */
export const IMAGE_NAMES: string[] = [
  ...RELEASES.flatMap((release) => ['tmkms-softsign-with-keygen', 'inferenced', 'api', 'proxy', 'proxy-ssl'].map((name) => `${PRODUCT}/${name}:${release}`)),
  `${PRODUCT}/explorer:latest`, `${PRODUCT}/versiond:0.2.14`, `${PRODUCT}/bridge:0.2.5-post5`, `${PRODUCT}/bridge:0.2.14-post3`,
  `${PRODUCT}/mlnode:3.0.10`, `${PRODUCT}/mlnode:3.0.12`, 'ghcr.io/gonka-ai/mlnode:3.0.14-post2', 'nginx:1.28.0',
];

/** Programs of the real images that scripts and people call: each is the same small start of entry.ts. */
const PROGRAMS = ['bin/sh', 'bin/standin', 'usr/bin/inferenced', 'usr/bin/decentralized-api', 'usr/bin/cosmovisor', 'usr/local/bin/tmkms', 'usr/local/bin/tmkms-pubkey', 'usr/bin/curl', 'usr/bin/wget', 'usr/bin/jq', 'usr/bin/uvicorn', 'usr/sbin/nginx', 'bin/cat', 'bin/ls', 'bin/sleep', 'usr/bin/env', 'usr/bin/nvidia-smi', 'usr/local/bin/hf', 'usr/local/bin/huggingface-cli'];
const STUB = '#!/bin/node\nimport("/standin/entry.ts");\n';

function* sources(dir: string, under = ''): Generator<[string, Buffer]> {
  for (const entry of readdirSync(join(dir, under), { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(under, entry.name);
    if (entry.isDirectory()) yield* sources(dir, path);
    else if (/(?<!\.i?test)\.ts$/.test(entry.name)) yield [path, readFileSync(join(dir, path))];
  }
}

/** What never changes: Node and the libraries it is linked to. */
function baseLayer(): Buffer {
  const tar = new TarWriter();
  const node = process.execPath;
  tar.file('bin/node', readFileSync(node), 0o755);
  const linked = execFileSync('ldd', [node], { encoding: 'utf8' }).matchAll(/(\/\S+\.so\S*)/g);
  for (const library of new Set([...linked].map((match) => match[1]!))) tar.file(library.slice(1), readFileSync(library), 0o755);
  return tar.end();
}

/** What changes with this folder. */
function codeLayer(): Buffer {
  const tar = new TarWriter();
  for (const program of PROGRAMS) tar.file(program, Buffer.from(STUB), 0o755);
  for (const [path, content] of sources(import.meta.dirname)) tar.file(`standin/${path}`, content);
  tar.file('standin/package.json', Buffer.from('{"type":"module"}'));
  tar.file('etc/passwd', Buffer.from('root:x:0:0:root:/root:/bin/sh\n'));
  tar.directory('tmp', 0o1777);
  tar.directory('root', 0o700);
  return tar.end();
}

/** The layers that every image has, uncompressed: Node with its libraries, and this folder. */
export const imageLayers = (): Buffer[] => [baseLayer(), codeLayer()];

const sha256 = (data: Buffer | string) => createHash('sha256').update(data).digest('hex');

/** The configuration of an upstream image on top of these layers (hex of their sums). */
export function imageConfig(name: string, diffIds: string[], architecture = process.arch === 'arm64' ? 'arm64' : 'amd64'): string {
  return JSON.stringify({
    architecture, os: 'linux', created: '2025-01-01T00:00:00Z',
    config: {
      Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', `STANDIN_IMAGE=${name}`, 'WITHKEYGEN=true', 'NODE_NO_WARNINGS=1', 'HOME=/root'],
      Cmd: ['/bin/standin'], WorkingDir: '/root', Labels: { 'standin.network': 'gonka' },
    },
    rootfs: { type: 'layers', diff_ids: diffIds.map((id) => `sha256:${id}`) }, history: diffIds.map(() => ({ created: '2025-01-01T00:00:00Z', created_by: 'stand-in network' })),
  });
}

function docker(args: string[], env: NodeJS.ProcessEnv): string {
  try {
    return execFileSync('docker', args, { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    return String((error as { stdout?: string }).stdout ?? '');
  }
}

/**
 * Puts the images into the engine of `DOCKER_HOST` unless they are there already.
 * Answers what was done: the layer is read every time, so that a change of this folder makes new images.
 */
export async function ensureImages(env: NodeJS.ProcessEnv = process.env, names: string[] = IMAGE_NAMES): Promise<{ loaded: number; ms: number }> {
  const started = Date.now();
  const layers = imageLayers();
  const configs = names.map((name) => ({ name, config: imageConfig(name, layers.map(sha256)) }));
  const present = docker(['image', 'inspect', '--format', '{{.Id}} {{json .RepoTags}}', ...names], env);
  const missing = configs.filter(({ name, config }) => !present.split('\n').some((line) => line.startsWith(`sha256:${sha256(config)}`) && line.includes(`"${name}"`)));
  if (missing.length === 0) return { loaded: 0, ms: Date.now() - started };
  const archive = new TarWriter();
  layers.forEach((content, index) => { archive.file(`layer${index}.tar`, content); });
  for (const { config } of missing) archive.file(`${sha256(config)}.json`, Buffer.from(config));
  archive.file('manifest.json', Buffer.from(JSON.stringify(missing.map(({ name, config }) => ({ Config: `${sha256(config)}.json`, RepoTags: [name], Layers: layers.map((_, index) => `layer${index}.tar`) })))));
  await new Promise<void>((resolve, reject) => {
    const load = spawn('docker', ['load', '-q'], { env, stdio: ['pipe', 'ignore', 'pipe'] });
    let error = '';
    load.stderr.on('data', (chunk) => { error += chunk; });
    load.stdin.on('error', () => {});
    load.on('error', reject);
    load.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`docker load: ${error.trim()}`))));
    load.stdin.end(archive.end());
  });
  // The ones before this change lost their names.
  docker(['image', 'prune', '-f', '--filter', 'label=standin.network=gonka'], env);
  return { loaded: missing.length, ms: Date.now() - started };
}
