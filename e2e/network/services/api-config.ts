/** The api's configuration: from the environment and its own database, shown as YAML, JSON and a Go struct (measured 13, 40). */
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { accountAddress } from '../addresses.ts';
import { toJson } from '../answers/answer.ts';
import type { Release } from '../releases.ts';

export type NodeConfig = {
  host: string; inference_segment: string; inference_port: number; poc_segment: string; poc_port: number;
  models: Record<string, { args: string[] }> | null; id: string; max_concurrent: number; hardware: { type: string; count: number }[] | null;
};
export type SeedInfo = { seed: bigint; epoch_index: number; signature: string; claimed: boolean };

export const noSeed = (): SeedInfo => ({ seed: 0n, epoch_index: 0, signature: '', claimed: false });

/** Strips a body to the fields of a node, in the api's order. */
export function nodeConfig(body: Record<string, unknown>): NodeConfig {
  const models = body.models as Record<string, { args?: string[] }> | null | undefined;
  return {
    host: String(body.host ?? ''), inference_segment: String(body.inference_segment ?? ''), inference_port: Number(body.inference_port ?? 0),
    poc_segment: String(body.poc_segment ?? ''), poc_port: Number(body.poc_port ?? 0),
    models: models ? Object.fromEntries(Object.entries(models).map(([id, value]) => [id, { args: value?.args ?? [] }])) : null,
    id: String(body.id ?? ''), max_concurrent: Number(body.max_concurrent ?? 0), hardware: (body.hardware as NodeConfig['hardware']) ?? null,
  };
}

const DIR = process.env.STANDIN_DAPI ?? '/root/.dapi';

export class ApiConfig {
  readonly dir = DIR;
  readonly yamlPath = `${DIR}/api-config.yaml`;
  readonly env: NodeJS.ProcessEnv;
  readonly release: Release;
  nodes: NodeConfig[] = [];
  upcoming = noSeed();
  current = noSeed();
  previous = noSeed();
  height = 0;
  merged: boolean;
  #db: DatabaseSync;

  constructor(env: NodeJS.ProcessEnv, release: Release) {
    this.env = env;
    this.release = release;
    mkdirSync(DIR, { recursive: true });
    this.#db = new DatabaseSync(`${DIR}/gonka.db`);
    this.#db.exec('PRAGMA journal_mode=WAL; CREATE TABLE IF NOT EXISTS kv_config (key TEXT PRIMARY KEY, value TEXT); CREATE TABLE IF NOT EXISTS inference_nodes (id TEXT PRIMARY KEY, node TEXT)');
    this.merged = this.#get('node_config_merged') !== undefined;
    this.nodes = (this.#db.prepare('SELECT node FROM inference_nodes ORDER BY rowid').all() as { node: string }[]).map((row) => JSON.parse(row.node) as NodeConfig);
    this.height = Number(this.#get('current_height') ?? 0);
  }

  #get(key: string): string | undefined {
    return (this.#db.prepare('SELECT value FROM kv_config WHERE key = ?').get(key) as { value: string } | undefined)?.value;
  }

  #set(key: string, value: string): void {
    this.#db.prepare('INSERT OR REPLACE INTO kv_config VALUES (?, ?)').run(key, value);
  }

  /** The first start takes node-config.json over; later ones never read it again. */
  markMerged(): void {
    this.#set('node_config_merged', 'true');
    this.merged = true;
  }

  saveNodes(): void {
    this.#db.exec('DELETE FROM inference_nodes');
    const insert = this.#db.prepare('INSERT INTO inference_nodes VALUES (?, ?)');
    for (const node of this.nodes) insert.run(node.id, JSON.stringify(node));
  }

  saveHeight(height: number): void {
    this.height = height;
    this.#set('current_height', String(height));
  }

  get address(): string {
    return accountAddress(this.env.ACCOUNT_PUBKEY ?? '');
  }

  /** The parts that the YAML file keeps, password included. */
  #static() {
    const { env } = this;
    return {
      api: {
        port: 8080, poc_callback_url: env.DAPI_API__POC_CALLBACK_URL ?? '', ml_grpc_callback_address: '', public_url: env.DAPI_API__PUBLIC_URL ?? '', public_server_port: Number(env.DAPI_API__PUBLIC_SERVER_PORT ?? 9000),
        ml_server_port: Number(env.DAPI_API__ML_SERVER_PORT ?? 9100), admin_server_port: Number(env.DAPI_API__ADMIN_SERVER_PORT ?? 9200), ml_grpc_server_port: 0, test_mode: false,
      },
      chain_node: {
        url: env.DAPI_CHAIN_NODE__URL ?? '', is_genesis: false, seed_api_url: env.DAPI_CHAIN_NODE__SEED_API_URL ?? '', account_public_key: env.ACCOUNT_PUBKEY ?? '', signer_key_name: env.KEY_NAME ?? '',
        keyring_backend: env.KEYRING_BACKEND ?? 'test', keyring_dir: '/root/.inference', KeyringPassword: env.KEYRING_PASSWORD ?? '',
      },
    };
  }

