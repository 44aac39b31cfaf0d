import { expect, it, vi } from 'vitest';
import { envOfText } from './config-change.ts';
import { configProblems } from './config-problems.ts';
import type { Deployment } from './schema.ts';

const engine = { state: 'ok' };
vi.mock('#lib/docker/engine-watch.ts', () => ({ engineWatch: () => ({ snapshot: async () => ({ engine, containers: [], at: 0 }) }) }));
vi.mock('#lib/host/listeners.ts', () => ({ listeners: async () => [{ protocol: 'tcp', address: '0.0.0.0', port: 8000, process: 'docker-proxy' }] }));
vi.mock('./deployment.ts', () => ({ composeConfigurationOf: async () => ({ services: { proxy: { ports: [{ target: 80, published: '8000' }], volumes: [] } } }) }));

const dir = '/no/such/directory';
const of: Deployment = {
  dir, project: { name: 'p', dir, files: [], profiles: [], env: {} }, problems: [], values: {},
  services: [{ name: 'proxy', image: '', group: 'network', profiles: [], active: true, dependsOn: [], variables: [], required: [], role: 'proxy', mounts: [] }],
};
const taken = async () => (await configProblems(of, envOfText('', dir))).filter(({ code }) => code.startsWith('port_taken')).map(({ params }) => params.port);

it("the deployment's own ports were another program's while Docker could not be asked", async () => {
  expect(await taken()).toEqual([8000]);
  for (const state of ['absent', 'stopped', 'permission', 'error']) {
    engine.state = state;
    expect(await taken(), state).toEqual([]);
  }
});
