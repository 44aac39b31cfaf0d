import { expect, test } from 'vitest';
import { ownAddresses } from './own-node.ts';

const container = (service: string, networks: { name: string; address: string }[], extra: object = {}) => ({ service, state: 'running' as const, oneOff: false, networks, ...extra });
const bridge = (address: string) => [{ name: 'join_default', address }];

test('the own services are reached at their container addresses', () => {
  expect(ownAddresses([container('node', bridge('172.18.0.3')), container('api', bridge('172.18.0.4')), container('proxy', bridge('172.18.0.5'))])).toEqual({
    rpc: 'http://172.18.0.3:26657', rest: 'http://172.18.0.3:1317', api: 'http://172.18.0.4:9000',
  });
});
test('what is stopped, a one-off, or without an address is not asked', () => {
  expect(ownAddresses([container('node', bridge('172.18.0.3'), { state: 'exited' }), container('api', bridge('172.18.0.4'), { oneOff: true }), container('api', bridge(''))])).toEqual({});
  expect(ownAddresses([])).toEqual({});
});
test('host network is loopback, IPv6 is bracketed, the first network with an address counts', () => {
  expect(ownAddresses([container('api', [{ name: 'host', address: '' }])])).toEqual({ api: 'http://127.0.0.1:9000' });
  expect(ownAddresses([container('api', [{ name: 'a', address: '' }, { name: 'b', address: 'fd00::4' }])])).toEqual({ api: 'http://[fd00::4]:9000' });
});
