'use client';
/** `/leave/ID`: one exit, running or over, with its report. */
import { useTranslations } from 'next-intl';
import Link from 'next/link';
import { ButtonLink } from '../ui/button.tsx';
import { Card } from '../ui/card.tsx';
import { Empty } from '../ui/empty.tsx';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { Page } from '../ui/page.tsx';
import { ExitBody } from './exit-body.tsx';
import { LeaveLoading } from './leave-page.tsx';
import { useExit } from './use-leave.ts';

export function ExitPage({ id }: { id: string }) {
  const t = useTranslations('leave');
  const { data, error, reload } = useExit(id);
  const gone = error?.code === 'operation_unknown';
  return (
    <Page>
      <nav aria-label={t('where')} className="-mb-3 text-sm"><Link href="/leave" prefetch={false} className="link">{t('title')}</Link></nav>
      {gone ? <Card><Empty title={t('gone.title')} action={<ButtonLink href="/leave">{t('title')}</ButtonLink>}>{t('gone.text')}</Empty></Card> : error && <ErrorNotice error={error} state="unknown" />}
      {data ? <ExitBody view={data} reload={() => void reload()} /> : !error && <LeaveLoading />}
    </Page>
  );
}
