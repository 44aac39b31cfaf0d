'use client';
/** `<TransferProgress progress />`: bytes so far, rate, time left, and each part (layer, file) that is under way; how old that is when nothing new comes. */
import type { ProgressPart, SeenProgress } from '#lib/operations/schema.ts';
import { useTranslations } from 'next-intl';
import { useBytes } from '../ui/bytes.ts';
import { useDuration } from '../ui/duration.ts';
import { Progress } from '../ui/progress.tsx';
import { useTick } from '../ui/tick.ts';
import { TimeAgo } from '../ui/time-ago.tsx';

/** It is measured every second: what is older than this (ms) stands still. */
const OLD_MS = 10_000;

const share = ({ done, total }: { done: number; total?: number }) => (total ? done / total : 0);

export function TransferProgress({ progress }: { progress: SeenProgress }) {
  const t = useTranslations('operationView.transfer');
  const bytes = useBytes();
  const duration = useDuration();
  const { at, done, total, perSecond, secondsLeft, parts } = progress;
  const old = useTick(1000) - at > OLD_MS;
  const finished = parts.filter((part) => part.state === 'done').length;
  return (
    <section aria-label={t('label')} className="grid gap-2">
      {total !== undefined && <Progress share={share(progress)} label={t('label')} />}
      <p className="num text-base text-ink-2">
        {total === undefined ? t('soFar', { done: bytes(done) }) : t('of', { done: bytes(done), total: bytes(total) })}
        {perSecond !== undefined && ` · ${t('rate', { rate: bytes(perSecond) })}`}
        {secondsLeft !== undefined && ` · ${t('left', { time: duration(secondsLeft * 1000) })}`}
        {old && <> · {t.rich('measured', { ago: () => <TimeAgo at={at} /> })}</>}
      </p>
      {parts.length > 1 && (
        <details className="text-sm">
          <summary className="cursor-pointer py-1 text-ink-2">{t('parts', { done: finished, count: parts.length })}</summary>
          <ul className="grid gap-1.5 pt-1">{parts.map((part) => <Part key={part.name} part={part} />)}</ul>
        </details>
      )}
    </section>
  );
}

function Part({ part }: { part: ProgressPart }) {
  const t = useTranslations('operationView.transfer');
  const bytes = useBytes();
  return (
    <li className="grid gap-0.5">
      <p className="flex flex-wrap justify-between gap-x-3 break-all"><code>{part.name}</code><span className="num text-ink-3">{part.doing ? t(`doing.${part.doing}`) : part.state === 'working' && part.total !== undefined ? t('of', { done: bytes(part.done), total: bytes(part.total) }) : t(`state.${part.state}`)}</span></p>
      {part.state === 'working' && part.total !== undefined && <Progress share={share(part)} label={part.name} />}
    </li>
  );
}
