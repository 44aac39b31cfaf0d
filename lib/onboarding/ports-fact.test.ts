/** Whose the ports are that the deployment wants. */
import { expect, it } from 'vitest';
import { portsFact } from './ports-fact.ts';

const heard = (port: number, process?: string) => ({ protocol: 'tcp' as const, address: '0.0.0.0', port, ...(process ? { process } : {}) });
const container = (name: string, port: number, project = 'join') => ({ name, project, ports: [{ host: '0.0.0.0', hostPort: port, containerPort: port, protocol: 'tcp' }] });
const NOTHING = { project: undefined, engineKnown: true, containers: [], wanted: undefined, heard: [], at: 1 };
const WANTED = [{ service: 'proxy', container: 80, protocol: 'tcp', port: 8000 }];

it('the running host’s own ports were taken by strangers who should be stopped, as long as no directory was chosen', () => {
  const running = { ...NOTHING, containers: [container('node', 5000), container('proxy', 8000)], heard: [heard(5000, 'docker-proxy'), heard(8000)] };
  expect(portsFact(running)).toEqual({ source: '/proc/net', at: 1, why: 'containers' });
  // A program that isn't Docker's is still named, alone.
  expect(portsFact({ ...running, heard: [...running.heard, heard(9100, 'nginx')] }).value?.taken).toEqual([{ port: 9100, protocol: 'tcp', service: 'api', process: 'nginx' }]);
});

it('without Docker’s answer what docker-proxy or nobody visible holds isn’t told apart', () => {
  for (const process of ['docker-proxy', undefined]) expect(portsFact({ ...NOTHING, engineKnown: false, heard: [heard(5000, process)] }).why).toBe('engine');
  expect(portsFact({ ...NOTHING, engineKnown: false, heard: [heard(8000, 'nginx')] }).value?.taken).toHaveLength(1);
  expect(portsFact({ ...NOTHING, engineKnown: false }).value).toEqual({ wanted: 7, taken: [] });
});

it('with a directory: its own containers don’t count, those of others are named', () => {
  const chosen = { ...NOTHING, project: 'join', wanted: WANTED, heard: [heard(8000, 'docker-proxy')] };
  expect(portsFact({ ...chosen, containers: [container('proxy', 8000)] }).value).toEqual({ wanted: 1, taken: [] });
  expect(portsFact({ ...chosen, containers: [container('web', 8000, 'shop')] }).value?.taken).toEqual([{ port: 8000, protocol: 'tcp', service: 'proxy', process: 'docker-proxy', container: 'web' }]);
  expect(portsFact({ ...chosen, heard: [heard(8000)] }).value?.taken).toEqual([{ port: 8000, protocol: 'tcp', service: 'proxy' }]);
  expect([portsFact({ ...chosen, wanted: undefined }).why, portsFact({ ...chosen, engineKnown: false }).why, portsFact({ ...chosen, heard: undefined }).why]).toEqual(['compose', 'engine', 'container']);
});
