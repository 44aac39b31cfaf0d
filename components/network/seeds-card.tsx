'use client';
import { useFormatter, useTranslations } from 'next-intl';
import { Card } from '../ui/card.tsx';
import { useErrorWords } from '../ui/error-notice.tsx';
import { Evidence } from '../ui/evidence.tsx';
import { State, type StateWord } from '../ui/state.tsx';
import { Table, Td, Th } from '../ui/table.tsx';
import { TimeAgo } from '../ui/time-ago.tsx';
import type { NetworkNow } from './network-data.ts';

type Seed = NetworkNow['seeds'][number];
// A seed that doesn't answer says nothing about this host: unknown, not broken.
const words: Record<Seed['state'], StateWord> = { ok: 'ok', 'rate-limited': 'attention', down: 'unknown', malformed: 'unknown', 'wrong-chain': 'broken', frozen: 'attention', unknown: 'unknown' };

export function SeedsCard({ seeds }: { seeds: readonly Seed[] }) {
  const t = useTranslations('network');
  const format = useFormatter();
  const error = useErrorWords();
  return (
    <Card title={t('seeds')} source={t('seedsNote')}>
      <div className="pt-1.5">
        <Table label={t('seeds')}>
          <thead><tr><Th>{t('seed')}</Th><Th>{t('state')}</Th><Th right hide="sm">{t('height')}</Th><Th right>{t('lastAnswer')}</Th></tr></thead>
          <tbody>
            {seeds.map((seed) => {
              const why = seed.error && error(seed.error);
              return (
                <tr key={seed.url}>
                  <Td className="break-all">{seed.host}</Td>
                  <Td><Evidence source={seed.url} at={seed.at} raw={seed.chainId ? `chain ${seed.chainId}` : undefined} note={why && <><b className="block">{why.what}</b>{why.means}</>}><State state={words[seed.state]}>{t(`seedState.${seed.state}`)}</State></Evidence></Td>
                  <Td right hide="sm">{seed.height === undefined ? '–' : format.number(seed.height)}</Td>
                  <Td right className="text-ink-2">{seed.at === undefined ? '–' : <TimeAgo at={seed.at} />}</Td>
                </tr>
              );
            })}
          </tbody>
        </Table>
      </div>
    </Card>
  );
}
