import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { Container } from '#lib/docker/client.ts';
import { composeFiles, projectName } from './compose-files.ts';
import { serviceVariables } from './compose-yaml.ts';
import { references } from './interpolation.ts';
import { imageVersion, isGonka, serviceRole } from './services.ts';

const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'compose-files-')));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let dir = '';
let count = 0;
beforeEach(() => {
  dir = path.join(root, `case${count++}`, 'join');
  mkdirSync(dir, { recursive: true });
});
const put = (name: string, text = 'services: {}\n') => writeFileSync(path.join(dir, name), text);
const container = (more: Partial<Container>): Container => ({ id: 'x', name: 'node', project: 'join', service: 'node', image: 'i', imageId: 'i', state: 'running', restartCount: 0, oneOff: false, workingDir: dir, networks: [], ports: [], tty: false, ...more });

describe('composeFiles', () => {
  it('takes base, ML and override file, and no overlay by itself', async () => {
    for (const name of ['docker-compose.yml', 'docker-compose.mlnode.yml', 'docker-compose.override.yml', 'docker-compose.postgres.yml', 'docker-compose.observability.yml']) put(name);
    expect((await composeFiles(dir, [])).files).toEqual(['docker-compose.yml', 'docker-compose.mlnode.yml', 'docker-compose.override.yml']);
  });

  it('takes the overlays that containers were started with, in their order, the override file last', async () => {
    for (const name of ['docker-compose.yml', 'docker-compose.mlnode.yml', 'docker-compose.override.yml', 'docker-compose.postgres.yml', 'local.yml']) put(name);
    const containers = [container({ configFiles: [`${dir}/docker-compose.yml`] }), container({ configFiles: [`${dir}/docker-compose.yml`, `${dir}/docker-compose.postgres.yml`, `${dir}/local.yml`] })];
    expect((await composeFiles(dir, containers)).files).toEqual(['docker-compose.yml', 'docker-compose.postgres.yml', 'local.yml', 'docker-compose.mlnode.yml', 'docker-compose.override.yml']);
  });

  it('reads no file outside the directory for a label, and names what is gone', async () => {
    put('docker-compose.yml');
    writeFileSync(path.join(root, 'evil.yml'), 'services: {}');
    symlinkSync(path.join(root, 'evil.yml'), path.join(dir, 'link.yml'));
    const found = await composeFiles(dir, [container({ configFiles: [`${dir}/docker-compose.yml`, path.join(root, 'evil.yml'), `${dir}/link.yml`, `${dir}/../../evil.yml`, `${dir}/gone.yml`] })]);
    // A link inside the directory was put there by its owner.
    expect(found.files).toEqual(['docker-compose.yml', 'link.yml']);
    expect(found.problems.map((one) => one.code).sort()).toEqual(['recorded_file_missing', 'recorded_file_outside', 'recorded_file_outside']);
  });

  it("takes only this directory's containers, no one-off ones, also by another path to it, which it keeps", async () => {
    put('docker-compose.yml');
    const link = `${path.dirname(dir)}/by-link`;
    symlinkSync(dir, link);
    const found = await composeFiles(dir, [container({ workingDir: '/elsewhere', project: 'other' }), container({ oneOff: true, project: 'run' }), container({ workingDir: link, project: 'mine', configFiles: [`${link}/docker-compose.yml`] })]);
    expect(found).toMatchObject({ dir: link, files: ['docker-compose.yml'], runningProject: 'mine', problems: [] });
    expect(found.containers).toHaveLength(1);
  });

  it('says when containers belong to two projects', async () => {
    put('docker-compose.yml');
    const found = await composeFiles(dir, [container({}), container({}), container({ project: 'old' })]);
    expect(found.runningProject).toBe('join');
    expect(found.problems).toEqual([{ level: 'attention', code: 'several_projects', params: { projects: 'join, old', used: 'join' } }]);
  });

  it('no base file: nothing', async () => expect((await composeFiles(dir, [])).files).toEqual([]));
});

describe('projectName', () => {
  const name = async (values: Record<string, string> = {}, dotEnv: Record<string, string> = {}, containers: Container[] = []) => projectName(await composeFiles(dir, containers), values, dotEnv);
  it('containers, config.env, .env, name:, directory', async () => {
    put('docker-compose.yml', 'services: {}\n');
    expect(await name()).toBe('join');
    put('docker-compose.yml', 'name: My_Gonka\nservices: {}\n');
    expect(await name()).toBe('my_gonka');
    expect(await name({}, { COMPOSE_PROJECT_NAME: 'dot' })).toBe('dot');
    expect(await name({ COMPOSE_PROJECT_NAME: 'conf' }, { COMPOSE_PROJECT_NAME: 'dot' })).toBe('conf');
    expect(await name({ COMPOSE_PROJECT_NAME: 'conf' }, {}, [container({ project: 'running' })])).toBe('running');
  });
});

