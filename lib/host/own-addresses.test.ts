import type { NetworkInterfaceInfo } from 'node:os';
import { expect, test } from 'vitest';
import { ownAddresses } from './own-addresses.ts';

const at = (address: string, family: 'IPv4' | 'IPv6' = 'IPv4', internal = false) => ({ address, family, internal, netmask: '', mac: '', cidr: null }) as NetworkInterfaceInfo;

const cards = (given: Record<string, NetworkInterfaceInfo[]>) => ownAddresses({ cards: given, sees: async () => true });

test('a public address of a card is told from all that nobody outside reaches', async () => {
  expect(await cards({ lo: [at('127.0.0.1', 'IPv4', true)], eth0: [at('10.0.0.5'), at('36.189.234.237'), at('2001:db8::1', 'IPv6')], docker0: [at('172.17.0.1')], 'br-1a2b': [at('8.8.8.8')] })).toEqual({
    public: [{ address: '36.189.234.237', card: 'eth0' }],
    private: [{ address: '10.0.0.5', card: 'eth0' }],
  });
});

test.each(['10.1.2.3', '172.16.0.1', '172.31.255.254', '192.168.1.1', '100.64.0.1', '169.254.1.1', '198.18.0.1', '203.0.113.7', '224.0.0.1'])('%s is not public', async (address) => {
  expect((await cards({ eth0: [at(address)] })).public).toEqual([]);
});
test.each(['172.15.0.1', '172.32.0.1', '100.63.0.1', '100.128.0.1', '192.169.0.1', '8.8.8.8'])('%s is public', async (address) => {
  expect((await cards({ eth0: [at(address)] })).public).toHaveLength(1);
});

test('the address of the panel\'s own container was shown as the server\'s only one', async () => {
  expect(await ownAddresses({ cards: { eth0: [at('172.18.0.7')] }, sees: async () => false })).toEqual({ public: [], private: [] });
});