  /** What GET /admin/v1/config and the log's JSON show; Go names and the password in 0.2.4 only. */
  json(): Record<string, unknown> {
    const { api, chain_node } = this.#static();
    const { KeyringPassword, ...chain } = chain_node;
    const version = this.height ? this.release.mlNodeVersion : '';
    const validation = this.height ? [60, 30, 10] : [0, 0, 0];
    const bandwidth = this.height ? [43008, 0.0023, 0.64] : [0, 0, 0];
    if (this.release.configGoNames) {
      const seed = (item: SeedInfo) => ({ Seed: item.seed, EpochIndex: item.epoch_index, Signature: item.signature, Claimed: item.claimed });
      return {
        Api: { Port: api.port, PoCCallbackUrl: api.poc_callback_url, MlGrpcCallbackAddress: '', PublicUrl: api.public_url, PublicServerPort: api.public_server_port, MLServerPort: api.ml_server_port, AdminServerPort: api.admin_server_port, MlGrpcServerPort: 0, TestMode: false },
        Nodes: this.nodes, NodeConfigIsMerged: false,
        ChainNode: { Url: chain.url, IsGenesis: false, SeedApiUrl: chain.seed_api_url, AccountPublicKey: chain.account_public_key, SignerKeyName: chain.signer_key_name, KeyringBackend: chain.keyring_backend, KeyringDir: chain.keyring_dir, KeyringPassword },
        UpcomingSeed: seed(this.upcoming), CurrentSeed: seed(this.current), PreviousSeed: seed(this.previous), CurrentHeight: this.height, LastProcessedHeight: this.height,
        UpgradePlan: { Name: '', Height: 0, Binaries: null, NodeVersion: '' }, MLNodeKeyConfig: { WorkerPublicKey: '', WorkerPrivateKey: '' }, Nats: { Host: '', Port: 0 },
        CurrentNodeVersion: version, LastUsedVersion: version, ValidationParams: { TimestampExpiration: validation[0], TimestampAdvance: validation[1], ExpirationBlocks: validation[2] },
        BandwidthParams: { EstimatedLimitsPerBlockKb: bandwidth[0], KbPerInputToken: bandwidth[1], KbPerOutputToken: bandwidth[2] },
      };
    }
    return {
      api, nodes: this.nodes, merged_node_config: false, chain_node: chain, upcoming_seed: this.upcoming, current_seed: this.current, previous_seed: this.previous, current_height: this.height, last_processed_height: this.height,
      upgrade_plan: { name: '', height: 0, binaries: null, node_version: '' }, ml_node_key_config: { worker_public: '', worker_private: '' }, nats: { host: '', port: 0, MaxMessagesAgeSeconds: 0 },
      tx_batching: { disabled: false, flush_size: 0, flush_timeout_seconds: 0, validation_v2_flush_size: 0, validation_v2_flush_timeout_seconds: 0, poc_commit_interval_seconds: 0 },
      current_node_version: version, last_used_version: version, validation_params: { timestamp_expiration: validation[0], timestamp_advance: validation[1], expiration_blocks: validation[2] },
      bandwidth_params: { estimated_limits_per_block_kb: bandwidth[0], kb_per_input_token: bandwidth[1], kb_per_output_token: bandwidth[2], max_inferences_per_block: 0 },
    };
  }

