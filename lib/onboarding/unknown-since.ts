import { singleton } from '#lib/core/singleton.ts';
import type { StepName } from './schema.ts';

/** Since when (ms) each step can't be told, as far as this process has looked; one that can be told is forgotten. */
export function unknownSince(unknown: readonly StepName[], now: number): (name: StepName) => number {
  const since = singleton('onboarding.unknown-since', () => new Map<StepName, number>());
  for (const name of since.keys()) if (!unknown.includes(name)) since.delete(name);
  for (const name of unknown) if (!since.has(name)) since.set(name, now);
  return (name) => since.get(name) ?? now;
}
