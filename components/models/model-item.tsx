'use client';
import { useFormatter, useTranslations } from 'next-intl';
import { ButtonLink } from '../ui/button.tsx';
import { Tag } from '../ui/chip.tsx';
import { Evidence } from '../ui/evidence.tsx';
import { State, StateMark } from '../ui/state.tsx';
import type { CatalogueModel, ModelFit } from './models-data.ts';
import { openServers } from './open-servers.ts';
import { ServerFitView } from './server-fit.tsx';
import { useFitWords } from './use-fit-words.ts';

/** `use`: the address that leads to the proposal for this model on that server; absent for a class that is only named. */
export function ModelItem({ model, fit, use }: { model: CatalogueModel; fit?: ModelFit; use?: (server: string) => string }) {
  const t = useTranslations('models');
  const words = useFitWords();
  const servers = fit?.servers ?? [];
  const on = servers.filter((one) => one.fits);
  const { open, rest } = openServers(servers);
  // How many ML nodes it fits is said by the verdict.
  const reasons = fit?.reasons.filter(({ code }) => !code.startsWith('ml_nodes_')) ?? [];
  return (
    <li className="grid grid-cols-[minmax(0,1fr)] gap-3 border-t px-4 py-4 first:border-t-0 sm:px-4.5" data-model={model.id}>
      <div className="flex flex-wrap items-start gap-x-4 gap-y-2">
        <div className="grid min-w-0 flex-1 basis-72 gap-1">
          <h3 className="flex flex-wrap items-baseline gap-x-2.5 gap-y-1 text-xl font-semibold">
            <span className="break-all">{model.id}</span>
            <Tag>{model.approved ? t('approved') : t(`known.${model.known}`)}</Tag>
          </h3>
          <Need model={model} />
        </div>
        <Verdict fit={fit} />
        {use && on[0] && <ButtonLink size="sm" href={use(on[0].server)}>{t('use')}</ButtonLink>}
      </div>
      {reasons.length > 0 && (
        <ul className="grid gap-1 text-sm text-ink-2">
          {reasons.map((one) => <li key={one.code} className="flex items-start gap-2">{one.level !== 'info' && <StateMark state={one.level} className="mt-1" />}<span className="min-w-0 break-words">{words.reason(one)}</span></li>)}
        </ul>
      )}
      {open.map((one) => <ServerFitView key={one.server} fit={one} named={model.known === 'named'} many={servers.length > 1} />)}
      {rest.length > 0 && (
        <details>
          <summary className="w-fit rounded-sm text-base text-ink-2 hover:text-ink">{t('moreServers', { count: rest.length })}</summary>
          <div className="grid gap-3 pt-3">{rest.map((one) => <ServerFitView key={one.server} fit={one} named={model.known === 'named'} many />)}</div>
        </details>
      )}
    </li>
  );
}

function Need({ model }: { model: CatalogueModel }) {
  const t = useTranslations('models');
  const format = useFormatter();
  const gb = format.number(model.vramGb);
  return (
    <p className="num text-sm text-ink-2">
      <Evidence source={model.source} raw={model.governanceArgs.length > 0 ? model.governanceArgs.join(' ') : undefined} note={model.governanceArgs.length > 0 ? t('governanceArgs') : undefined}>
        {model.vramGb <= 0 ? t('need.unknown') : t(`need.${model.vramOf}`, { gb })}
        <span className="text-ink-3"> · {t('sourceDate', { source: model.source, date: model.date })}</span>
      </Evidence>
    </p>
  );
}

function Verdict({ fit }: { fit?: ModelFit }) {
  const t = useTranslations('models.verdict');
  const words = useFitWords();
  if (!fit) return null;
  if (!fit.fits) return <span className="inline-flex items-center gap-1.5 text-sm font-medium text-ink-2"><svg viewBox="0 0 12 12" fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round" aria-hidden="true" className="size-3 flex-none"><path d="m2.6 2.6 6.8 6.8m0-6.8L2.6 9.4" /></svg>{t('no')}</span>;
  const few = fit.mlNodes < fit.mlNodesNeeded;
  const rule = fit.reasons.find(({ code }) => code.startsWith('ml_nodes_'));
  return (
    <Evidence note={rule && words.reason(rule)}>
      <State state={few ? 'attention' : 'ok'}>{few ? t('few', { count: fit.mlNodes, needed: fit.mlNodesNeeded }) : t('yes', { count: fit.mlNodes })}</State>
    </Evidence>
  );
}
