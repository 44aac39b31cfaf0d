'use client';
import Link from 'next/link';
import { useFormatter, useTranslations } from 'next-intl';
import { ButtonLink } from '../ui/button.tsx';
import { Card, CardBody } from '../ui/card.tsx';
import { Empty } from '../ui/empty.tsx';
import { useErrorWords } from '../ui/error-notice.tsx';
import { Evidence } from '../ui/evidence.tsx';
import { State } from '../ui/state.tsx';
import { Table, Td, Th } from '../ui/table.tsx';
import { TimeAgo } from '../ui/time-ago.tsx';
import { imageTag } from '../services/container-state.ts';
import type { Overview } from './overview-data.ts';

export function ServicesStrip({ services, deployment }: { services: Overview['services']; deployment: Overview['deployment']['state'] }) {
  const t = useTranslations('overview');
  const word = useTranslations('services.word');
  const format = useFormatter();
  const errorWords = useErrorWords();
  const source = services.at !== undefined && services.state === 'ok' ? <>{services.source} · <TimeAgo at={services.at} /></> : undefined;
  return (
    <Card title={t('services')} source={source} action={services.list.length > 0 && <Link href="/services" prefetch={false} className="link">{t('allServices')}</Link>}>
      {services.state === 'unknown' && services.error && <CardBody><State state="unknown">{errorWords(services.error).what}</State></CardBody>}
      {services.list.length === 0 && services.state === 'ok' && (
        deployment === 'absent'
          ? <Empty title={t('noDeployment')} action={<ButtonLink href="/deployment">{t('chooseDeployment')}</ButtonLink>}>{t('noDeploymentText')}</Empty>
          : <Empty title={t('noServices')}>{t('noServicesText')}</Empty>
      )}
      {services.list.length > 0 && (
        <div className="pt-1.5">
          <Table label={t('services')}>
            <thead><tr><Th>{t('service')}</Th><Th>{t('state')}</Th><Th right hide="sm">{t('restarts')}</Th><Th right>{t('sinceColumn')}</Th></tr></thead>
            <tbody>
              {services.list.map((service) => (
                <tr key={service.name}>
                  <Td className="max-w-48"><Link href={`/services/${encodeURIComponent(service.name)}`} prefetch={false} className="font-semibold break-words hover:underline">{service.name}</Link> <span className="text-sm text-ink-3 max-sm:hidden">{imageTag(service.image)}</span></Td>
                  <Td>
                    <Evidence source={services.source} at={services.at} raw={service.raw}><State state={service.state}>{word(service.word, service.params)}</State></Evidence>
                  </Td>
                  <Td right hide="sm" className="text-ink-2">{service.restarts ? format.number(service.restarts) : '–'}</Td>
                  <Td right className="text-ink-2">{service.since ? <TimeAgo at={service.since} bare /> : '–'}</Td>
                </tr>
              ))}
            </tbody>
          </Table>
        </div>
      )}
    </Card>
  );
}

