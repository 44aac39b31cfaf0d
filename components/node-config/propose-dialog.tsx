'use client';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { Field, Input, Select } from '../ui/field.tsx';
import { usePanelData } from '../ui/panel-data.ts';
import { Segments } from '../ui/segments.tsx';
import { Loading, SkeletonRows } from '../ui/skeleton.tsx';
import type { ModelsNow, Place, TypedServer } from '../models/models-data.ts';
import { useFit } from '../models/use-fit.ts';
import { typedServers, type WhatIfServer } from '../models/what-if-url.ts';
import { WhatIfEditor } from '../models/what-if-editor.tsx';
import type { NodeConfigEntry } from './node-config-data.ts';
import { ProposalView } from './proposal-view.tsx';
import { sameNode, withProposal } from './with-proposal.ts';

/** What the address asks for: a model, on that server, of these typed ones. */
export type ProposeRequest = { model?: string; on?: string; typed: readonly WhatIfServer[] };
const TYPED = '\u0000typed';

type Props = { request: ProposeRequest; entries: readonly NodeConfigEntry[]; onClose: () => void; onUse: (entries: NodeConfigEntry[]) => void };

/** A node for one model on these cards, each value with its reason, before it goes into the form. */
export function ProposeDialog({ request, entries, onClose, onUse }: Props) {
  const t = useTranslations('nodeConfig.propose');
  const shell = useTranslations('shell');
  const { data: now, error } = usePanelData<ModelsNow>('/api/models', { every: 0 });
  return (
    <Dialog open wide onClose={onClose} title={t('title')} footer={now ? undefined : <Button onClick={onClose}>{shell('cancel')}</Button>}>
      {error && <ErrorNotice error={error} />}
      {!now && !error && <Loading label={shell('loading')}><SkeletonRows rows={4} /></Loading>}
      {now && <Choose now={now} request={request} entries={entries} onClose={onClose} onUse={onUse} />}
    </Dialog>
  );
}

function Choose({ now, request, entries, onClose, onUse }: Props & { now: ModelsNow }) {
  const t = useTranslations('nodeConfig.propose');
  const whatIf = useTranslations('models.whatIf');
  const shell = useTranslations('shell');
  const models = now.catalogue.filter(({ known }) => known !== 'named');
  const found: TypedServer[] = now.servers.map(({ name, cards, ramGiB }) => ({ name, gpus: cards.flatMap((card) => (card.state === 'ok' && card.totalMiB ? [{ name: card.name, totalMiB: card.totalMiB }] : [])), ...(ramGiB ? { ramGiB } : {}) })).filter(({ gpus }) => gpus.length > 0);
  const fromAddress = typedServers(request.typed, now.cards, (number) => whatIf('server', { number }));
  const known = [...found, ...fromAddress.filter((one) => !found.some(({ name }) => name === one.name))];
  const [model, setModel] = useState(models.find(({ id }) => id === request.model)?.id ?? models[0]?.id ?? '');
  const [server, setServer] = useState(known.find(({ name }) => name === request.on)?.name ?? known[0]?.name ?? TYPED);
  const [typed, setTyped] = useState<WhatIfServer[]>([{ count: 8, kind: now.cards.find(({ kind }) => kind === 'H100')?.kind ?? '80GB' }]);
  const remote = now.servers.find(({ name, here }) => name === server && !here);
  const [where, setWhere] = useState<Place['where']>(remote ? 'remote' : 'same-docker');
  const [host, setHost] = useState(remote?.name ?? '');
  const [into, setInto] = useState<string>();

  const given = server === TYPED ? typedServers(typed.slice(0, 1), now.cards, (number) => whatIf('server', { number }))[0] : known.find(({ name }) => name === server);
  const place: Place | undefined = where === 'same-docker' ? { where } : host.trim() ? { where, host: host.trim() } : undefined;
  const { answer, error, asking } = useFit(given && place && model ? { servers: [given], propose: { model, server: given.name, place, taken: entries.map(({ id }) => id) } } : undefined);
  const proposal = place && !asking ? (answer?.proposal ?? undefined) : undefined;
  const fit = asking ? undefined : answer?.fits.find((one) => one.model === model)?.servers[0];
  const same = proposal && sameNode(entries, proposal);
  const target = into ?? (same === undefined ? '' : String(same));
  const name = (at: number) => entries[at]?.id.trim() || `#${at + 1}`;

  return (
    <>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-4 sm:grid-cols-2">
        <Field label={t('model')}>{(a) => <Select {...a} value={model} onChange={(event) => setModel(event.target.value)}>{models.map(({ id, approved }) => <option key={id} value={id}>{approved === false ? t('notApproved', { model: id }) : id}</option>)}</Select>}</Field>
        <Field label={t('cards')}>
          {(a) => (
            <Select {...a} value={server} onChange={(event) => setServer(event.target.value)}>
              {known.map(({ name: one, gpus }) => <option key={one} value={one}>{t('server', { server: one, count: gpus.length, card: gpus[0]?.name ?? '' })}</option>)}
              <option value={TYPED}>{t('typed')}</option>
            </Select>
          )}
        </Field>
      </div>
      {server === TYPED && <div className="-mx-4"><WhatIfEditor servers={typed} cards={now.cards} single onChange={(next) => setTyped(next.slice(0, 1))} /></div>}
      <div className="flex flex-wrap items-end gap-x-4 gap-y-3">
        <div className="grid gap-1.5"><span className="text-base font-medium">{t('where')}</span><Segments label={t('where')} value={where} options={[{ value: 'same-docker', label: t('sameDocker') }, { value: 'remote', label: t('remote') }]} onChange={setWhere} /></div>
        {where === 'remote' && <Field label={t('host')} className="min-w-48 flex-1">{(a) => <Input {...a} value={host} placeholder="10.0.0.21" spellCheck={false} autoComplete="off" onChange={(event) => setHost(event.target.value)} className="font-mono" />}</Field>}
      </div>
      {error && <ErrorNotice error={error} />}
      {place ? <ProposalView asking={asking && !error} fit={fit} proposal={proposal} /> : <p className="text-base text-ink-2">{t('hostNeeded')}</p>}
      {proposal && entries.length > 0 && (
        <Field label={t('into')} help={target === '' ? t('newHelp') : t('intoHelp', { node: name(Number(target)) })}>
          {(a) => (
            <Select {...a} value={target} onChange={(event) => setInto(event.target.value)}>
              <option value="">{t('new', { id: proposal.entry.id })}</option>
              {entries.map((entry, i) => <option key={`${i + 1} ${entry.id}`} value={String(i)}>{t('intoNode', { node: name(i) })}</option>)}
            </Select>
          )}
        </Field>
      )}
      <div className="sticky -bottom-3 -mx-5 -mb-3 flex flex-wrap justify-end gap-2 border-t bg-raised px-5 py-3.5">
        <Button onClick={onClose}>{shell('cancel')}</Button>
        <Button kind="primary" disabled={!proposal} onClick={() => proposal && onUse(withProposal(entries, proposal, target === '' ? undefined : Number(target)))}>{t('use')}</Button>
      </div>
    </>
  );
}
