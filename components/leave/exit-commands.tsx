'use client';
/** The literal commands of an exit, asked for only when somebody opens them. */
import type { Preview } from '#lib/operations/schema.ts';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { previewOperation } from '../operations/operation-client.ts';
import { Command } from '../ui/command.tsx';
import { ErrorNotice, type ShownError } from '../ui/error-notice.tsx';
import type { ExitView } from './leave-data.ts';

export function ExitCommands({ view }: { view: ExitView }) {
  const t = useTranslations('leave');
  const [preview, setPreview] = useState<Preview>();
  const [error, setError] = useState<ShownError>();
  const look = async () => {
    const answer = await previewOperation({ kind: view.kind, params: view.params });
    if ('error' in answer) setError(answer.error);
    else setPreview(answer.value);
  };
  const lines = preview ? (preview.commands ?? [preview.command]).filter((argv) => argv.length > 0) : [];
  return (
    <details className="text-sm" onToggle={(event) => { if (event.currentTarget.open && !preview) void look(); }}>
      <summary className="cursor-pointer py-1 text-ink-2">{t('commands')}</summary>
      <div className="grid gap-2 pt-2">
        {error && <ErrorNotice error={error} />}
        {lines.map((argv) => <Command key={argv.join(' ')} argv={argv} />)}
        <p><Link href={`/history/${view.id}`} prefetch={false} className="link">{t('inHistory')}</Link></p>
      </div>
    </details>
  );
}
