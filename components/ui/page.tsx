/**
 * `<Page>` is the padded column of an ordinary page (`narrow` for forms and reading); `<PageHead title facts actions>` its headline: one sentence, then the facts.
 * A page that fills the window (logs) leaves `<Page>` out and uses the class `full-page`.
 */
import clsx from 'clsx';

export function Page({ children, narrow, className }: { children: React.ReactNode; narrow?: boolean; className?: string }) {
  return <div className={clsx(narrow ? 'max-w-3xl' : 'max-w-[1180px]', 'grid w-full grid-cols-[minmax(0,1fr)] content-start gap-4 px-4 pt-4 pb-10 md:gap-6 md:px-8 md:pt-6 md:pb-16', className)}>{children}</div>;
}

export function PageHead({ title, facts, actions }: { title: React.ReactNode; facts?: React.ReactNode; actions?: React.ReactNode }) {
  return (
    <div className="flex flex-wrap items-start gap-x-4 gap-y-3">
      <div className="grid min-w-0 flex-1 basis-72 gap-1.5">
        <h1>{title}</h1>
        {facts && <div className="num flex flex-wrap gap-x-5 gap-y-1 text-base text-ink-2 [&_b]:text-ink">{facts}</div>}
      </div>
      {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
    </div>
  );
}
