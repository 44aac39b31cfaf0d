'use client';
import { useTranslations } from 'next-intl';
import { Button } from '../ui/button.tsx';
import { Card, CardBody } from '../ui/card.tsx';
import { CopyButton } from '../ui/copy.tsx';

/** A text of one's own that another version of the file has overtaken, to copy from. */
export function KeptDraft({ draft, onDrop }: { draft: string | undefined; onDrop: () => void }) {
  const t = useTranslations('config.raw');
  if (draft === undefined) return null;
  return (
    <Card title={t('draft')} action={<Button size="sm" kind="quiet" onClick={onDrop}>{t('dropDraft')}</Button>}>
      <CardBody className="grid gap-3">
        <p className="max-w-[80ch] text-base text-ink-2">{t('draftText')}</p>
        <div className="relative rounded-md border bg-sunken"><textarea readOnly wrap="off" rows={12} aria-label={t('draft')} value={draft} className="block w-full resize-y bg-transparent px-3 py-2.5 pr-11 font-mono text-[0.8rem] leading-relaxed" /><CopyButton text={draft} className="absolute top-1 right-1" /></div>
      </CardBody>
    </Card>
  );
}
