'use client';
/** What sending does: the literal requests, what follows from them, what couldn't be checked, the gate's answer and the reason that it asks for. */
import { useTranslations } from 'next-intl';
import { WhatSpeaksAgainst } from '../operations/what-speaks-against.tsx';
import { useOperationWords } from '../operations/operation-words.ts';
import { Command } from '../ui/command.tsx';
import { useErrorWords } from '../ui/error-notice.tsx';
import { Field, TextArea } from '../ui/field.tsx';
import { Notice } from '../ui/notice.tsx';
import type { MlNodesCheck } from './ml-nodes-data.ts';

const LEAST_REASON = 10;
/** More requests than this are folded away. */
const SHOWN = 2;

export const reasonsOf = (check: MlNodesCheck | undefined) => (check?.gate.answer === 'reason-needed' ? check.gate.reasons : []);
export const reasonIsShort = (check: MlNodesCheck | undefined, reason: string): boolean => reasonsOf(check).length > 0 && reason.trim().length < LEAST_REASON;

type Props = { check: MlNodesCheck; reason: string; onReason: (reason: string) => void; tried: boolean; busy: boolean };

export function BeforeSending({ check, reason, onReason, tried, busy }: Props) {
  const t = useTranslations('mlNodes.send');
  const own = useTranslations('operationView');
  const words = useOperationWords();
  const errors = useErrorWords();
  const against = reasonsOf(check);
  const commands = check.commands.map((argv, i) => <Command key={`${i + 1}`} argv={argv} />);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
      {check.unchecked.length > 0 && (
        <Notice state="unknown" title={t('unchecked')}>
          <ul className="grid gap-1">{check.unchecked.map((one) => { const said = errors(one); return <li key={one.code}>{said.what}{said.next && <> {said.next}</>}</li>; })}</ul>
        </Notice>
      )}
      {check.gate.answer === 'refused' && <Notice state="broken" title={own('gate.refused')}><p>{words.gate(check.gate.why, check.gate.params)}</p></Notice>}
      {against.length > 0 && (
        <>
          <Notice state="attention" title={own('gate.reasonNeeded')}><WhatSpeaksAgainst reasons={against} /></Notice>
          <Field label={own('reason')} help={own('reasonHelp', { least: LEAST_REASON })} error={tried && reasonIsShort(check, reason) ? own('reasonShort', { least: LEAST_REASON }) : undefined}>
            {(a) => <TextArea {...a} value={reason} maxLength={500} disabled={busy} onChange={(event) => onReason(event.target.value)} />}
          </Field>
        </>
      )}
      {check.notes.length > 0 && <ul className="grid list-disc gap-1 pl-5 text-base text-ink-2 marker:text-ink-3">{check.notes.map((note) => <li key={note}>{words.note(note)}</li>)}</ul>}
      {commands.length > 0 && (
        <div className="grid grid-cols-[minmax(0,1fr)] gap-1.5">
          <p className="text-sm text-ink-3">{own('commandRuns')}</p>
          {commands.length <= SHOWN ? commands : <details><summary className="w-fit rounded-sm text-base text-ink-2 hover:text-ink">{t('requests', { count: commands.length })}</summary><div className="grid grid-cols-[minmax(0,1fr)] gap-1.5 pt-2">{commands}</div></details>}
        </div>
      )}
    </div>
  );
}
