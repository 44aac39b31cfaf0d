import type { CatalogueModel, ModelFit } from './models-data.ts';

/** The guide's rule is about a class of models: two servers count, also where each carries another one of it. */
export function mlNodesOf(models: readonly Pick<CatalogueModel, 'id' | 'known'>[], fits: readonly ModelFit[]): { count: number; needed: number } {
  const own = fits.filter(({ model }) => models.some(({ id, known }) => id === model && known !== 'named'));
  return { count: new Set(own.flatMap(({ servers }) => servers.filter((one) => one.fits).map(({ server }) => server))).size, needed: Math.max(0, ...own.map(({ mlNodesNeeded }) => mlNodesNeeded)) };
}