it('references of compose strings', () => {
  expect(references('${A} $B ${C:-d} ${D-} ${E:?x} ${F:+y} $$G $${H} ${I:-${J}/x}').map(({ name, required }) => name + (required ? '!' : ''))).toEqual(['A!', 'B!', 'C', 'D', 'E!', 'F', 'I', 'J']);
});

it('variables by service, the later file winning', async () => {
  put('a.yml', 'services:\n  api:\n    image: x:${TAG}\n    environment:\n      - A=${A}\n      - B=${B}\n      - PASS\n    volumes:\n      - ${V:-./v}:/v\n');
  put('b.yml', 'services:\n  api:\n    image: y\n    environment:\n      B: fixed\n    ports: !override\n      - "${P:-1}:1"\n');
  const api = (await serviceVariables(dir, ['a.yml', 'b.yml'])).get('api');
  expect([...(api?.all ?? [])].sort()).toEqual(['A', 'P', 'PASS', 'V']);
  expect([...(api?.required ?? [])]).toEqual(['A']);
});

it('roles and releases by image name', () => {
  expect(serviceRole('chain', 'mirror.local:5000/gonka/inferenced:0.2.8@sha256:00')).toBe('node');
  expect(serviceRole('mlnode-308', 'ghcr.io/product-science/mlnode:3.0.10')).toBe('mlnode');
  expect(serviceRole('inference', 'nginx:1.28.0')).toBe('inference');
  expect(serviceRole('proxy-ssl', 'ghcr.io/product-science/proxy-ssl:0.2.4')).toBe('other');
  expect(imageVersion('x/inferenced:v0.2.14-post3@sha256:00')).toBe('0.2.14');
  expect(imageVersion('x/explorer:latest')).toBeUndefined();
  expect(isGonka({ services: { api: { image: 'somebody/api:1' }, node: { image: 'node:24' } } })).toBe(false);
  expect(isGonka({ services: { n: { image: 'ghcr.io/product-science/inferenced:0.2.4' } } })).toBe(true);
});

it('a host that came back from a maintenance was started without the overlay, the profile and the project that it had been started with', async () => {
  for (const name of ['docker-compose.yml', 'docker-compose.mlnode.yml', 'docker-compose.postgres.yml', 'gpus.yml']) put(name);
  const was = (service: string, ...files: string[]) => ({ service, project: 'gonka', workingDir: dir, configFiles: files.map((file) => path.join(dir, file)), oneOff: false as const });
  const ml = { by: 'exit', containers: [was('mlnode-308', 'docker-compose.mlnode.yml', 'gpus.yml'), was('inference', 'docker-compose.mlnode.yml', 'gpus.yml')] };
  const network = [was('node', 'docker-compose.yml', 'docker-compose.postgres.yml'), was('postgres', 'docker-compose.yml', 'docker-compose.postgres.yml')];
  const all = ['docker-compose.yml', 'docker-compose.mlnode.yml', 'gpus.yml', 'docker-compose.postgres.yml'];
  const down = await composeFiles(dir, [], [ml, { by: 'down', containers: network }]);
  expect([down.files, down.runningProject, down.containers.map(({ service }) => service)]).toEqual([all, 'gonka', ['mlnode-308', 'inference', 'node', 'postgres']]);
  // Only the ML services are down: the overlay that nobody else carries stays theirs.
  const half = await composeFiles(dir, network.map((one) => container(one)), [ml]);
  expect(half.files.toSorted()).toEqual(all.toSorted());
  // Whoever has started one of them by hand without an overlay has said what is wanted.
  const byHand = await composeFiles(dir, [container({ service: 'node', project: 'join', configFiles: [path.join(dir, 'docker-compose.yml')] })], [{ by: 'down', containers: network }]);
  expect([byHand.files, byHand.runningProject]).toEqual([['docker-compose.yml', 'docker-compose.mlnode.yml'], 'join']);
  // One of them is there again as it was: how the others were started still counts.
  const first = await composeFiles(dir, [container({ ...was('node', 'docker-compose.yml', 'docker-compose.mlnode.yml', 'docker-compose.postgres.yml') })], [{ by: 'down', containers: network }]);
  expect([first.runningProject, first.containers.map(({ service }) => service)]).toEqual(['gonka', ['node', 'postgres']]);
  // Another directory's are nobody's here.
  expect((await composeFiles(dir, [], [{ by: 'down', containers: [{ ...was('node', 'docker-compose.yml', 'gpus.yml'), workingDir: root }] }])).files).toEqual(['docker-compose.yml', 'docker-compose.mlnode.yml']);
});
