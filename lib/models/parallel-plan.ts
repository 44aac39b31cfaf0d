import { argumentValue } from '#lib/core/model-arguments.ts';
import type { CatalogueEntry } from './catalogue.ts';
import type { CardKind } from './card-size.ts';
import type { ReferenceConfig } from './reference-configs.ts';

export const TENSOR = '--tensor-parallel-size';
export const PIPELINE = '--pipeline-parallel-size';
/** Attention heads must divide by it: powers of two, and no reference configuration goes beyond. */
const TENSOR_SIZES = [1, 2, 4, 8];

export type ParallelPlan = {
  tensor: number;
  pipeline: number;
  reference?: ReferenceConfig;
  /** Upstream states this configuration for this many of these cards: it fits whatever the table says. */
  proven: boolean;
};

const number = (args: readonly string[], flag: string): number | undefined => {
  const value = argumentValue(args, flag);
  return value !== undefined && /^[1-9]\d{0,3}$/.test(value) ? Number(value) : undefined;
};

/**
 * How one instance is spread over the cards of one server: as the reference configuration for these cards does, else over
 * as few cards as can hold it, tensor parallel before pipeline parallel. What governance sets is fixed. Undefined: it can't be.
 */
export function parallelPlan(entry: CatalogueEntry, cards: { count: number; gb: number; kind?: CardKind }): ParallelPlan | undefined {
  const fixed = { tensor: number(entry.governanceArgs, TENSOR), pipeline: number(entry.governanceArgs, PIPELINE) };
  const holds = (size: number): boolean => size <= cards.count && size * cards.gb >= entry.instanceGb;

  const candidates = entry.references
    .filter((one) => one.cards !== undefined && one.cards.kind === cards.kind)
    .map((reference): ParallelPlan => {
      const own = { tensor: number(reference.args, TENSOR) ?? 1, pipeline: number(reference.args, PIPELINE) ?? 1 };
      const [tensor, pipeline] = [fixed.tensor ?? own.tensor, fixed.pipeline ?? own.pipeline];
      // Spread otherwise than upstream does, the reference proves nothing.
      const asStated = tensor === own.tensor && pipeline === own.pipeline;
      return { tensor, pipeline, reference, proven: asStated && reference.cards?.count !== undefined && cards.count >= reference.cards.count };
    })
    .filter(({ tensor, pipeline, proven }) => (proven ? tensor * pipeline <= cards.count : holds(tensor * pipeline)))
    // The largest that these cards are enough for; of those that are meant for more cards the smallest.
    .sort((a, b) => Number(b.proven) - Number(a.proven) || (a.proven ? -1 : 1) * ((a.reference?.cards?.count ?? 0) - (b.reference?.cards?.count ?? 0)));
  if (candidates[0]) return candidates[0];

  const generic = entry.references.find((one) => one.cards === undefined);
  const plan = (tensor: number, pipeline: number): ParallelPlan => ({ tensor, pipeline, ...(generic ? { reference: generic } : {}), proven: false });
  const tensors = fixed.tensor === undefined ? TENSOR_SIZES : [fixed.tensor];
  const flat = (fixed.pipeline ?? 1) === 1 ? tensors.find(holds) : undefined;
  if (flat !== undefined) return plan(flat, 1);
  const deep = tensors.flatMap((tensor) =>
    (fixed.pipeline === undefined ? Array.from({ length: Math.floor(cards.count / tensor) }, (_, i) => i + 1) : [fixed.pipeline]).map((pipeline) => plan(tensor, pipeline)),
  );
  return deep.filter(({ tensor, pipeline }) => holds(tensor * pipeline)).sort((a, b) => a.tensor * a.pipeline - b.tensor * b.pipeline || b.tensor - a.tensor)[0];
}
