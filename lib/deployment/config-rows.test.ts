import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { composeFallbacks, serviceVariables } from './compose-yaml.ts';
import type { ConfigEnv } from './config-env.ts';
import { CONFIG_FIELDS, FIELD_GROUPS } from './config-fields.ts';
import { configRows } from './config-rows.ts';
import { parseEnvFile } from './env-file.ts';
import { envValues } from './env-values.ts';
import type { DeploymentService } from './schema.ts';
import { isSecretName } from './secret-values.ts';
import { variableProblems } from './variable-checks.ts';

function envOf(text: string): ConfigEnv {
  const file = parseEnvFile(text);
  return { file, values: envValues(file, { HOME: '/home/op', PATH: '/bin' }), problems: [], readable: true };
}
const service = (name: string, variables: string[], required: string[] = [], active = true): DeploymentService => ({ name, image: '', group: 'network', profiles: [], active, dependsOn: [], variables, required, role: 'other', mounts: [] });
const API = service('api', ['KEY_NAME', 'KEYRING_PASSWORD', 'PUBLIC_URL', 'POSTGRES_PASSWORD', 'MY_OWN'], ['KEY_NAME', 'KEYRING_PASSWORD', 'MY_OWN']);
const PROXY = service('proxy', ['API_PORT', 'NGINX_MODE']);

function rows(text: string, more: Partial<Parameters<typeof configRows>[0]> = {}) {
  const env = envOf(text);
  const services = more.services ?? [API, PROXY, service('proxy-ssl', ['ACME_DNS_PROVIDER'], [], false)];
  const dotEnv = more.dotEnv ?? {};
  const problems = variableProblems({ env, dotEnv, services, given: ['HOME', 'PATH'] });
  return configRows({ env, dotEnv, services, problems, fallbacks: {}, readOnly: () => undefined, ...more });
}
const byName = (all: ReturnType<typeof rows>) => Object.fromEntries(all.map((one) => [one.name, one]));

it('known fields in the order of the form, then what else stands in the file or is required', () => {
  const all = rows('export ZZZ=1\nexport API_PORT=8000\nexport QUERY_GAS_LIMIT=5\nexport KEY_NAME=me\n');
  expect(all.map((one) => one.name)).toEqual(['KEY_NAME', 'KEYRING_PASSWORD', 'PUBLIC_URL', 'API_PORT', 'POSTGRES_PASSWORD', 'NGINX_MODE', 'QUERY_GAS_LIMIT', 'ZZZ', 'MY_OWN']);
  expect(all.filter((one) => !one.known).map((one) => [one.name, one.group, one.set])).toEqual([['ZZZ', 'unknown', true], ['MY_OWN', 'unknown', false]]);
});

it('a row says what is set, what compose would use, who reads it and where it stands', () => {
  const found = byName(rows('# top\nexport KEY_NAME=me\nAPI_PORT=9000\nexport PUBLIC_URL=\nexport NGINX_MODE=<FILLIN>\n', { fallbacks: { API_PORT: '8000', NGINX_MODE: 'http', POSTGRES_PASSWORD: 'public-default' } }));
  expect(found.KEY_NAME).toMatchObject({ set: true, value: 'me', line: 2, exported: true, services: ['api'], required: true, problems: [], takesEffect: 'manual' });
  expect(found.API_PORT).toMatchObject({ set: true, value: '9000', exported: false, fallback: '8000', required: false, problems: [{ code: 'variable_not_exported' }] });
  expect(found.PUBLIC_URL).toMatchObject({ set: false, value: '', line: 4 });
  expect(found.NGINX_MODE).toMatchObject({ set: false, fallback: 'http', line: 5, problems: [{ code: 'variable_placeholder' }] });
  expect(found.NGINX_MODE).not.toHaveProperty('value');
  expect(found.KEYRING_PASSWORD).toMatchObject({ set: false, secret: true, problems: [{ code: 'variable_missing' }] });
  expect(found.KEYRING_PASSWORD).not.toHaveProperty('line');
  expect(found.POSTGRES_PASSWORD).not.toHaveProperty('fallback');
});

it('a variable that no service reads has no effect; a changed file brings it back', () => {
  const text = 'export KEYRING_BACKEND=file\nexport DAPI_CHAIN_NODE__MIN_GAS_PRICE_NGONKA=0\nexport COMPOSE_PROFILES=ssl\nexport DAPI_CHAIN_NODE__P2P_URL=http://node:26656\n';
  expect(rows(text).filter((one) => one.set).map((one) => [one.name, one.takesEffect])).toEqual([['KEYRING_BACKEND', 'unread'], ['DAPI_CHAIN_NODE__P2P_URL', 'unread'], ['COMPOSE_PROFILES', 'recreate'], ['DAPI_CHAIN_NODE__MIN_GAS_PRICE_NGONKA', 'unread']]);
  const read = byName(rows(text, { services: [service('api', ['DAPI_CHAIN_NODE__MIN_GAS_PRICE_NGONKA', 'DAPI_CHAIN_NODE__P2P_URL'])] }));
  expect(read.DAPI_CHAIN_NODE__MIN_GAS_PRICE_NGONKA?.takesEffect).toBe('recreate');
  expect(read.DAPI_CHAIN_NODE__P2P_URL?.takesEffect).toBe('unread');
  expect(byName(rows(text, { services: [] })).KEYRING_BACKEND?.takesEffect).toBe('recreate');
});

