import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { singleton } from '#lib/core/singleton.ts';
import { forgetDeployment } from '#lib/deployment/deployment.ts';
import { startOperation } from '#lib/operations/journal.ts';
import { previewOperation } from '#lib/operations/preview.ts';
import { docker, statesOf } from './busybox-host.ts';
import { around, by, detail, onBusyboxHost, refusal, run, steps, whys } from './busybox-operations.ts';

onBusyboxHost();

const ML = 'docker-compose.mlnode.yml';
const OVERRIDE = 'docker-compose.override.yml';
/** An ML file with services that Docker starts again, a profile that was switched on by hand, an override with a volume. */
function wholeDeployment(mlImage = 'gp-ops/api:0.2.4'): void {
  const service = (more: string, image = 'gp-ops/api:0.2.4') => `image: ${image}\n    command: [sh, -c, "exec sleep 100000"]\n    stop_grace_period: 1s\n    restart: always${more}`;
  writeFileSync(path.join(around.host.dir, ML), `services:\n  mlnode-308:\n    ${service('', mlImage)}\n  inference:\n    ${service('\n    depends_on: [mlnode-308]')}\n`);
  writeFileSync(path.join(around.host.dir, OVERRIDE), `services:\n  api:\n    volumes: ["kept:/kept"]\n  extra:\n    ${service('\n    profiles: [more]')}\nvolumes:\n  kept:\n`);
  up('--profile', 'more', 'up', '-d', 'tmkms', 'node', 'api', 'mlnode-308', 'inference', 'extra');
  forgetDeployment();
}
const up = (...args: string[]) => around.host.compose('-f', path.join(around.host.dir, ML), '-f', path.join(around.host.dir, OVERRIDE), ...args);
const networks = () => docker('network', 'ls', '-q', '--filter', `label=com.docker.compose.project=${around.host.project}`).trim();
const volumes = () => docker('volume', 'ls', '-q', '--filter', `label=com.docker.compose.project=${around.host.project}`).trim();

afterEach(() => {
  up('--profile', 'more', 'down', '--remove-orphans');
  for (const volume of volumes().split('\n').filter(Boolean)) docker('volume', 'rm', volume);
  forgetDeployment();
});

