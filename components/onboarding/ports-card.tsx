'use client';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { DiffView } from '../config/diff-view.tsx';
import { OperationDialog, type OperationRequest } from '../operations/operation-dialog.tsx';
import { Button } from '../ui/button.tsx';
import { Card, CardBody } from '../ui/card.tsx';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { Evidence } from '../ui/evidence.tsx';
import { Field, Select } from '../ui/field.tsx';
import { Notice } from '../ui/notice.tsx';
import { usePanelData } from '../ui/panel-data.ts';
import { Loading, SkeletonRows } from '../ui/skeleton.tsx';
import { State } from '../ui/state.tsx';
import { useList } from '../ui/use-list.ts';
import type { PortRow, PortsNow } from './ports-data.ts';

const LOOPBACK = '127.0.0.1';
const LOOKS = { open: 'broken', planned: 'attention', closed: 'ok' } as const;

/** Which internal ports let whom in, and one click that binds them (product S2). `onChanged`: the rows beside it are measured anew. */
export function PortsCard({ onChanged }: { onChanged: () => void }) {
  const t = useTranslations('onboarding.ports');
  const shell = useTranslations('shell');
  const [chosen, choose] = useState<string>();
  const { data, error, reload } = usePanelData<PortsNow>(`/api/onboarding/ports${chosen ? `?address=${chosen}` : ''}`, { every: 30_000 });
  const [request, setRequest] = useState<OperationRequest>();
  const closed = () => {
    setRequest(undefined);
    void reload();
    onChanged();
  };
  // Before a directory is chosen there is nothing that publishes a port.
  if (error?.code === 'operation_no_deployment') return null;
  return (
    <section id="exposure" className="grid grid-cols-[minmax(0,1fr)] scroll-mt-4 gap-4">
      <Card title={t('title')}>
        <CardBody className="grid grid-cols-[minmax(0,1fr)] gap-4 py-4.5">
          <p className="max-w-[70ch] text-base text-ink-2">{t('text')}</p>
          {error && <ErrorNotice error={error} action={<Button size="sm" onClick={() => void reload()}>{shell('tryAgain')}</Button>} />}
          {!data && !error && <Loading label={shell('loading')}><SkeletonRows rows={4} /></Loading>}
          {data && (
            <>
              <Leak now={data} />
              {data.rows.length === 0 ? <State state="unknown">{t('none')}</State> : <ul className="grid">{data.rows.map((row) => <Port key={`${row.service} ${row.container} ${row.published}`} row={row} now={data} />)}</ul>}
              <Remedy now={data} choose={choose} start={setRequest} />
            </>
          )}
        </CardBody>
      </Card>
      <OperationDialog request={request} onClose={closed} />
    </section>
  );
}

/** The password that an open admin port hands out: what was possible, what to do, what not to do. */
function Leak({ now }: { now: PortsNow }) {
  const t = useTranslations('onboarding.ports.leak');
  const list = useList();
  const open = now.rows.filter(({ container, state }) => container === 9200 && state === 'open');
  if (open.length === 0 || now.leaks === 'no') return null;
  const steps = ['close', 'judge', 'watch', 'not'] as const;
  return (
    <Notice state="broken" title={t('title', { port: list(open.map(({ published }) => String(published))), sure: now.leaks })}>
      <p>{t('text')}</p>
      <ol className="grid grid-cols-[minmax(0,1fr)] list-decimal gap-1.5 pl-5">{steps.map((step) => <li key={step}>{t.rich(step, { b: (x) => <b className="font-semibold">{x}</b> })}</li>)}</ol>
    </Notice>
  );
}

