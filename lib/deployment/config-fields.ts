import type { ConfigField, FieldGroup, FieldKind, TakesEffect } from './config-schema.ts';

/**
 * Where a field is written down, for the operator; words under `config.sources`. `guide`: the quickstart; `template`:
 * config.env.template of every release, or first of the one named; `ssl_guide`: upstream's page on TLS; `compose`:
 * upstream's compose files and start scripts; `docker`: Docker Compose itself; `file`: only the
 * operator's own file.
 */
export const FIELD_SOURCES = ['guide', 'template', 'template_0_2_8', 'template_0_2_14', 'ssl_guide', 'compose', 'docker', 'file'] as const;
export type FieldSource = (typeof FIELD_SOURCES)[number];

/** The order of the form. */
export const FIELD_GROUPS: FieldGroup[] = ['identity', 'addresses', 'ports', 'seeds', 'storage', 'tls', 'advanced', 'unknown'];

type More = { choices?: string[]; placeholder?: string };
const group = (name: FieldGroup, rows: [name: string, kind: FieldKind, takesEffect: TakesEffect, source: FieldSource, more?: More][]): ConfigField[] =>
  rows.map(([field, kind, takesEffect, source, more]) => ({ name: field, group: name, kind, takesEffect, ...more, source }));

/**
 * Every variable of facts 2.2 and of the three releases' templates and compose files, in the order of the form.
 * `first-run` is what node's start script reads only while `.node_initialized` is missing (facts 1.3). `manual`: the
 * same change has to be made by hand where the value is kept (keyring, database). A row whose variable no service of
 * this deployment reads becomes `unread` in config-rows.ts.
 */
