import type { ServerFit } from './models-data.ts';

/** A stretch of the picture in percent of its width. */
export type Stretch = { x: number; width: number };
export type FitPicture = {
  /** GB of the whole width. */
  scaleGb: number;
  cards: (Stretch & { name: string; gb: number; idle: boolean })[];
  /** The cards of one instance each; none when the model doesn't fit. */
  instances: Stretch[];
  /** The model's memory, over the cards that hold it: of each instance, or of the whole when it doesn't fit. */
  needs: Stretch[];
  /** What is missing to the right of the cards. */
  missing?: Stretch;
};

/**
 * Cards side by side, each as wide as it counts (the smallest one's GB), and the model's need over them. GB by the unit
 * rule; the server's cards and the need share one scale.
 */
export function fitPicture({ cards, haveGb, needGb, instanceGb, fits, tensorParallel, pipelineParallel, instances }: ServerFit): FitPicture {
  const need = fits ? 0 : Math.max(needGb, instanceGb);
  const scaleGb = Math.max(haveGb, need, 1);
  const percent = (gb: number): number => (gb / scaleGb) * 100;
  const each = cards.length > 0 ? haveGb / cards.length : 0;
  const size = tensorParallel * pipelineParallel;
  const drawn = cards.map((card, i) => ({ ...card, x: percent(i * each), width: percent(each), idle: fits && i >= instances * size }));
  const groups = fits ? Array.from({ length: instances }, (_, i): Stretch => ({ x: percent(i * size * each), width: percent(size * each) })) : [];
  // Upstream's own configuration can be for less than governance states: its cards are full then.
  const needs = fits ? groups.map(({ x, width }) => ({ x, width: Math.min(width, percent(instanceGb)) })) : need > 0 ? [{ x: 0, width: percent(Math.min(need, haveGb)) }] : [];
  return { scaleGb, cards: drawn, instances: groups, needs, ...(need > haveGb ? { missing: { x: percent(haveGb), width: percent(need - haveGb) } } : {}) };
}
