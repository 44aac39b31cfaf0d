'use client';
/**
 * The band of the current and the next epoch, in blocks and in clock time. Estimated parts are lighter than what has been;
 * hover or focus on a stretch says what happens there and what must not be done. On narrow places it is a vertical list.
 */
import { useFormatter, useTranslations } from 'next-intl';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { blockTime } from '../ui/block-time.tsx';
import { useClock } from '../ui/duration.ts';
import { useTick } from '../ui/tick.ts';
import type { EpochView } from './epoch-view.ts';
import { RibbonBand } from './ribbon-band.tsx';
import { RibbonList } from './ribbon-list.tsx';
import { stretchesOf, type Mark } from './ribbon-layout.ts';
import type { RibbonWords } from './ribbon-words.ts';

/** Beyond this age of the last height the now line stays where the chain was seen last. */
const ADVANCE_MS = 60_000;
const useBrowserLayoutEffect = typeof window === 'undefined' ? useEffect : useLayoutEffect;

/** The line may run into a PoC by the clock, but never out of one: that the set has changed is for the chain to say. */
function lastCertain({ height, stages, next }: EpochView): number {
  const change = height < stages.setNewValidators ? stages.setNewValidators : next.setNewValidators;
  return Math.max(height, change - 1);
}

export function EpochRibbon({ clock, marks = [] }: { clock: EpochView; marks?: readonly Mark[] }) {
  const t = useTranslations('epoch');
  const time = useTranslations('time');
  const format = useFormatter();
  const { clock: say } = useClock();
  const nowMs = useTick(1000);
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);

  useBrowserLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    setWidth(Math.floor(element.getBoundingClientRect().width));
    const watch = new ResizeObserver(([entry]) => entry && setWidth(Math.floor(entry.contentRect.width)));
    watch.observe(element);
    return () => watch.disconnect();
  }, []);

  const pace = clock.secondsPerBlock ? clock.secondsPerBlock * 1000 : undefined;
  const age = nowMs - clock.at;
  const seen = age > ADVANCE_MS || !pace; // the line then stands at the height seen last
  const height = seen ? clock.height : Math.min(clock.height + Math.max(0, Math.floor(age / pace)), lastCertain(clock));
  const { list, startEstimated } = stretchesOf({ ...clock, height });
  // What lies outside the two epochs has no place on the band.
  const within = marks.filter(({ block }) => block >= (list[0]?.from ?? 0) && block <= (list.at(-1)?.to ?? 0));
  const spanMs = pace ? (clock.next.nextPocStart - clock.stages.pocStart) * pace : Number.POSITIVE_INFINITY;
  const seconds = spanMs < 40 * 60_000;
  const words: RibbonWords = {
    stretch: (s) => (s.id === 'serve' ? [t('label.serving', { epoch: s.epoch }), t('label.serve')] : s.id === 'next' ? [t('label.next', { epoch: s.epoch })] : [t(`label.${s.kind}Long`, { epoch: s.epoch }), t(`label.${s.kind}`, { epoch: s.epoch })]),
    name: (s) => (s.id === 'next' ? t('label.next', { epoch: s.epoch }) : s.id === 'serve' ? t('label.serving', { epoch: s.epoch }) : t(`label.${s.kind}Long`, { epoch: s.epoch })),
    explain: (s) => ({ what: t(`explain.${s.id}.what`, { epoch: s.epoch, last: s.epoch - 1 }), dont: t(`explain.${s.id}.dont`, { epoch: s.epoch }) }),
    time: (block) => {
      const at = blockTime(block, clock);
      return at === undefined ? undefined : `≈ ${say(at, seconds)}`;
    },
    block: (block) => time('block', { block: format.number(block) }),
    here: (stretch) => (age > ADVANCE_MS ? t('lastIn', { stretch }) : t('nowIn', { stretch })),
    now: age > ADVANCE_MS ? t('seen', { at: say(clock.at, seconds) }) : t('now', { at: say(seen ? clock.at : nowMs, seconds) }),
  };

  return (
    <div ref={box} className="min-w-0">
      {width === 0 ? <div className="h-40" /> : width < 520
        ? <RibbonList list={list} height={height} words={words} startEstimated={startEstimated} marks={within} confirmation={clock.confirmationPocActive === true} />
        : <RibbonBand list={list} height={height} words={words} startEstimated={startEstimated} marks={within} width={width} confirmation={clock.confirmationPocActive === true} />}
    </div>
  );
}
