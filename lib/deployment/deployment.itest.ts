import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { redact } from '#lib/core/redact.ts';
import { composeConfig } from '#lib/docker/compose.ts';
import { engineWatch } from '#lib/docker/engine-watch.ts';
import { migrate } from '#lib/db/migrate.ts';
import { ensureImages } from '../../e2e/network/image.ts';

const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'deployment-')));
process.env.PANEL_DATA_DIR = path.join(root, 'data');
process.env.HOME = '/root';
/** The panel's own variables, which must never reach a container. */
process.env.PORT = '6666';
process.env.DATABASE_URL = 'file:panel-own';
/** A docker command before the real one that counts its calls. */
const calls = path.join(root, 'calls');
const real = execFileSync('which', ['docker'], { encoding: 'utf8' }).trim();
mkdirSync(path.join(root, 'bin'));
writeFileSync(path.join(root, 'bin/docker'), `#!/bin/sh\necho call >> ${calls}\nexec ${real} "$@"\n`, { mode: 0o755 });
process.env.PATH = `${path.join(root, 'bin')}:${process.env.PATH}`;
const { loadDeployment, forgetDeployment } = await import('./deployment.ts');
const { chooseDeployment, currentDeployment } = await import('./current.ts');
const { discoverDeployments } = await import('./discovery.ts');

const UPSTREAM = path.join(import.meta.dirname, '../../../shared/gonka/deploy');
const PREFIX = `dep-${process.pid}`;
const IMAGE = `${PREFIX}/inferenced:0.2.8`;
const PASSWORD = `it's $a "sentinel" ${PREFIX}`;

beforeAll(async () => {
  await ensureImages(process.env, ['ghcr.io/product-science/tmkms-softsign-with-keygen:0.2.8']);
  mkdirSync(path.join(root, 'data'));
  migrate(path.join(root, 'data/panel.db'), path.join(import.meta.dirname, '../../prisma/migrations'));
  // An image of nothing: containers are created from it, never started.
  const empty = execFileSync('tar', ['-cf', '-', '--files-from', '/dev/null']);
  execFileSync('docker', ['import', '--change', 'CMD ["/none"]', '-', IMAGE], { input: empty });
});
afterAll(() => {
  for (const id of execFileSync('docker', ['ps', '-aq', '--filter', `label=com.docker.compose.project=${PREFIX}`], { encoding: 'utf8' }).split('\n').filter(Boolean)) spawnSync('docker', ['rm', '-f', id]);
  spawnSync('docker', ['network', 'rm', `${PREFIX}_default`]);
  spawnSync('docker', ['rmi', IMAGE]);
  rmSync(root, { recursive: true, force: true });
});
beforeEach(() => {
  forgetDeployment();
  engineWatch().invalidate();
});

let count = 0;
/** A copy of upstream's directory with a filled config.env, the password with everything that shells stumble over. */
function copy(release: string, env?: (text: string) => string): string {
  const scratch = path.join(root, `copy${count++}`);
  const dir = path.join(scratch, 'deploy/join');
  mkdirSync(path.join(scratch, 'genesis'), { recursive: true });
  writeFileSync(path.join(scratch, 'genesis/genesis.json'), '{}');
  cpSync(path.join(UPSTREAM, `v${release}/join`), dir, { recursive: true });
  for (const file of execFileSync('find', [scratch], { encoding: 'utf8' }).split('\n').filter(Boolean)) spawnSync('chmod', ['u+w', file]);
  const text = readFileSync(path.join(dir, 'config.env.template'), 'utf8')
    .replace('KEY_NAME=<FILLIN>', 'KEY_NAME=my-node # name')
    .replace('KEYRING_PASSWORD=<FILLIN>', `KEYRING_PASSWORD='${PASSWORD.replaceAll("'", "'\\''")}'`)
    .replace('http://<HOST>:<PORT>', 'http://203.0.113.7:$API_PORT')
    .replace('tcp://<HOST>:<PORT>', 'tcp://203.0.113.7:5000')
    .replace(/<ACCOUNT[A-Z_]*>/, 'A4U3G2eY46mwhWx7ZXieT+LetPJhG0jHNuVCQB6wgBZK')
    .replace('/mnt/shared', '~/hf')
    // The older templates still name a port that the seeds have closed.
    .replace(/(gonka\.ai):26657/g, '$1:8000/chain-rpc/')
    .replace(/<FILLIN>/g, 'filled');
  writeFileSync(path.join(dir, 'config.env'), env ? env(text) : text, { mode: 0o600 });
  return dir;
}
const codes = async (dir: string) => (await loadDeployment(dir)).problems.map((one) => one.code);

