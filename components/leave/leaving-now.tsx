'use client';
/** `<LeavingNow>` on the overview: an exit is under way, what it waits for, and the way to its page. */
import { useTranslations } from 'next-intl';
import { ButtonLink } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { At } from '../ui/time-ago.tsx';
import type { LeavingNow as Leaving } from './leave-data.ts';
import { useExitWords } from './use-exit-words.ts';

export function LeavingNow({ leaving }: { leaving: Leaving }) {
  const t = useTranslations('leave');
  const words = useExitWords();
  const { waits, question, mayResume, failing } = leaving;
  const asks = question !== undefined || mayResume || failing !== undefined;
  return (
    <Notice state={asks ? 'attention' : 'working'} title={t(`running.${leaving.kind}`, { scope: words.scope(leaving.params) })} action={<ButtonLink kind={asks ? 'primary' : 'plain'} href="/leave">{t('running.open')}</ButtonLink>}>
      <p>{question ? t(`question.${question.code}.title`, { nodes: words.list(question.nodes), count: question.nodes.length }) : mayResume ? t('running.mayResume') : failing ? words.unknown(failing) : waits ? words.waits(waits) : words.stage(leaving.stage)}{!asks && waits?.at !== undefined && <> ≈ <At at={waits.at} /></>}</p>
    </Notice>
  );
}
