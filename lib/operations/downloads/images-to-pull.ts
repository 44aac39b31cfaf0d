import { PanelError } from '#lib/core/errors.ts';
import type { Deployment, ServiceRole } from '#lib/deployment/schema.ts';
import { readEngineInfo } from '#lib/docker/engine-info.ts';
import { findImage, type LocalImage } from '#lib/docker/local-image.ts';
import { dockerArch } from '#lib/host/cpu.ts';

/** An image that active services run. `here` is what the engine has of that name; `fits`: made for this machine. */
export type WantedImage = { image: string; services: string[]; here?: LocalImage; fits: boolean };

/** What is needed first is pulled first: the chain can be started while the ML node's image, the largest, still comes. */
const ORDER: ServiceRole[] = ['tmkms', 'node', 'api', 'proxy', 'explorer', 'other', 'inference', 'mlnode'];

/** Every image of the active services, in the order in which they are needed. Throws engine_*. */
export async function wantedImages(of: Deployment): Promise<WantedImage[]> {
  const active = of.services.filter((one) => one.active && one.image).sort((a, b) => ORDER.indexOf(a.role) - ORDER.indexOf(b.role));
  const names = [...new Set(active.map((one) => one.image))];
  const wanted = await engineArchitecture();
  return Promise.all(names.map(async (image): Promise<WantedImage> => {
    const here = await findImage(image);
    return { image, services: active.filter((one) => one.image === image).map((one) => one.name), ...(here ? { here } : {}), fits: !here || here.architecture === '' || here.architecture === wanted };
  }));
}

/** As Docker names it: `amd64`. Throws engine_*. */
export const engineArchitecture = async (): Promise<string> => dockerArch((await readEngineInfo()).machine);

/** Those that aren't here, or aren't made for this machine; `chosen` names some of them. Throws images_unknown, engine_*. */
export async function imagesToPull(of: Deployment, chosen?: readonly string[]): Promise<WantedImage[]> {
  const all = await wantedImages(of);
  const stranger = chosen?.find((image) => !all.some((one) => one.image === image));
  if (stranger !== undefined) throw new PanelError('images_unknown', { image: stranger.slice(0, 200) }, { status: 404 });
  return all.filter((one) => (!chosen || chosen.includes(one.image)) && !(one.here && one.fits));
}

/** `ghcr.io/product-science/inferenced:0.2.8@sha256:…` → `inferenced:0.2.8`. */
export const shortImage = (image: string): string => (image.split('@')[0] ?? image).split('/').at(-1) ?? image;