describe('down', () => {
  it('of everything: by the recorded files with override and profile, and the volumes stay', async () => {
    wholeDeployment();
    const preview = await previewOperation({ kind: 'down', target: '@all' });
    expect(preview.command.join(' ')).toMatch(/docker-compose\.yml -f \S+mlnode\.yml -f \S+override\.yml --profile more down$/);
    expect(preview.changes.map((one) => `${one.service} ${one.change}`).sort()).toEqual(['api remove', 'extra remove', 'inference remove', 'mlnode-308 remove', 'node remove', 'tmkms remove']);
    expect(preview.notes).toContain('keeps_volumes');
    // Docker was said to start the api again, whose container goes too.
    expect(preview.notes).not.toContain('node_takes_api_along');
    expect((await previewOperation({ kind: 'down', target: 'node' })).notes).toContain('node_takes_api_along');
    const done = await run('down', '@all');
    expect(done.error).toBeUndefined();
    expect(done).toMatchObject({ state: 'succeeded', target: '@all', command: preview.command });
    expect(detail(done, 'verify-removed')).toEqual({ code: 'gone', params: { project: around.host.project } });
    expect([around.host.states(), networks()]).toEqual([{}, '']);
    expect(volumes()).toMatch(/kept/);
    // Keys and data lie in directories of the deployment.
    expect(readFileSync(path.join(around.host.dir, '.tmkms/secrets/priv_validator_key.softsign'), 'utf8')).not.toBe('');
    const again = await run('down', '@all');
    expect([again.state, steps(again).remove]).toEqual(['succeeded', 'skipped']);
  });

  it('a host that was taken down was started again without the overlay, the profile and the project name that it had been started with', async () => {
    wholeDeployment();
    up('--profile', 'more', 'down');
    const project = `${around.host.project}hand`;
    writeFileSync(path.join(around.host.dir, 'by-hand.yml'), 'services:\n  api:\n    labels: [started.by=hand]\n');
    const byHand = ['-p', project, '-f', path.join(around.host.dir, 'by-hand.yml'), '--profile', 'more'];
    try {
      up(...byHand, 'up', '-d', 'tmkms', 'node', 'api', 'mlnode-308', 'inference', 'extra');
      forgetDeployment();
      expect((await run('down', '@all')).state).toBe('succeeded');
      expect(statesOf(project)).toEqual({});
      // As a panel that was restarted meanwhile knows it.
      singleton('deployment.removed-containers', () => new Map()).clear();
      forgetDeployment();
      for (const service of ['api', 'extra', 'mlnode-308']) expect((await run('start', service)).error, service).toBeUndefined();
      expect(statesOf(project)).toMatchObject({ api: 'running', extra: 'running', 'mlnode-308': 'running' });
      expect(statesOf(around.host.project)).toEqual({});
      expect(docker('ps', '-q', '--filter', `label=com.docker.compose.project=${project}`, '--filter', 'label=started.by=hand').trim()).not.toBe('');
    } finally {
      up(...byHand, 'down', '--volumes');
    }
  });

  it('files that compose could not read had no ML services, and a down of them said that they were gone while they ran', async () => {
    wholeDeployment();
    const file = path.join(around.host.dir, ML);
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace('    image: ', '    hostname: "${TAKEN_AWAY:?it is needed}"\n    image: '));
    forgetDeployment();
    for (const target of ['@ml', '@all']) expect(await refusal('down', target), target).toMatchObject({ code: 'files_unread' });
    expect(around.host.states()).toMatchObject({ 'mlnode-308': 'running', inference: 'running' });
    writeFileSync(file, text);
    forgetDeployment();
    expect(await run('down', '@ml')).toMatchObject({ state: 'succeeded' });
    expect(around.host.states()).not.toHaveProperty('mlnode-308');
  });

  it('a file that was moved away took its ML services along, and a down of them said that they were gone while they ran', async () => {
    docker('tag', 'gp-ops/api:0.2.4', 'gp-ops/mlnode:3.0.12');
    try {
      wholeDeployment('gp-ops/mlnode:3.0.12');
      const file = path.join(around.host.dir, ML);
      renameSync(file, `${file}.away`);
      forgetDeployment();
      try {
        expect(await refusal('down', '@ml')).toMatchObject({ code: 'ml_unnamed', params: { services: 'mlnode-308' } });
        expect(around.host.states()).toMatchObject({ 'mlnode-308': 'running', inference: 'running' });
      } finally {
        renameSync(`${file}.away`, file);
        forgetDeployment();
      }
      expect(await run('down', '@ml')).toMatchObject({ state: 'succeeded' });
      expect(around.host.states()).not.toHaveProperty('mlnode-308');
    } finally {
      docker('rmi', '-f', 'gp-ops/mlnode:3.0.12');
    }
  });

  it('of the ML services: they alone go, and none comes back', async () => {
    wholeDeployment();
    const node = around.host.container('node');
    const preview = await previewOperation({ kind: 'down', target: '@ml' });
    expect(preview.command.slice(-6)).toEqual(['rm', '-s', '-f', '--', 'inference', 'mlnode-308']);
    const done = await run('down', '@ml');
    expect(done.error).toBeUndefined();
    expect(around.host.states()).toEqual({ tmkms: 'running', node: 'running', api: 'running', extra: 'running' });
    expect(around.host.container('node')).toBe(node);
    const again = await run('down', '@ml');
    expect([again.state, steps(again).remove, around.host.states().node]).toEqual(['succeeded', 'skipped', 'running']);
  });

  it('a service that an update has renamed was left running by a down', async () => {
    wholeDeployment();
    const file = path.join(around.host.dir, ML);
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll('mlnode-308', 'mlnode-400'));
    forgetDeployment();
    const preview = await previewOperation({ kind: 'down', target: '@all' });
    expect(preview.command.slice(-2)).toEqual(['down', '--remove-orphans']);
    expect(preview.changes).toContainEqual({ service: 'mlnode-308', change: 'remove', running: true });
    expect((await run('down', '@all')).error).toBeUndefined();
    expect(around.host.states()).toEqual({});
  });

  it('the network that a cut-off down has left is removed by the next one', async () => {
    wholeDeployment();
    docker('rm', '-f', ...docker('ps', '-aq', '--filter', `label=com.docker.compose.project=${around.host.project}`).trim().split('\n'));
    forgetDeployment();
    expect(networks()).not.toBe('');
    const done = await run('down', '@all');
    expect([done.state, steps(done).remove, networks()]).toEqual(['succeeded', 'done', '']);
  });

  it('asks for a reason while the host is in the active set, and never touches what belongs to another directory', async () => {
    wholeDeployment();
    around.membership = 'in';
    expect(whys((await previewOperation({ kind: 'down', target: '@all' })).gate)).toContain('active_set');
    expect((await refusal('down', '@all')).code).toBe('operation_reason_needed');
    around.membership = 'out';
    docker('create', '--label', `com.docker.compose.project=${around.host.project}`, '--label', 'com.docker.compose.service=api', '--label', 'com.docker.compose.project.working_dir=/tmp', '--name', `${around.host.project}-other`, 'gp-ops/api:0.2.4', 'sh');
    expect((await refusal('down', '@all')).code).toBe('operation_other_directory');
    expect(around.host.states().node).toBe('running');
    docker('rm', `${around.host.project}-other`);
  });

  it('knows no other group', async () => {
    await expect(startOperation({ kind: 'down', target: '@everything', ...by })).rejects.toThrow();
    await expect(startOperation({ kind: 'down', ...by })).rejects.toThrow();
    expect((await refusal('down', 'nothing')).code).toBe('service_unknown');
  });
});
