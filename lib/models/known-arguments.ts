import { REFERENCES } from './reference-configs.ts';

/** Argument lists that are known to be right, by model: upstream's reference configurations and what governance gives. */
export function knownArguments(approved: readonly { id: string; args: readonly string[] }[] | undefined): Record<string, (readonly string[])[]> {
  const ids = new Set([...Object.keys(REFERENCES), ...(approved ?? []).map(({ id }) => id)]);
  return Object.fromEntries([...ids].map((id) => [id, [...(REFERENCES[id] ?? []).map(({ args }) => args), ...(approved ?? []).filter((one) => one.id === id).map(({ args }) => args)]]));
}
