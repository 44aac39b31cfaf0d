'use client';
/**
 * `<KeyPaste onKey />`: takes the whole output of `keys add` and keeps the public key. What is pasted or dropped is read before it
 * reaches the field, so a mnemonic is never in it; what is typed is wiped as soon as it could be one. Nothing is sent from here.
 */
import { useTranslations } from 'next-intl';
import { useRef, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { Field, TextArea } from '../ui/field.tsx';
import { Notice } from '../ui/notice.tsx';
import { type KeyRead, mustBeWiped, readKeyOutput, type WrongPaste } from './read-key-output.ts';

/** Typed by hand, a text is left alone up to here; more at once came from somewhere. */
const AT_ONCE = 60;

/** Mistakes after which something secret may be in the clipboard. */
const LEAKED: readonly WrongPaste[] = ['mnemonic', 'private-key'];

export function KeyPaste({ onKey }: { onKey: (key: string) => void }) {
  const t = useTranslations('accountKey.paste');
  const [typed, setTyped] = useState('');
  const [read, setRead] = useState<KeyRead>();
  const before = useRef(0);

  const leaked = read?.kind === 'wrong' && LEAKED.includes(read.why);

  const judge = (text: string) => {
    const found = readKeyOutput(text);
    setTyped('');
    before.current = 0;
    setRead(found);
    if (found.kind === 'key') onKey(found.key);
  };
  const change = (text: string) => {
    const atOnce = text.length - before.current > AT_ONCE;
    before.current = text.length;
    // Who goes on typing after a mnemonic was wiped types the rest of it.
    if (leaked && /[A-Za-z]{3,8}\s+[A-Za-z]{3,8}\s/.test(text)) {
      setTyped('');
      before.current = 0;
      return;
    }
    if (atOnce || mustBeWiped(text) || readKeyOutput(text).kind === 'key') return judge(text);
    setTyped(text);
    if (!leaked) setRead(undefined);
  };

  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <Field label={t('label')} help={t('help')}>
        {(wiring) => (
          <TextArea {...wiring} rows={3} value={typed} autoComplete="off" autoCorrect="off" autoCapitalize="none" spellCheck={false} data-1p-ignore="" data-lpignore="true" placeholder={t('placeholder')}
            className="font-mono"
            onPaste={(event) => { event.preventDefault(); judge(event.clipboardData.getData('text')); }}
            onDrop={(event) => { event.preventDefault(); judge(event.dataTransfer.getData('text')); }}
            onChange={(event) => change(event.target.value)} />
        )}
      </Field>
      {typed.trim() !== '' && <Button className="justify-self-start" onClick={() => judge(typed)}>{t('read')}</Button>}
      <div role="status" className="empty:hidden">
        {read?.kind === 'key' && <Notice state="ok" title={t('found')}>{read.dropped !== 'nothing' && <p>{t(`dropped.${read.dropped}`)}</p>}</Notice>}
        {read?.kind === 'wrong' && (
          <Notice state={leaked ? 'broken' : 'attention'} title={t(`wrong.${read.why}.what`)}>
            <p>{t(`wrong.${read.why}.next`)}</p>
          </Notice>
        )}
      </div>
    </div>
  );
}
