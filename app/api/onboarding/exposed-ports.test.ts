/** Internal ports from the compose files, Docker and the kernel together. */
import { expect, it } from 'vitest';
import type { Container } from '#lib/docker/schema.ts';
import { exposedPorts } from './exposed-ports.ts';

const deployment = { project: { name: 'join', dir: '/d', files: [] }, release: '0.2.4', services: [] } as unknown as Parameters<typeof exposedPorts>[0]['deployment'];
const api = (hostPort: number, host = '0.0.0.0') => ({ project: 'join', service: 'api', state: 'running', oneOff: false, restartCount: 0, image: 'x/api:0.2.4', ports: [{ host, hostPort, containerPort: 9200, protocol: 'tcp' }] }) as unknown as Container;
const docker = (...containers: Container[]) => ({ engine: { state: 'ok' as const, version: '27.0', apiVersion: '1.46', socket: '/s' }, containers, at: 1 });
const NO_DOCKER = { engine: { state: 'stopped' as const, socket: '/s', detail: 'x' }, containers: [], at: 1 };
const wanted = (port: number, address?: string) => [{ service: 'api', container: 9200, protocol: 'tcp', port, ...(address ? { address } : {}) }];
const ask = (change: Partial<Parameters<typeof exposedPorts>[0]>) => exposedPorts({ deployment, engine: docker(), wanted: [], heard: undefined, card: 'eth0', ...change });

it('the admin port mapped to 19200 was listed as 9200, and 19200 as nobody’s', () => {
  expect(ask({ engine: docker(api(19_200)), wanted: wanted(19_200) }).value).toEqual({ ports: [{ port: 19_200, container: 9200, service: 'api', open: true, planned: true }], leaks: 'yes', card: 'eth0' });
  // Changed in the files, not recreated yet: the old one is open, the new one would be.
  expect(ask({ engine: docker(api(19_200)), wanted: wanted(9200) }).value?.ports.map(({ port, open, planned }) => [port, open, planned])).toEqual([[9200, false, true], [19_200, true, false]]);
});

it('"none of them is published" was said of files that compose could not read', () => {
  expect(ask({ wanted: undefined })).toEqual({ source: 'Docker 27.0', at: 1, why: 'compose' });
  expect(ask({ wanted: undefined, engine: docker(api(9200, '127.0.0.1')) }).why).toBe('compose');
  // What is open is said all the same, without compose as a witness.
  expect(ask({ wanted: undefined, engine: docker(api(9200)) })).toMatchObject({ source: 'Docker 27.0', value: { ports: [{ port: 9200, open: true, planned: false }] } });
  expect(ask({ wanted: wanted(9200, '127.0.0.1') })).toEqual({ source: 'docker compose config, Docker 27.0', at: 1, value: { ports: [], leaks: 'yes', card: 'eth0' } });
});

it('Docker that can’t be asked: the kernel says what is open, and nothing found is no proof', () => {
  const heard = [{ protocol: 'tcp' as const, address: '::', port: 19_200 }];
  expect(ask({ engine: NO_DOCKER, wanted: wanted(19_200), heard })).toMatchObject({ source: 'docker compose config, /proc/net', value: { ports: [{ port: 19_200, open: true, planned: true }] } });
  // Bound to the public address alone it was called closed.
  const bound = (address: string) => ask({ engine: NO_DOCKER, wanted: wanted(19_200, '203.0.113.7'), heard: [{ protocol: 'tcp', address, port: 19_200 }] }).value?.ports[0]?.open;
  expect([bound('203.0.113.7'), bound('127.0.0.1')]).toEqual([true, false]);
  expect(ask({ engine: NO_DOCKER, heard })).toMatchObject({ why: 'engine' });
  expect(ask({ engine: NO_DOCKER, wanted: undefined })).toEqual({ source: 'Docker', at: 1, why: 'engine' });
  expect(ask({ deployment: undefined }).why).toBe('not_chosen');
});

it('an api in the machine\'s own network hands out the password, though Docker lists no port of it', () => {
  const inHost = { ...api(9200), ports: [], networks: [{ name: 'host', address: '' }] } as unknown as Container;
  expect(ask({ engine: docker(inHost) }).value).toMatchObject({ ports: [{ port: 9100, open: true }, { port: 9200, open: true }], leaks: 'yes' });
});
