import { describe, expect, it } from 'vitest';
import { CONFIG_FIELDS } from './config-fields.ts';
import { publishedPort } from './plain-value-rules.ts';
import { isLocalHost, VALUE_RULES } from './value-rules.ts';

const rule = (name: string, value: string) => VALUE_RULES[name]?.(value);
const code = (name: string, value: string) => rule(name, value)?.code;
const base64 = (...bytes: number[]) => Buffer.from([...bytes, ...new Array(33).fill(7)].slice(0, bytes[0] === 0 ? 32 : 33)).toString('base64');

it('account keys and the usual mix-ups (facts 8.1, measured 8 and 9)', () => {
  expect(code('ACCOUNT_PUBKEY', 'A4U3G2eY46mwhWx7ZXieT+LetPJhG0jHNuVCQB6wgBZK')).toBeUndefined();
  expect(code('ACCOUNT_PUBKEY', base64(2))).toBeUndefined();
  expect(code('ACCOUNT_PUBKEY', '/wTVavYr5OCiVssIT3Gc5nsfIH0lP1Rqn/zeQtq4CvQ=')).toBe('account_key_consensus');
  expect(code('ACCOUNT_PUBKEY', 'gonka1eq4f5p32ewkekf9rv5f0qjsa0xaepckmgl85kr')).toBe('account_key_address');
  expect(code('ACCOUNT_PUBKEY', base64(4))).toBe('account_key_invalid');
  expect(code('ACCOUNT_PUBKEY', 'gonka-account-key')).toBe('account_key_invalid');
});

