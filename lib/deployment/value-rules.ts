import { anyUrl, p2pAddress, pocCallback, publicUrl, seedApi, seedP2pAddress, seedRpc } from './address-rules.ts';
import { CONFIG_FIELDS } from './config-fields.ts';
import { accountKey, duration, email, hostName, hostPort, innerPort, keyName, keyringBackend, keyringPassword, mountedPath, oneLineBase64, oneOf, serverNames, tmkmsPort, trueOrFalse, walSize, wholeNumber } from './plain-value-rules.ts';
import type { ValueRule } from './value-problem.ts';

export { isLocalHost } from './address-rules.ts';

/** What every field of a kind has to hold, unless its own rule below says more. */
const BY_KIND = CONFIG_FIELDS.flatMap(({ name, kind, choices }): [string, ValueRule][] => {
  if (kind === 'url') return [[name, anyUrl]];
  if (kind === 'port') return [[name, innerPort]];
  if (kind === 'boolean') return [[name, trueOrFalse]];
  if (kind === 'number') return [[name, wholeNumber(0)]];
  return kind === 'choice' && choices ? [[name, oneOf(choices)]] : [];
});

/** Rules for values of config.env (facts 2.2). The value itself never becomes a parameter when it may be secret. */
export const VALUE_RULES: Record<string, ValueRule> = {
  ...Object.fromEntries(BY_KIND),
  KEY_NAME: keyName,
  KEYRING_PASSWORD: keyringPassword,
  KEYRING_BACKEND: keyringBackend,
  ACCOUNT_PUBKEY: accountKey,
  PUBLIC_URL: publicUrl,
  P2P_EXTERNAL_ADDRESS: p2pAddress,
  DAPI_API__POC_CALLBACK_URL: pocCallback,
  SEED_API_URL: seedApi,
  SEED_NODE_RPC_URL: seedRpc,
  RPC_SERVER_URL_1: seedRpc,
  RPC_SERVER_URL_2: seedRpc,
  SEED_NODE_P2P_URL: seedP2pAddress,
  API_PORT: hostPort,
  API_SSL_PORT: hostPort,
  PORT: hostPort,
  INFERENCE_PORT: hostPort,
  GETH_P2P_PORT: hostPort,
  TMKMS_PORT: tmkmsPort,
  TRUSTED_BLOCK_PERIOD: wholeNumber(1),
  NODE_MANAGER_LOCK_TTL_SECONDS: wholeNumber(1),
  NODE_CONFIG: mountedPath('usual'),
  SSL_CERT_SOURCE: mountedPath('usual'),
  HF_HOME: mountedPath('unusual'),
  NGINX_MODE: oneOf(['http', 'https', 'both'], 'nginx_mode'),
  SERVER_NAME: serverNames,
  CERT_ISSUER_DOMAIN: hostName,
  POSTGRES_HOST: hostName,
  ACME_ACCOUNT_EMAIL: email,
  GCE_SERVICE_ACCOUNT_JSON_B64: oneLineBase64,
  POSTGRES_MIN_WAL_SIZE: walSize,
  POSTGRES_MAX_WAL_SIZE: walSize,
  POSTGRES_CHECKPOINT_TIMEOUT: duration,
};
