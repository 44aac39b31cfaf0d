'use client';
/** `<AccountKeyFound value now onSaved />`: the address of a public key, whether a host has it already, and the way into config.env. */
import { useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';
import type { OperationView } from '#lib/operations/schema.ts';
import type { ConfigChange } from '../config/config-data.ts';
import { ReviewDialog } from '../config/review-dialog.tsx';
import { useSaving } from '../config/use-saving.ts';
import { Button } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy.tsx';
import { ErrorNotice, type ShownError } from '../ui/error-notice.tsx';
import { Evidence } from '../ui/evidence.tsx';
import { Notice } from '../ui/notice.tsx';
import { RequestFailed, sendPanel } from '../ui/panel-data.ts';
import { Loading, Skeleton } from '../ui/skeleton.tsx';
import { State, type StateWord } from '../ui/state.tsx';
import type { AccountKeyAnswer, AccountKeyNow, AccountKeyQuestion } from './account-key-data.ts';
import { keepAccountKey } from './kept-account-key.ts';

/** `value`: base64 of the 33 bytes. `onSaved`: config.env may be another one now. */
export function AccountKeyFound({ value, now, onSaved }: { value: string; now: AccountKeyNow | undefined; onSaved: () => void }) {
  const t = useTranslations('accountKey.found');
  const shell = useTranslations('shell');
  const [answer, setAnswer] = useState<AccountKeyAnswer>();
  const [error, setError] = useState<ShownError>();
  const [asked, askAgain] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `asked` counts the times it is asked
  useEffect(() => {
    let gone = false;
    setError(undefined);
    sendPanel<AccountKeyAnswer>('/api/onboarding/account-key', { key: value } satisfies AccountKeyQuestion).then(
      (got) => { if (!gone) setAnswer(got); },
      (failed: unknown) => { if (!gone) setError(failed instanceof RequestFailed ? failed.shown : { code: 'panel_unreachable' }); },
    );
    return () => { gone = true; };
  }, [value, asked]);

  const again = <Button size="sm" onClick={() => askAgain((n) => n + 1)}>{shell('tryAgain')}</Button>;
  if (error) return <ErrorNotice error={error} action={again} />;
  if (!answer) return <Loading label={t('asking')} className="grid gap-2"><p className="text-base text-ink-2">{t('asking')}</p><Skeleton className="h-5 w-72" /><Skeleton className="h-5 w-56" /></Loading>;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
      <dl className="grid grid-cols-[minmax(0,1fr)] gap-3 text-base">
        <div><dt className="text-sm text-ink-3">{t('address')}</dt><dd className="flex items-start gap-2"><code className="min-w-0 pt-1 break-all">{answer.address}</code><CopyButton text={answer.address} /></dd><dd className="text-sm text-ink-3">{t('compare')}</dd></div>
        <div><dt className="text-sm text-ink-3">{t('publicKey')}</dt><dd className="flex items-start gap-2"><code className="min-w-0 pt-1 break-all">{value}</code><CopyButton text={value} /></dd></div>
        <div><dt className="text-sm text-ink-3">{t('onChain')}</dt><dd><OnChain {...answer} again={again} /></dd></div>
      </dl>
      <UseKey value={value} now={now} onSaved={onSaved} />
    </div>
  );
}

const OWNER_STATE = { 'this-host': 'ok', 'this-address': 'attention', 'another-host': 'broken' } as const satisfies Record<string, StateWord>;

function OnChain({ onChain, again }: AccountKeyAnswer & { again: React.ReactNode }) {
  const t = useTranslations('accountKey.found');
  const { value, at, source } = onChain;
  if (value === undefined) return onChain.error ? <div className="grid gap-2"><p>{t('unknown')}</p><ErrorNotice error={onChain.error} state="unknown" action={again} /></div> : <Notice state="unknown" title={t('unknown')} action={again} />;
  const known = onChain.state === 'ok';
  if (!value) return <Evidence source={source} at={at}><State state={known ? 'ok' : 'unknown'}>{t(known ? 'free' : 'freeOnce')}</State></Evidence>;
  return (
    <div className="grid gap-2">
      <Notice state={OWNER_STATE[value.owner]} title={t(`owner.${value.owner}.what`)}><p>{t(`owner.${value.owner}.next`)}</p></Notice>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1 text-sm">
        <dt className="text-ink-3">{t('url')}</dt><dd className="break-all">{value.url || '–'}</dd>
        <dt className="text-ink-3">{t('consensusKey')}</dt><dd className="break-all"><code>{value.validatorKey || '–'}</code></dd>
      </dl>
      <p><Evidence source={source} at={at} raw={JSON.stringify({ inference_url: value.url, validator_key: value.validatorKey }, null, 1)}><span className="text-sm text-ink-3">{t(known ? 'read' : 'readOnce')}</span></Evidence></p>
    </div>
  );
}

/** Into config.env through the editor: plan, difference, then the operation. Without a file: the value to keep. */
function UseKey({ value, now, onSaved }: { value: string; now: AccountKeyNow | undefined; onSaved: () => void }) {
  const t = useTranslations('accountKey.use');
  const readOnly = useTranslations('config.readOnly');
  const [change, setChange] = useState<ConfigChange>();
  const [other, setOther] = useState(false);
  const saving = useSaving((_: OperationView) => onSaved());
  const close = () => { setChange(undefined); if (!saving.running) saving.started(undefined); };
  const account = now?.keys.account;
  const env = now?.env;
  const waits = now !== undefined && !env;
  useEffect(() => {
    if (waits) keepAccountKey(value);
  }, [waits, value]);
  if (!now) return null;
  const dialog = <ReviewDialog change={change} title={t('title')} running={saving.id} watched={saving.watched} onStarted={saving.started} onClose={close} onOtherVersion={() => { close(); setOther(true); onSaved(); }} />;
  if (account?.state === 'ok' && account.key === value) return <><Notice state="ok" live title={t('done.title')}><p>{t('done.text')}</p></Notice>{dialog}</>;
  if (!env) {
    return (
      <Notice state="attention" title={t('keep.title')}>
        <p>{t(now.envError ? 'keep.unwritable' : 'keep.text')}</p>
        {now.envError && <ErrorNotice error={now.envError} state="unknown" />}
        <p className="flex items-start gap-2"><code className="min-w-0 pt-1 break-all">{`ACCOUNT_PUBKEY=${value}`}</code><CopyButton text={`ACCOUNT_PUBKEY=${value}`} /></p>
      </Notice>
    );
  }
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-3">
      {account?.state === 'ok' && <Notice state="attention" title={t('replaces.title')}><p className="break-all">{t('replaces.text', { address: account.address })}</p></Notice>}
      {other && <Notice state="attention" live title={t('otherVersion')} />}
      {env.readOnly
        ? <Notice state="attention" title={t('readOnly')}><p>{readOnly.has(env.readOnly as never) ? readOnly(env.readOnly as never) : env.readOnly}</p></Notice>
        : <p><Button kind="primary" size="lg" busy={saving.running} onClick={() => { setOther(false); saving.started(undefined); setChange({ by: 'values', version: env.version, values: { ACCOUNT_PUBKEY: value } }); }}>{t('action')}</Button></p>}
      <p className="text-sm text-ink-3">{t('where', { path: env.path })}</p>
      {dialog}
    </div>
  );
}