/** Each row: values that are fine, and values with the problem and its level, on both sides of the boundary. */
const TABLE: [name: string, fine: string[], wrong: [value: string, code: string, level?: 'attention'][]][] = [
  ['KEY_NAME', ['node1', 'a', 'My_host-7.b', 'x'.repeat(64)], [['-node', 'key_name_invalid'], ['a/b', 'key_name_invalid'], ['..', 'key_name_invalid'], ['a\tb', 'key_name_invalid'], ['my node', 'key_name_unusual', 'attention'], ["o'hara", 'key_name_unusual', 'attention'], ['节点', 'key_name_unusual', 'attention'], ['x'.repeat(65), 'key_name_unusual', 'attention'], ['gonka1eq4f5p32ewkekf9rv5f0qjsa0xaepckmgl85kr', 'key_name_address', 'attention']]],
  ['KEYRING_PASSWORD', ['eight888', '口令口', 'a y at the 2nd'], [['seven77', 'password_short'], ['口令', 'password_short'], ['yes-eight', 'password_yes', 'attention'], ['Yes-eight', 'password_yes', 'attention'], [' eight888', 'password_blank', 'attention'], ['eight888 ', 'password_blank', 'attention'], ['eight\n888', 'password_lines', 'attention']]],
  ['KEYRING_BACKEND', ['file'], [['test', 'keyring_backend', 'attention'], ['os', 'keyring_backend', 'attention']]],
  ['P2P_EXTERNAL_ADDRESS', ['tcp://203.0.113.7:5000', 'tcp://[2001:db8::7]:5000', 'tcp://node.example.org:65535'], [['http://203.0.113.7:5000', 'p2p_http'], ['tcp://host', 'p2p_invalid'], ['tcp://host:65536', 'p2p_invalid'], ['tcp://host:0', 'p2p_invalid'], ['tcp://10.1.2.3:5000', 'p2p_private', 'attention']]],
  ['PUBLIC_URL', ['https://gonka.example.org', 'http://203.0.113.7:8000', 'http://100.64.0.1:8000'], [['http://192.168.1.2:8000', 'public_url_private', 'attention'], ['http://localhost:8000', 'public_url_private', 'attention'], ['not-a-url', 'public_url_invalid', 'attention'], ['tcp://203.0.113.7:8000', 'public_url_invalid', 'attention'], ['203.0.113.7:8000', 'public_url_invalid', 'attention'], ['http://user:word@203.0.113.7:8000', 'url_password', 'attention']]],
  ['DAPI_API__POC_CALLBACK_URL', ['http://api:9100', 'http://10.0.0.5:9100', 'http://100.101.102.103:9100'], [['api:9100', 'callback_invalid'], ['http://localhost:9100', 'callback_loopback', 'attention'], ['http://127.0.0.1:9100', 'callback_loopback', 'attention'], ['http://203.0.113.7:9100', 'callback_public', 'attention'], ['http://100.63.0.1:9100', 'callback_public', 'attention'], ['http://100.128.0.1:9100', 'callback_public', 'attention']]],
  ['SEED_API_URL', ['http://node2.gonka.ai:8000', 'http://node2.gonka.ai:8000/'], [['http://node2.gonka.ai:8000/chain-rpc/', 'seed_api_path', 'attention'], ['node2.gonka.ai:8000', 'url_invalid', 'attention'], ['http://user:word@node2.gonka.ai:8000', 'url_password', 'attention'], ['http://user@node2.gonka.ai:8000', 'url_password', 'attention']]],
  ['SEED_NODE_RPC_URL', ['http://node2.gonka.ai:8000/chain-rpc/', 'http://genesis-node:26657', 'http://10.0.0.5:26657'], [['http://node2.gonka.ai:26657', 'seed_rpc_port', 'attention'], ['http://203.0.113.7:26657', 'seed_rpc_port', 'attention'], ['tcp://node2.gonka.ai:26657', 'url_invalid', 'attention']]],
  ['RPC_SERVER_URL_1', ['http://node1.gonka.ai:8000/chain-rpc/'], [['http://node1.gonka.ai:26657', 'seed_rpc_port', 'attention']]],
  ['SEED_NODE_P2P_URL', ['tcp://node2.gonka.ai:5000'], [['http://node2.gonka.ai:5000', 'seed_p2p_http', 'attention'], ['tcp://node2.gonka.ai', 'seed_p2p_invalid', 'attention']]],
  ['DAPI_CHAIN_NODE__URL', ['http://node:26657'], [['node:26657', 'url_invalid', 'attention'], ['http://', 'url_invalid', 'attention'], ['http://no de', 'url_invalid', 'attention']]],
  ['API_PORT', ['1', '8000', '65535', '127.0.0.1:8000', '8000-8005', '127.0.0.1:8000-8005', '0.0.0.0:8000', '[::]:8000'], [['0', 'port_invalid'], ['[::1]:0', 'port_invalid'], ['8005-8000', 'port_invalid'], ['1-2-3', 'port_invalid'], ['::1:8000', 'port_invalid'], ['[::g]:8000', 'port_invalid'], ['localhost:8000', 'port_invalid'], ['[::1]', 'port_invalid'], [':', 'port_invalid'], ['65536', 'port_invalid'], ['http', 'port_invalid'], [' 8000', 'port_invalid'], ['-1', 'port_invalid'], ['999.0.0.1:80', 'port_invalid']]],
  ['NODE_MANAGER_GRPC_PORT', ['9400'], [['127.0.0.1:9400', 'port_invalid'], ['0', 'port_invalid']]],
  ['TMKMS_PORT', ['26658'], [['26657', 'tmkms_port_used'], ['9090', 'tmkms_port_used'], ['x', 'port_invalid']]],
  ['DISABLE_CHAIN_RPC', ['true', 'false'], [['yes', 'boolean_invalid', 'attention'], ['True', 'boolean_invalid', 'attention']]],
  ['TRUSTED_BLOCK_PERIOD', ['1', '2000'], [['0', 'number_invalid', 'attention'], ['2k', 'number_invalid', 'attention']]],
  ['QUERY_GAS_LIMIT', ['0', '10000000'], [['-1', 'number_invalid', 'attention'], ['1e7', 'number_invalid', 'attention']]],
  ['HF_HOME', ['/mnt/shared', '/mnt/a b'], [['hf', 'path_volume'], ['hf/cache', 'path_volume'], ['/a:b', 'path_colon'], ['~/hf', 'path_tilde', 'attention'], ['./hf', 'path_relative', 'attention']]],
  ['NODE_CONFIG', ['./node-config.json', '../x.json', '/etc/x.json'], [['node-config.json', 'path_volume']]],
  ['NGINX_MODE', ['http', 'https', 'both'], [['HTTPS', 'nginx_mode', 'attention'], ['ssl', 'nginx_mode', 'attention']]],
  ['ACME_DNS_PROVIDER', ['route53', 'hetzner'], [['aws', 'choice_invalid', 'attention']]],
  ['CERT_ISSUER_DOMAIN', ['node.example.org'], [['https://node.example.org', 'domain_invalid', 'attention'], ['node.example.org:8443', 'domain_invalid', 'attention']]],
  ['SERVER_NAME', ['a.example.org b.example.org', '_', '*.example.org'], [['https://a', 'domain_invalid', 'attention']]],
  ['ACME_ACCOUNT_EMAIL', ['ops@example.org'], [['ops', 'email_invalid', 'attention']]],
  ['GCE_SERVICE_ACCOUNT_JSON_B64', ['eyJhIjoxfQ=='], [['{"type":1}', 'base64_invalid', 'attention'], ['eyJh\nIjox', 'base64_invalid', 'attention']]],
  ['POSTGRES_MAX_WAL_SIZE', ['16GB', '1.5GB', '512kB'], [['16gb', 'unit_invalid', 'attention'], ['16', 'unit_invalid', 'attention']]],
  ['POSTGRES_CHECKPOINT_TIMEOUT', ['15min', '30s'], [['15m', 'unit_invalid', 'attention']]],
];

