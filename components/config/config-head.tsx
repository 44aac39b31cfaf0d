'use client';
import { useTranslations } from 'next-intl';
import { PageHead } from '../ui/page.tsx';
import { Segments } from '../ui/segments.tsx';
import { TimeAgo } from '../ui/time-ago.tsx';
import type { View } from './config-address.ts';
import type { ConfigNow } from './config-data.ts';
import type { ConfigHeadline } from './config-headline.ts';

type Props = { now: ConfigNow | undefined; headline: ConfigHeadline; view: View; onView: (view: View) => void };

/** The verdict on the file in one sentence, then which file, how old, how closed. */
export function ConfigHead({ now, headline, view, onView }: Props) {
  const t = useTranslations('config.page');
  const known = now && now.text !== undefined && now.version !== 'absent';
  return (
    <PageHead
      title={headline.code === 'title' ? t('title') : t(`head.${headline.code}`, { count: headline.count })}
      facts={known && (
        <>
          <code className="break-all">{now.path}</code>
          <span>{t('set')} <b>{now.rows.filter((row) => row.set).length}</b> {t('of', { count: now.rows.length })}</span>
          {now.changedAt !== undefined && <span>{t('changed')} <TimeAgo at={now.changedAt} className="font-semibold text-ink" /></span>}
          {now.mode && <span>{t('mode')} <b>{now.mode}</b></span>}
        </>
      )}
      actions={<Segments label={t('view')} value={view} onChange={onView} options={[{ value: 'form', label: t('views.form') }, { value: 'raw', label: t('views.raw') }, { value: 'versions', label: t('views.versions') }]} />}
    />
  );
}