it('lines that bash never reaches are shown as they stand, and only the line that stops it says so', () => {
  const found = byName(rows('export KEY_NAME=<FILLIN>\nexport API_PORT=8000\nexport PUBLIC_URL=http://$KEY_NAME\n'));
  expect(found.API_PORT).toMatchObject({ set: true, value: '8000', exported: true, line: 2, problems: [] });
  expect(found.PUBLIC_URL).toMatchObject({ set: true, line: 3 });
  expect(found.PUBLIC_URL).not.toHaveProperty('value');
  const unclosed = byName(rows("export API_PORT='8000\nexport NGINX_MODE=http\n"));
  expect(unclosed.API_PORT?.problems.map((one) => one.code)).toEqual(['config_stops']);
});

it('what can not be edited says why, and an unset variable is gone', () => {
  const found = byName(rows('export PUBLIC_URL=$(hostname)\nexport API_PORT=1\nunset API_PORT\n', { readOnly: (name) => (name === 'PUBLIC_URL' ? 'command_substitution' : undefined) }));
  expect(found.PUBLIC_URL).toMatchObject({ readOnly: 'command_substitution', set: true, problems: [{ code: 'config_line' }] });
  expect(found.PUBLIC_URL).not.toHaveProperty('value');
  expect(found.API_PORT).toMatchObject({ set: false });
});

describe('secrets', () => {
  it('stay out of rows of other variables too', () => {
    const found = byName(rows('export KEYRING_PASSWORD=hunter2222\nexport PUBLIC_URL=http://u:sesame99@h.example\nexport KEY_NAME=$KEYRING_PASSWORD-x\n', { dotEnv: { API_PORT: 'hunter2222' } }));
    for (const name of ['PUBLIC_URL', 'KEY_NAME', 'API_PORT']) expect(found[name], name).toMatchObject({ secret: true });
    expect(JSON.stringify(found)).not.toMatch(/hunter2222|sesame99/);
  });

  it('a dollar sign in a password does not put half of it into a problem', () => {
    const text = JSON.stringify(rows('export KEYRING_PASSWORD=first$second_half\n'));
    expect(text).toContain('variable_reference');
    expect(text).not.toMatch(/second_half/);
  });

  it('a password behind a blank, with a = in it, was shown as a variable of its own', () => {
    for (const lead of ['export ', '', 'readonly ', 'if true; then export ']) {
      for (const gap of [' ', ';', '$A ', '\t']) {
        const line = `${lead}KEYRING_PASSWORD=${gap}A5ecret7=b5ecret7`;
        expect(JSON.stringify(rows(line)), line).not.toContain('5ecret7');
      }
    }
    const found = byName(rows('export KEYRING_PASSWORD="" KEY_NAME=me\nexport MY_API_KEY=   # from https://h.example\nexport NGINX_MODE=http\n'));
    expect(found.KEY_NAME).toMatchObject({ value: 'me', secret: false });
    expect(found.NGINX_MODE).toMatchObject({ value: 'http' });
  });

  it('a password that begins with a dollar sign, in quotes, was shown where another variable refers to it', () => {
    for (const value of ["'$x5ecret7'", "'${x5ecret7}'", '\\$x5ecret7', '"\\$x5ecret7"']) {
      const text = JSON.stringify(rows(`export KEYRING_PASSWORD=${value}\nexport KEY_NAME=$KEYRING_PASSWORD\n`));
      expect(text, value).not.toContain('5ecret7');
    }
  });

  const SECRETS = [...CONFIG_FIELDS.filter(({ kind }) => kind === 'secret').map(({ name }) => name), 'MY_API_KEY', 'OTHER_TOKEN'];
  const QUOTED: ((value: string) => string)[] = [(v) => `'${v.replaceAll("'", `'\\''`)}'`, (v) => `"${v.replace(/["\\$`]/g, '\\$&')}"`, (v) => v, (v) => `'${v}`];

  it('never a value in any row, whatever the file looks like', () => {
    // Marked, so that a hit is the secret and not a chance word; every kind of character around the mark.
    const secret = fc.tuple(fc.string({ unit: 'grapheme-ascii', maxLength: 8 }), fc.string({ unit: 'grapheme-ascii', maxLength: 8 })).map(([a, b]) => `${a}5ecret7${b}`.replace(/[\r\n]/g, ''));
    const line = fc.tuple(fc.constantFrom(...SECRETS), secret, fc.constantFrom(...QUOTED), fc.constantFrom('export ', '', '# export ', 'readonly ', 'if true; then export ')).map(([name, value, quote, lead]) => `${lead}${name}=${quote(value)}`);
    const other = fc.constantFrom('export KEY_NAME=$KEYRING_PASSWORD', 'export API_PORT=8000', 'export PUBLIC_URL="http://h/${MY_API_KEY}"', 'export KEY_NAME=<FILLIN>', 'source x', 'export X=1; export Y=2');
    const everyone = service('api', [...SECRETS, 'KEY_NAME', 'PUBLIC_URL', 'API_PORT'], ['KEY_NAME', 'KEYRING_PASSWORD']);
    fc.assert(
      fc.property(fc.array(fc.oneof(line, other), { maxLength: 8 }), fc.dictionary(fc.constantFrom('KEY_NAME', 'KEYRING_PASSWORD', 'API_PORT'), secret), (lines, dotEnv) => {
        const all = rows(lines.join('\n'), { services: [everyone], dotEnv: Object.fromEntries(Object.entries(dotEnv).filter(([name]) => isSecretName(name))), fallbacks: { KEYRING_PASSWORD: '5ecret7' } });
        expect(JSON.stringify(all)).not.toContain('5ecret7');
      }),
      { numRuns: 2000 },
    );
  });
});