  /** The saved file: keys sorted, the password in clear text. */
  yaml(): string {
    const seed = { seed: 0, epoch_index: 0, signature: '', claimed: false };
    return toYaml({
      ...this.#static(), bandwidth_params: { estimated_limits_per_block_kb: 0, kb_per_input_token: 0, kb_per_output_token: 0 }, current_height: 0, current_node_version: '', current_seed: seed,
      last_processed_height: 0, last_used_version: '', merged_node_config: false, ml_node_key_config: { worker_private: '', worker_public: '' }, nats: { host: '', port: 0 }, nodes: [], previous_seed: seed, upcoming_seed: seed,
      upgrade_plan: { binaries: {}, height: 0, name: '', node_version: '' }, validation_params: { expiration_blocks: 0, timestamp_advance: 0, timestamp_expiration: 0 },
    });
  }

  /** Both files are readable for everyone: 0644, as measured. */
  save(): void {
    for (const [path, text] of [[this.yamlPath, this.yaml()], [`${DIR}/config-dump.json`, toJson(this.json())]] as const) {
      writeFileSync(path, text);
      chmodSync(path, 0o644);
    }
  }

  get yamlExists(): boolean {
    return existsSync(this.yamlPath);
  }

  /** The long line's Go struct, with the password (measured 13, 40). */
  goStruct(): string {
    const { api, chain_node: c } = this.#static();
    const seed = (item: SeedInfo) => `{Seed:${item.seed} EpochIndex:${item.epoch_index} Signature:${item.signature} Claimed:${item.claimed}}`;
    return `&{currentConfig:{Api:{Port:8080 PoCCallbackUrl:${api.poc_callback_url} MlGrpcCallbackAddress: PublicUrl:${api.public_url} PublicServerPort:${api.public_server_port} MLServerPort:${api.ml_server_port} AdminServerPort:${api.admin_server_port} MlGrpcServerPort:0 TestMode:false} Nodes:[${this.nodes.map(goNode).join(' ')}] NodeConfigIsMerged:false ChainNode:{Url:${c.url} IsGenesis:false SeedApiUrl:${c.seed_api_url} AccountPublicKey:${c.account_public_key} SignerKeyName:${c.signer_key_name} KeyringBackend:${c.keyring_backend} KeyringDir:${c.keyring_dir} KeyringPassword:${c.KeyringPassword}} UpcomingSeed:${seed(this.upcoming)} CurrentSeed:${seed(this.current)} PreviousSeed:${seed(this.previous)} CurrentHeight:${this.height} LastProcessedHeight:${this.height} UpgradePlan:{Name: Height:0 Binaries:map[] NodeVersion:} MLNodeKeyConfig:{WorkerPublicKey: WorkerPrivateKey:} Nats:{Host: Port:0} CurrentNodeVersion:${this.release.mlNodeVersion} LastUsedVersion:${this.release.mlNodeVersion}} KoanProvider:0xc001791da0 configDumpPath:${DIR}/config-dump.json sqlitePath:${DIR}/gonka.db}`;
  }
}

export const goNode = (node: NodeConfig): string =>
  `{Host:${node.host} InferenceSegment:${node.inference_segment} InferencePort:${node.inference_port} PoCSegment:${node.poc_segment} PoCPort:${node.poc_port} Models:map[${Object.entries(node.models ?? {}).map(([id, { args }]) => `${id}:{Args:[${args.join(' ')}]}`).join(' ')}] Id:${node.id} MaxConcurrent:${node.max_concurrent} Hardware:[]}`;

/** go-yaml's form: four blanks a level, sorted keys, quotes where a plain word would be something else. */
export function toYaml(value: unknown, depth = 0): string {
  const pad = '    '.repeat(depth);
  return Object.entries(value as Record<string, unknown>).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => {
    if (Array.isArray(item)) return `${pad}${key}: []\n`;
    if (item && typeof item === 'object') return Object.keys(item).length > 0 ? `${pad}${key}:\n${toYaml(item, depth + 1)}` : `${pad}${key}: {}\n`;
    return `${pad}${key}: ${typeof item === 'string' ? yamlString(item) : String(item)}\n`;
  }).join('');
}

function yamlString(text: string): string {
  if (text === '' || /^(true|false|null|yes|no|on|off|~|[-+]?[\d.]+)$/i.test(text)) return `"${text}"`;
  // go-yaml takes single quotes where a plain word isn't possible, double ones only for escapes.
  if (/[\u0000-\u001f\u007f]/.test(text)) return JSON.stringify(text);
  return /^[\s\-?:,[\]{}#&*!|>'"%@`]|: |\s#|\s$|:$/.test(text) ? `'${text.replaceAll("'", "''")}'` : text;
}
