'use client';
/** Buttons for one service. In a table one button and a menu, on the service's own page all of them. */
import type { Group, ServiceKind } from '#lib/operations/schema.ts';
import { ChevronDown, Ellipsis } from 'lucide-react';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { DropdownMenu } from 'radix-ui';
import type { OperationRequest } from '../operations/operation-dialog.tsx';
import { Button, buttonClass } from '../ui/button.tsx';
import { useGroupWords } from '../ui/group-words.ts';
import { actionsOf, groupActionsOf, rarelyDone } from './actions-of.ts';
import type { ServiceContainer } from './services-data.ts';

type Props = { service: string; container: ServiceContainer | undefined; onAsk: (request: OperationRequest) => void; disabled?: boolean };

const logsHref = (service: string) => `/logs?service=${encodeURIComponent(service)}`;
const item = 'flex cursor-pointer items-center rounded-sm px-3 py-1.5 text-base outline-none select-none data-highlighted:bg-sunken';

export function RowActions({ service, container, onAsk, disabled }: Props) {
  const t = useTranslations('services');
  const [first, ...rest] = actionsOf(container);
  return (
    <span className="inline-flex items-center justify-end gap-1.5">
      {first && <Button size="sm" disabled={disabled} aria-label={t(`do.${first}`, { service })} className="max-sm:hidden" onClick={() => onAsk({ kind: first, target: service })}>{t(`action.${first}`)}</Button>}
      <DropdownMenu.Root modal={false}>
        <DropdownMenu.Trigger aria-label={t('more', { service })} title={t('more', { service })} className="inline-grid size-8 flex-none place-items-center max-sm:size-11 rounded-md text-ink-3 hover:bg-sunken hover:text-ink [&_svg]:size-4">
          <Ellipsis aria-hidden="true" />
        </DropdownMenu.Trigger>
        <DropdownMenu.Portal>
          <DropdownMenu.Content align="end" sideOffset={4} collisionPadding={12} className="z-40 min-w-40 rounded-lg border bg-raised p-1.5 shadow-overlay">
            {first && <DropdownMenu.Item disabled={disabled} className={`${item} sm:hidden data-disabled:opacity-55`} onSelect={() => onAsk({ kind: first, target: service })}>{t(`action.${first}`)}</DropdownMenu.Item>}
            {rest.concat(rarelyDone(container)).map((kind) => <DropdownMenu.Item key={kind} disabled={disabled} className={`${item} data-disabled:opacity-55`} onSelect={() => onAsk({ kind, target: service })}>{t(`action.${kind}`)}</DropdownMenu.Item>)}
            <DropdownMenu.Item asChild className={item}><Link href={logsHref(service)} prefetch={false}>{t('logs')}</Link></DropdownMenu.Item>
            <DropdownMenu.Item asChild className={item}><Link href={`/services/${encodeURIComponent(service)}`} prefetch={false}>{t('details')}</Link></DropdownMenu.Item>
          </DropdownMenu.Content>
        </DropdownMenu.Portal>
      </DropdownMenu.Root>
    </span>
  );
}

export function PageActions({ service, container, onAsk, disabled }: Props) {
  const t = useTranslations('services');
  return (
    <>
      {actionsOf(container).map((kind, i) => (
        <Button key={kind} kind={kind === 'stop' ? 'danger' : i === 0 && kind === 'start' ? 'primary' : 'plain'} disabled={disabled} aria-label={t(`do.${kind}`, { service })} onClick={() => onAsk({ kind, target: service })}>{t(`action.${kind}`)}</Button>
      ))}
      <Menu label={t('more', { service })} kinds={rarelyDone(container)} disabled={disabled} onPick={(kind) => onAsk({ kind, target: service })}><Ellipsis aria-hidden="true" /></Menu>
    </>
  );
}

/** What can be done to the network node, the ML nodes, or all of it at once. `label`: what the menu is called. */
export function GroupActions({ group, label, containers, onAsk, disabled }: { group: Group; label: React.ReactNode; containers: readonly (ServiceContainer | undefined)[]; onAsk: (request: OperationRequest) => void; disabled?: boolean }) {
  const t = useTranslations('services');
  const groups = useGroupWords();
  // Everything is brought up by the operation of onboarding: the same command, with its signs of life.
  const ask = (kind: ServiceKind) => onAsk(kind === 'up' && group === '@all' ? { kind: 'launch-all' } : { kind, target: group });
  return <Menu size={group === '@all' ? 'md' : 'sm'} label={t('groupMenu', { group: groups.word(group) })} kinds={groupActionsOf(containers)} disabled={disabled} onPick={ask}>{label}<ChevronDown aria-hidden="true" /></Menu>;
}

function Menu({ label, kinds, disabled, onPick, children, size = 'md' }: { size?: 'sm' | 'md'; label: string; kinds: readonly ServiceKind[]; disabled?: boolean; onPick: (kind: ServiceKind) => void; children: React.ReactNode }) {
  const t = useTranslations('services');
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger aria-label={label} title={label} disabled={disabled} className={buttonClass({ size })}>{children}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content align="end" sideOffset={4} collisionPadding={12} className="z-40 min-w-40 rounded-lg border bg-raised p-1.5 shadow-overlay">
          {kinds.map((kind) => <DropdownMenu.Item key={kind} className={item} onSelect={() => onPick(kind)}>{t(`action.${kind}`)}</DropdownMenu.Item>)}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
