import type { NodeProposal } from '../models/models-data.ts';
import type { NodeConfigEntry } from './node-config-data.ts';

/** The entry that the proposal means: the ML node at the same address, if the file has one. */
export function sameNode(entries: readonly NodeConfigEntry[], { entry }: NodeProposal): number | undefined {
  const at = entries.findIndex((one) => one.host.trim().toLowerCase() === entry.host.toLowerCase() && (one.inferencePort === entry.inferencePort || one.pocPort === entry.pocPort));
  return at < 0 ? undefined : at;
}

/**
 * The list with the proposal in it: as a new node, or as the model of node `into`, whose address, hardware and unknown
 * fields stay. Arguments of a model that it had already are replaced, and what belongs to that model stays with it.
 */
export function withProposal(entries: readonly NodeConfigEntry[], { entry }: NodeProposal, into: number | undefined): NodeConfigEntry[] {
  if (into === undefined || !entries[into]) return [...entries, { ...entry }];
  return entries.map((one, i) => {
    if (i !== into) return one;
    const models = entry.models.map(({ id, args }) => {
      const had = one.models.find((model) => model.id === id);
      return { id, args, ...(had?.from === undefined ? {} : { from: had.from }) };
    });
    return { ...one, models };
  });
}
