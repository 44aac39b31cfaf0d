import { checkedUrl } from '#lib/chain/address-rules.ts';
import { clock } from '#lib/core/clock.ts';
import { isPanelError } from '#lib/core/errors.ts';
import { singleton } from '#lib/core/singleton.ts';
import type { Deployment } from '#lib/deployment/schema.ts';
import { engine } from '#lib/docker/engine.ts';
import { findImage } from '#lib/docker/local-image.ts';
import { runOneShot } from '#lib/docker/one-shot.ts';
import { GPU_QUERY, parseGpus } from '#lib/host/gpus.ts';
import type { GpuProbe, SeedProbe } from './prerequisite-facts.ts';

/** A hung driver makes nvidia-smi hang too. */
const GPU_TIMEOUT_MS = 60_000;
const SEED_TIMEOUT_MS = 30_000;

type Probes = { dir: string; gpu: GpuProbe; seed: SeedProbe };
const box = () => singleton('onboarding.probes', (): { last?: Probes; running?: Promise<Probes> } => ({}));

/** What the last try in this directory showed; undefined: none since the panel started. */
export const lastProbes = (dir: string | undefined): Pick<Probes, 'gpu' | 'seed'> | undefined => (box().last?.dir === dir ? box().last : undefined);

/**
 * Two containers that are gone a moment later, of images that are here already: one asks for every card, one asks the
 * seed from the deployment's own network. Changes nothing; nothing is pulled. `seeds`: to ask where config.env names none.
 */
export function tryContainers(of: Deployment, seeds: readonly string[]): Promise<Probes> {
  const state = box();
  state.running ??= (async () => {
    const [gpu, seed] = await Promise.all([gpuProbe(of), seedProbe(of, seeds)]);
    state.last = { dir: of.dir, gpu, seed };
    return state.last;
  })().finally(() => {
    state.running = undefined;
  });
  return state.running;
}

/** Images of the deployment that are on this machine, those of the named roles first. */
async function imagesHere(of: Deployment, first: readonly string[]): Promise<string[]> {
  const rank = (role: string) => (first.includes(role) ? first.indexOf(role) : first.length);
  const images = [...new Set([...of.services].sort((a, b) => rank(a.role) - rank(b.role)).map(({ image }) => image).filter(Boolean))];
  const here = await Promise.all(images.map((image) => findImage(image).catch(() => undefined)));
  return images.filter((_, i) => here[i]);
}

type Ran = { exitCode: number; stdout: string; stderr: string } | { failed: string };

/** What the engine refuses becomes words to read; every other failure too, so that one probe never hides the other. */
async function ran(options: Parameters<typeof runOneShot>[0]): Promise<Ran> {
  try {
    return await runOneShot(options);
  } catch (error) {
    if (!isPanelError(error)) throw error;
    return { failed: String(error.params.detail ?? error.code) };
  }
}

async function gpuProbe(of: Deployment): Promise<GpuProbe> {
  const at = clock.now();
  // The toolkit puts nvidia-smi into any image with an ordinary C library; the ML node's is the one that counts.
  const [image] = await imagesHere(of, ['mlnode', 'inference', 'proxy', 'api']);
  if (!image) return { at, outcome: 'no_image' };
  return { at, image, ...gpuOutcome(await ran({ image, argv: ['nvidia-smi', ...GPU_QUERY], gpus: true, timeoutMs: GPU_TIMEOUT_MS })) };
}

