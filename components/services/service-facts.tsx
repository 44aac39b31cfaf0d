'use client';
/** What the engine and the compose files say of one service; nothing of its environment's values. */
import Link from 'next/link';
import { useFormatter, useTranslations } from 'next-intl';
import { useBytes } from '../ui/bytes.ts';
import { Card, CardBody } from '../ui/card.tsx';
import { Tag } from '../ui/chip.tsx';
import { Notice } from '../ui/notice.tsx';
import { State } from '../ui/state.tsx';
import { At, TimeAgo } from '../ui/time-ago.tsx';
import type { ServiceContainer, ServiceRow, ServicesUse } from './services-data.ts';

function Facts({ rows }: { rows: (readonly [label: string, value: React.ReactNode] | false | undefined | '')[] }) {
  return (
    <dl className="grid gap-x-6 gap-y-2 text-base sm:grid-cols-[minmax(8rem,auto)_minmax(0,1fr)]">
      {rows.map((row) => row && (
        <div key={row[0]} className="grid gap-x-6 sm:col-span-2 sm:grid-cols-subgrid"><dt className="text-ink-3">{row[0]}</dt><dd className="num min-w-0 break-words">{row[1]}</dd></div>
      ))}
    </dl>
  );
}

const isOpen = (host: string | undefined) => host === '0.0.0.0' || host === '::' || host === '';

export function ContainerFacts({ service, container, source, use }: { service: ServiceRow; container: ServiceContainer; source: React.ReactNode; use?: ServicesUse }) {
  const t = useTranslations('services');
  const format = useFormatter();
  const bytes = useBytes();
  const used = use?.use[service.name];
  const moment = (at: string | undefined) => at && <><At at={at} seconds />, <TimeAgo at={at} /></>;
  const ports = container.ports.filter((p, i, all) => all.findIndex((q) => q.hostPort === p.hostPort && q.containerPort === p.containerPort && isOpen(q.host) === isOpen(p.host)) === i);
  return (
    <Card title={t('container')} source={source}>
      <CardBody className="grid gap-3">
        {container.error && <Notice state="broken" title={t('engineSays')}><p className="break-words">{container.error}</p></Notice>}
        {container.image !== service.image && <Notice state="attention" title={t('otherImage.title')}><p className="break-all">{t('otherImage.text', { runs: container.image, file: service.image })}</p></Notice>}
        <Facts rows={[
          [t('fact.name'), container.name],
          [t('fact.id'), <code key="id" title={container.id}>{container.id.slice(0, 12)}</code>],
          [t('fact.image'), <span key="image" className="break-all">{container.image}</span>],
          [t('fact.imageId'), <code key="iid" title={container.imageId} className="break-all">{container.imageId.slice(0, 19)}</code>],
          [t('fact.started'), moment(container.startedAt) ?? '–'],
          container.state !== 'running' && [t('fact.ended'), moment(container.finishedAt) ?? '–'],
          container.exitCode !== undefined && [t('fact.exit'), container.outOfMemory ? t('fact.exitMemory', { code: container.exitCode }) : container.exitCode],
          container.state === 'running' && [t('fact.use'), used && use ? <>{t('use.both', { cpu: used.cpuPercent === undefined ? '…' : format.number(used.cpuPercent / 100, { style: 'percent', maximumFractionDigits: 0 }), memory: bytes(used.memory), limit: bytes(used.memoryLimit) })}, <TimeAgo at={use.at} /></> : t('use.measuring')],
          [t('fact.restarts'), format.number(container.restarts)],
          [t('fact.health'), container.health ? t(`health.${container.health}`) : t('health.none')],
          [t('fact.networks'), container.networks.length ? container.networks.map((n) => <div key={n.name}>{n.name} {n.address && <code>{n.address}</code>}</div>) : '–'],
          [t('fact.ports'), ports.some((p) => p.hostPort) ? ports.filter((p) => p.hostPort).map((p) => (
            <div key={`${p.host}${p.hostPort}${p.containerPort}`}><code>{p.host?.includes(':') ? `[${p.host}]` : p.host}:{p.hostPort} → {p.containerPort}/{p.protocol}</code>{isOpen(p.host) && <> <Tag>{t('openPort')}</Tag></>}</div>
          )) : t('noPorts')],
        ]} />
      </CardBody>
    </Card>
  );
}

export function ComposeFacts({ service }: { service: ServiceRow }) {
  const t = useTranslations('services');
  const named = (names: string[]) => (names.length ? names.map((name) => <Tag key={name} className="mr-1.5 font-mono">{name}</Tag>) : '–');
  return (
    <Card title={t('composeFiles')}>
      <CardBody>
        <Facts rows={[
          [t('fact.image'), <span key="i" className="break-all">{service.image}</span>],
          [t('fact.dependsOn'), service.dependsOn.length ? service.dependsOn.map((name) => <Link key={name} href={`/services/${encodeURIComponent(name)}`} prefetch={false} className="link mr-2">{name}</Link>) : '–'],
          [t('fact.variables'), named(service.variables)],
          service.profiles.length > 0 && [t('fact.profiles'), named(service.profiles)],
          !service.enabled && [t('fact.enabled'), <State key="e" state="unknown">{t('word.off')}</State>],
        ]} />
      </CardBody>
    </Card>
  );
}
