'use client';
import { useTranslations } from 'next-intl';
import { Card } from '../ui/card.tsx';
import { State } from '../ui/state.tsx';
import { mlNodesOf } from './category-ml-nodes.ts';
import { ModelItem } from './model-item.tsx';
import type { CatalogueModel, ModelCategory, ModelFit } from './models-data.ts';

const CATEGORIES: readonly ModelCategory[] = ['large', 'medium', 'other'];
/** What fits first; a class that is only named can't be configured and comes last. */
const rank = (model: CatalogueModel, fit?: ModelFit): number => (model.known === 'named' ? 2 : fit?.fits ? 0 : 1);

function MlNodes({ count, needed }: { count: number; needed: number }) {
  const t = useTranslations('models');
  return needed > 0 && <State state={count < needed ? 'attention' : 'ok'}>{t('categoryNodes', { count, needed })}</State>;
}

export function ModelList({ catalogue, fits, use }: { catalogue: readonly CatalogueModel[]; fits: readonly ModelFit[]; use: (model: string, server: string) => string }) {
  const t = useTranslations('models');
  const fitOf = (model: CatalogueModel) => fits.find((one) => one.model === model.id);
  return CATEGORIES.map((category) => {
    const models = catalogue.filter((one) => one.category === category).toSorted((a, b) => rank(a, fitOf(a)) - rank(b, fitOf(b)));
    if (models.length === 0) return null;
    return (
      <Card key={category} title={t(`category.${category}`)} source={fits.length > 0 && (
        <span className="flex flex-wrap gap-x-3">
          <span>{t('categoryCount', { fit: models.filter((one) => fitOf(one)?.fits).length, all: models.length })}</span>
          {category !== 'other' && <MlNodes {...mlNodesOf(models, fits)} />}
        </span>
      )}>
        <ul className="pt-1">{models.map((model) => <ModelItem key={model.id} model={model} fit={fitOf(model)} use={model.known === 'named' ? undefined : (server) => use(model.id, server)} />)}</ul>
      </Card>
    );
  });
}