export const CONFIG_FIELDS: ConfigField[] = [
  ...group('identity', [
    ['KEY_NAME', 'text', 'manual', 'guide', { placeholder: 'my-node' }],
    ['KEYRING_PASSWORD', 'secret', 'manual', 'guide'],
    ['ACCOUNT_PUBKEY', 'public-key', 'recreate', 'guide', { placeholder: 'A…' }],
    ['KEYRING_BACKEND', 'choice', 'recreate', 'template', { choices: ['file'] }],
  ]),
  ...group('addresses', [
    ['PUBLIC_URL', 'url', 'chain', 'guide', { placeholder: 'http://203.0.113.7:8000' }],
    ['P2P_EXTERNAL_ADDRESS', 'tcp', 'recreate', 'guide', { placeholder: 'tcp://203.0.113.7:5000' }],
    ['DAPI_API__POC_CALLBACK_URL', 'url', 'recreate', 'guide', { placeholder: 'http://api:9100' }],
    ['DAPI_CHAIN_NODE__URL', 'url', 'recreate', 'guide', { placeholder: 'http://node:26657' }],
    // No field of that name in the API node's own configuration (facts 2.2): passed on, and not used.
    ['DAPI_CHAIN_NODE__P2P_URL', 'text', 'unread', 'guide', { placeholder: 'http://node:26656' }],
  ]),
  ...group('ports', [
    ['API_PORT', 'port', 'recreate', 'guide', { placeholder: '8000' }],
    ['API_SSL_PORT', 'port', 'recreate', 'template', { placeholder: '8443' }],
    ['PORT', 'port', 'recreate', 'template', { placeholder: '8080' }],
    ['INFERENCE_PORT', 'port', 'recreate', 'template', { placeholder: '5050' }],
    ['GETH_P2P_PORT', 'port', 'recreate', 'compose', { placeholder: '30303' }],
    ['TMKMS_PORT', 'port', 'recreate', 'compose', { placeholder: '26658' }],
    ['NODE_MANAGER_GRPC_PORT', 'port', 'recreate', 'compose', { placeholder: '9400' }],
  ]),
  ...group('seeds', [
    ['SEED_API_URL', 'url', 'recreate', 'guide', { placeholder: 'http://node2.gonka.ai:8000' }],
    ['SEED_NODE_RPC_URL', 'url', 'first-run', 'guide', { placeholder: 'http://node2.gonka.ai:8000/chain-rpc/' }],
    ['SEED_NODE_P2P_URL', 'tcp', 'first-run', 'guide', { placeholder: 'tcp://node2.gonka.ai:5000' }],
    ['RPC_SERVER_URL_1', 'url', 'first-run', 'template', { placeholder: 'http://node1.gonka.ai:8000/chain-rpc/' }],
    ['RPC_SERVER_URL_2', 'url', 'first-run', 'template', { placeholder: 'http://node2.gonka.ai:8000/chain-rpc/' }],
    ['SYNC_WITH_SNAPSHOTS', 'boolean', 'first-run', 'compose'],
    ['TRUSTED_BLOCK_PERIOD', 'number', 'first-run', 'compose', { placeholder: '2000' }],
    ['BEACON_STATE_URL', 'url', 'recreate', 'template_0_2_14', { placeholder: 'https://mainnet.checkpoint.sigp.io/' }],
  ]),
  ...group('storage', [
    ['NODE_CONFIG', 'path', 'recreate', 'guide', { placeholder: './node-config.json' }],
    ['HF_HOME', 'path', 'recreate', 'guide', { placeholder: '/mnt/shared' }],
    ['POSTGRES_HOST', 'text', 'recreate', 'template_0_2_8', { placeholder: 'postgres' }],
    ['POSTGRES_PORT', 'port', 'recreate', 'template_0_2_8', { placeholder: '5432' }],
    ['POSTGRES_DB', 'text', 'manual', 'template_0_2_8', { placeholder: 'payloads' }],
    ['POSTGRES_USER', 'text', 'manual', 'template_0_2_8', { placeholder: 'payloads' }],
    ['POSTGRES_PASSWORD', 'secret', 'manual', 'template_0_2_8'],
    ['POSTGRES_MIN_WAL_SIZE', 'text', 'recreate', 'template_0_2_8', { placeholder: '4GB' }],
    ['POSTGRES_MAX_WAL_SIZE', 'text', 'recreate', 'template_0_2_8', { placeholder: '16GB' }],
    ['POSTGRES_CHECKPOINT_TIMEOUT', 'text', 'recreate', 'template_0_2_8', { placeholder: '15min' }],
  ]),
  ...group('tls', [
    ['NGINX_MODE', 'choice', 'recreate', 'ssl_guide', { choices: ['http', 'https', 'both'] }],
    ['SERVER_NAME', 'text', 'recreate', 'ssl_guide', { placeholder: 'node.example.org' }],
    ['SSL_CERT_SOURCE', 'path', 'recreate', 'ssl_guide', { placeholder: './secrets/nginx-ssl' }],
    ['COMPOSE_PROFILES', 'text', 'recreate', 'docker', { placeholder: 'ssl' }],
    ['CERT_ISSUER_DOMAIN', 'text', 'recreate', 'ssl_guide', { placeholder: 'node.example.org' }],
    ['CERT_ISSUER_ALLOWED_SUBDOMAINS', 'text', 'recreate', 'ssl_guide', { placeholder: 'api,explorer,rpc' }],
    ['CERT_ISSUER_JWT_SECRET', 'secret', 'recreate', 'ssl_guide'],
    ['ACME_ACCOUNT_EMAIL', 'text', 'recreate', 'ssl_guide', { placeholder: 'ops@example.org' }],
    ['ACME_DNS_PROVIDER', 'choice', 'recreate', 'ssl_guide', { choices: ['route53', 'cloudflare', 'gcloud', 'azure', 'digitalocean', 'hetzner'] }],
    ['CF_DNS_API_TOKEN', 'secret', 'recreate', 'ssl_guide'],
    ['AWS_ACCESS_KEY_ID', 'secret', 'recreate', 'ssl_guide'],
    ['AWS_SECRET_ACCESS_KEY', 'secret', 'recreate', 'ssl_guide'],
    ['AWS_REGION', 'text', 'recreate', 'ssl_guide', { placeholder: 'us-east-1' }],
    ['GCE_PROJECT', 'text', 'recreate', 'ssl_guide'],
    ['GCE_SERVICE_ACCOUNT_JSON_B64', 'secret', 'recreate', 'ssl_guide'],
    ['AZURE_CLIENT_ID', 'text', 'recreate', 'ssl_guide'],
    ['AZURE_CLIENT_SECRET', 'secret', 'recreate', 'ssl_guide'],
    ['AZURE_TENANT_ID', 'text', 'recreate', 'ssl_guide'],
    ['AZURE_SUBSCRIPTION_ID', 'text', 'recreate', 'ssl_guide'],
    ['DO_AUTH_TOKEN', 'secret', 'recreate', 'ssl_guide'],
    ['HETZNER_API_KEY', 'secret', 'recreate', 'ssl_guide'],
    ['PROXY_SSL_SERVICE_NAME', 'text', 'recreate', 'compose', { placeholder: 'proxy-ssl' }],
    ['PROXY_SSL_PORT', 'port', 'recreate', 'compose', { placeholder: '8080' }],
  ]),
  ...group('advanced', [
    ['DISABLE_CHAIN_RPC', 'boolean', 'recreate', 'compose'],
    ['DISABLE_CHAIN_API', 'boolean', 'recreate', 'compose'],
    ['DISABLE_CHAIN_GRPC', 'boolean', 'recreate', 'compose'],
    ['DISABLE_GONKA_API', 'boolean', 'recreate', 'compose'],
    ['DISABLE_VALIDATOR_WHITELIST', 'boolean', 'recreate', 'compose'],
    ['DISABLE_FAIL2BAN', 'boolean', 'recreate', 'compose'],
    ['PROXY_ADD_NODE_PREFIX', 'boolean', 'recreate', 'compose'],
    ['DAPI_CHAIN_NODE__MIN_GAS_PRICE_NGONKA', 'number', 'recreate', 'template_0_2_14', { placeholder: '0' }],
    ['QUERY_GAS_LIMIT', 'number', 'recreate', 'template_0_2_14', { placeholder: '10000000' }],
    ['GONKA_SLOW_QUERY_THRESHOLD_MS', 'number', 'recreate', 'compose', { placeholder: '500' }],
    ['NODE_MANAGER_LOCK_TTL_SECONDS', 'number', 'recreate', 'compose', { placeholder: '1200' }],
    ['BRIDGE_CACHE_RANGES', 'number', 'recreate', 'compose', { placeholder: '4' }],
    ['BRIDGE_GETLASTBLOCK', 'url', 'recreate', 'compose', { placeholder: 'http://api:9000/v1/bridge/block/latest' }],
    ['DAPI_OTEL_ENABLED', 'boolean', 'recreate', 'template_0_2_14'],
    ['DEVSHARD_OTEL_ENABLED', 'boolean', 'recreate', 'template_0_2_14'],
    ['OTEL_ENDPOINT', 'url', 'recreate', 'template_0_2_14', { placeholder: 'http://jaeger:4317' }],
    ['OTEL_HEADERS', 'secret', 'recreate', 'compose'],
    ['NODE_INSTRUMENTATION_PROMETHEUS', 'boolean', 'recreate', 'template_0_2_14'],
    ['JAEGER_ENABLED', 'boolean', 'recreate', 'template_0_2_14'],
    ['JAEGER_BASIC_AUTH_USER', 'text', 'recreate', 'template_0_2_14', { placeholder: 'jaeger' }],
    ['JAEGER_BASIC_AUTH_PASSWORD', 'secret', 'recreate', 'template_0_2_14'],
    ['JAEGER_PORT', 'port', 'recreate', 'compose', { placeholder: '16686' }],
    ['JAEGER_BASE_PATH', 'text', 'recreate', 'compose', { placeholder: '/jaeger' }],
    ['GRAFANA_ENABLED', 'boolean', 'recreate', 'template_0_2_14'],
    ['GRAFANA_ADMIN_USER', 'text', 'recreate', 'template_0_2_14', { placeholder: 'admin' }],
    ['GRAFANA_ADMIN_PASSWORD', 'secret', 'recreate', 'template_0_2_14'],
    ['GRAFANA_PORT', 'port', 'recreate', 'compose', { placeholder: '3000' }],
    ['GRAFANA_BASE_PATH', 'text', 'recreate', 'compose', { placeholder: '/grafana' }],
    ['UNSAFE_SKIP_BACKUP', 'boolean', 'recreate', 'compose'],
    ['COMPOSE_PROJECT_NAME', 'text', 'manual', 'docker', { placeholder: 'join' }],
  ]),
];

/** A field by the name of its variable; undefined for one that the panel doesn't know. */
export const configField = (name: string): ConfigField | undefined => BY_NAME.get(name);
const BY_NAME = new Map(CONFIG_FIELDS.map((field) => [field.name, field]));
