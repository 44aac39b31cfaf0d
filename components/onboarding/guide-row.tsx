'use client';
/** One variable of the guide: its value, what this machine proposes and why, what is wrong with it. */
import { Eye, EyeOff, KeyRound, Undo2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useId, useState } from 'react';
import { ProblemLines } from '../config/problem-lines.tsx';
import type { PlacedProblem } from '../config/problem-places.ts';
import { useFieldWords } from '../config/use-field-words.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy.tsx';
import { Evidence } from '../ui/evidence.tsx';
import { Input } from '../ui/field.tsx';
import { Notice } from '../ui/notice.tsx';
import { At } from '../ui/time-ago.tsx';
import type { GuideField } from './configuration-data.ts';
import type { Known } from './guide-values.ts';
import { KeyPaste } from './key-paste.tsx';
import { makePassword } from './make-password.ts';

type Props = {
  field: GuideField; value: string; typed: boolean; fromTemplate: boolean; known: Known & { keptAt?: number };
  /** The ML operational key is in the keyring: its password and its name are given. */
  keyThere: boolean;
  locked: boolean; problems: readonly PlacedProblem[]; at: number;
  /** undefined takes the edit back. */
  onEdit: (name: string, value: string | undefined) => void;
};

const keyboards = { url: 'url', port: 'numeric', number: 'numeric' } as const;

export function GuideRow({ field: { row, suggestion, guide }, value, typed, fromTemplate, known, keyThere, locked, problems, at, onEdit }: Props) {
  const t = useTranslations('configStep');
  const form = useTranslations('config.form');
  const readOnly = useTranslations('config.readOnly');
  const id = useId();
  const { label, help } = useFieldWords()(row);
  const [seen, setSeen] = useState(false);
  const keptSet = row.set && !fromTemplate;
  const broken = problems.some((one) => one.level === 'broken');
  const offered = suggestion && !row.readOnly && value !== suggestion.value;
  const disabled = locked || row.readOnly !== undefined;
  const wiring = { id, 'aria-describedby': `${id}-p ${id}-w ${id}-h`, ...(broken ? { 'aria-invalid': true as const } : {}), autoComplete: 'off', autoCapitalize: 'off', autoCorrect: 'off', spellCheck: false, readOnly: disabled || undefined } as const;
  return (
    <div data-field={row.name} className="grid grid-cols-[minmax(0,1fr)] gap-x-8 gap-y-2 border-t px-4 py-4 first:border-t-0 sm:px-4.5 xl:grid-cols-[minmax(0,13rem)_minmax(0,1fr)]">
      <div className="grid content-start gap-1">
        <label htmlFor={id} className="text-base font-semibold">{label}</label>
        <code className="text-xs break-all text-ink-3">{row.name}</code>
      </div>
      <div className="grid min-w-0 content-start gap-2">
        <div className="flex items-center gap-1.5">
          {row.secret ? (
            <>
              <Input {...wiring} type={seen ? 'text' : 'password'} autoComplete="new-password" value={value} placeholder={keptSet ? form('secretUnchanged') : undefined} className="font-mono" onChange={(event) => onEdit(row.name, event.target.value === '' ? undefined : event.target.value)} />
              {value !== '' && <><IconButton className="size-11 sm:size-10" label={t(seen ? 'password.hide' : 'password.show')} onClick={() => setSeen(!seen)}>{seen ? <EyeOff /> : <Eye />}</IconButton><CopyButton text={value} /></>}
            </>
          ) : (
            <Input {...wiring} type="text" inputMode={row.kind in keyboards ? keyboards[row.kind as keyof typeof keyboards] : undefined} value={value} placeholder={row.placeholder ? form('example', { value: row.placeholder }) : undefined} className="font-mono read-only:bg-sunken read-only:text-ink-2" onChange={(event) => onEdit(row.name, event.target.value)} />
          )}
          {typed && !locked && <IconButton className="size-11 sm:size-10" label={form('undo', { name: row.name })} onClick={() => { onEdit(row.name, undefined); setSeen(false); }}><Undo2 /></IconButton>}
        </div>
        {row.secret && guide && !disabled && !(keptSet && keyThere) && (
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <Button onClick={() => { onEdit(row.name, makePassword()); setSeen(true); }} className="max-sm:min-h-11"><KeyRound aria-hidden="true" />{t('password.make')}</Button>
            <span className="text-sm text-ink-3">{t('password.rules')}</span>
          </div>
        )}
        {row.secret && seen && typed && <p className="text-sm text-ink-2">{t('password.once')}</p>}
        {row.name === 'KEYRING_PASSWORD' && keyThere && value !== '' && <Notice state="attention" title={t('password.keyThere.title')}><p>{t('password.keyThere.text')}</p></Notice>}
        {row.name === 'ACCOUNT_PUBKEY' && value === '' && !disabled && <KeyPaste onKey={(key) => onEdit(row.name, key)} />}
        <ProblemLines id={`${id}-p`} problems={problems} />
        {row.readOnly && <p className="text-sm text-ink-2">{form('readOnly')} {readOnly.has(row.readOnly as never) ? readOnly(row.readOnly as never) : row.readOnly}</p>}
        <div id={`${id}-w`} className="grid gap-1 text-base text-ink-2 empty:hidden">
          {suggestion && value === suggestion.value && <Evidence source={suggestion.source} at={at} raw={suggestion.value} className="justify-self-start">{t(`reasons.${suggestion.code}` as never, suggestion.params as never)}</Evidence>}
          {offered && (
            <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
              <Evidence source={suggestion.source} at={at} raw={suggestion.value}>{t(`reasons.${suggestion.code}` as never, suggestion.params as never)}</Evidence>
              {!disabled && <Button size="sm" className="max-sm:min-h-11" onClick={() => onEdit(row.name, suggestion.value)}>{t('take', { value: suggestion.value })}</Button>}
            </span>
          )}
          {row.name === 'ACCOUNT_PUBKEY' && !typed && !keptSet && known.keptAt !== undefined && value === known.accountKey && <span>{t('accountKept')} <At at={known.keptAt} /></span>}
          {row.name === 'P2P_EXTERNAL_ADDRESS' && !typed && !suggestion && value !== '' && value !== row.value && <span>{t('p2pFollows')}</span>}
          {row.secret && !guide && !typed && value !== '' && <span>{t('madeForYou')}</span>}
        </div>
        {help && <p id={`${id}-h`} className="max-w-[75ch] text-sm text-ink-3">{help}</p>}
      </div>
    </div>
  );
}
