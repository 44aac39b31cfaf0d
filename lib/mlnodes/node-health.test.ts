import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { mlNodeHealth } from './node-health.ts';

async function asked(status: number, body: string) {
  const server = createServer((request, response) => void response.writeHead(request.url === '/health' ? status : 404).end(body));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await mlNodeHealth(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.close();
  }
}

test.each([[200, '{"status":"healthy","service_state":"STOPPED"}', 'healthy'], [503, '{"status":"unhealthy"}', 'unhealthy'], [200, '{"status":"unhealthy"}', 'unhealthy']])('%i %s: %s', async (status, body, value) => expect(await asked(status, body)).toMatchObject({ value }));
test.each([[200, '{}', 'mlnodes_malformed'], [200, 'null', 'mlnodes_malformed'], [200, '<html>', 'mlnodes_malformed'], [404, '{}', 'mlnodes_status'], [500, '{"status":"healthy"}', 'mlnodes_status']])('%i %s proves nothing', async (status, body, code) => expect(await asked(status, body)).toMatchObject({ error: { code } }));
