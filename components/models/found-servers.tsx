'use client';
import { useFormatter, useTranslations } from 'next-intl';
import { Tag } from '../ui/chip.tsx';
import { useErrorWords } from '../ui/error-notice.tsx';
import { Evidence } from '../ui/evidence.tsx';
import { State } from '../ui/state.tsx';
import { useList } from '../ui/use-list.ts';
import { cardGroups } from './card-groups.ts';
import type { CardServer, FitReason, ModelFit } from './models-data.ts';
import { RamReason } from './ram-reason.tsx';
import { ramReasons } from './ram-reasons.ts';

/** The machines that were found, each with its cards, who named them and when. */
export function FoundServers({ servers, fits }: { servers: readonly CardServer[]; fits: readonly ModelFit[] }) {
  const ram = ramReasons(fits);
  return <ul className="pt-1.5 pb-1">{servers.map((server) => <FoundServer key={`${server.name} ${server.from}`} server={server} ram={ram.get(server.name)} />)}</ul>;
}

function FoundServer({ server, ram }: { server: CardServer; ram?: FitReason }) {
  const t = useTranslations('models');
  const list = useList();
  const format = useFormatter();
  const errors = useErrorWords();
  const why = server.error && errors(server.error);
  const broken = server.cards.filter(({ state }) => state === 'broken').length;
  const state = server.state === 'unknown' || server.state === 'absent' ? 'unknown' : broken > 0 ? 'broken' : server.state === 'stale' ? 'unknown' : 'ok';
  const word = server.state === 'absent' ? t('found.absent') : server.state === 'unknown' ? t('found.unknown') : broken > 0 ? t('found.broken', { count: broken }) : server.state === 'stale' ? t('found.stale') : t('found.read', { count: server.cards.length });
  return (
    <li className="grid gap-x-4 gap-y-1 border-t px-4 py-3 first:border-t-0 sm:grid-cols-[minmax(0,1fr)_auto] sm:px-4.5">
      <div className="flex min-w-0 flex-wrap items-baseline gap-x-2.5 gap-y-1">
        <b className="break-all">{server.name}</b>
        {server.here && <Tag>{t('found.here')}</Tag>}
        {server.nodes.length > 0 && <span className="text-sm break-all text-ink-3">{t('found.nodes', { nodes: list(server.nodes) })}</span>}
      </div>
      <div className="sm:justify-self-end">
        <Evidence source={t(`found.from.${server.from}`)} at={server.at} note={server.state === 'absent' ? t('found.absentNote') : why && <><b className="block">{why.what}</b>{why.next}</>}>
          <State state={state}>{word}</State>
        </Evidence>
      </div>
      <div className="num grid gap-0.5 text-base text-ink-2 sm:col-span-2">
        {cardGroups(server.cards).map((group) => (
          <span key={`${group.name} ${group.totalMiB} ${group.broken}`} className="break-words">
            {t('found.cards', { count: group.count, name: group.name || t('found.unnamed') })}
            {group.totalMiB !== undefined && <span className="text-ink-3"> · {t('found.mib', { mib: format.number(group.totalMiB) })}</span>}
          </span>
        ))}
        <span className="flex flex-wrap gap-x-4 text-sm text-ink-3">
          <span>{server.ramGiB === undefined ? t('found.ramUnknown') : t('found.ram', { gib: format.number(server.ramGiB, { maximumFractionDigits: 0 }) })}</span>
          {server.driver && <span>{t('found.driver', { version: server.driver })}</span>}
          {server.cudaVersion && <span>{t('found.cuda', { version: server.cudaVersion })}</span>}
        </span>
        {ram && <RamReason reason={ram} />}
        {why && <span className="text-sm">{why.what} {why.next}</span>}
        {server.state === 'absent' && <span className="text-sm">{t('found.absentNote')}</span>}
      </div>
    </li>
  );
}
