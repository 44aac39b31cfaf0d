'use client';
/** `<BlockTime block={887711} clock={epochClock} />`: "block 887,711 ≈ 14:05"; without a measured block time only the block. */
import { useFormatter, useTranslations } from 'next-intl';
import { useClock } from './duration.ts';

export type BlockClock = { height: number; at: number; secondsPerBlock?: number };

/** When `block` comes (or came), in ms, from the height seen last and the measured block time. */
export function blockTime(block: number, clock: BlockClock): number | undefined {
  return clock.secondsPerBlock ? clock.at + (block - clock.height) * clock.secondsPerBlock * 1000 : undefined;
}

export function BlockTime({ block, clock, className }: { block: number; clock?: BlockClock; className?: string }) {
  const t = useTranslations('time');
  const format = useFormatter();
  const { clock: say, full } = useClock();
  const at = clock && blockTime(block, clock);
  return (
    <span className={className}>
      <span className="whitespace-nowrap">{t('block', { block: format.number(block) })}</span>
      {at !== undefined && <> <time dateTime={new Date(at).toISOString()} title={t('estimated', { at: full(at), seconds: format.number(clock?.secondsPerBlock ?? 0, { maximumFractionDigits: 2 }) })} className="whitespace-nowrap">≈ {say(at)}</time></>}
    </span>
  );
}
