'use client';
/** `<CopyButton text label>` and `useCopy()`. Plain HTTP on another host has no clipboard API: then a hidden selection does it. */
import { Check, Copy } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useCallback, useEffect, useState } from 'react';
import { Button, IconButton } from './button.tsx';

async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const box = document.createElement('textarea');
    box.value = text;
    box.className = 'fixed top-0 left-0 opacity-0';
    (document.querySelector('dialog[open]') ?? document.body).append(box);
    box.select();
    const done = document.execCommand('copy');
    box.remove();
    return done;
  }
}

export function useCopy() {
  const [state, set] = useState<'idle' | 'done' | 'failed'>('idle');
  useEffect(() => {
    if (state === 'idle') return;
    const timer = setTimeout(() => set('idle'), 2000);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = useCallback(async (text: string) => set((await copyText(text)) ? 'done' : 'failed'), []);
  return { state, copy };
}

export function CopyButton({ text, label, className }: { text: string; label?: string; className?: string }) {
  const t = useTranslations('shell');
  const { state, copy } = useCopy();
  const said = state === 'done' ? t('copied') : state === 'failed' ? t('copyFailed') : '';
  const icon = state === 'done' ? <Check className="text-ok" /> : <Copy />;
  return (
    <>
      {label ? <Button className={className} onClick={() => copy(text)}>{icon}{label}</Button> : <IconButton label={t('copy')} className={className} onClick={() => copy(text)}>{icon}</IconButton>}
      <span role="status" className="sr-only">{said}</span>
    </>
  );
}
