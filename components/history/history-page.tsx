'use client';
import type { OperationView } from '#lib/operations/schema.ts';
import { usePathname, useRouter, useSearchParams } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useDeferredValue, useState } from 'react';
import { useOperationWords } from '../operations/operation-words.ts';
import { useOperations } from '../operations/use-operations.ts';
import { useServices } from '../services/use-services.ts';
import { Button, ButtonLink } from '../ui/button.tsx';
import { Card, CardBody } from '../ui/card.tsx';
import { Chip } from '../ui/chip.tsx';
import { Empty } from '../ui/empty.tsx';
import { holdsKeyMaterial } from '../../guard/key-material.ts';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { Field, Input, Select } from '../ui/field.tsx';
import { Page, PageHead } from '../ui/page.tsx';
import { Loading, SkeletonRows } from '../ui/skeleton.tsx';
import { OperationRows } from './operation-rows.tsx';

const KINDS = ['launch-chain', 'launch-all', 'start', 'stop', 'restart', 'recreate', 'up', 'down', 'pull', 'save-config', 'apply-config', 'create-ml-key', 'get-deployment', 'close-ports', 'open-ports', 'pull-images', 'get-weights', 'register-host', 'safe-exit', 'maintenance', 'ml-enable', 'ml-disable', 'ml-delete', 'ml-save', 'ml-add-many', 'reset'] as const;
const STATES = ['scheduled', 'running', 'succeeded', 'failed', 'cancelled', 'interrupted'] as const;
const PAGE = 50;
/** A text is looked for in this many of the newest rows that the other filters leave. */
const SEARCHED = 200;

const textOf = (o: OperationView, title: string) => [title, o.id, o.target, o.startedBy, o.reason, o.command?.join(' '), o.error?.code, JSON.stringify(o.error?.params ?? '')].join('\n').toLowerCase();

export function HistoryPage() {
  const t = useTranslations('history');
  const shell = useTranslations('shell');
  const words = useOperationWords();
  const router = useRouter();
  const path = usePathname();
  const query = useSearchParams();
  const states = query.getAll('state');
  const kind = query.get('kind') ?? '';
  const service = query.get('service') ?? '';
  const user = query.get('user') ?? '';
  const before = query.get('before') ?? undefined;
  const [text, setText] = useState(query.get('text') ?? '');
  const sought = useDeferredValue(text.trim().toLowerCase());
  const { services } = useServices();

  const set = (change: Record<string, string | string[] | undefined>) => {
    const next = new URLSearchParams(query);
    next.delete('before');
    for (const [name, value] of Object.entries(change)) {
      next.delete(name);
      // The address is sent: a recovery phrase that was pasted into a filter stays in this browser.
      if (holdsKeyMaterial(value)) continue;
      for (const one of Array.isArray(value) ? value : value ? [value] : []) next.append(name, one);
    }
    router.replace(next.size ? `${path}?${next}` : path, { scroll: false });
  };
  const listed = states.flatMap((s) => (s === 'running' ? ['running', 'queued'] : [s]));
  const { operations, next, error, isLoading } = useOperations({ state: listed, kind: kind ? [kind] : [], service: service ? [service] : [], user: user || undefined, before, limit: sought ? SEARCHED : PAGE }, before ? 30_000 : 4000);
  const shown = sought ? operations?.filter((o) => textOf(o, words.title(o.kind, o.target)).includes(sought)) : operations;
  const filtered = states.length > 0 || kind !== '' || service !== '' || user !== '' || sought !== '';
  const names = [...new Set([...(services?.services.map((s) => s.name) ?? []), ...(service ? [service] : [])])];
  const older = next ? `${path}?${new URLSearchParams([...[...query].filter(([name]) => name !== 'before'), ['before', next]])}` : undefined;

  return (
    <Page>
      <PageHead title={t('title')} facts={<span>{t('intro')}</span>} />
      <section aria-label={t('filters')} className="grid gap-3">
        <div className="flex flex-wrap gap-2">
          {STATES.map((state) => <Chip key={state} pressed={states.includes(state)} onClick={() => set({ state: states.includes(state) ? states.filter((s) => s !== state) : [...states, state] })}>{words.state(state)}</Chip>)}
          {filtered && <Button size="sm" kind="quiet" onClick={() => { setText(''); router.replace(path, { scroll: false }); }}>{t('clear')}</Button>}
        </div>
        <div className="grid grid-cols-2 gap-3 md:grid-cols-4">
          <Field label={t('kind')}>{(a) => <Select {...a} value={kind} onChange={(e) => set({ kind: e.target.value })}><option value="">{t('any')}</option>{KINDS.map((k) => <option key={k} value={k}>{words.kind(k)}</option>)}</Select>}</Field>
          <Field label={t('service')}>{(a) => <Select {...a} value={service} onChange={(e) => set({ service: e.target.value })}><option value="">{t('any')}</option>{names.map((n) => <option key={n}>{n}</option>)}</Select>}</Field>
          <Field label={t('user')}>{(a) => <Input {...a} defaultValue={user} key={user} autoComplete="off" onBlur={(e) => e.target.value.trim() !== user && set({ user: e.target.value.trim() })} onKeyDown={(e) => e.key === 'Enter' && set({ user: e.currentTarget.value.trim() })} />}</Field>
          <Field label={t('text')}>{(a) => <Input {...a} type="search" value={text} onChange={(e) => setText(e.target.value)} onBlur={() => set({ text: text.trim() })} />}</Field>
        </div>
      </section>
      {error && <ErrorNotice error={error} />}
      <Card title={before ? t('older') : t('newest')} className="pb-1">
        {!shown && isLoading && <Loading label={shell('loading')}><SkeletonRows rows={8} /></Loading>}
        {shown?.length === 0 && (filtered || before
          ? <Empty title={t('nothing.title')}>{t('nothing.text')}</Empty>
          : <Empty title={t('empty.title')} action={<ButtonLink href="/services">{t('empty.action')}</ButtonLink>}>{t('empty.text')}</Empty>)}
        {shown && shown.length > 0 && <OperationRows operations={shown} wide />}
        {sought && (operations?.length ?? 0) >= SEARCHED && <CardBody className="text-sm text-ink-3">{t('searched', { count: SEARCHED })}</CardBody>}
        {(before || older) && (
          <div className="flex justify-between gap-2 border-t px-4 py-2.5">
            {before ? <Button size="sm" kind="quiet" onClick={() => set({})}>{t('toNewest')}</Button> : <span />}
            {older && <ButtonLink size="sm" href={older}>{t('toOlder')}</ButtonLink>}
          </div>
        )}
      </Card>
    </Page>
  );
}
