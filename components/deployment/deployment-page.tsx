'use client';
import { useTranslations } from 'next-intl';
import { useRouter } from 'next/navigation';
import { useActionState, useEffect, useState } from 'react';
import { Button, ButtonLink } from '../ui/button.tsx';
import { Card, CardBody } from '../ui/card.tsx';
import { Tag } from '../ui/chip.tsx';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { Page, PageHead } from '../ui/page.tsx';
import { usePanelData } from '../ui/panel-data.ts';
import { Loading, SkeletonRows } from '../ui/skeleton.tsx';
import { State } from '../ui/state.tsx';
import { useList } from '../ui/use-list.ts';
import { Candidates, Typed } from './choose-directory.tsx';
import type { ChooseState, DeploymentsNow } from './deployment-data.ts';
import { DeploymentProblems } from './deployment-problems.tsx';

export type ChooseAction = (before: ChooseState, form: FormData) => Promise<ChooseState>;

export function DeploymentPage({ choose }: { choose: ChooseAction }) {
  const t = useTranslations('deployment');
  const shell = useTranslations('shell');
  const { data: now, error, reload } = usePanelData<DeploymentsNow>('/api/deployments', { every: 15_000 });
  const [changing, setChanging] = useState(false);
  const [state, act, busy] = useActionState(choose, {});
  const router = useRouter();
  useEffect(() => {
    if (!state.done) return;
    setChanging(false);
    void reload();
    router.refresh();
  }, [state, reload, router]);

  const current = now?.current;
  const choosing = now && !now.fixed && (!current || changing);
  return (
    <Page>
      <PageHead
        title={current ? t('titleChosen') : t('title')}
        facts={<span className="max-w-[70ch]">{current ? t('introChosen') : t('intro')}</span>}
        actions={current && !now.fixed && <Button onClick={() => setChanging(!changing)} aria-expanded={changing}>{changing ? shell('cancel') : t('change')}</Button>}
      />
      {error && <ErrorNotice error={error} />}
      {!now && !error && <Loading label={shell('loading')}><Card title={t('found')}><SkeletonRows rows={3} /></Card></Loading>}
      {now?.currentError && <ErrorNotice error={now.currentError} />}
      {current && <Current current={current} fixed={now?.fixed} />}
      {choosing && <Candidates now={now} act={act} busy={busy} state={state} />}
      {choosing && <Typed act={act} busy={busy} state={state} listed={now.candidates.some((c) => c.dir === state.dir)} />}
      {current && !changing && <DeploymentProblems problems={current.problems} />}
    </Page>
  );
}

function Current({ current, fixed }: { current: NonNullable<DeploymentsNow['current']>; fixed?: string }) {
  const t = useTranslations('deployment');
  const list = useList();
  const bad = current.problems.some((p) => p.level === 'broken');
  const state = bad ? 'broken' : current.problems.length ? 'attention' : 'ok';
  return (
    <Card>
      <CardBody className="grid gap-3 py-4.5">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
          <code className="min-w-0 text-lg font-semibold break-all">{current.dir}</code>
          {current.release && <Tag>{t('release', { release: current.release })}</Tag>}
          <State state={state}>{current.problems.length ? t('hasProblems', { count: current.problems.length }) : t('readable')}</State>
        </div>
        <p className="text-base break-words text-ink-2">{t('contains', { count: current.services.length, services: list(current.services) })}</p>
        {fixed && <p className="text-base break-words text-ink-2"><span className="block">{t('fixed.title', { dir: fixed })}</span>{t('fixed.text')}</p>}
        <div className="flex flex-wrap gap-2">
          <ButtonLink kind="primary" href="/start-chain">{t('toStartChain')}</ButtonLink>
          <ButtonLink href="/services">{t('toServices')}</ButtonLink>
          <ButtonLink href="/leave/reset">{t('toReset')}</ButtonLink>
        </div>
      </CardBody>
    </Card>
  );
}
