/** The public proxy: /health, /v1 to the api, /chain-* to the node, the dashboard; limits since 0.2.8 (measured 38). */
import { answerBadGateway, answerRateLimited } from '../faults.ts';
import { Bucket, PROXY_LIMITS } from '../rate-limit.ts';
import { releaseOf } from '../releases.ts';
import { forward, serve } from './http.ts';
import { accessLine } from './inference.ts';
import { print, startFloodFromNode } from './log.ts';

const on = (value: string | undefined, standard: string) => (value || standard) === 'true';

function banner(env: NodeJS.ProcessEnv, guards: boolean): string[] {
  const disabled = (name: string, what: string) => (on(env[name], guards ? 'true' : 'false') ? [`   🚫 ${what}: Disabled`] : []);
  return [
    '🔧 Nginx Proxy Configuration:', `   KEY_NAME: ${env.KEY_NAME ?? ''}`, `   PROXY_ADD_NODE_PREFIX: ${env.PROXY_ADD_NODE_PREFIX || 'false'}`, '   API Service: api:9000', '   Node Service: node (API:1317, RPC:26657, gRPC:9090)',
    '   Explorer Service: explorer:5173', '   Proxy-SSL Service: proxy-ssl:8080', '   Mode: http-only (80)', '   SSL: Disabled', '   DASHBOARD_PORT: 5173 (enabled)', 'Dashboard: Enabled - root path will proxy to explorer',
    ...disabled('DISABLE_CHAIN_RPC', 'Chain RPC'), ...disabled('DISABLE_CHAIN_API', 'Chain API'), ...disabled('DISABLE_CHAIN_GRPC', 'Chain gRPC'),
    ...(guards ? ['   🛡️ Rate Limits:', '      Global: 1000r/s (burst=5000)', '      App API (Standard): 10r/m (burst=600)', `      App API (Exempt): 500r/s (burst=2000) -> [${env.GONKA_API_EXEMPT_ROUTES ?? ''}]`, '      Chain API: 20r/m (burst=200)', '      Chain RPC: 20r/m (burst=200)', '      Chain gRPC: 20r/m (burst=200)', '   ⛔ Blocked Routes:', `      App API: [${env.GONKA_API_BLOCKED_ROUTES ?? ''}]`] : []),
    'Rendering unified nginx configuration (mode: http, server_name: localhost)', 'nginx: the configuration file /etc/nginx/nginx.conf syntax is ok', 'nginx: configuration file /etc/nginx/nginx.conf test is successful', 'Nginx configuration is valid',
    '🌐 Available endpoints:', '   / (root)       -> Explorer dashboard', '   /api/*         -> API backend', '   /chain-rpc/*   -> Chain RPC', '   /chain-api/*   -> Chain REST API', '   /chain-grpc/*  -> Chain gRPC', '   /health        -> Health check',
  ];
}

export async function runProxy(): Promise<void> {
  process.on('SIGTERM', () => process.exit(0));
  const { env } = process;
  const { proxyGuards: guards } = releaseOf((env.STANDIN_IMAGE ?? '').split(':')[1]);
  const buckets = { api: new Bucket(PROXY_LIMITS.api), chain: new Bucket(PROXY_LIMITS.chain) };
  const exempt = (env.GONKA_API_EXEMPT_ROUTES ?? '').split(' ').filter(Boolean);
  const blocked = (env.GONKA_API_BLOCKED_ROUTES ?? '').split(' ').filter(Boolean);
  for (const line of banner(env, guards)) print(line);
  startFloodFromNode('proxy', (n) => `${accessLine('203.0.113.50', { method: 'GET', url: `/v1/status?n=${n}`, headers: {} }, 200, 16)} rt=0.001`);
  const text = (status: number, body: string) => ({ status, headers: { 'Content-Type': 'text/plain' }, body });

  for (const port of [80, 443]) {
    await serve(port, async (request, response, url) => {
      const client = (request.socket.remoteAddress ?? '').replace('::ffff:', '');
      const path = url.pathname;
      const pass = (host: string, to: number, target: string) => forward(request, response, { host, port: to, path: `${target}${url.search}` }, () => answerBadGateway(response));
      const say = ({ status, headers, body }: ReturnType<typeof text>) => void response.writeHead(status, headers).end(body);
      const route = async () => {
        if (path === '/health') return say(text(200, 'healthy\n'));
        const chain = /^\/chain-(rpc|api|grpc)(\/.*)?$/.exec(path);
        if (chain) {
          const [, kind = '', rest = '/'] = chain;
          const name = { rpc: 'RPC', api: 'API', grpc: 'gRPC' }[kind];
          if (on(env[`DISABLE_CHAIN_${kind.toUpperCase()}`], guards ? 'true' : 'false')) return say(text(404, `Chain ${name} Disabled`));
          if (guards && !buckets.chain.passes(client, Date.now())) return answerRateLimited(response);
          return pass('node', kind === 'rpc' ? 26657 : kind === 'api' ? 1317 : 9090, rest);
        }
        const api = /^(?:\/api)?(\/v[12]\/(.*))$/.exec(path);
        if (api) {
          const [, target = '', what = ''] = api;
          if (on(env.DISABLE_GONKA_API, 'false')) return say(text(404, 'App API Disabled'));
          if (blocked.some((prefix) => what.startsWith(prefix))) return say({ status: 403, headers: { 'Content-Type': 'application/json' }, body: '{"error": "Access Denied", "message": "This route is currently blocked."}' });
          if (guards && !exempt.some((prefix) => what.startsWith(prefix)) && !buckets.api.passes(client, Date.now())) return answerRateLimited(response);
          return pass('api', 9000, target);
        }
        return pass('explorer', 5173, path);
      };
      await route();
      print(`${accessLine(client, request, response.statusCode, Number(response.getHeader('content-length') ?? 0))} rt=0.001 uct="0.000" uht="0.001" urt="0.001"`);
    });
  }
}
