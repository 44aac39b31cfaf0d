'use client';
import clsx from 'clsx';
import { Plus, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useRef } from 'react';
import { Button } from '../ui/button.tsx';
import { pastedTokens, replacedAt, splitToken } from './argument-tokens.ts';
import type { NodeConfigProblem } from './node-config-data.ts';

type Props = { label: string; tokens: readonly string[]; /** Of single elements; `token` says which. */ problems: readonly NodeConfigProblem[]; readOnly: boolean; onChange: (tokens: string[]) => void };

/** One box an element, as the array in the file has them. Enter adds the next; a pasted line comes apart; `--x=4` is split by one click. */
export function TokenList({ label, tokens, problems, readOnly, onChange }: Props) {
  const t = useTranslations('nodeConfig.args');
  const raw = useTranslations('nodeConfig.raw');
  const box = useRef<HTMLUListElement>(null);
  const focus = (at: number) => requestAnimationFrame(() => box.current?.querySelectorAll('input')[Math.max(0, at)]?.focus());
  const put = (at: number, fresh: string[], next?: number) => {
    onChange(replacedAt(tokens, at, fresh));
    if (next !== undefined) focus(next);
  };
  const level = (at: number) => problems.filter((one) => one.token === at).reduce<string | undefined>((worst, one) => (worst === 'broken' ? worst : one.level), undefined);
  const splits = tokens.flatMap((token, at) => {
    const fresh = splitToken(token);
    return fresh ? [{ at, token, fresh }] : [];
  });
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-2">
      <ul ref={box} aria-label={label} className="flex flex-wrap items-center gap-1.5">
        {tokens.map((token, at) => {
          const worst = level(at);
          return (
            <li key={`element ${at + 1}`} className={clsx('flex min-w-0 max-w-full items-center rounded-md border bg-sunken', worst === 'broken' ? 'border-bad' : worst ? 'border-warn' : 'border-control', token.startsWith('--') && at > 0 && 'sm:ml-1.5')}>
              <input value={token} readOnly={readOnly} size={Math.min(48, Math.max(3, token.length))} aria-label={t('element', { number: at + 1 })} aria-invalid={worst === 'broken' || undefined}
                spellCheck={false} autoComplete="off" autoCapitalize="off"
                onChange={(event) => put(at, [event.target.value])}
                onPaste={(event) => {
                  const pasted = pastedTokens(event.clipboardData.getData('text'));
                  if (readOnly || pasted.length < 2) return;
                  event.preventDefault();
                  put(at, token === '' ? pasted : [token, ...pasted], at + pasted.length);
                }}
                onKeyDown={(event) => {
                  if (readOnly) return;
                  if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
                    event.preventDefault();
                    put(at, [token, ''], at + 1);
                  } else if (event.key === 'Backspace' && token === '') {
                    event.preventDefault();
                    put(at, [], at - 1);
                  }
                }}
                className="h-9 min-w-0 max-w-full bg-transparent pl-2.5 font-mono text-xl sm:text-base" />
              {!readOnly && <button type="button" aria-label={t('remove', { token: token || t('empty') })} onClick={() => put(at, [])} className="grid h-9 w-7 flex-none place-items-center rounded-md text-ink-3 hover:bg-surface hover:text-ink"><X aria-hidden="true" className="size-3.5" /></button>}
            </li>
          );
        })}
        {tokens.length === 0 && <li className="text-base text-ink-3">{t('none')}</li>}
        {!readOnly && <li><Button size="sm" kind="quiet" onClick={() => { onChange([...tokens, '']); focus(tokens.length); }}><Plus aria-hidden="true" />{t('add')}</Button></li>}
      </ul>
      {tokens.some((token) => token.includes('⟪secret')) && <p className="text-sm text-ink-3">{raw('secrets')}</p>}
      {!readOnly && splits.length > 0 && (
        <ul className="flex flex-wrap gap-1.5">
          {splits.map(({ at, token, fresh }) => <li key={`split ${at + 1}`} className="max-w-full"><Button size="sm" className="max-w-full font-mono break-all" onClick={() => put(at, fresh)}>{fresh.length > 1 ? t('split', { token, tokens: fresh.join(' · ') }) : t('write', { token, long: fresh[0] ?? '' })}</Button></li>)}
        </ul>
      )}
    </div>
  );
}
