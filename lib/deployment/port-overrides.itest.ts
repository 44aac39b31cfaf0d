import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { isPanelError } from '#lib/core/errors.ts';
import { composeConfig } from '#lib/docker/compose.ts';
import { composeFiles } from './compose-files.ts';
import { readConfigEnv } from './config-env.ts';
import { exportedValues } from './env-values.ts';
import { putPortFile, readPortFile } from './port-files.ts';
import { checkPortOverrides, portOverrides } from './port-overrides.ts';
import type { Deployment } from './schema.ts';

const UPSTREAM = path.join(import.meta.dirname, '../../../shared/gonka/deploy');
const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'port-overrides-')));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let dir = '';
let count = 0;
beforeEach(() => {
  dir = path.join(root, `case${count++}`);
});

function upstream(release: string, values = ''): void {
  cpSync(path.join(UPSTREAM, `v${release}`, 'join'), dir, { recursive: true });
  writeFileSync(path.join(dir, 'config.env'), `export KEY_NAME=gonka\n${values}`);
}
const put = (name: string, text: string) => writeFileSync(path.join(dir, name), text);

/** As the panel reads the directory, without an engine. */
async function now(): Promise<Deployment> {
  const files = await composeFiles(dir, []);
  const values = exportedValues((await readConfigEnv(dir)).values);
  return { dir, project: { name: 'join', dir, files: files.files, profiles: [], env: values }, services: [], problems: files.problems, values };
}
async function close(address = '127.0.0.1') {
  const found = await portOverrides(await now(), address);
  for (const { name, text } of found.files) await putPortFile(dir, name, text, (await readPortFile(dir, name)).version);
  const of = await now();
  await checkPortOverrides(of, of.project, found);
  return found;
}
/** Service → ports as compose itself resolves them with all the deployment's files. */
async function published(files?: string[]): Promise<Record<string, string[]>> {
  const { project } = await now();
  const { services } = (await composeConfig({ ...project, ...(files ? { files } : {}) })) as { services: Record<string, { ports?: { target: number; host_ip?: string; published?: string; protocol: string }[] }> };
  return Object.fromEntries(Object.entries(services).flatMap(([name, { ports }]) => (ports ? [[name, ports.map((one) => `${one.host_ip ?? '*'}:${one.published}:${one.target}/${one.protocol}`).sort()]] : [])));
}
async function refusal(work: Promise<unknown>): Promise<string> {
  const error = await work.then(() => undefined, (e: unknown) => e);
  return isPanelError(error) ? error.code : String(error);
}

