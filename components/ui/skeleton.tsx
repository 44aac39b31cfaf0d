/**
 * Places that will be filled, in the final layout's size, so that nothing jumps.
 * `<Skeleton className="h-4 w-32" />` is one; `<Loading label>` wraps a group of them and tells screen readers what is coming.
 */
import clsx from 'clsx';

export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden="true" className={clsx('skeleton', className)} />;
}

export function Loading({ label, className, children }: { label: string; className?: string; children: React.ReactNode }) {
  return <div role="status" className={className}><span className="sr-only">{label}</span>{children}</div>;
}

export function SkeletonRows({ rows, className }: { rows: number; className?: string }) {
  return (
    <div aria-hidden="true" className={clsx('pt-2 pb-1', className)}>
      {Array.from({ length: rows }, (_, i) => `row ${i}`).map((key) => (
        <div key={key} className="flex items-center gap-6 border-t px-4.5 py-3 first:border-t-0">
          <Skeleton className="h-4 w-24" /><Skeleton className="h-4 w-32" /><Skeleton className="ml-auto h-4 w-12" />
        </div>
      ))}
    </div>
  );
}