describe.skipIf(!existsSync(UPSTREAM))('a deployment directory of upstream', () => {
  for (const [release, services] of [['0.2.4', 8], ['0.2.8', 9], ['0.2.14', 10]] as const) {
    it(`v${release}: services, roles, values, no problem`, async () => {
      const dir = copy(release);
      const found = await loadDeployment(dir);
      expect(found.problems).toEqual([]);
      expect(found).toMatchObject({ dir, release, project: { name: 'join', dir, files: ['docker-compose.yml', 'docker-compose.mlnode.yml'], profiles: [] } });
      expect(found.services).toHaveLength(services);
      const by = Object.fromEntries(found.services.map((one) => [one.name, one]));
      expect(by).toMatchObject({
        tmkms: { role: 'tmkms', group: 'network', containerName: 'tmkms', active: true },
        node: { role: 'node', dependsOn: ['tmkms'], mounts: expect.arrayContaining([{ source: path.join(dir, '.inference'), target: '/root/.inference', readOnly: false }]) },
        api: { role: 'api', variables: expect.arrayContaining(['KEY_NAME', 'KEYRING_PASSWORD', 'NODE_CONFIG']) },
        'proxy-ssl': { role: 'other', profiles: ['ssl'], active: false },
        'mlnode-308': { role: 'mlnode', group: 'ml' },
        inference: { role: 'inference', group: 'ml' },
      });
      expect(by.node?.required).toEqual(['KEY_NAME', 'P2P_EXTERNAL_ADDRESS', 'RPC_SERVER_URL_1', 'RPC_SERVER_URL_2', 'SEED_NODE_P2P_URL', 'SEED_NODE_RPC_URL']);
      expect(found.values).toMatchObject({ KEY_NAME: 'my-node', KEYRING_PASSWORD: PASSWORD, PUBLIC_URL: 'http://203.0.113.7:8000', PORT: '8080' });
      expect(redact(`Loaded KEYRING: ${PASSWORD}.`)).not.toContain('sentinel');
    });
  }

  it("compose sees bash's values and nothing of the panel's environment", async () => {
    const dir = copy('0.2.8');
    writeFileSync(path.join(dir, 'docker-compose.override.yml'), 'services:\n  api:\n    environment:\n      - OWN=[${DATABASE_URL:-}]\n');
    const found = await loadDeployment(dir);
    expect(found.project.files.at(-1)).toBe('docker-compose.override.yml');
    const config = (await composeConfig(found.project)) as { services: Record<string, { environment: Record<string, string>; ports: { published: string }[]; volumes: { source: string }[] }> };
    expect(config.services.api?.environment.OWN).toBe('[]');
    expect(config.services.inference?.ports[0]?.published).toBe('8080');
    expect(config.services['mlnode-308']?.volumes[0]?.source).toBe('/root/hf');
    expect(config.services.api?.environment.KEYRING_PASSWORD?.replaceAll('$$', '$')).toBe(PASSWORD);
  });

  it('local changes: a service of its own, another image, a default that went away', async () => {
    const dir = copy('0.2.4');
    writeFileSync(path.join(dir, 'docker-compose.override.yml'), 'services:\n  node:\n    image: ghcr.io/product-science/inferenced:0.2.8\n  watcher:\n    image: busybox\n    environment:\n      - HOOK=${HOOK_URL}\n');
    const found = await loadDeployment(dir);
    expect(found.services.find((one) => one.name === 'watcher')).toMatchObject({ role: 'other', group: 'network', required: ['HOOK_URL'] });
    expect(found.release).toBe('0.2.8');
    expect(found.problems).toEqual([
      { level: 'broken', code: 'variable_missing', params: { variable: 'HOOK_URL', services: 'watcher' } },
      { level: 'attention', code: 'release_mixed', params: { versions: '0.2.4: api, tmkms · 0.2.8: node' } },
    ]);
  });

  it('the untouched template: each placeholder by name', async () => {
    const dir = copy('0.2.4');
    cpSync(path.join(dir, 'config.env.template'), path.join(dir, 'config.env'));
    chmodSync(path.join(dir, 'config.env'), 0o644);
    const { problems, services } = await loadDeployment(dir);
    expect(services).toHaveLength(8);
    expect(problems.filter((one) => one.code === 'variable_placeholder').map((one) => one.params.variable)).toEqual(['ACCOUNT_PUBKEY', 'KEYRING_PASSWORD', 'KEY_NAME', 'P2P_EXTERNAL_ADDRESS', 'PUBLIC_URL']);
    expect(problems.at(-1)).toEqual({ level: 'attention', code: 'config_open', params: { file: 'config.env', mode: '0644' } });
    expect(problems).toHaveLength(6);
  });

  it('a placeholder that nobody reads still costs what stands after it', async () => {
    const dir = copy('0.2.14', (text) => text.replace('JAEGER_BASIC_AUTH_PASSWORD=filled', 'JAEGER_BASIC_AUTH_PASSWORD=<FILLIN>'));
    const { problems, values } = await loadDeployment(dir);
    expect(problems).toEqual([{ level: 'broken', code: 'config_stops', params: expect.objectContaining({ reason: 'redirection', variables: 'DAPI_OTEL_ENABLED, DEVSHARD_OTEL_ENABLED, OTEL_ENDPOINT, NODE_INSTRUMENTATION_PROMETHEUS, QUERY_GAS_LIMIT' }) }]);
    expect(values.DAPI_OTEL_ENABLED).toBeUndefined();
  });

  it('what is wrong with single values and lines', async () => {
    const change = (from: RegExp, to: string) => codes(copy('0.2.4', (text) => text.replace(from, to)));
    expect(await change(/export KEY_NAME=.*/, '')).toEqual(['variable_missing']);
    expect(await change(/export KEY_NAME=.*/, 'export KEY_NAME=')).toEqual(['variable_empty']);
    expect(await change(/export KEY_NAME=/, 'KEY_NAME=')).toEqual(['variable_not_exported']);
    expect(await change(/export KEY_NAME=.*/, 'export KEY_NAME=$(hostname)')).toEqual(['config_line']);
    expect(await change(/KEYRING_PASSWORD=.*/, 'KEYRING_PASSWORD=short77')).toEqual(['password_short']);
    expect(await change(/KEYRING_PASSWORD=.*/, 'KEYRING_PASSWORD=pass$word-long')).toEqual(['variable_reference']);
    expect(await change(/KEYRING_PASSWORD=.*/, "KEYRING_PASSWORD='never closed")).toEqual(['config_stops']);
    expect(await change(/ACCOUNT_PUBKEY=.*/, 'ACCOUNT_PUBKEY=/wTVavYr5OCiVssIT3Gc5nsfIH0lP1Rqn/zeQtq4CvQ=')).toEqual(['account_key_consensus']);
    expect(await change(/P2P_EXTERNAL_ADDRESS=tcp/, 'P2P_EXTERNAL_ADDRESS=http')).toEqual(['p2p_http']);
    expect(await change(/export SEED_NODE_RPC_URL=.*/, 'export SEED_NODE_RPC_URL=http://node2.gonka.ai:26657')).toEqual(['seed_rpc_port']);
    expect(await change(/export PORT=8080/, 'export NGINX_MODE=https PORT=8080')).toEqual(['public_url_needs_https']);
    expect(await change(/export API_PORT=8000/, 'export API_PORT=8080')).toEqual(['port_twice']);
    expect(await change(/NODE_CONFIG=.*/, 'NODE_CONFIG=./nothing.json')).toEqual(['node_config_missing']);
    expect(await change(/NODE_CONFIG=.*/, 'NODE_CONFIG=.')).toEqual(['node_config_directory']);
    expect(await change(/\n/g, '\r\n')).toEqual(expect.arrayContaining(['config_windows_lines']));
    expect(await change(/$/, '\nexport DOCKER_HOST=tcp://elsewhere:2375\n')).toEqual(['docker_variable']);
  });

  it('config.env missing, a directory, not text', async () => {
    const missing = copy('0.2.4');
    rmSync(path.join(missing, 'config.env'));
    expect(await codes(missing)).toEqual(['config_missing']);
    const directory = copy('0.2.4');
    rmSync(path.join(directory, 'config.env'));
    mkdirSync(path.join(directory, 'config.env'));
    expect(await codes(directory)).toEqual(['config_not_a_file']);
    const bytes = copy('0.2.4');
    writeFileSync(path.join(bytes, 'config.env'), Buffer.concat([readFileSync(path.join(bytes, 'config.env')), Buffer.from([10, 35, 0xff])]));
    expect(await codes(bytes)).toEqual(['config_not_text']);
  });

  it("a compose file that compose refuses: compose's words, services as written", async () => {
    const dir = copy('0.2.4');
    writeFileSync(path.join(dir, 'docker-compose.override.yml'), 'services:\n  api:\n    nonsense: true\n');
    const { problems, services, release } = await loadDeployment(dir);
    expect(problems).toEqual([{ level: 'broken', code: 'compose_invalid', params: { detail: expect.stringContaining('nonsense') } }]);
    expect(services.map((one) => one.name)).toContain('node');
    expect(release).toBe('0.2.4');
  });

  it('a genesis file that is missing, or was made a directory by Docker', async () => {
    const dir = copy('0.2.4');
    const genesis = path.join(dir, '../../genesis/genesis.json');
    rmSync(genesis);
    expect((await loadDeployment(dir)).problems).toEqual([{ level: 'broken', code: 'mount_missing', params: { path: path.normalize(genesis), services: 'node' } }]);
    mkdirSync(genesis);
    forgetDeployment();
    expect(await codes(dir)).toEqual(['mount_directory']);
  });

  it('sees a change at once, asks compose only for one', async () => {
    const dir = copy('0.2.4');
    const asked = () => readFileSync(calls, 'utf8').split('\n').length;
    await Promise.all(Array.from({ length: 20 }, () => loadDeployment(dir)));
    const before = asked();
    await new Promise((resolve) => setTimeout(resolve, 1100));
    await Promise.all(Array.from({ length: 20 }, () => loadDeployment(dir)));
    expect(asked()).toBe(before);
    writeFileSync(path.join(dir, 'config.env'), readFileSync(path.join(dir, 'config.env'), 'utf8').replace('API_PORT=8000', 'API_PORT=8001'));
    await new Promise((resolve) => setTimeout(resolve, 1100));
    expect((await loadDeployment(dir)).values.API_PORT).toBe('8001');
    expect(asked()).toBe(before + 1);
  });

  it('containers decide project, overlays and profiles, also by a link to the directory', async () => {
    const dir = copy('0.2.8');
    const link = path.join(path.dirname(dir), 'by-link');
    symlinkSync(dir, link);
    writeFileSync(path.join(dir, 'docker-compose.extra.yml'), `services:\n  node:\n    image: ${IMAGE}\n    container_name: ${PREFIX}-node\n    ports: !reset []\n  extra:\n    image: ${IMAGE}\n    profiles: [ssl]\n`);
    execFileSync('docker', ['compose', '-p', PREFIX, '--profile', 'ssl', '-f', `${link}/docker-compose.yml`, '-f', `${link}/docker-compose.extra.yml`, 'create', '--no-recreate', 'node', 'extra', '--pull', 'never'].filter((one) => one !== '--no-recreate'), { cwd: link, env: { ...process.env, PWD: link }, stdio: ['ignore', 'ignore', 'pipe'] });
    engineWatch().invalidate();
    const found = await loadDeployment(dir);
    expect(found.project).toMatchObject({ name: PREFIX, files: ['docker-compose.yml', 'docker-compose.extra.yml', 'docker-compose.mlnode.yml'], profiles: ['ssl'] });
    expect(realpathSync(found.project.dir)).toBe(dir);
    expect(found.services.find((one) => one.name === 'proxy-ssl')?.active).toBe(true);
    const discovered = await discoverDeployments();
    expect(discovered).toContainEqual({ dir, why: 'containers', release: '0.2.8' });
    renameSync(dir, `${dir}-moved`);
    engineWatch().invalidate();
    expect((await discoverDeployments()).find((one) => one.problem)).toMatchObject({ why: 'containers', problem: { code: 'deploy_dir_not_found' } });
  });

  it('chosen by a person: kept, by its real path, and refused with words', async () => {
    const dir = copy('0.2.4');
    expect(await currentDeployment()).toBeUndefined();
    const link = path.join(root, 'chosen');
    symlinkSync(dir, link);
    expect((await chooseDeployment(` ${link}/ `)).dir).toBe(dir);
    expect((await currentDeployment())?.dir).toBe(dir);
    const file = path.join(dir, 'docker-compose.yml');
    const other = path.join(root, 'other');
    mkdirSync(other);
    const empty = path.join(root, 'empty');
    mkdirSync(empty);
    writeFileSync(path.join(other, 'docker-compose.yml'), 'services:\n  api:\n    image: somebody/api:1\n');
    for (const [given, code] of [['join', 'deploy_dir_relative'], ['/nowhere/at/all', 'deploy_dir_not_found'], [file, 'deploy_dir_not_directory'], [`${file}/x`, 'deploy_dir_not_directory'], [empty, 'deploy_dir_no_compose'], [other, 'deploy_dir_not_gonka'], ['/a\0b', 'deploy_dir_invalid'], [`/${'x'.repeat(2000)}`, 'deploy_dir_too_long'], [`/${'x'.repeat(300)}`, 'deploy_dir_unreadable']] as const) {
      await expect(chooseDeployment(given), given).rejects.toMatchObject({ code });
    }
    expect((await currentDeployment())?.dir).toBe(dir);
  });
});