describe.skipIf(!existsSync(UPSTREAM))('closing the internal ports of upstream\'s own files', () => {
  const ml = { inference: ['127.0.0.1:5050:5000/tcp', '127.0.0.1:8080:8080/tcp'] };
  const proxy = { proxy: ['*:8000:80/tcp', '*:8443:443/tcp'] };
  const bridge = { bridge: ['*:30303:30303/tcp', '*:30303:30303/udp'] };
  const EXPECTED: Record<string, Record<string, string[]>> = {
    '0.2.4': { node: ['*:5000:26656/tcp', '127.0.0.1:26657:26657/tcp'], api: ['127.0.0.1:9100:9100/tcp', '127.0.0.1:9200:9200/tcp'], ...proxy, ...ml },
    '0.2.8': { node: ['*:5000:26656/tcp'], api: ['127.0.0.1:9100:9100/tcp', '127.0.0.1:9200:9200/tcp'], ...proxy, ...ml },
    '0.2.14': { node: ['*:5000:26656/tcp'], api: ['127.0.0.1:9100:9100/tcp', '127.0.0.1:9200:9200/tcp'], ...proxy, ...bridge, ...ml },
  };
  for (const [release, expected] of Object.entries(EXPECTED)) {
    it(`v${release}: P2P and API stay public, the rest is on this machine only, upstream's files untouched`, async () => {
      upstream(release);
      const before = ['docker-compose.yml', 'docker-compose.mlnode.yml'].map((name) => readFileSync(path.join(dir, name), 'utf8'));
      await close();
      expect(await published()).toEqual(expected);
      expect(['docker-compose.yml', 'docker-compose.mlnode.yml'].map((name) => readFileSync(path.join(dir, name), 'utf8'))).toEqual(before);
      // The guide's command for the network node alone, by hand, with the file that belongs to it.
      expect((await published(['docker-compose.yml', 'docker-compose.panel-ports.yml'])).api).toEqual(expected.api);
      expect((await now()).project.files).toEqual(['docker-compose.yml', 'docker-compose.mlnode.yml', 'docker-compose.panel-ports.yml', 'docker-compose.panel-ports.mlnode.yml']);
    });
  }

  it('ML nodes on other servers: what they need goes to the private address, the admin port and the RPC stay on the machine', async () => {
    upstream('0.2.4');
    await close('10.0.0.5');
    expect(await published()).toMatchObject({ node: ['*:5000:26656/tcp', '127.0.0.1:26657:26657/tcp'], api: ['10.0.0.5:9100:9100/tcp', '127.0.0.1:9200:9200/tcp'], inference: ['10.0.0.5:5050:5000/tcp', '10.0.0.5:8080:8080/tcp'] });
    await close('127.0.0.1');
    expect((await published()).api).toEqual(['127.0.0.1:9100:9100/tcp', '127.0.0.1:9200:9200/tcp']);
  });

  it('a port that config.env moves stays where it is moved, later too', async () => {
    upstream('0.2.14', 'export PORT=18080\n');
    await close();
    expect((await published()).inference).toEqual(['127.0.0.1:18080:8080/tcp', '127.0.0.1:5050:5000/tcp']);
    put('config.env', 'export KEY_NAME=gonka\nexport PORT=28080\nexport INFERENCE_PORT=25050\n');
    expect((await published()).inference).toEqual(['127.0.0.1:25050:5000/tcp', '127.0.0.1:28080:8080/tcp']);
  });

  it('ports that the operator moved, added or bound keep their meaning: ranges, protocols, names with a dollar, addresses', async () => {
    upstream('0.2.4');
    put('docker-compose.override.yml', [
      'services:',
      '  api:',
      '    labels: { price: "5$$" }',
      '    ports: !override',
      '      - "0.0.0.0:19200:9200"',
      '      - "192.168.7.2:9100:9100"',
      '      - { target: 9300, published: "7000-7010", protocol: udp, mode: host, name: metrics, app_protocol: "h2$$c" }',
      '  node:',
      '    ports: ["203.0.113.9:36657:26657", "1317:1317"]',
    ].join('\n'));
    await close();
    expect(await published()).toMatchObject({
      api: ['127.0.0.1:19200:9200/tcp', '192.168.7.2:9100:9100/tcp', '*:7000-7010:9300/udp'].sort(),
      node: ['*:1317:1317/tcp', '*:5000:26656/tcp', '127.0.0.1:26657:26657/tcp', '127.0.0.1:36657:26657/tcp'],
    });
    const { services } = (await composeConfig((await now()).project)) as { services: { api: { ports: Record<string, unknown>[]; labels: unknown } } };
    expect(services.api.ports.find((one) => one.target === 9300)).toEqual({ name: 'metrics', mode: 'host', target: 9300, published: '7000-7010', protocol: 'udp', app_protocol: 'h2$$c' });
    expect((await now()).project.files.slice(-3)).toEqual(['docker-compose.override.yml', 'docker-compose.panel-ports.yml', 'docker-compose.panel-ports.mlnode.yml']);
  });

  it('services are known by their image: other names, several ML nodes that publish themselves', async () => {
    mkdirSync(dir, { recursive: true });
    put('docker-compose.yml', 'services:\n  gonka-api:\n    image: ghcr.io/product-science/api:0.2.4\n    ports: ["9200:9200"]\n');
    put('docker-compose.mlnode.yml', 'services:\n  mlnode-1:\n    image: ghcr.io/product-science/mlnode:3.0.9\n    ports: ["8081:8080", "5051:5000"]\n  other:\n    image: nginx:1\n    ports: ["8080:8080"]\n');
    await close();
    expect(await published()).toEqual({ 'gonka-api': ['127.0.0.1:9200:9200/tcp'], 'mlnode-1': ['127.0.0.1:5051:5000/tcp', '127.0.0.1:8081:8080/tcp'], other: ['*:8080:8080/tcp'] });
  });

  it('no ML file: no file for it; nothing open: no file at all', async () => {
    upstream('0.2.14');
    rmSync(path.join(dir, 'docker-compose.mlnode.yml'));
    await close();
    expect(['docker-compose.panel-ports.yml', 'docker-compose.panel-ports.mlnode.yml'].map((name) => existsSync(path.join(dir, name)))).toEqual([true, false]);
    const { files } = await portOverrides(await now(), undefined);
    expect(files.map(({ text }) => text)).toEqual([undefined, undefined]);
    for (const { name, text } of files) await putPortFile(dir, name, text, (await readPortFile(dir, name)).version);
    expect(await published()).toMatchObject({ api: ['*:9100:9100/tcp', '127.0.0.1:9200:9200/tcp'] });
  });
});

describe.skipIf(!existsSync(UPSTREAM))('the panel\'s own files', () => {
  it('another\'s file of that name is neither taken along nor written over', async () => {
    upstream('0.2.4');
    put('docker-compose.panel-ports.yml', 'services: {}\n');
    expect((await now()).project.files).not.toContain('docker-compose.panel-ports.yml');
    expect(await refusal(close())).toBe('ports_file_foreign');
    expect(readFileSync(path.join(dir, 'docker-compose.panel-ports.yml'), 'utf8')).toBe('services: {}\n');
  });

  it('an ML file that was taken away takes its port file along; a service that was renamed stops everything until it is written anew', async () => {
    upstream('0.2.4');
    const base = (api: string) => put('docker-compose.yml', `services:\n  ${api}:\n    image: ghcr.io/product-science/api:0.2.4\n    ports: ["9100:9100", "9200:9200"]\n`);
    base('api');
    await close();
    rmSync(path.join(dir, 'docker-compose.mlnode.yml'));
    expect(await now()).toMatchObject({ project: { files: ['docker-compose.yml', 'docker-compose.panel-ports.yml'] }, problems: [] });
    base('dapi');
    expect(await now()).toMatchObject({ project: { files: ['docker-compose.yml'] }, problems: [{ level: 'broken', code: 'ports_file_stale', params: { file: 'docker-compose.panel-ports.yml', missing: 'api' } }] });
    await close();
    expect(await published()).toMatchObject({ dapi: ['127.0.0.1:9100:9100/tcp', '127.0.0.1:9200:9200/tcp'] });
    expect((await now()).problems).toEqual([]);
  });

  it('a file that does less than it should, or something else, is found out by compose itself', async () => {
    upstream('0.2.4');
    const found = await close();
    const file = path.join(dir, 'docker-compose.panel-ports.yml');
    const text = readFileSync(file, 'utf8');
    const spoiled = async (other: string) => {
      writeFileSync(file, other);
      const of = await now();
      return refusal(checkPortOverrides(of, of.project, found));
    };
    expect(await spoiled(text.replaceAll(' !override', ''))).toBe('ports_not_as_wanted');
    expect(await spoiled(`${text}  proxy:\n    restart: "no"\n`)).toBe('ports_not_as_wanted');
    expect(await spoiled(text)).toBe('undefined');
  });
});
