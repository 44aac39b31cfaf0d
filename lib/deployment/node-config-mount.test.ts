import { mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { otherNodeConfig } from './node-config-mount.ts';
import type { DeploymentService } from './schema.ts';

const dir = realpathSync(mkdtempSync(path.join(tmpdir(), 'node-config-mount-')));
afterAll(() => rmSync(dir, { recursive: true }));
const service = (role: DeploymentService['role'], ...mounts: [source: string, target: string][]): DeploymentService => ({ name: role, image: '', group: 'network', profiles: [], active: true, dependsOn: [], variables: [], required: [], role, mounts: mounts.map(([source, target]) => ({ source, target, readOnly: false })) });
const api = (source: string) => otherNodeConfig({ dir, services: [service('node', ['/other', '/root/node_config.json']), service('api', ['/x', '/root/.dapi'], [source, '/root/node_config.json'])] });
const ours = path.join(dir, 'node-config.json');

it("api's node-config.json by any of its names, also before there is one", async () => {
  expect([await api(ours), await api('./node-config.json')]).toEqual([undefined, undefined]);
  writeFileSync(ours, '[]');
  symlinkSync('node-config.json', path.join(dir, 'linked.json'));
  expect([await api(ours), await api(path.join(dir, 'linked.json'))]).toEqual([undefined, undefined]);
});

it('another file is named; without api, or without the mount, nothing is said', async () => {
  expect(await api(path.join(dir, 'my-nodes.json'))).toBe(path.join(dir, 'my-nodes.json'));
  writeFileSync(path.join(dir, 'my-nodes.json'), '[]');
  expect(await api(path.join(dir, 'my-nodes.json'))).toBe(path.join(dir, 'my-nodes.json'));
  expect(await otherNodeConfig({ dir, services: [] })).toBeUndefined();
  expect(await otherNodeConfig({ dir, services: [service('api', ['/x', '/root/.dapi'])] })).toBeUndefined();
});
