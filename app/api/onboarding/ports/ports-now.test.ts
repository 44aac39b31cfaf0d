import { expect, it } from 'vitest';
import { portRows } from './ports-now.ts';

type Seen = Parameters<typeof portRows>[0];
const config = (ports: { target: number; published?: string; host_ip?: string }[]): Seen['config'] => ({ services: { api: { image: 'x/api:0.2.4', ports, volumes: [] } } });
const api = (...ports: [number, string, number][]) => [{ service: 'api', image: 'x/api:0.2.4', state: 'running', ports: ports.map(([hostPort, host, containerPort]) => ({ hostPort, host, containerPort, protocol: 'tcp' })) }] as unknown as Seen['containers'];
const states = (seen: Seen) => portRows(seen).map(({ container, published, config: by, docker, kernel, state }) => [container, published, by, docker.join(' '), kernel?.join(' '), state]);

it('says where a port is open by each witness, and by all of them together whether it is', () => {
  const everywhere = { config: config([{ target: 9100, published: '9100' }, { target: 9200, published: '19200' }, { target: 9000, published: '9000' }]), containers: api([9100, '0.0.0.0', 9100], [9100, '::', 9100], [19200, '0.0.0.0', 9200]) };
  expect(states({ ...everywhere, heard: [{ protocol: 'tcp', address: '::', port: 9100 }, { protocol: 'udp', address: '0.0.0.0', port: 19200 }] })).toEqual([[9200, '19200', '', '', '', 'open'], [9100, '9100', '', '', '', 'open']]);
  const bound = config([{ target: 9200, published: '9200', host_ip: '127.0.0.1' }]);
  expect(states({ config: bound, containers: api([9200, '127.0.0.1', 9200]), heard: [{ protocol: 'tcp', address: '127.0.0.1', port: 9200 }] })).toEqual([[9200, '9200', '127.0.0.1', '127.0.0.1', '127.0.0.1', 'closed']]);
  // The files are right, the container is an old one.
  expect(states({ config: bound, containers: api([9200, '0.0.0.0', 9200]), heard: undefined })).toEqual([[9200, '9200', '127.0.0.1', '', undefined, 'open']]);
  // Nothing runs yet.
  expect(states({ config: config([{ target: 9200, published: '9200', host_ip: '203.0.113.7' }]), containers: [], heard: [] })).toEqual([[9200, '9200', '203.0.113.7', '', '', 'planned']]);
  // Bound to the machine by one file and opened by another.
  expect(states({ config: config([{ target: 9200, published: '9200' }, { target: 9200, published: '9200', host_ip: '127.0.0.1' }]), containers: [], heard: [] })[0]?.[5]).toBe('planned');
  // Another program holds it open.
  expect(states({ config: bound, containers: [], heard: [{ protocol: 'tcp', address: '0.0.0.0', port: 9200 }] })[0]?.[5]).toBe('open');
  expect(states({ config: undefined, containers: api([9200, '0.0.0.0', 9200]), heard: [] })).toEqual([[9200, '9200', undefined, '', '', 'open']]);
});

it('an admin port in the machine\'s own network was in no row, and the card said that all ports are bound', () => {
  const hostNetwork = { services: { api: { image: 'x/api:0.2.4', network_mode: 'host', ports: [], volumes: [] } } } as Seen['config'];
  const running = [{ service: 'api', image: 'x/api:0.2.4', state: 'running', ports: [], networks: [{ name: 'host', address: '' }] }] as unknown as Seen['containers'];
  expect(states({ config: hostNetwork, containers: running, heard: [{ protocol: 'tcp', address: '::', port: 9200 }] })).toEqual([[9200, '9200', '', '', '', 'open'], [9100, '9100', '', '', '', 'open']]);
  expect(states({ config: hostNetwork, containers: [], heard: [] }).map(([container, , , , , state]) => [container, state])).toEqual([[9200, 'planned'], [9100, 'planned']]);
});