describe('each rule on both sides of its boundary', () => {
  for (const [name, fine, wrong] of TABLE) {
    it(name, () => {
      for (const value of fine) expect(rule(name, value), value).toBeUndefined();
      for (const [value, expected, level] of wrong) expect(rule(name, value), value).toMatchObject({ code: expected, level: level ?? 'broken' });
    });
  }
});

it('a public RPC address on 26657 is offered the way through the proxy', () => expect(rule('RPC_SERVER_URL_2', 'http://node2.gonka.ai:26657')?.params?.offer).toBe('http://node2.gonka.ai:8000/chain-rpc/'));

it('a port with an IPv6 address, or with an empty one, was called broken though compose takes it', () => {
  for (const value of ['[::1]:8080', ':8000', '[::1]:8000-8005', '[127.0.0.1]:8000']) for (const name of ['PORT', 'API_PORT']) expect(rule(name, value), value).toBeUndefined();
  expect(['[::1]:8080', ':8000', '127.0.0.1:8000', '8000-8005', '::1:8000'].map(publishedPort)).toEqual([{ address: '::1', port: 8080 }, { address: undefined, port: 8000 }, { address: '127.0.0.1', port: 8000 }, undefined, undefined]);
});

it('no rule puts the value of a secret into its parameters', () => {
  for (const { name, kind } of CONFIG_FIELDS) {
    if (kind !== 'secret') continue;
    for (const value of ['y-5ecret-value', ' 5ecret-value', 's3', '<>{}5ecret-value']) expect(JSON.stringify(rule(name, value)?.params ?? {}), name).not.toContain(value);
  }
});

it('local hosts in every spelling', () => {
  for (const host of ['127.0.0.1', '127.9.9.9', '0.0.0.0', '10.0.0.1', '172.16.0.1', '172.31.0.1', '169.254.169.254', '[::1]', '[fd00::1]', '[fe80::1]', 'a.localhost']) expect(isLocalHost(host), host).toBe(true);
  for (const host of ['172.32.0.1', '8.8.8.8', '[2001:db8::1]', 'node2.gonka.ai', 'fdic.gov']) expect(isLocalHost(host), host).toBe(false);
});
