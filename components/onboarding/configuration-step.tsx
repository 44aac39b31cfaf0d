'use client';
/** `<ConfigurationStep onChanged />`: the quickstart's variables with what this machine proposes, then the ML node; both written by the editor. */
import { useTranslations } from 'next-intl';
import { ButtonLink } from '../ui/button.tsx';
import { Card } from '../ui/card.tsx';
import { Empty } from '../ui/empty.tsx';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { usePanelData } from '../ui/panel-data.ts';
import { Loading, SkeletonRows } from '../ui/skeleton.tsx';
import type { ConfigurationNow } from './configuration-data.ts';
import { GuideForm } from './guide-form.tsx';
import { NodePart } from './node-part.tsx';
import { Overtaken } from './overtaken.tsx';

export function ConfigurationStep({ onChanged }: { onChanged: () => void }) {
  const t = useTranslations('configStep');
  const shell = useTranslations('shell');
  const onboarding = useTranslations('onboarding');
  const { data: now, error, reload } = usePanelData<ConfigurationNow>('/api/onboarding/configuration', { every: 15_000 });
  if (!now) return error ? <ErrorNotice error={error} /> : <Loading label={shell('loading')}><Card title={t('env.title')}><SkeletonRows rows={7} /></Card></Loading>;
  if (now.noDeployment) return <Card><Empty title={t('noDeployment.title')} action={<ButtonLink kind="primary" href="/onboarding/deployment">{onboarding('goTo', { page: onboarding('steps.deployment.title') })}</ButtonLink>}>{t('noDeployment.text')}</Empty></Card>;
  const changed = () => {
    void reload();
    onChanged();
  };
  return (
    <>
      {error && <ErrorNotice error={error} />}
      {now.deploymentError && <ErrorNotice error={now.deploymentError} />}
      {!now.deploymentError && (
        <>
          <p className="max-w-[70ch] text-lg text-ink">{t('intro')}</p>
          <GuideForm now={now} onChanged={changed} />
          <NodePart onChanged={changed} />
          <Overtaken />
        </>
      )}
    </>
  );
}
