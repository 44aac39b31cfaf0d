'use client';
import { Ellipsis } from 'lucide-react';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { DropdownMenu } from 'radix-ui';
import { Button } from '../ui/button.tsx';
import type { MlNodeView } from './ml-nodes-data.ts';
import { actionsOf, type NodeKind } from './node-choice.ts';

type Props = { node: MlNodeView; disabled: boolean; onDo: (kind: NodeKind, nodes: string[]) => void; onEdit: (node: MlNodeView) => void };
const item = 'flex cursor-pointer items-center rounded-sm px-3 py-1.5 text-base outline-none select-none data-highlighted:bg-sunken data-disabled:opacity-55';

/** One button and a menu, as each service has. */
export function NodeActions({ node, disabled, onDo, onEdit }: Props) {
  const t = useTranslations('mlNodes');
  const [first, ...rest] = actionsOf(node);
  const more = t('more', { node: node.id });
  return (
    <span className="inline-flex items-center justify-end gap-1.5">
      {first && first !== 'ml-delete' && <Button size="sm" disabled={disabled} aria-label={t(`do.${first}`, { node: node.id })} onClick={() => onDo(first, [node.id])}>{t(`action.${first}`)}</Button>}
      <DropdownMenu.Root modal={false}>
        <DropdownMenu.Trigger aria-label={more} title={more} className="inline-grid size-8 flex-none place-items-center max-sm:size-11 rounded-md text-ink-3 hover:bg-sunken hover:text-ink [&_svg]:size-4"><Ellipsis aria-hidden="true" /></DropdownMenu.Trigger>
        <DropdownMenu.Portal>
          <DropdownMenu.Content align="end" sideOffset={4} collisionPadding={12} className="z-40 min-w-40 rounded-lg border bg-raised p-1.5 shadow-overlay">
            <DropdownMenu.Item className={item} disabled={disabled} onSelect={() => onEdit(node)}>{t('action.edit')}</DropdownMenu.Item>
            {(first === 'ml-delete' ? [first, ...rest] : rest).map((kind) => <DropdownMenu.Item key={kind} disabled={disabled} className={item} onSelect={() => onDo(kind, [node.id])}>{t(`action.${kind}`)}</DropdownMenu.Item>)}
            <DropdownMenu.Item asChild className={item}><Link href="/config/ml-nodes" prefetch={false}>{t('toDrift')}</Link></DropdownMenu.Item>
            <DropdownMenu.Item asChild className={item}><Link href="/leave" prefetch={false}>{t('toExit')}</Link></DropdownMenu.Item>
          </DropdownMenu.Content>
        </DropdownMenu.Portal>
      </DropdownMenu.Root>
    </span>
  );
}
