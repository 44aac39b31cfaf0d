'use client';
/** `<Candidates />` and `<Typed />`: the deployment directory by choosing one that was found, or by its path. */
import clsx from 'clsx';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { holdsKeyMaterial } from '../../guard/key-material.ts';
import { Button } from '../ui/button.tsx';
import { Card, CardBody } from '../ui/card.tsx';
import { Tag } from '../ui/chip.tsx';
import { ErrorNotice, useErrorWords } from '../ui/error-notice.tsx';
import { Field, Input } from '../ui/field.tsx';
import { State } from '../ui/state.tsx';
import type { Candidate, ChooseState, DeploymentsNow } from './deployment-data.ts';

export type Choosing = { act: (form: FormData) => void; busy: boolean; state: ChooseState };

export function Candidates({ now, act, busy, state }: Choosing & { now: DeploymentsNow }) {
  const t = useTranslations('deployment');
  return (
    <Card title={t('found')} className="pb-1">
      {now.candidatesError && <CardBody><ErrorNotice error={now.candidatesError} state="unknown" /></CardBody>}
      {now.candidates.length === 0 ? (
        <CardBody className="text-base text-ink-2">{t('foundNone')}</CardBody>
      ) : (
        <ul className="mt-2">
          {now.candidates.map((one) => (
            <li key={one.dir} className="border-t"><CandidateRow one={one} current={now.current?.dir === one.dir} act={act} busy={busy} state={state} /></li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function CandidateRow({ one, current, act, busy, state }: Choosing & { one: Candidate; current: boolean }) {
  const t = useTranslations('deployment');
  const errors = useErrorWords();
  const failed = state.error && state.dir === one.dir ? state.error : undefined;
  const problem = one.problem && errors(one.problem).what;
  return (
    <form action={act} className="grid gap-2 px-4 py-3 sm:px-4.5">
      <input type="hidden" name="dir" value={one.dir} />
      <div className="flex flex-wrap items-start gap-x-4 gap-y-2">
        <div className="grid min-w-0 flex-1 basis-60 gap-1">
          <span className="flex flex-wrap items-center gap-2"><code className="font-semibold break-all">{one.dir}</code>{one.release && <Tag>{t('release', { release: one.release })}</Tag>}</span>
          <span className="text-sm text-ink-3">{t.has(`why.${one.why}` as never) ? t(`why.${one.why}` as never) : one.why}</span>
          {problem && <State state="attention">{problem}</State>}
        </div>
        {current ? <State state="ok" className="pt-1">{t('inUse')}</State> : <Button type="submit" kind={one.problem ? 'plain' : 'primary'} busy={busy && state.dir === one.dir} aria-label={`${t('use')}: ${one.dir}`}>{t('use')}</Button>}
      </div>
      {failed && <ErrorNotice error={failed} />}
    </form>
  );
}

export function Typed({ act, busy, state, listed }: Choosing & { listed: boolean }) {
  const t = useTranslations('deployment');
  const errors = useErrorWords();
  // A recovery phrase or a private key stays in this browser.
  const [kept, setKept] = useState(false);
  const use = (form: FormData) => {
    const secret = holdsKeyMaterial(form.get('dir'));
    setKept(secret);
    if (!secret) act(form);
  };
  const failed = kept ? errors({ code: 'key_material' }) : state.error && !listed ? errors(state.error) : undefined;
  return (
    <Card title={t('typed')}>
      <CardBody>
        <form action={use} className="grid max-w-2xl gap-3">
          <Field label={t('path')} help={t('pathHelp')} error={failed && <>{failed.what} {failed.next}</>}>
            {(a) => <Input {...a} name="dir" required defaultValue={listed ? '' : state.dir} autoComplete="off" autoCapitalize="off" spellCheck={false} placeholder="/root/gonka/deploy/join" className={clsx('font-mono')} />}
          </Field>
          <div><Button type="submit" kind="plain" busy={busy}>{t('use')}</Button></div>
        </form>
      </CardBody>
    </Card>
  );
}
