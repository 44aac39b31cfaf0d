import { expect, it } from 'vitest';
import type { Container } from '#lib/docker/client.ts';
import { strayListeners } from './listeners.ts';

const wanted = [{ service: 'api', container: 9200, published: '9200', address: '127.0.0.1' }];
const api = (host: string) => ({ service: 'api', state: 'running', oneOff: false, ports: [{ host, hostPort: 9200, containerPort: 9200, protocol: 'tcp' }] }) as unknown as Container;
const heard = (...addresses: string[]) => addresses.map((address) => ({ protocol: 'tcp' as const, port: 9200, address }));

it('another program at another loopback address was said to be a port that is still open', () => {
  expect(strayListeners(wanted, [api('127.0.0.1')], heard('127.0.0.1', '127.0.0.2', '::1'))).toEqual({ stray: [], listening: ['127.0.0.1:9200'] });
});

it('whatever can be reached from outside is open: by Docker\'s word, by the kernel\'s, at each address', () => {
  expect(strayListeners(wanted, [api('127.0.0.1')], heard('127.0.0.1', '0.0.0.0', '192.0.2.7', '::')).stray).toEqual(['*:9200', '192.0.2.7:9200']);
  expect(strayListeners(wanted, [api('0.0.0.0')], undefined).stray).toEqual(['*:9200']);
  // Bound elsewhere by compose itself it isn't what was wanted.
  expect(strayListeners(wanted, [api('127.0.0.2')], heard('127.0.0.2')).stray).toEqual(['127.0.0.2:9200']);
});
