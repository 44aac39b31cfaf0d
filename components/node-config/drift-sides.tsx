'use client';
import { useTranslations } from 'next-intl';
import type { ChainRead } from '../services/services-data.ts';
import { useErrorWords } from '../ui/error-notice.tsx';
import { Evidence } from '../ui/evidence.tsx';
import { useSourceName } from '../ui/source-name.tsx';
import { State } from '../ui/state.tsx';
import { TimeAgo } from '../ui/time-ago.tsx';
import { DriftList } from './drift-list.tsx';
import type { NodeConfigNow } from './node-config-data.ts';
import { isList } from './problem-filter.ts';

/** The comparison with where each of its three sides comes from, and how old it is. Of the saved file, not of a draft. */
export function NodeDriftCard({ now }: { now: Exclude<NodeConfigNow, { noDeployment: true }> }) {
  const t = useTranslations('nodeConfig.drift');
  const fileKnown = now.text !== undefined && isList(now.problems);
  return (
    <DriftList drift={now.drift} sides={{
      file: { known: fileKnown, source: fileKnown ? t('fileNodes', { count: now.entries.length }) : t('fileUnknown') },
      api: { known: now.api.value !== undefined, source: <Source read={now.api} word={t('apiNodes', { count: now.api.value?.length ?? 0 })} /> },
      governance: { known: now.governance.value !== undefined, source: <Source read={now.governance} word={t('governanceModels', { count: now.governance.value?.length ?? 0 })} /> },
    }} />
  );
}

function Source({ read, word }: { read: ChainRead<unknown>; word: string }) {
  const t = useTranslations('nodeConfig.drift');
  const errors = useErrorWords();
  const nameOf = useSourceName();
  const why = read.error && errors(read.error);
  const name = nameOf(read.source);
  if (read.value === undefined) return <Evidence source={name} note={why && <><b className="block">{why.what}</b>{why.next}</>}><State state="unknown">{why?.what ?? t('unknown')}</State></Evidence>;
  return (
    <Evidence source={name} at={read.at} note={why && <><b className="block">{why.what}</b>{why.next}</>}>
      {read.state === 'ok' ? word : <State state="unknown">{t('old', { word })}</State>}{name && <> · {name}</>}{read.at !== undefined && <>, <TimeAgo at={read.at} /></>}
    </Evidence>
  );
}
