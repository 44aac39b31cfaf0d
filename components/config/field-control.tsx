'use client';
/** The control of one variable by its kind. A value that fits no choice is still shown and kept. */
import { useTranslations } from 'next-intl';
import { Input, Select } from '../ui/field.tsx';
import type { ConfigRow } from './config-data.ts';

type Wiring = { id: string; 'aria-describedby'?: string; 'aria-invalid'?: true; 'aria-required'?: true };
type Props = { row: ConfigRow; value: string | undefined; edited: boolean; disabled: boolean; wiring: Wiring; onEdit: (value: string | null) => void };

const keyboards = { url: 'url', port: 'numeric', number: 'numeric' } as const;

export function FieldControl({ row, value, edited, disabled, wiring, onEdit }: Props) {
  const t = useTranslations('config.form');
  const plain = { ...wiring, autoComplete: 'off', autoCapitalize: 'off', autoCorrect: 'off', spellCheck: false, readOnly: disabled || undefined, className: 'font-mono read-only:bg-sunken read-only:text-ink-2' } as const;
  if (row.secret) {
    return (
      <Input {...plain} type="password" autoComplete="new-password" value={edited ? (value ?? '') : ''} placeholder={!row.set ? t('secretNone') : disabled ? t('set') : t('secretUnchanged')}
        onChange={(event) => onEdit(event.target.value)} />
    );
  }
  const choices = row.kind === 'boolean' ? ['true', 'false'] : row.kind === 'choice' ? row.choices : undefined;
  if (choices) {
    const all = value && !choices.includes(value) ? [...choices, value] : choices;
    return (
      <Select {...wiring} disabled={disabled} value={value ?? ''} className="font-mono" onChange={(event) => onEdit(event.target.value === '' ? null : event.target.value)}>
        <option value="">{row.fallback === undefined ? t('notSetOption') : t('fallbackOption', { value: row.fallback })}</option>
        {all.map((choice) => <option key={choice}>{choice}</option>)}
      </Select>
    );
  }
  return (
    <Input {...plain} type="text" inputMode={row.kind in keyboards ? keyboards[row.kind as keyof typeof keyboards] : undefined} value={value ?? ''}
      placeholder={row.fallback ?? (row.placeholder ? t('example', { value: row.placeholder }) : undefined)} onChange={(event) => onEdit(event.target.value)} />
  );
}
