import type { FitReason, ModelFit } from './models-data.ts';

/** RAM against 1.5 x VRAM is about the server, whatever the model: it is said once, with the server. */
export const isRam = ({ code }: Pick<FitReason, 'code'>): boolean => code.startsWith('ram_');

/** The RAM sentence of each server, by its name. */
export function ramReasons(fits: readonly ModelFit[]): Map<string, FitReason> {
  const found = new Map<string, FitReason>();
  for (const { server, reasons } of fits[0]?.servers ?? []) {
    const ram = reasons.find(isRam);
    if (ram) found.set(server, ram);
  }
  return found;
}
