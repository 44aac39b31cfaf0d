'use client';
/** The picture of one model on one server: its cards as bars, the model's need over them, what is missing beside them. */
import { useFormatter, useTranslations } from 'next-intl';
import { fitPicture } from './fit-picture.ts';
import type { ServerFit } from './models-data.ts';

const CARD = 34;
const BRACKET = 8;
/** Narrower cards carry no number. */
const MOST_LABELS = 16;
const at = (value: number): string => `${Math.round(value * 1000) / 1000}%`;

export function FitBars({ fit, label }: { fit: ServerFit; label: string }) {
  const t = useTranslations('models');
  const format = useFormatter();
  const { cards, instances, needs, missing } = fitPicture(fit);
  return (
    <svg role="img" aria-label={label} width="100%" height={CARD + (instances.length > 0 ? BRACKET + 2 : 0)} className="num block overflow-visible font-sans">
      {cards.map((card, i) => (
        <svg key={`card ${i + 1}`} x={at(card.x)} width={at(card.width)} height={CARD} className="overflow-visible">
          <title>{t('picture.card', { name: card.name, gb: format.number(card.gb) })}</title>
          <rect x={1} y={0.5} width="100%" height={CARD - 1} rx={4} className="fill-bg" />
          <rect x={1} y={0.5} width="98.5%" height={CARD - 1} rx={4} strokeDasharray={card.idle ? '3 3' : undefined} className="fill-sunken stroke-control" />
        </svg>
      ))}
      {needs.map((need, i) => <rect key={`need ${i + 1}`} x={at(need.x)} y={7} width={at(need.width)} height={CARD - 14} rx={3} className={fit.fits ? 'fill-ep-serve' : 'fill-bad-soft stroke-bad'} />)}
      {missing && (
        <svg x={at(missing.x)} width={at(missing.width)} height={CARD} className="overflow-hidden">
          <title>{t('picture.missing', { gb: format.number(fit.needGb - fit.haveGb) })}</title>
          <rect x={0} y={7} width="100%" height={CARD - 14} strokeDasharray="4 3" className="fill-bad-soft stroke-bad" />
        </svg>
      )}
      {cards.length <= MOST_LABELS && cards.map((card, i) => (
        <text key={`label ${i + 1}`} x={at(card.x + card.width / 2)} y={CARD / 2 + 4} textAnchor="middle" fontSize={12} fontWeight={600} className="pointer-events-none fill-ink">{card.gb}</text>
      ))}
      {instances.map((one, i) => (
        <svg key={`instance ${i + 1}`} x={at(one.x)} y={CARD + 2} width={at(one.width)} height={BRACKET} className="overflow-visible">
          <title>{t('picture.instance', { number: i + 1 })}</title>
          <rect x="1%" y={2} width="98%" height={3} rx={1.5} className="fill-accent" />
        </svg>
      ))}
    </svg>
  );
}

/** What the shapes mean, once a page. */
export function FitLegend() {
  const t = useTranslations('models.legend');
  const mark = (shape: React.ReactNode, words: string) => <li className="inline-flex items-center gap-1.5"><svg width={16} height={12} aria-hidden="true" className="flex-none">{shape}</svg>{words}</li>;
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1 text-sm text-ink-3">
      {mark(<rect x={0.5} y={0.5} width={15} height={11} rx={3} className="fill-sunken stroke-control" />, t('card'))}
      {mark(<rect x={0.5} y={2.5} width={15} height={7} rx={2} className="fill-ep-serve" />, t('need'))}
      {mark(<rect x={0} y={5} width={16} height={3} rx={1.5} className="fill-accent" />, t('instance'))}
      {mark(<rect x={0.5} y={0.5} width={15} height={11} rx={3} strokeDasharray="3 3" className="fill-sunken stroke-control" />, t('idle'))}
      {mark(<rect x={0.5} y={2.5} width={15} height={7} strokeDasharray="4 3" className="fill-bad-soft stroke-bad" />, t('missing'))}
    </ul>
  );
}
