import { type ServiceDot, serviceDots } from '../ui/chip.tsx';

const KNOWN: Record<string, number> = { tmkms: 1, node: 2, api: 3, 'mlnode-308': 4, inference: 5, proxy: 6, explorer: 7, bridge: 8 };

/** A service's place in the palette, the same on every page and machine: the well-known ones apart from each other, others by their name. */
export function serviceColour(name: string): ServiceDot {
  let number = KNOWN[name];
  if (!number) {
    let hash = 2166136261;
    for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 16777619) >>> 0;
    number = (hash % 8) + 1;
  }
  return serviceDots[number - 1] as ServiceDot;
}
