'use client';
import { useMessages, useTranslations } from 'next-intl';
import type { ConfigRow } from './config-data.ts';

type Words = Record<string, { label?: string; help?: string } | undefined>;

/** A variable's label and help in the reader's language; one that the panel doesn't know is called by its name. */
export function useFieldWords(): (row: Pick<ConfigRow, 'name'>) => { label: string; help?: string } {
  const fields = (useMessages() as { config?: { fields?: Words } }).config?.fields ?? {};
  const t = useTranslations('config.fields');
  return ({ name }) => ({
    label: fields[name]?.label ? t(`${name}.label` as never) : name,
    help: fields[name]?.help ? t(`${name}.help` as never) : undefined,
  });
}
