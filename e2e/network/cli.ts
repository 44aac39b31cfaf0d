/**
 * The network from a terminal:
 *   node e2e/network/cli.ts seed [--port 4100] [--release 0.2.4] [--epoch-seconds 60] [--participants 40] [--no-limits]
 *   node e2e/network/cli.ts images                    load the images into the engine of DOCKER_HOST
 *   node e2e/network/cli.ts prepare DIR --seed URL [--release 0.2.4]
 *   node e2e/network/cli.ts git [--port 4400] [--rate BYTES_PER_SECOND]
 *   node e2e/network/cli.ts registry [--port 4300] [--rate BYTES_PER_SECOND]
 *   node e2e/network/cli.ts hub [--port 4200] [--rate BYTES_PER_SECOND]
 *   node e2e/network/cli.ts hf download REPO         the client of the hub (HF_ENDPOINT, HF_HOME)
 *   node e2e/network/cli.ts inferenced …              the operator's own inferenced (cold key in $HOME/.inference)
 */
import { parseArgs } from 'node:util';
import { RELEASES, type ReleaseName } from './releases.ts';

const [command = '', ...rest] = process.argv.slice(2);

function release(name: string): ReleaseName {
  if (name in RELEASES) return name as ReleaseName;
  throw new Error(`unknown release ${name}: ${Object.keys(RELEASES).join(', ')}`);
}

async function seed(): Promise<void> {
  const { values } = parseArgs({
    args: rest,
    options: {
      port: { type: 'string', default: '4100' }, release: { type: 'string', default: '0.2.4' }, 'epoch-seconds': { type: 'string', default: '60' },
      participants: { type: 'string', default: '40' }, 'no-limits': { type: 'boolean', default: false },
    },
  });
  const { startSeed } = await import('./seed.ts');
  const started = await startSeed({
    port: Number(values.port), release: release(values.release), epochSeconds: Number(values['epoch-seconds']), participants: Number(values.participants),
    ...(values['no-limits'] ? { rateLimit: false as const } : {}),
  });
  console.log(`seed ${started.url}\nfor containers ${started.containerUrl}\nPOST /standin/faults and /standin/world change it (docs: e2e/network/README.md)`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void started.stop().then(() => process.exit(0)));
}

switch (command) {
  case 'seed': await seed(); break;
  case 'images': {
    const { ensureImages } = await import('./image.ts');
    console.log(await ensureImages());
    break;
  }
  case 'prepare': {
    const { values, positionals } = parseArgs({ args: rest, allowPositionals: true, options: { seed: { type: 'string', default: '' }, release: { type: 'string', default: '0.2.4' } } });
    const { prepareDeployment } = await import('./deployment.ts');
    console.log(prepareDeployment({ release: release(values.release), scratch: positionals[0] ?? '', seedUrl: values.seed }));
    break;
  }
  case 'inferenced': {
    const { runInferenced } = await import('./commands/inferenced.ts');
    process.exitCode = await runInferenced(rest);
    break;
  }
  case 'hf': {
    const { runHf } = await import('./commands/hf.ts');
    process.exitCode = await runHf('hf', rest);
    break;
  }
  case 'git': {
    const { values } = parseArgs({ args: rest, options: { port: { type: 'string', default: '4400' }, rate: { type: 'string', default: '0' } } });
    const { startGitServer } = await import('./git-server.ts');
    const server = await startGitServer({ port: Number(values.port), bytesPerSecond: Number(values.rate) });
    console.log(server.url);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void server.close().then(() => process.exit(0)));
    break;
  }
  case 'registry': {
    const { values } = parseArgs({ args: rest, options: { port: { type: 'string', default: '4300' }, rate: { type: 'string', default: '0' } } });
    const [{ startRegistry }, { IMAGE_NAMES }] = await Promise.all([import('./registry.ts'), import('./image.ts')]);
    const registry = await startRegistry({ port: Number(values.port), bytesPerSecond: Number(values.rate) });
    console.log(IMAGE_NAMES.map(registry.nameOf).join('\n'));
    break;
  }
  case 'hub': {
    const { values } = parseArgs({ args: rest, options: { port: { type: 'string', default: '4200' }, rate: { type: 'string', default: '0' } } });
    const { startHub } = await import('./hub.ts');
    const hub = await startHub({ port: Number(values.port), bytesPerSecond: Number(values.rate) });
    console.log(`HF_ENDPOINT=${hub.url}\nfor containers HF_ENDPOINT=${hub.containerUrl}`);
    break;
  }
  default:
    console.error('seed | images | prepare DIR | inferenced … | git | registry | hub | hf download REPO');
    process.exitCode = 1;
}
