/**
 * `<Card title source action>`: a surface with a small heading, where its numbers come from, and one link or button at the right.
 * Children bring their own padding: `<CardBody>` for text and forms, a `<Table>` goes in bare.
 */
import clsx from 'clsx';
import { useId } from 'react';

type Props = { title?: React.ReactNode; source?: React.ReactNode; action?: React.ReactNode; className?: string; children?: React.ReactNode; level?: 2 | 3 };

export function Card({ title, source, action, className, children, level = 2 }: Props) {
  const id = useId();
  const Heading = level === 2 ? 'h2' : 'h3';
  return (
    <section aria-labelledby={title ? id : undefined} className={clsx('min-w-0 rounded-lg border bg-surface', className)}>
      {(title || action) && (
        <header className="flex flex-wrap items-baseline gap-x-3 gap-y-1 px-4 pt-3.5 sm:px-4.5">
          {title && <Heading id={id} className="text-sm font-semibold text-ink-2">{title}</Heading>}
          {source && <span className="num min-w-0 text-xs text-ink-3 max-lg:order-last max-lg:w-full">{source}</span>}
          {action && <span className="ml-auto text-sm max-sm:[&>a]:relative max-sm:[&>a]:after:absolute max-sm:[&>a]:after:-inset-x-2 max-sm:[&>a]:after:-inset-y-3.5">{action}</span>}
        </header>
      )}
      {children}
    </section>
  );
}

export function CardBody({ className, children }: { className?: string; children: React.ReactNode }) {
  return <div className={clsx('px-4 py-3.5 sm:px-4.5', className)}>{children}</div>;
}
