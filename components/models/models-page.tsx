'use client';
import { useTranslations } from 'next-intl';
import { usePathname, useSearchParams } from 'next/navigation';
import { ConfigTabs } from '../config/config-tabs.tsx';
import { ButtonLink } from '../ui/button.tsx';
import { Card } from '../ui/card.tsx';
import { ErrorNotice, useErrorWords } from '../ui/error-notice.tsx';
import { Notice } from '../ui/notice.tsx';
import { Page, PageHead } from '../ui/page.tsx';
import { usePanelData } from '../ui/panel-data.ts';
import { Segments } from '../ui/segments.tsx';
import { Loading, Skeleton, SkeletonRows } from '../ui/skeleton.tsx';
import { TimeAgo } from '../ui/time-ago.tsx';
import { useSourceName } from '../ui/source-name.tsx';
import { FitLegend } from './fit-bars.tsx';
import { FoundServers } from './found-servers.tsx';
import { ModelList } from './model-list.tsx';
import type { CatalogueModel, ModelFit, ModelsNow } from './models-data.ts';
import { ramReasons } from './ram-reasons.ts';
import { useFit } from './use-fit.ts';
import { WhatIfEditor } from './what-if-editor.tsx';
import { readWhatIf, typedServers, type WhatIfServer, writeWhatIf } from './what-if-url.ts';

export function ModelsPage() {
  const t = useTranslations('models');
  const shell = useTranslations('shell');
  const path = usePathname();
  const params = useSearchParams();
  const { data: now, error } = usePanelData<ModelsNow>('/api/models', { every: 30_000 });
  const typed = readWhatIf(new URLSearchParams(params.toString()));
  const whatIf = typed.length > 0;
  const servers = now && whatIf ? typedServers(typed, now.cards, (number) => t('whatIf.server', { number })) : [];
  const asked = useFit(servers.length > 0 ? { servers } : undefined);
  const change = (next: WhatIfServer[]) => history.replaceState(null, '', path + writeWhatIf(next, new URLSearchParams(params.toString())));

  if (!now) {
    return (
      <Page>
        {error && <ErrorNotice error={error} />}
        <Loading label={shell('loading')} className="grid gap-4 md:gap-6">
          <PageHead title={t('title')} facts={<Skeleton className="h-4 w-56" />} />
          <ConfigTabs />
          <Card title={t('servers')}><SkeletonRows rows={2} /></Card>
          <Card title={t('category.large')}><SkeletonRows rows={4} /></Card>
        </Loading>
      </Page>
    );
  }
  const fits = whatIf ? (asked.answer?.fits ?? []) : now.fits;
  const use = (model: string, server: string) => `/config/ml-nodes${writeWhatIf(typed, new URLSearchParams({ model, on: server }))}`;
  const start: WhatIfServer = { count: 8, kind: now.cards.find(({ kind }) => kind === 'H100')?.kind ?? now.cards[0]?.kind ?? '80GB' };
  return (
    <Page>
      <PageHead title={<Headline catalogue={now.catalogue} fits={fits} whatIf={whatIf} />} facts={<Facts servers={whatIf ? undefined : now.servers} />} />
      <ConfigTabs />
      {error && <ErrorNotice error={error} />}
      {now.deploymentError && <ErrorNotice error={now.deploymentError} action={<ButtonLink size="sm" href="/deployment">{t('toDeployment')}</ButtonLink>} />}
      {now.noDeployment && <Notice state="attention" title={t('noDeployment.title')} action={<ButtonLink size="sm" href="/deployment">{t('toDeployment')}</ButtonLink>}><p>{t('noDeployment.text')}</p></Notice>}
      <Card title={t('servers')} action={
        <Segments label={t('serversFrom')} value={whatIf ? 'typed' : 'found'} options={[{ value: 'found', label: t('fromFound') }, { value: 'typed', label: t('fromTyped') }]} onChange={(value) => change(value === 'typed' ? [start] : [])} />
      }>
        {whatIf ? <WhatIfEditor servers={typed} cards={now.cards} ram={ramReasons(fits)} onChange={change} /> : <FoundServers servers={now.servers} fits={now.fits} />}
        <p className="border-t px-4 py-3 text-sm text-ink-3 sm:px-4.5"><b className="font-medium text-ink-2">{t('unitRuleTitle')}</b> {t('unitRule')}</p>
      </Card>
      <Governance now={now} />
      {asked.error && <ErrorNotice error={asked.error} />}
      {fits.length > 0 && <FitLegend />}
      <ModelList catalogue={now.catalogue} fits={fits} use={use} />
    </Page>
  );
}

function Headline({ catalogue, fits, whatIf }: { catalogue: readonly CatalogueModel[]; fits: readonly ModelFit[]; whatIf: boolean }) {
  const t = useTranslations('models.head');
  if (fits.length === 0) return whatIf ? t('asking') : t('noCards');
  const usable = catalogue.filter(({ known }) => known !== 'named');
  const fit = usable.filter(({ id }) => fits.some((one) => one.model === id && one.fits)).length;
  return t(whatIf ? 'whatIf' : 'found', { fit, all: usable.length });
}

/** What was found says nothing of servers that were typed. */
function Facts({ servers }: { servers: ModelsNow['servers'] | undefined }) {
  const t = useTranslations('models.facts');
  const cards = servers?.reduce((sum, one) => sum + one.cards.filter(({ state }) => state === 'ok').length, 0) ?? 0;
  return <>{servers && <><span>{t('machines', { count: servers.length })}</span><span>{t('cards', { count: cards })}</span></>}<span>{t('rule')}</span></>;
}

/** Where the approved models come from; without the network the built-in table stands alone, with its day. */
function Governance({ now }: { now: ModelsNow }) {
  const t = useTranslations('models.governance');
  const errors = useErrorWords();
  const nameOf = useSourceName();
  const { state, at, source, error } = now.governance;
  const why = error && errors(error);
  const name = nameOf(source) ?? '';
  if (state === 'ok' && at !== undefined) return <p className="text-sm text-ink-3">{t.rich('ok', { source: name, age: () => <TimeAgo at={at} /> })}</p>;
  return (
    <Notice state="unknown" title={at === undefined ? t('unknown', { date: now.builtInDate }) : t('stale', { source: name })}>
      {at !== undefined && <p><TimeAgo at={at} /></p>}
      {why && <p>{why.what} {why.next}</p>}
    </Notice>
  );
}
