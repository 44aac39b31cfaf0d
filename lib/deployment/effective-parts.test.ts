import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { madeOf } from '#lib/docker/container-made.ts';
import { effectiveRows, movedTags, partRows } from './effective.ts';
import { partReferences, partsRunning, partsWanted } from './effective-parts.ts';
import { configService } from './schema.ts';

/** The proxy of 0.2.4 as compose resolves it, and as the engine has its container. */
const wanted = (published: string, over: object = {}) => partsWanted(configService.parse({ image: 'proxy:1', ports: [{ mode: 'ingress', target: 80, published, protocol: 'tcp' }], volumes: [{ type: 'bind', source: '/d/a', target: '/a' }, { type: 'volume', source: 'named', target: '/n' }], ...over }));
const inspect = (HostIp: string, HostPort: string, Source = '/d/a') => ({ Config: { Env: ['A=b=c', 'EMPTY='], Image: 'proxy:1' }, HostConfig: { PortBindings: { '80/tcp': [{ HostIp, HostPort }], '90/tcp': null } }, Mounts: [{ Type: 'bind', Source, Destination: '/a', RW: true }, { Type: 'volume', Source: '/v', Destination: '/n', RW: true }] });
const none = { values: {} as Record<string, string>, secrets: [] as string[], sources: new Map<string, string[]>() };
const rows = (compose: ReturnType<typeof wanted>, raw: unknown, known: Partial<typeof none> = {}) => partRows({ wanted: compose, running: partsRunning(madeOf(raw)), ...none, ...known });

it('a saved port was no difference, because no service has it in its environment', () => {
  const values = { API_PORT: '9000' };
  expect(effectiveRows({ wanted: { NGINX_MODE: 'http' }, running: { NGINX_MODE: 'http' }, ...none, values }).map((one) => one.state)).toEqual(['same']);
  expect(rows(wanted('9000'), inspect('', '8000'), { values, sources: new Map([['port 80/tcp', ['API_PORT']]]) })).toEqual([
    { kind: 'port', variable: '80/tcp', running: '8000', file: '9000', compose: '9000', secret: false, state: 'differs' },
    { kind: 'mount', variable: '/a', running: '/d/a', compose: '/d/a', secret: false, state: 'same' },
    { kind: 'image', variable: '', running: 'proxy:1', compose: 'proxy:1', secret: false, state: 'same' },
  ]);
});

it('addresses, several ports of one, slashes at the end and read-only mounts', () => {
  const state = (compose: object, raw: object) => rows(wanted('8000', compose), raw)[0];
  expect(state({ ports: [{ target: 80, published: '8000', host_ip: '::1' }] }, inspect('::1', '8000'))?.state).toBe('same');
  expect(state({ ports: [{ target: 80, published: '8000', host_ip: '127.0.0.1' }] }, inspect('', '8000'))).toMatchObject({ running: '8000', compose: '127.0.0.1:8000', state: 'differs' });
  expect(state({ ports: [{ target: 80, published: '8000' }, { target: 80, published: '8001' }] }, inspect('', '8000'))).toMatchObject({ running: '8000', compose: '8000, 8001', state: 'differs' });
  expect(rows(wanted('8000', { volumes: [{ type: 'bind', source: '/d/a/', target: '/a/' }] }), inspect('', '8000')).every((one) => one.state === 'same')).toBe(true);
  expect(state({ volumes: [{ type: 'bind', source: '/d/a', target: '/a', read_only: true }] }, inspect('', '8000'))).toMatchObject({ running: '/d/a', compose: '/d/a:ro', state: 'differs' });
});

it('a tag that was pulled again was no difference, because the image is still called the same', () => {
  const same = rows(wanted('8000'), inspect('', '8000'));
  expect(movedTags(same, 'sha256:aaaaaaaaaaaaaaaa', 'sha256:bbbbbbbbbbbbbbbb').find((one) => one.kind === 'image')).toEqual({ kind: 'image', variable: '', running: 'proxy:1 (aaaaaaaaaaaa)', compose: 'proxy:1 (bbbbbbbbbbbb)', secret: false, state: 'moved' });
  for (const here of ['sha256:aaaaaaaaaaaaaaaa', undefined]) expect(movedTags(same, 'sha256:aaaaaaaaaaaaaaaa', here)).toEqual(same);
});

it('a secret in a mount, a port or an image is compared and not shown', () => {
  const secret = 'sentinel-of-a-mount';
  const found = rows(wanted('8000', { volumes: [{ type: 'bind', source: `/d/${secret}`, target: '/a' }] }), inspect('', '8000'), { secrets: [secret] });
  expect(found[0]).toEqual({ kind: 'mount', variable: '/a', secret: true, state: 'differs' });
  expect(JSON.stringify(found)).not.toContain(secret);
  expect(rows(wanted('8000'), inspect('', '9000'), { values: { MY_PASSWORD: '8000' }, sources: new Map([['port 80/tcp', ['MY_PASSWORD']]]) })[0]).toEqual({ kind: 'port', variable: '80/tcp', secret: true, state: 'differs' });
});

it('the variables that ports, mounts and the image are written with, of two files the later ones', async () => {
  const dir = mkdtempSync(path.join(tmpdir(), 'parts-'));
  try {
    writeFileSync(path.join(dir, 'a.yml'), 'services:\n  api:\n    image: "api:${TAG:-1}"\n    ports: ["${API_PORT:-8000}:80", "9000:90"]\n    volumes: ["${NODE_CONFIG:-./node-config.json}:/root/node_config.json:ro", ".dapi:/root/.dapi", {type: bind, source: "${HF_HOME}", target: /cache/}]\n');
    writeFileSync(path.join(dir, 'b.yml'), 'services:\n  api:\n    image: "api:${OTHER}"\n');
    expect(Object.fromEntries((await partReferences(dir, ['a.yml', 'b.yml', 'missing.yml'])).get('api') ?? [])).toEqual({ 'image ': ['OTHER'], 'port 80/tcp': ['API_PORT'], 'mount /root/node_config.json': ['NODE_CONFIG'], 'mount /cache': ['HF_HOME'] });
  } finally {
    rmSync(dir, { recursive: true });
  }
});
