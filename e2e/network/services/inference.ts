/** The nginx in front of the ML node: both ports, with and without the version in the path (nginx.conf). */
import { answerBadGateway } from '../faults.ts';
import { forward, serve } from './http.ts';
import { print, startFloodFromNode } from './log.ts';

const day = () => {
  const now = new Date();
  return `${now.getUTCFullYear()}/${String(now.getUTCMonth() + 1).padStart(2, '0')}/${String(now.getUTCDate()).padStart(2, '0')} ${now.toISOString().slice(11, 19)}`;
};

/** nginx's combined form. */
export function accessLine(client: string, request: { method?: string; url?: string; headers: Record<string, unknown> }, status: number, bytes: number): string {
  const now = new Date();
  const month = now.toLocaleString('en', { month: 'short', timeZone: 'UTC' });
  return `${client} - - [${String(now.getUTCDate()).padStart(2, '0')}/${month}/${now.getUTCFullYear()}:${now.toISOString().slice(11, 19)} +0000] "${request.method} ${request.url} HTTP/1.1" ${status} ${bytes} "-" "${String(request.headers['user-agent'] ?? '-')}"`;
}

const REASONS: Record<string, string> = { ECONNREFUSED: '111: Connection refused', EHOSTUNREACH: '113: No route to host', ENOTFOUND: '113: No route to host', EAI_AGAIN: '113: No route to host' };

export async function runInference(): Promise<void> {
  process.on('SIGTERM', () => process.exit(0));
  print('/docker-entrypoint.sh: Configuration complete; ready for start up');
  startFloodFromNode('inference', (n) => accessLine('172.18.0.1', { method: 'GET', url: `/api/v1/state?n=${n}`, headers: {} }, 200, 22));
  for (const port of [8080, 5000]) {
    await serve(port, async (request, response, url) => {
      const client = (request.socket.remoteAddress ?? '').replace('::ffff:', '');
      const path = `${url.pathname.replace(/^\/v3\.0\.8(?=\/)/, '')}${url.search}`;
      await forward(request, response, { host: 'mlnode-308', port, path }, (error) => {
        process.stderr.write(`${day()} [error] 29#29: *1 connect() failed (${REASONS[error.code ?? ''] ?? error.message}) while connecting to upstream, client: ${client}, server: , request: "${request.method} ${request.url} HTTP/1.1", upstream: "http://mlnode-308:${port}${path}", host: "inference:${port}"\n`);
        answerBadGateway(response);
      });
      print(accessLine(client, request, response.statusCode, Number(response.getHeader('content-length') ?? 0)));
    });
  }
}
