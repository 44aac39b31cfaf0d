'use client';
/** `<MlKeyPhrase phrase onChanged />`: the recovery phrase, once: alone, password, words, three of them asked back. Kept in this page only. */
import { useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { Card, CardBody } from '../ui/card.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorNotice, type ShownError } from '../ui/error-notice.tsx';
import { Checkbox, Field, Input } from '../ui/field.tsx';
import { useLeaveGuard } from '../ui/leave-guard.ts';
import { Notice } from '../ui/notice.tsx';
import { RequestFailed, sendPanel } from '../ui/panel-data.ts';
import { Countdown } from '../ui/time-ago.tsx';
import type { MlKeyNow, PhraseAnswer, PhraseCheck, PhraseQuestion } from './ml-key-data.ts';

/** `phrase`: what the panel has in memory; the words that are on this page stay when a restart has wiped it there. */
type Props = { phrase: MlKeyNow['phrase']; onChanged: () => void };

const asShown = (failed: unknown): ShownError => (failed instanceof RequestFailed ? failed.shown : { code: 'panel_unreachable' });

export function MlKeyPhrase({ phrase, onChanged }: Props) {
  const t = useTranslations('mlKey.phrase');
  const [words, setWords] = useState<PhraseAnswer & { operation: string }>();
  // What this page holds ends when the panel's own copy would.
  useEffect(() => {
    if (!words) return;
    const timer = setTimeout(() => setWords(undefined), words.leftMs);
    return () => clearTimeout(timer);
  }, [words]);
  const here = words && (!phrase || words.operation === phrase.operation) ? words : undefined;
  if (!phrase && !here) return null;
  return (
    <Card title={t('title')} source={phrase && t.rich('until', { left: () => <Countdown to={phrase.until} /> })}>
      <CardBody className="grid grid-cols-[minmax(0,1fr)] gap-4">
        {here ? <Written phrase={here} onDone={() => { setWords(undefined); onChanged(); }} />
          : !phrase?.mine ? <Notice state="attention" title={t('elsewhere.title')}><p>{t('elsewhere.text')}</p></Notice>
          : phrase.shown ? <Notice state="attention" title={t('shown.title')}><p>{t('shown.text')}</p></Notice>
          : <Ask operation={phrase.operation} onWords={(answer) => setWords({ ...answer, operation: phrase.operation })} />}
      </CardBody>
    </Card>
  );
}

function Ask({ operation, onWords }: { operation: string; onWords: (answer: PhraseAnswer) => void }) {
  const t = useTranslations('mlKey.phrase');
  const [alone, setAlone] = useState(false);
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ShownError>();
  const ask = async (event: React.FormEvent) => {
    event.preventDefault();
    if (busy || !alone || !password) return;
    setBusy(true);
    setError(undefined);
    try {
      onWords(await sendPanel<PhraseAnswer>('/api/onboarding/ml-key/mnemonic', { operation, alone, password } satisfies PhraseQuestion));
    } catch (failed) {
      setError(asShown(failed));
      setPassword('');
      setBusy(false);
    }
  };
  return (
    <form onSubmit={ask} className="grid max-w-[60ch] gap-4">
      <p className="text-lg text-ink-2">{t('intro')}</p>
      <ul className="grid list-disc gap-1 pl-5 text-base text-ink-2 marker:text-ink-3">{(['once', 'memory', 'paper'] as const).map((one) => <li key={one}>{t(one)}</li>)}</ul>
      <Checkbox label={t('alone')} checked={alone} onChange={(event) => setAlone(event.target.checked)} className="min-h-11 items-center" />
      <Field label={t('password')} className="max-w-sm">{(a) => <Input {...a} type="password" autoComplete="current-password" value={password} onChange={(event) => setPassword(event.target.value)} />}</Field>
      {error && <ErrorNotice error={error} />}
      <div><Button type="submit" kind="primary" size="lg" busy={busy} disabled={!alone || !password}>{t('show')}</Button></div>
    </form>
  );
}

/** The words, then three of them asked back; they are hidden while one answers, and can be looked at again until it is right. */
function Written({ phrase: { words, ask, operation }, onDone }: { phrase: PhraseAnswer & { operation: string }; onDone: () => void }) {
  const t = useTranslations('mlKey.phrase');
  const [asking, setAsking] = useState(false);
  const [answers, setAnswers] = useState<string[]>(ask.map(() => ''));
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ShownError>();
  const guard = useLeaveGuard(true);
  const check = async (event: React.FormEvent) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setError(undefined);
    try {
      await sendPanel('/api/onboarding/ml-key/mnemonic/check', { operation, words: answers } satisfies PhraseCheck);
      onDone();
    } catch (failed) {
      setError(asShown(failed));
      setBusy(false);
    }
  };
  return (
    <>
      {!asking ? (
        <>
          <p className="text-lg text-ink-2">{t('write')}</p>
          <ol aria-label={t('title')} className="grid grid-cols-2 gap-x-4 gap-y-1 rounded-md border bg-sunken p-3 sm:grid-cols-3 lg:grid-cols-4">
            {words.map((word, index) => <li key={`${index + 1} ${word}`} className="flex items-baseline gap-2 py-1 text-lg"><span aria-hidden="true" className="num w-6 flex-none text-right text-sm text-ink-3">{index + 1}</span><span className="font-medium">{word}</span></li>)}
          </ol>
          <div><Button kind="primary" size="lg" onClick={() => setAsking(true)}>{t('written')}</Button></div>
        </>
      ) : (
        <form onSubmit={check} className="grid gap-4">
          <p className="text-lg text-ink-2">{t('askBack')}</p>
          <div className="grid max-w-2xl gap-4 sm:grid-cols-3">
            {ask.map((position, index) => (
              <Field key={position} label={t('word', { position })}>
                {(a) => <Input {...a} autoComplete="off" autoCapitalize="none" spellCheck={false} autoFocus={index === 0} value={answers[index]} onChange={(event) => setAnswers(answers.map((one, i) => (i === index ? event.target.value : one)))} />}
              </Field>
            ))}
          </div>
          {error && <ErrorNotice error={error} />}
          <div className="flex flex-wrap gap-2">
            <Button type="submit" kind="primary" size="lg" busy={busy} disabled={answers.some((one) => one.trim() === '')}>{t('check')}</Button>
            <Button size="lg" onClick={() => { setError(undefined); setAsking(false); }}>{t('again')}</Button>
          </div>
        </form>
      )}
      <Dialog open={guard.waiting} onClose={guard.stay} title={t('leave.title')} footer={<><Button kind="danger" onClick={guard.leave}>{t('leave.go')}</Button><Button kind="primary" onClick={guard.stay}>{t('leave.stay')}</Button></>}>
        <p>{t('leave.text')}</p>
      </Dialog>
    </>
  );
}
