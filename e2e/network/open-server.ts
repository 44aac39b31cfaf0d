/** An HTTP server of the network on a socket of its own: the seed's doors, the hub, the registry, the git server. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';

export type ServerOptions = { port?: number; host?: string };
/** `url` is for this machine and its engine, `containerUrl` for containers. */
export type OpenServer = { port: number; url: string; containerUrl: string; close(): Promise<void> };

/** The address at which containers reach this machine: any of its own beside loopback. */
export function hostAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((list) => list ?? []).filter((item) => item.family === 'IPv4' && !item.internal);
  return all[0]?.address ?? '127.0.0.1';
}

/** Port 0 (the default) takes a free one. An answer that fails is a 500 with the reason. */
export async function openServer(options: ServerOptions, answer: (request: IncomingMessage, response: ServerResponse) => Promise<unknown>): Promise<OpenServer> {
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(500, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify({ error: String(error) }));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, options.host ?? '0.0.0.0', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    port, url: `http://127.0.0.1:${port}`, containerUrl: `http://${hostAddress()}:${port}`,
    close: () => new Promise<void>((resolve) => { server.close(() => resolve()); server.closeAllConnections(); }),
  };
}
