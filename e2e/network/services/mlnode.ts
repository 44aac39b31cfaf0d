/** An ML node without a GPU: it takes the commands of the api and says what it would be doing (facts 10.1). */
import { readText, serve } from './http.ts';
import { print, startFloodFromNode } from './log.ts';
import { MlNodeModels } from './mlnode-models.ts';

type State = 'STOPPED' | 'INFERENCE' | 'POW';

const stamp = () => new Date().toISOString().replace('T', ' ').replace('.', ',').replace('Z', '');
const log = (name: string, message: string) => print(`${stamp()} - ${name} - INFO - ${message}`);
const GPU = { index: 0, name: 'NVIDIA A100-SXM4-80GB', total_memory_mb: 81920, free_memory_mb: 80000, used_memory_mb: 1920, utilization_percent: 3, temperature_c: 40, is_available: true, error_message: null };

export async function runMlNode(): Promise<void> {
  process.on('SIGTERM', () => {
    print('INFO:     Shutting down');
    process.exit(0);
  });
  const newer = !/mlnode:3\.0\.(8|9|10|11|12)$/.test(process.env.STANDIN_IMAGE ?? '');
  let state: State = 'STOPPED';
  let generating = false;
  // models/, gpu/ and health came with 3.0.10.
  const older = /mlnode:3\.0\.[0-9]$/.test(process.env.STANDIN_IMAGE ?? '');
  const models = new MlNodeModels((message) => log('api.models.manager', message));
  print('INFO:     Started server process [1]');
  print('INFO:     Waiting for application startup.');
  print('INFO:     Application startup complete.');
  const answer = async (method: string, path: string, body: () => Promise<string>): Promise<[number, unknown]> => {
    const route = path.replace(/^\/v\d+\.\d+\.\d+(?=\/)/, '');
    if (older && /^\/(api\/v1\/(models|gpu)|health|livez|readyz)(\/|$)/.test(route)) return [404, { detail: 'Not Found' }];
    switch (`${method} ${route}`) {
      case 'GET /api/v1/state': return [200, newer ? { version: '3.0.14', state, poc_status: generating ? 'GENERATING' : 'IDLE', inference_healthy: state === 'INFERENCE', loaded_model: state === 'INFERENCE' ? 'model' : null, poc_validation_inference: true } : { state }];
      case 'POST /api/v1/stop': state = 'STOPPED'; generating = false; log('api.routes', 'All services stopped'); return [200, { status: 'OK' }];
      case 'POST /api/v1/inference/up':
        if (state === 'INFERENCE') return [409, { detail: 'VLLM is already running. Use /inference/down to stop it first.' }];
        await body();
        state = 'INFERENCE';
        generating = false;
        log('api.inference.manager', 'vLLM is up and running with 1 instance(s).');
        return [200, { status: 'OK' }];
      case 'POST /api/v1/inference/down': state = 'STOPPED'; return [200, { status: 'OK' }];
      case 'POST /api/v1/pow/init/generate': state = 'POW'; generating = true; log('pow.compute.controller', 'Created 4 GPU groups:'); return [200, { status: 'OK', pow_status: { status: 'GENERATING' } }];
      case 'POST /api/v1/pow/init/validate': state = 'POW'; generating = false; log('pow.service.manager', 'Switched to validation'); return [200, { status: 'OK', pow_status: { status: 'VALIDATING' } }];
      case 'GET /api/v1/gpu/devices': return [200, { devices: [0, 1, 2, 3].map((index) => ({ ...GPU, index })), count: 4 }];
      case 'GET /api/v1/gpu/driver': return [200, { driver_version: '570.86.15', cuda_driver_version: '12.8', nvml_version: '12.570.86' }];
      case 'GET /readyz': return [200, { ready: true }];
      case 'GET /health': case 'GET /livez':
        return [200, { status: 'healthy', service_state: state, gpu: { available: true, count: 4, devices: [0, 1, 2, 3].map((index) => ({ ...GPU, index })) }, managers: { pow: { running: state === 'POW', healthy: true }, inference: { running: state === 'INFERENCE', healthy: true }, train: { running: false, healthy: true } } }];
      case 'GET /v1/models': return state === 'INFERENCE' ? [200, { object: 'list', data: [] }] : [503, { detail: 'vLLM is not running' }];
    }
    const ofModels = route.startsWith('/api/v1/models') ? await models.answer(method, route.slice('/api/v1/models'.length).replace(/\/$/, ''), await body()) : undefined;
    return ofModels ?? [404, { detail: 'Not Found' }];
  };
  for (const port of [8080, 5000]) {
    await serve(port, async (request, response, url) => {
      const [status, body] = await answer(request.method ?? 'GET', url.pathname, () => readText(request));
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
      print(`INFO:     ${request.socket.remoteAddress?.replace('::ffff:', '')}:${request.socket.remotePort} - "${request.method} ${url.pathname} HTTP/1.1" ${status} ${status === 200 ? 'OK' : ''}`.trimEnd());
    });
  }
  startFloodFromNode('mlnode-308', (n) => `${stamp()} - pow.service.sender - INFO - Batch ${n} of nonces computed`);
  print('INFO:     Uvicorn running on http://0.0.0.0:8080 (Press CTRL+C to quit)');
  // The API's clients send while it generates.
  setInterval(() => { if (generating) log('pow.service.sender', 'Sending generated batch to http://api:9100/'); }, 2000);
}
