'use client';
/** config.env by the guide: every variable with its proposal and reason, checked while it is typed, saved through the editor's own review. */
import { useTranslations } from 'next-intl';
import { useCallback, useEffect, useMemo, useState } from 'react';
import type { OperationView } from '#lib/operations/schema.ts';
import type { ConfigChange } from '../config/config-data.ts';
import { ProblemLines } from '../config/problem-lines.tsx';
import { placedProblems } from '../config/problem-places.ts';
import { ReviewDialog } from '../config/review-dialog.tsx';
import { useConfigCheck } from '../config/use-config-check.ts';
import { useSaving } from '../config/use-saving.ts';
import { Button, ButtonLink } from '../ui/button.tsx';
import { Card, CardBody } from '../ui/card.tsx';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { useLeaveGuard } from '../ui/leave-guard.ts';
import { LoseEditsDialog } from '../config/page-dialogs.tsx';
import { Notice } from '../ui/notice.tsx';
import { State } from '../ui/state.tsx';
import { useList } from '../ui/use-list.ts';
import type { ConfigurationNow } from './configuration-data.ts';
import { GuideRow } from './guide-row.tsx';
import { changeOfValues, type Known, missingIn, shownValues, type Typed } from './guide-values.ts';
import { keepAccountKey, keptAccountKey } from './kept-account-key.ts';
import { makePassword } from './make-password.ts';

/** Problems that only say what isn't filled in yet: the form says it itself. */
const UNFILLED = /^(?:config_missing|config_stops|variable_(?:missing|placeholder|empty))$/;

export function GuideForm({ now, onChanged }: { now: ConfigurationNow; onChanged: () => void }) {
  const t = useTranslations('configStep');
  const list = useList();
  const shell = useTranslations('shell');
  const [typed, setTyped] = useState<Typed>({});
  const [known, setKnown] = useState<Known & { keptAt?: number }>({ made: {} });
  const [review, setReview] = useState<ConfigChange>();
  const [other, setOther] = useState(false);
  /** The version that our own save has replaced: until the new one is read there is nothing to check against. */
  const [replaced, setReplaced] = useState<string>();
  const secrets = now.fields.filter(({ row, guide }) => row.secret && !guide && !row.set).map(({ row }) => row.name).join(' ');
  // In the browser only, and once for each name: what the server rendered has no passwords in it.
  useEffect(() => {
    const kept = keptAccountKey();
    setKnown((old) => ({ ...(kept ? { accountKey: kept.key, keptAt: kept.at } : {}), made: Object.fromEntries(secrets.split(' ').filter(Boolean).map((name) => [name, old.made[name] ?? makePassword()])) }));
  }, [secrets]);

  const saving = useSaving((operation: OperationView) => {
    if (operation.state === 'succeeded') {
      setTyped({});
      setReplaced(now.version);
    }
    onChanged();
  });
  const values = useMemo(() => shownValues(now, typed, known), [now, typed, known]);
  const change = useMemo(() => changeOfValues(now, values), [now, values]);
  const again = useCallback(() => { setReview(undefined); setOther(true); onChanged(); }, [onChanged]);
  const checked = useConfigCheck(saving.running || replaced === now.version ? undefined : change, again);
  const rows = useMemo(() => now.fields.map(({ row }) => row), [now]);
  const placed = useMemo(() => placedProblems(rows, [], checked.check), [rows, checked.check]);
  const missing = missingIn(now, values);
  const dirty = Object.keys(typed).length > 0;
  const guard = useLeaveGuard(dirty && !saving.running);
  const rest = placed.rest.filter(({ code }) => !UNFILLED.test(code));
  const edit = (name: string, value: string | undefined) => {
    setOther(false);
    setReplaced(undefined);
    if (name === 'ACCOUNT_PUBKEY' && value) keepAccountKey(value);
    setTyped((old) => {
      const { [name]: _, ...others } = old;
      return value === undefined ? others : { ...others, [name]: value };
    });
  };
  const complete = !now.fromTemplate && !now.error && now.broken === 0;
  return (
    <Card title={t('env.title')} source={<code className="break-all">{now.path}</code>}>
      <CardBody className="grid grid-cols-[minmax(0,1fr)] gap-3">
        {now.error && <ErrorNotice error={now.error} />}
        {complete ? <State state="ok" className="text-lg">{t('env.complete')}</State>
          : <p className="max-w-[70ch] text-base text-ink-2">{t(now.fromTemplate ? 'env.fromTemplate' : 'env.fill')}</p>}
        {now.privateAddresses.length > 0 && !now.fields.some(({ row }) => row.name === 'PUBLIC_URL' && row.set) && <Notice state="attention" title={t('env.private.title')}><p>{t('env.private.text', { addresses: list(now.privateAddresses.slice(0, 4)) + (now.privateAddresses.length > 4 ? ' …' : '') })}</p></Notice>}
        {other && <Notice state="attention" live title={t('env.otherVersion')} />}
      </CardBody>
      <div className="border-t">
        {now.fields.map((field) => (
          <GuideRow key={field.row.name} field={field} value={values[field.row.name] ?? ''} typed={typed[field.row.name] !== undefined} fromTemplate={now.fromTemplate} known={known} keyThere={now.operationalKey === 'present'} locked={now.error !== undefined || saving.running} at={now.at}
            problems={checked.check || (!now.fromTemplate && field.row.set) ? placed.of(field.row).filter(({ code }) => !UNFILLED.test(code)) : []} onEdit={edit} />
        ))}
      </div>
      <CardBody className="grid grid-cols-[minmax(0,1fr)] gap-3 border-t">
        {rest.length > 0 && <ProblemLines problems={rest} />}
        {checked.error && <ErrorNotice error={checked.error} state="attention" />}
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <Button kind={complete && !dirty ? 'plain' : 'primary'} size="lg" busy={saving.running} disabled={!change || now.error !== undefined} onClick={() => { saving.started(undefined); setReview(change); }}>{t('env.review')}</Button>
          {missing.length > 0 ? <span className="text-base text-ink-2">{t('env.missing', { names: list(missing) })}</span> : change && <span className="text-base text-ink-2">{t('env.ready')}</span>}
          {dirty && !saving.running && <Button kind="quiet" className="max-sm:min-h-11" onClick={() => setTyped({})}>{t('env.reset')}</Button>}
        </div>
        <p className="text-sm text-ink-3">{t('env.others')} <ButtonLink kind="quiet" size="sm" className="max-sm:min-h-11" href="/config">{t('env.toEditor')}</ButtonLink></p>
      </CardBody>
      <ReviewDialog change={review} title={t('env.review')} running={saving.id} watched={saving.watched} onStarted={saving.started} onOtherVersion={again}
        onClose={() => { setReview(undefined); if (!saving.running) saving.started(undefined); }} />
      <LoseEditsDialog kind="leave" open={guard.waiting} onStay={guard.stay} onGo={() => { setTyped({}); guard.leave(); }} />
      <span className="sr-only" role="status">{saving.running ? shell('loading') : ''}</span>
    </Card>
  );
}
