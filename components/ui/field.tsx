/**
 * `<Field label help error>{(a) => <Input {...a} />}</Field>`: ties label, help and error to the control for everyone.
 * Controls: `Input`, `TextArea`, `Select` (native), `Checkbox`. All are 16 px on phones, so that iOS doesn't zoom.
 */
import clsx from 'clsx';
import { useId } from 'react';
import { StateMark } from './state.tsx';

type Wiring = { id: string; 'aria-describedby'?: string; 'aria-invalid'?: true };
type Props = { label: React.ReactNode; help?: React.ReactNode; error?: React.ReactNode; className?: string; children: (wiring: Wiring) => React.ReactNode };

export function Field({ label, help, error, className, children }: Props) {
  const id = useId();
  const described = [error ? `${id}-e` : '', help ? `${id}-h` : ''].filter(Boolean).join(' ') || undefined;
  return (
    <div className={clsx('grid gap-1.5', className)}>
      <label htmlFor={id} className="text-base font-medium">{label}</label>
      {children({ id, 'aria-describedby': described, 'aria-invalid': error ? true : undefined })}
      {error && <p id={`${id}-e`} role="alert" className="flex items-start gap-1.5 text-sm text-bad"><StateMark state="broken" className="mt-1" /><span>{error}</span></p>}
      {help && <p id={`${id}-h`} className="text-sm text-ink-3">{help}</p>}
    </div>
  );
}

export const controlClass = 'w-full min-w-0 rounded-md border border-control bg-surface px-3 text-xl sm:text-lg aria-invalid:border-bad disabled:opacity-55';

export function Input({ className, ...rest }: React.ComponentProps<'input'>) {
  return <input {...rest} className={clsx(controlClass, 'h-10 max-sm:h-11', className)} />;
}
export function TextArea({ className, ...rest }: React.ComponentProps<'textarea'>) {
  return <textarea {...rest} className={clsx(controlClass, 'min-h-20 py-2', className)} />;
}
export function Select({ className, ...rest }: React.ComponentProps<'select'>) {
  return <select {...rest} className={clsx(controlClass, 'h-10 max-sm:h-11 pr-8', className)} />;
}
export function Checkbox({ label, className, ...rest }: { label: React.ReactNode } & React.ComponentProps<'input'>) {
  return (
    <label className={clsx('flex items-start gap-2.5 text-base max-sm:min-h-11 max-sm:py-2.5', className)}>
      <input type="checkbox" {...rest} className="mt-0.5 size-4 flex-none accent-accent" />
      <span>{label}</span>
    </label>
  );
}
