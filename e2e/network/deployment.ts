/** A copy of an upstream deployment, filled in for this network. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newAccountKey } from './addresses.ts';
import type { ReleaseName } from './releases.ts';

/** The upstream compose files; tests only: a network by itself doesn't need them. */
export const UPSTREAM = join(import.meta.dirname, '../../../shared/gonka/deploy');

export type OverrideOptions = {
  /** The engine has no nvidia driver: the reservation of GPUs is taken away. */
  withoutGpu?: boolean;
  /** `hub.containerUrl`: the ML node gets it as HF_ENDPOINT. */
  hubUrl?: string;
  /** `registry.nameOf`: every service's image comes from there. */
  imageName?: (upstream: string) => string;
};

export type DeploymentOptions = OverrideOptions & {
  release: ReleaseName;
  /** An empty directory; the deployment comes to `<scratch>/deploy/join`. */
  scratch: string;
  /** The seed as containers reach it (`seed.containerUrl`). */
  seedUrl: string;
  upstream?: string;
  keyName?: string;
  keyringPassword?: string;
  accountPubkey?: string;
  publicUrl?: string;
  p2pExternalAddress?: string;
  /** Host ports of proxy (http, https) and ML nginx. */
  ports?: { api?: number; apiSsl?: number; ml?: number; inference?: number };
  /** More lines of config.env. */
  variables?: Record<string, string>;
};

/** The services of the compose files in a directory, with their images as upstream writes them. */
export function composeImages(dir: string): { service: string; image: string }[] {
  const texts = ['docker-compose.yml', 'docker-compose.mlnode.yml'].map((file) => join(dir, file)).filter((file) => existsSync(file)).map((file) => readFileSync(file, 'utf8'));
  return texts.flatMap((text) => [...text.matchAll(/^ {2}([\w-]+):\n(?: {3,}.*\n|\n)*? {4}image: *(\S+)/gm)].map(([, service = '', image = '']) => ({ service, image })));
}

/** An own compose file beside those of a deployment, for what a local engine lacks; '' where that is nothing. */
export function overrideText(dir: string, options: OverrideOptions): string {
  const services = composeImages(dir).map(({ service, image }) => {
    const isMlNode = /\/mlnode:/.test(image);
    const local = options.imageName?.(image) ?? (image.includes('@') ? image.replace(/@.*$/, '') : undefined);
    return `${local ? `    image: ${local}\n` : ''}${isMlNode && options.withoutGpu ? '    deploy: !reset null\n' : ''}${isMlNode && options.hubUrl ? `    environment:\n      - HF_ENDPOINT=${options.hubUrl}\n` : ''}`
      .replace(/^(?=.)/, `  ${service}:\n`);
  });
  return services.some(Boolean) ? `services:\n${services.join('')}` : '';
}

const quoted = (value: string): string => (/^[\w./:@+=-]*$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`);

/** A copy that can be written to, whatever the rights of the original. */
function copyTree(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    if (entry.isDirectory()) copyTree(join(from, entry.name), join(to, entry.name));
    else writeFileSync(join(to, entry.name), readFileSync(join(from, entry.name)));
  }
}

/**
 * Copies the release's `join` directory, writes config.env and the genesis file that v0.2.4 mounts.
 * `env` is what config.env says, for compose; `override` an own compose file for what no local engine can have ('' where that is nothing).
 */
export function prepareDeployment(options: DeploymentOptions): { dir: string; env: Record<string, string>; files: string[]; override: string } {
  const { release, scratch, seedUrl } = options;
  const dir = join(scratch, 'deploy', 'join');
  mkdirSync(join(scratch, 'deploy'), { recursive: true });
  copyTree(join(options.upstream ?? UPSTREAM, `v${release}`, 'join'), dir);
  mkdirSync(join(scratch, 'genesis'), { recursive: true });
  writeFileSync(join(scratch, 'genesis', 'genesis.json'), '{"chain_id":"gonka-mainnet"}\n');
  const rpc = `${seedUrl}/chain-rpc/`;
  const env: Record<string, string> = {
    KEY_NAME: options.keyName ?? 'gonka-op-key', KEYRING_PASSWORD: options.keyringPassword ?? `pass-${randomBytes(9).toString('hex')}`,
    API_PORT: String(options.ports?.api ?? 8000), API_SSL_PORT: String(options.ports?.apiSsl ?? 8443),
    PUBLIC_URL: options.publicUrl ?? 'http://203.0.113.7:8000', P2P_EXTERNAL_ADDRESS: options.p2pExternalAddress ?? 'tcp://203.0.113.7:5000',
    ACCOUNT_PUBKEY: options.accountPubkey ?? newAccountKey().pubKey, NODE_CONFIG: './node-config.json', HF_HOME: join(scratch, 'hf'),
    SEED_API_URL: seedUrl, SEED_NODE_RPC_URL: rpc, SEED_NODE_P2P_URL: `tcp://${new URL(seedUrl).hostname}:5000`,
    DAPI_API__POC_CALLBACK_URL: 'http://api:9100', DAPI_CHAIN_NODE__URL: 'http://node:26657', DAPI_CHAIN_NODE__P2P_URL: 'http://node:26656',
    RPC_SERVER_URL_1: rpc, RPC_SERVER_URL_2: rpc, PORT: String(options.ports?.ml ?? 8080), INFERENCE_PORT: String(options.ports?.inference ?? 5050), KEYRING_BACKEND: 'file',
    ...options.variables,
  };
  mkdirSync(env.HF_HOME!, { recursive: true });
  writeFileSync(join(dir, 'config.env'), Object.entries(env).map(([name, value]) => `export ${name}=${quoted(value)}`).join('\n'), { mode: 0o600 });
  const files = ['docker-compose.yml', 'docker-compose.mlnode.yml'].filter((file) => existsSync(join(dir, file)));
  const changes = overrideText(dir, options);
  const override = changes ? join(scratch, 'docker-compose.standin.yml') : '';
  if (override) writeFileSync(override, changes);
  return { dir, env, files, override };
}