/** Upstream's directories, beside the repository where they are; not part of it. */
const UPSTREAM = path.join(import.meta.dirname, '../../../shared/gonka/deploy');

describe.skipIf(!existsSync(UPSTREAM))('upstream releases', () => {
  for (const [release, count] of [['0.2.4', 20], ['0.2.8', 20], ['0.2.14', 33]] as const) {
    it(release, async () => {
      const dir = path.join(UPSTREAM, `v${release}/join`);
      const files = ['docker-compose.yml', 'docker-compose.mlnode.yml'];
      const reads = await serviceVariables(dir, files);
      const services = [...reads].map(([name, { all, required }]) => service(name, [...all], [...required], name !== 'proxy-ssl'));
      const text = readFileSync(path.join(dir, 'config.env.template'), 'utf8');
      const fallbacks = await composeFallbacks(dir, files);
      const all = rows(text, { services, fallbacks });
      const found = byName(all);

      expect(all.filter((one) => !one.known)).toEqual([]);
      expect(all.filter((one) => one.line !== undefined)).toHaveLength(count);
      const order = all.map((one) => FIELD_GROUPS.indexOf(one.group));
      expect(order).toEqual([...order].sort((a, b) => a - b));
      for (const name of ['KEY_NAME', 'KEYRING_PASSWORD', 'PUBLIC_URL', 'P2P_EXTERNAL_ADDRESS', 'ACCOUNT_PUBKEY']) expect(found[name], name).toMatchObject({ set: false, required: true, problems: [{ code: 'variable_placeholder' }] });
      expect(found.API_PORT).toMatchObject({ set: true, value: '8000', fallback: '8000', services: ['proxy'], exported: true, takesEffect: 'recreate', problems: [] });
      expect(found.HF_HOME).toMatchObject({ value: '/mnt/shared', fallback: '${HOME}/.cache', services: ['mlnode-308'] });
      expect(found.NGINX_MODE).toMatchObject({ set: false, fallback: 'http' });
      expect(found.SYNC_WITH_SNAPSHOTS).toMatchObject({ set: false, fallback: 'true', takesEffect: 'first-run' });
      expect(found.ACME_DNS_PROVIDER).toBeUndefined();
      expect(found.KEYRING_BACKEND?.takesEffect).toBe(release === '0.2.14' ? 'recreate' : 'unread');

      const filled = text.replace(/=<FILLIN>/g, '=filled-in').replace('http://<HOST>:<PORT>', 'http://203.0.113.7:8000').replace('tcp://<HOST>:<PORT>', 'tcp://203.0.113.7:5000').replace(/<ACCOUNT[A-Z_]*>/g, 'A4U3G2eY46mwhWx7ZXieT+LetPJhG0jHNuVCQB6wgBZK');
      const said = rows(filled, { services, fallbacks }).flatMap((one) => one.problems.map(({ level, code }) => `${level} ${one.name} ${code}`));
      // The older templates still name the seeds' RPC port that is closed today.
      expect(said).toEqual(release === '0.2.14' ? [] : ['SEED_NODE_RPC_URL', 'RPC_SERVER_URL_1', 'RPC_SERVER_URL_2'].map((name) => `attention ${name} seed_rpc_port`));
    });
  }

  it('every variable that upstream compose files read is a field', async () => {
    const missing = new Set<string>();
    for (const [release, files] of [['0.2.4', ['docker-compose.yml', 'docker-compose.mlnode.yml']], ['0.2.8', ['docker-compose.yml', 'docker-compose.mlnode.yml', 'docker-compose.postgres.yml']], ['0.2.14', ['docker-compose.yml', 'docker-compose.mlnode.yml', 'docker-compose.postgres.yml', 'docker-compose.observability.yml']]] as const) {
      for (const { all } of (await serviceVariables(path.join(UPSTREAM, `v${release}/join`), [...files])).values()) for (const name of all) if (name !== 'HOME' && !CONFIG_FIELDS.some((one) => one.name === name)) missing.add(name);
    }
    expect([...missing]).toEqual([]);
  });
});