/** What the engine or `nvidia-smi` in the container said, as one of the known cases. */
export function gpuOutcome(result: Ran): Omit<GpuProbe, 'at' | 'image'> {
  const said = 'failed' in result ? result.failed : `${result.stderr}\n${result.stdout}`.trim();
  const detail = said.slice(-400);
  const is = (outcome: GpuProbe['outcome']) => ({ outcome, detail });
  if (/could not select device driver|unknown or invalid runtime name|unresolvable CDI devices|nvidia-container-(runtime|cli)[^\n]*(not found|no such file)/i.test(said)) return is('no_toolkit');
  if (/driver\/library version mismatch/i.test(said)) return is('driver_mismatch');
  if (/nvml error: driver not loaded|couldn't communicate with the NVIDIA driver|no adapters were found|nvidia-modprobe/i.test(said)) return is('driver_missing');
  if (/unsatisfied condition: cuda/i.test(said)) return is('cuda_old');
  if ('failed' in result) return /executable file not found|no such file or directory/i.test(said) ? is('no_program') : is('failed');
  const cards = parseGpus(result.stdout);
  if (cards.length > 0) return { outcome: 'sees', seen: cards.length, lost: cards.filter(({ state }) => state === 'broken').length };
  if (result.exitCode === 127 || result.exitCode === 126) return is('no_program');
  return result.exitCode === 0 || /No devices were found/i.test(said) ? is('none') : is('failed');
}

async function seedProbe(of: Deployment, seeds: readonly string[]): Promise<SeedProbe> {
  const at = clock.now();
  const seed = [of.values.SEED_API_URL, ...seeds].find((url) => url && isAskable(url));
  if (!seed) return { at, outcome: 'no_seed' };
  const { host } = new URL(seed);
  const url = `${seed.replace(/\/+$/, '')}/v1/epochs/latest`;
  const [image] = await imagesHere(of, ['api', 'node', 'proxy', 'mlnode']);
  if (!image) return { at, host, url, outcome: 'no_image' };
  const network = await networkOf(of.project.name);
  if (!network) return { at, host, url, image, outcome: 'no_network' };
  const base = { at, host, url, image, network };
  const program = async (argv: string[]) => seedOutcome(await ran({ image, argv, networkMode: network, timeoutMs: SEED_TIMEOUT_MS }));
  const curl = await program(['curl', '-fsS', '-m', '15', '-o', '/dev/null', url]);
  return { ...base, ...(curl.outcome === 'no_program' ? await program(['wget', '-q', '-T', '15', '-O', '/dev/null', url]) : curl) };
}

function isAskable(url: string): boolean {
  try {
    checkedUrl(url);
    return true;
  } catch {
    return false;
  }
}

/** What `curl` or `wget` said in the container. A seed that answers with an error is reached all the same. */
export function seedOutcome(result: Ran): Pick<SeedProbe, 'outcome' | 'detail'> {
  const said = 'failed' in result ? result.failed : result.stderr;
  const is = (outcome: SeedProbe['outcome']) => ({ outcome, detail: said.trim().slice(-400) });
  if ('failed' in result) return /executable file not found|no such file or directory/i.test(said) ? is('no_program') : is('failed');
  if (result.exitCode === 0) return { outcome: 'answers' };
  if (result.exitCode === 127 || result.exitCode === 126) return is('no_program');
  if (/returned error: \d|server returned error|HTTP\/\d/i.test(said)) return is('odd');
  if (/could not resolve|bad address|name or service not known|unable to resolve/i.test(said)) return is('no_name');
  return /failed to connect|can't connect|connection refused|timed out|no route|unreachable|couldn't connect/i.test(said) ? is('no_way') : is('failed');
}

/** The project's own network, which its containers use; before there is one, Docker's default. */
async function networkOf(project: string): Promise<string | undefined> {
  type Network = { Name: string; Labels?: Record<string, string> | null };
  const all = await (engine().listNetworks({ filters: JSON.stringify({ driver: ['bridge'] }) } as never) as unknown as Promise<Network[]>).catch((): Network[] => []);
  const own = all.filter(({ Labels }) => Labels?.['com.docker.compose.project'] === project);
  return (own.find(({ Labels }) => Labels?.['com.docker.compose.network'] === 'default') ?? own[0] ?? all.find(({ Name }) => Name === 'bridge'))?.Name;
}
