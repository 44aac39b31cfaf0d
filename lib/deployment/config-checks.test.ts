import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { KnownPath } from '#lib/host/paths.ts';
import { combinationProblems } from './combination-rules.ts';
import { composeFallbacks } from './compose-yaml.ts';
import { announcedPortProblems, portConflicts } from './config-checks.ts';
import { configPaths, pathProblems } from './path-checks.ts';
import type { DeploymentProblem, DeploymentService } from './schema.ts';
import { portVariables, type WantedPort, wantedPorts } from './wanted-ports.ts';

const scratch = mkdtempSync(path.join(tmpdir(), 'config-checks-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const short = (problems: DeploymentProblem[]) => problems.map(({ level, code, params }) => `${level} ${code} ${params.variable ?? params.port}`);
const service = (name: string, variables: string[], active = true): DeploymentService => ({ name, image: '', group: 'network', profiles: [], active, dependsOn: [], variables, required: [], role: 'other', mounts: [] });

const WANTED: WantedPort[] = [
  { service: 'node', container: 26656, protocol: 'tcp', port: 5000 },
  { service: 'proxy', container: 80, protocol: 'tcp', port: 8000, variable: 'API_PORT', fallback: '8000' },
  { service: 'proxy', container: 443, protocol: 'tcp', port: 8443, variable: 'API_SSL_PORT', fallback: '8443' },
  { service: 'inference', container: 8080, protocol: 'tcp', port: 8080, variable: 'PORT', fallback: '8080' },
  { service: 'api', container: 9200, protocol: 'tcp', port: 9200, address: '127.0.0.1' },
  { service: 'bridge', container: 30303, protocol: 'tcp', port: 30303, variable: 'GETH_P2P_PORT', fallback: '30303' },
  { service: 'bridge', container: 30303, protocol: 'udp', port: 30303, variable: 'GETH_P2P_PORT', fallback: '30303' },
];

describe('ports', () => {
  const inFile = (values: Record<string, string>) => short(portConflicts(values, WANTED, undefined, []));

  it('that two services of the file want (facts 2.3, trap 9)', () => {
    expect(inFile({})).toEqual([]);
    expect(inFile({ API_PORT: '8080' })).toEqual(['broken port_collision API_PORT', 'broken port_collision PORT']);
    expect(inFile({ API_PORT: '8080', PORT: '8081' })).toEqual([]);
    expect(inFile({ API_SSL_PORT: '8000' })).toEqual(['broken port_collision API_PORT', 'broken port_collision API_SSL_PORT']);
    expect(inFile({ PORT: '5000' })).toEqual(['broken port_collision PORT']);
    expect(inFile({ PORT: '9200' })).toEqual(['broken port_collision PORT']);
    expect(inFile({ PORT: '10.0.0.5:9200' })).toEqual([]);
    expect(portConflicts({ PORT: '5000' }, WANTED, undefined, [])[0]?.params).toMatchObject({ other: 'node', fixed: 'yes', port: 5000 });
    expect(inFile({ PORT: 'no port' })).toEqual([]);
  });

  it('that another program listens on, unless a container of this deployment holds it', () => {
    const listener = (port: number, address = '0.0.0.0', process?: string) => ({ protocol: 'tcp' as const, port, address, process });
    expect(short(portConflicts({ API_PORT: '80' }, WANTED, [listener(80, '::', 'nginx')], []))).toEqual(['broken port_taken API_PORT']);
    expect(portConflicts({ API_PORT: '80' }, WANTED, [listener(80, '::', 'nginx')], [])[0]?.params).toMatchObject({ process: 'nginx', services: 'proxy' });
    expect(portConflicts({}, WANTED, [listener(8000)], [{ hostPort: 8000, protocol: 'tcp' }])).toEqual([]);
    expect(short(portConflicts({}, WANTED, [listener(8000)], [{ hostPort: 8000, protocol: 'udp' }]))).toEqual(['broken port_taken API_PORT']);
    expect(short(portConflicts({}, WANTED, [listener(5000)], []))).toEqual(['broken port_taken_fixed 5000']);
    expect(portConflicts({}, WANTED, [listener(9200, '192.0.2.1')], [])).toEqual([]);
    expect(short(portConflicts({}, WANTED, [listener(9200, '127.0.0.1')], []))).toEqual(['broken port_taken_fixed 9200']);
    expect(portConflicts({}, WANTED, [{ protocol: 'udp', port: 8000, address: '0.0.0.0' }], [])).toEqual([]);
  });

  it('that other nodes are told against the one that leads to 26656', () => {
    const said = (address: string) => short(announcedPortProblems({ P2P_EXTERNAL_ADDRESS: address }, WANTED));
    expect(said('tcp://203.0.113.7:5000')).toEqual([]);
    expect(said('tcp://203.0.113.7:26656')).toEqual(['attention p2p_port_differs P2P_EXTERNAL_ADDRESS']);
    expect(said('nonsense')).toEqual([]);
    expect(announcedPortProblems({ P2P_EXTERNAL_ADDRESS: 'tcp://h:1' }, [])).toEqual([]);
  });
});

it('ports and defaults as the compose files write them', async () => {
  writeFileSync(path.join(scratch, 'a.yml'), 'services:\n  proxy:\n    image: ${I:-img}\n    ports:\n      - "${API_PORT:-8000}:80"\n      - "127.0.0.1:${PORT}:8080/udp"\n      - "9100:9100"\n      - target: 443\n        published: "${API_SSL_PORT:-8443}"\n    volumes:\n      - ${HF_HOME:-${HOME}/.cache}:/root/.cache\n    environment:\n      - A=${EMPTY:-}\n');
  writeFileSync(path.join(scratch, 'b.yml'), 'services:\n  proxy:\n    image: ${I:-other}\n');
  const variables = await portVariables(scratch, ['a.yml', 'gone.yml']);
  expect([...variables]).toEqual([['proxy 80/tcp', { variable: 'API_PORT', fallback: '8000' }], ['proxy 8080/udp', { variable: 'PORT', fallback: undefined }], ['proxy 443/tcp', { variable: 'API_SSL_PORT', fallback: '8443' }]]);
  expect(await composeFallbacks(scratch, ['a.yml', 'b.yml', 'gone.yml'])).toEqual({ I: 'other', API_PORT: '8000', API_SSL_PORT: '8443', HF_HOME: '${HOME}/.cache' });
  const config = { services: { proxy: { volumes: [], ports: [{ published: '8000', target: 80 }, { published: '9100', target: 9100, host_ip: '0.0.0.0' }, { published: '7000-7005', target: 7000 }] }, off: { volumes: [], ports: [{ published: '1', target: 1 }] } } };
  expect(wantedPorts(config, [service('proxy', []), service('off', [], false)], variables)).toEqual([
    { service: 'proxy', container: 80, protocol: 'tcp', address: undefined, port: 8000, variable: 'API_PORT', fallback: '8000' },
    { service: 'proxy', container: 9100, protocol: 'tcp', address: undefined, port: 9100 },
    { service: 'proxy', container: 7000, protocol: 'tcp', address: undefined, port: undefined },
  ]);
});

describe('paths', () => {
  const known = (more: Partial<KnownPath> = {}): KnownPath => ({ exists: true, directory: true, empty: false, writable: true, freeBytes: 500e9, totalBytes: 1e12, ...more });
  const services = [service('mlnode-308', ['HF_HOME']), service('api', ['NODE_CONFIG']), service('proxy', ['SSL_CERT_SOURCE', 'NGINX_MODE'])];
  const check = (values: Record<string, string>, facts: Record<string, KnownPath | { unknown: string }>, who = services) => short(pathProblems(values, '/d', who, new Map(Object.entries(facts))));

  it('are looked at where their place is certain', () => {
    expect(configPaths({ HF_HOME: '~/hf', NODE_CONFIG: './n.json' }, '/d')).toEqual([{ variable: 'NODE_CONFIG', path: '/d/n.json' }]);
    expect(configPaths({ NGINX_MODE: 'https' }, '/d').map((one) => one.path)).toEqual(['/d/secrets/nginx-ssl/cert.pem', '/d/secrets/nginx-ssl/private.key']);
    expect(configPaths({ NGINX_MODE: 'http', SSL_CERT_SOURCE: '/c' }, '/d')).toEqual([]);
  });

  it('HF_HOME: there, a directory, writable, with room', () => {
    const hf = (facts: KnownPath | { unknown: string }) => check({ HF_HOME: '/hf' }, { '/hf': facts });
    expect(hf(known())).toEqual([]);
    expect(hf({ unknown: 'EACCES' })).toEqual([]);
    expect(hf(known({ directory: false }))).toEqual(['broken path_not_directory HF_HOME']);
    expect(hf(known({ exists: false, directory: false }))).toEqual(['attention path_missing HF_HOME']);
    expect(hf(known({ writable: false }))).toEqual(['attention path_not_writable HF_HOME']);
    expect(hf(known({ freeBytes: 20e9 }))).toEqual([]);
    expect(hf(known({ freeBytes: 20e9 - 1 }))).toEqual(['attention path_room HF_HOME']);
    expect(hf(known({ empty: true, freeBytes: 230e9 }))).toEqual([]);
    expect(hf(known({ empty: true, freeBytes: 230e9 - 1 }))).toEqual(['attention path_room HF_HOME']);
    expect(check({ HF_HOME: '/hf' }, { '/hf': known({ directory: false }) }, [service('api', [])])).toEqual([]);
  });

  it('certificates, unless they are still to be issued', () => {
    const missing = { '/d/secrets/nginx-ssl/cert.pem': known({ directory: false }), '/d/secrets/nginx-ssl/private.key': known({ exists: false }) };
    expect(check({ NGINX_MODE: 'both' }, missing)).toEqual(['broken certificate_missing SSL_CERT_SOURCE']);
    expect(check({ NGINX_MODE: 'both' }, missing, [...services, service('proxy-ssl', ['ACME_DNS_PROVIDER'])])).toEqual([]);
    expect(check({ NGINX_MODE: 'both' }, { ...missing, '/d/secrets/nginx-ssl/private.key': { unknown: 'EACCES' } })).toEqual([]);
  });

  it('the list of ML nodes', () => {
    expect(check({ NODE_CONFIG: './n' }, { '/d/n': known({ exists: false }) })).toEqual(['broken node_config_missing NODE_CONFIG']);
    expect(check({ NODE_CONFIG: './n' }, { '/d/n': known() })).toEqual(['broken node_config_directory NODE_CONFIG']);
    expect(check({ NODE_CONFIG: './n' }, { '/d/n': known({ directory: false }) })).toEqual([]);
  });
});

describe('values that need or contradict each other', () => {
  const proxy = service('proxy', ['NGINX_MODE', 'CERT_ISSUER_DOMAIN', 'JAEGER_ENABLED', 'JAEGER_BASIC_AUTH_USER', 'JAEGER_BASIC_AUTH_PASSWORD', 'GRAFANA_ENABLED', 'GRAFANA_ADMIN_PASSWORD']);
  const issuer = (active: boolean) => service('proxy-ssl', ['ACME_DNS_PROVIDER', 'ACME_ACCOUNT_EMAIL', 'CERT_ISSUER_DOMAIN', 'CERT_ISSUER_JWT_SECRET', 'CF_DNS_API_TOKEN'], active);
  const api = service('api', ['PUBLIC_URL', 'DAPI_API__POC_CALLBACK_URL', 'POSTGRES_HOST', 'POSTGRES_PASSWORD']);
  const check = (values: Record<string, string>, ssl = false) => short(combinationProblems(values, [proxy, api, issuer(ssl)].filter((one) => one.active)));

  it('certificates by proxy-ssl', () => {
    expect(check({ NGINX_MODE: 'both' })).toEqual([]);
    expect(check({ NGINX_MODE: 'http' }, true)).toEqual([]);
    expect(check({ NGINX_MODE: 'both' }, true)).toEqual(['CERT_ISSUER_DOMAIN', 'CERT_ISSUER_JWT_SECRET', 'ACME_ACCOUNT_EMAIL', 'ACME_DNS_PROVIDER'].map((name) => `attention tls_needs ${name}`));
    const full = { NGINX_MODE: 'https', CERT_ISSUER_DOMAIN: 'h', CERT_ISSUER_JWT_SECRET: 's', ACME_ACCOUNT_EMAIL: 'a@b.c', ACME_DNS_PROVIDER: 'cloudflare' };
    expect(check(full, true)).toEqual(['attention tls_provider_needs CF_DNS_API_TOKEN']);
    expect(check({ ...full, CF_DNS_API_TOKEN: 't' }, true)).toEqual([]);
  });

  it('the public address against what the proxy listens on', () => {
    expect(check({ PUBLIC_URL: 'http://h.example:8000', NGINX_MODE: 'https' })).toEqual(['attention public_url_needs_https PUBLIC_URL']);
    expect(check({ PUBLIC_URL: 'http://h.example:8000', NGINX_MODE: 'both' })).toEqual([]);
    expect(check({ PUBLIC_URL: 'https://h.example:8000', API_PORT: '8000', NGINX_MODE: 'both' })).toEqual(['attention public_url_port PUBLIC_URL']);
    expect(check({ PUBLIC_URL: 'https://h.example:8443', API_PORT: '8000', API_SSL_PORT: '8443' })).toEqual([]);
    expect(check({ PUBLIC_URL: 'http://h.example:8443', API_SSL_PORT: '8443' })).toEqual(['attention public_url_port PUBLIC_URL']);
    expect(check({ PUBLIC_URL: 'https://h.example' })).toEqual([]);
    expect(check({ PUBLIC_URL: 'http://h.example:8000', DAPI_API__POC_CALLBACK_URL: 'http://h.example:9100' })).toEqual(['attention callback_public DAPI_API__POC_CALLBACK_URL']);
  });

  it('dashboards that the proxy refuses to show without a password', () => {
    expect(check({ JAEGER_ENABLED: 'true', JAEGER_BASIC_AUTH_USER: 'j', JAEGER_BASIC_AUTH_PASSWORD: 'admin1' })).toEqual(['broken dashboard_sign_in JAEGER_BASIC_AUTH_PASSWORD']);
    expect(check({ JAEGER_ENABLED: 'true', JAEGER_BASIC_AUTH_USER: 'j', JAEGER_BASIC_AUTH_PASSWORD: 'own' })).toEqual([]);
    expect(check({ GRAFANA_ENABLED: 'true' })).toEqual(['broken dashboard_sign_in GRAFANA_ADMIN_PASSWORD']);
    expect(check({ GRAFANA_ENABLED: 'false' })).toEqual([]);
  });

  it('a database without its password', () => {
    expect(check({ POSTGRES_HOST: 'postgres' })).toEqual(['attention postgres_password POSTGRES_PASSWORD']);
    expect(check({ POSTGRES_HOST: 'postgres', POSTGRES_PASSWORD: 'p' })).toEqual([]);
    expect(check({})).toEqual([]);
  });
});

/** Upstream's directories, beside the repository where they are; not part of it. */
const UPSTREAM = path.join(import.meta.dirname, '../../../shared/gonka/deploy');

it.skipIf(!existsSync(UPSTREAM))('the variables behind the ports of the three releases', async () => {
  const of = async (release: string) => [...(await portVariables(path.join(UPSTREAM, `v${release}/join`), ['docker-compose.yml', 'docker-compose.mlnode.yml']))].map(([place, { variable, fallback }]) => `${place} ${variable} ${fallback}`);
  const always = ['proxy 80/tcp API_PORT 8000', 'proxy 443/tcp API_SSL_PORT 8443', 'inference 8080/tcp PORT 8080', 'inference 5000/tcp INFERENCE_PORT 5050'];
  expect(await of('0.2.4')).toEqual(always);
  expect(await of('0.2.8')).toEqual(always);
  expect(await of('0.2.14')).toEqual(['bridge 30303/tcp GETH_P2P_PORT 30303', 'bridge 30303/udp GETH_P2P_PORT 30303', ...always]);
});
