'use client';
import clsx from 'clsx';
import { useTranslations } from 'next-intl';
import { useRouter } from 'next/navigation';
import { useActionState, useEffect, useState } from 'react';
import { Button, ButtonLink } from '../ui/button.tsx';
import { Card, CardBody } from '../ui/card.tsx';
import { Tag } from '../ui/chip.tsx';
import { ErrorNotice, useErrorWords } from '../ui/error-notice.tsx';
import { Field, Input } from '../ui/field.tsx';
import { Page, PageHead } from '../ui/page.tsx';
import { usePanelData } from '../ui/panel-data.ts';
import { Loading, SkeletonRows } from '../ui/skeleton.tsx';
import { State } from '../ui/state.tsx';
import type { Candidate, ChooseState, DeploymentsNow } from './deployment-data.ts';
import { DeploymentProblems } from './deployment-problems.tsx';

type Action = (before: ChooseState, form: FormData) => Promise<ChooseState>;

export function DeploymentPage({ choose }: { choose: Action }) {
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
        <p className="text-base break-words text-ink-2">{t('contains', { count: current.services.length, services: current.services.join(', ') })}</p>
        {fixed && <p className="text-base break-words text-ink-2">{t('fixed.title', { dir: fixed })}. {t('fixed.text')}</p>}
        <div className="flex flex-wrap gap-2">
          <ButtonLink kind="primary" href="/start-chain">{t('toStartChain')}</ButtonLink>
          <ButtonLink href="/services">{t('toServices')}</ButtonLink>
        </div>
      </CardBody>
    </Card>
  );
}

type Choosing = { act: (form: FormData) => void; busy: boolean; state: ChooseState };

function Candidates({ now, act, busy, state }: Choosing & { now: DeploymentsNow }) {
  const t = useTranslations('deployment');
  return (
    <Card title={t('found')} className="pb-1">
      {now.candidatesError && <CardBody><ErrorNotice error={now.candidatesError} state="unknown" /></CardBody>}
      {now.candidates.length === 0 ? (
        <CardBody className="text-base text-ink-2">{t('foundNone')}</CardBody>
      ) : (
        <ul className="mt-2">
          {now.candidates.map((one) => (
            <li key={one.dir} className="border-t"><CandidateRow one={one} current={now.current?.dir === one.dir} act={act} busy={busy} state={state} /></li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function CandidateRow({ one, current, act, busy, state }: Choosing & { one: Candidate; current: boolean }) {
  const t = useTranslations('deployment');
  const errors = useErrorWords();
  const failed = state.error && state.dir === one.dir ? state.error : undefined;
  const problem = one.problem && errors(one.problem).what;
  return (
    <form action={act} className="grid gap-2 px-4 py-3 sm:px-4.5">
      <input type="hidden" name="dir" value={one.dir} />
      <div className="flex flex-wrap items-start gap-x-4 gap-y-2">
        <div className="grid min-w-0 flex-1 basis-60 gap-1">
          <span className="flex flex-wrap items-center gap-2"><code className="font-semibold break-all">{one.dir}</code>{one.release && <Tag>{t('release', { release: one.release })}</Tag>}</span>
          <span className="text-sm text-ink-3">{t.has(`why.${one.why}` as never) ? t(`why.${one.why}` as never) : one.why}</span>
          {problem && <State state="attention">{problem}</State>}
        </div>
        {current ? <State state="ok" className="pt-1">{t('inUse')}</State> : <Button type="submit" kind={one.problem ? 'plain' : 'primary'} busy={busy && state.dir === one.dir} aria-label={`${t('use')}: ${one.dir}`}>{t('use')}</Button>}
      </div>
      {failed && <ErrorNotice error={failed} />}
    </form>
  );
}

function Typed({ act, busy, state, listed }: Choosing & { listed: boolean }) {
  const t = useTranslations('deployment');
  const errors = useErrorWords();
  const failed = state.error && !listed ? errors(state.error) : undefined;
  return (
    <Card title={t('typed')}>
      <CardBody>
        <form action={act} className="grid max-w-2xl gap-3">
          <Field label={t('path')} help={t('pathHelp')} error={failed && <>{failed.what} {failed.next}</>}>
            {(a) => <Input {...a} name="dir" required defaultValue={listed ? '' : state.dir} autoComplete="off" autoCapitalize="off" spellCheck={false} placeholder="/root/gonka/deploy/join" className={clsx('font-mono')} />}
          </Field>
          <div><Button type="submit" kind="plain" busy={busy}>{t('use')}</Button></div>
        </form>
      </CardBody>
    </Card>
  );
}
