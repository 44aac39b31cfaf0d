import path from 'node:path';
import { composeConfigurationOf } from './deployment.ts';
import type { Deployment } from './schema.ts';

/**
 * Where the ML node of this machine looks for model weights. `cache` is the directory of the host that holds
 * `models--ORG--NAME`; `source` is mounted at `target` in the container, whose HF_HOME is `home`. `environment`: what
 * compose gives that concerns the hub, without secrets.
 */
export type WeightsPlace = { service: string; image: string; source: string; target: string; home: string; cache: string; environment: Record<string, string>; /** The ML node may not ask the hub: what isn't here it can't load. */ offline: boolean };

/** Of the variables that Hugging Face's programs read, those that say where things are. */
const PASSED = ['HF_HOME', 'HF_HUB_CACHE', 'HF_ENDPOINT'];
/** Without HF_HOME (huggingface_hub's own rule). */
const DEFAULT_HOME = '/root/.cache/huggingface';

/**
 * By what compose mounts into the ML node, not by the variable HF_HOME: where that is unset, compose mounts `~/.cache`,
 * and a download by hand lands beside it (facts 2.2). Undefined without an ML node, or where it keeps them in no directory
 * of the host.
 */
export async function weightsPlace(of: Deployment): Promise<WeightsPlace | undefined> {
  const service = of.services.find((one) => one.role === 'mlnode' && one.active);
  if (!service) return undefined;
  const all = (await composeConfigurationOf(of))?.services[service.name]?.environment ?? {};
  const given = Object.entries(all).flatMap(([name, value]): [string, string][] => (PASSED.includes(name) && value ? [[name, String(value)]] : []));
  const environment = Object.fromEntries([...(of.values.HF_ENDPOINT ? [['HF_ENDPOINT', of.values.HF_ENDPOINT] as [string, string]] : []), ...given]);
  const home = environment.HF_HOME ?? DEFAULT_HOME;
  const inside = environment.HF_HUB_CACHE ?? path.posix.join(home, 'hub');
  const mount = service.mounts.filter(({ target, readOnly }) => !readOnly && (inside === target || inside.startsWith(`${target}/`))).sort((a, b) => b.target.length - a.target.length)[0];
  if (!mount) return undefined;
  return { service: service.name, image: service.image, source: mount.source, target: mount.target, home, cache: path.join(/*turbopackIgnore: true*/ mount.source, path.posix.relative(mount.target, inside)), environment, offline: /^(?:1|true|yes|on)$/i.test(String(all.HF_HUB_OFFLINE ?? '')) };
}

/** The token for the hub in config.env, under either of its names. Server only. */
export const hubToken = (of: Deployment): { name: string; value: string } | undefined =>
  ['HF_TOKEN', 'HUGGING_FACE_HUB_TOKEN'].flatMap((name) => (of.values[name] ? [{ name: 'HF_TOKEN', value: of.values[name] }] : []))[0];