function Port({ row, now }: { row: PortRow; now: PortsNow }) {
  const t = useTranslations('onboarding.ports');
  const list = useList();
  const where = (addresses: readonly string[] | undefined, none: string) => (addresses === undefined ? t('unseen') : addresses.length === 0 ? none : list(addresses.map((address) => address || t('everywhere'))));
  const leaks = row.container === 9200 && now.leaks === 'yes';
  return (
    <li className="grid grid-cols-[minmax(0,1fr)] gap-1.5 border-t py-3 first:border-t-0 first:pt-0">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
        <h3 className="text-base font-medium"><span className="num">{row.published || '?'}</span> <span className="font-normal text-ink-3">{t('leadsTo', { service: row.service, container: String(row.container) })}</span></h3>
        <Evidence source="docker compose config, Docker, /proc/net" at={now.at} raw={JSON.stringify(row)}><State state={row.state === 'open' && row.container !== 9200 ? 'attention' : LOOKS[row.state]}>{t(`state.${row.state}`)}</State></Evidence>
      </div>
      <p className="text-sm text-ink-2">{t(`who.${leaks ? '9200_leaks' : row.container}` as never)}</p>
      <dl className="flex flex-wrap gap-x-5 gap-y-0.5 text-sm text-ink-3">
        {([['config', row.config === undefined ? [] : [row.config]], ['docker', row.docker], ['kernel', row.kernel]] as const).map(([by, addresses]) => (
          <div key={by} className="flex gap-1.5"><dt>{t(`by.${by}`)}</dt><dd className="num text-ink-2">{where(addresses, t(`nowhere.${by}`))}</dd></div>
        ))}
      </dl>
    </li>
  );
}

function Remedy({ now, choose, start }: { now: PortsNow; choose: (address: string) => void; start: (request: OperationRequest) => void }) {
  const t = useTranslations('onboarding.ports');
  const list = useList();
  const { close, reopen, files } = now;
  const others = (now.addresses ?? []).filter(({ address }) => address !== LOOPBACK);
  const open = now.rows.some(({ state }) => state !== 'closed');
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4 border-t pt-4">
      {!now.compose.knowsOverride && <Notice state="attention" title={t('composeOld.title', { version: now.compose.version ?? '–', least: now.compose.least })}><p>{t('composeOld.text')}</p></Notice>}
      {others.length > 0 && (
        <Field label={t('address')} help={t(now.severalServers ? 'addressHelpSeveral' : 'addressHelp')}>
          {(a) => (
            <Select {...a} value={now.address} onChange={(event) => choose(event.target.value)} className="max-w-sm max-sm:h-11">
              <option value={LOOPBACK}>{t('loopback')}</option>
              {others.map(({ address, card }) => <option key={address} value={address}>{t('private', { address, card })}</option>)}
            </Select>
          )}
        </Field>
      )}
      {now.severalServers && now.address === LOOPBACK && <Notice state="attention" title={t('several.title')}><p>{t('several.text')}</p></Notice>}
      {now.nothingToDo ? (open ? <State state="attention">{t('notOurs')}</State> : <State state="ok">{t(reopen ? 'bound' : 'boundAlready')}</State>) : (
        <>
          {files.map(({ name, diff }) => (
            <div key={name} className="grid grid-cols-[minmax(0,1fr)] gap-1.5">
              <p className="text-sm font-medium"><span className="font-mono">{name}</span></p>
              <DiffView diff={diff} label={t('diff', { file: name })} />
            </div>
          ))}
          <p className="text-sm text-ink-2">{close.services.length > 0 ? t('recreates', { services: list(close.services) }) : t('recreatesNone')}</p>
        </>
      )}
      <div className="flex flex-wrap gap-2">
        {!now.nothingToDo && <Button kind="primary" size="lg" disabled={!now.compose.knowsOverride} onClick={() => start({ kind: 'close-ports', params: close })}>{t('close')}</Button>}
        {reopen && <Button kind="quiet" size="lg" onClick={() => start({ kind: 'open-ports', params: reopen })}>{t('reopen')}</Button>}
      </div>
      {reopen && <p className="max-w-[70ch] text-sm text-ink-3">{t('byHand')}</p>}
    </div>
  );
}
