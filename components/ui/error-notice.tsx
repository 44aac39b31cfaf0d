'use client';
/**
 * `<ErrorNotice error={{ code, params }} action />`: an expected failure in words, from messages `errors.<code>`: what happened, what it means, what next.
 * An unknown code is a defect: said as such, with its event id when there is one.
 */
import { useMessages, useTranslations } from 'next-intl';
import { useGroupWords } from './group-words.ts';
import { Notice } from './notice.tsx';
import type { StateWord } from './state.tsx';

export type ShownError = { code: string; params?: Record<string, string | number>; event?: string };
type Words = { what: string; means?: string; next?: string };

/** The three sentences of an error code in the reader's language. */
export function useErrorWords() {
  const messages = useMessages() as { errors?: Record<string, Words> };
  const errors = useTranslations('errors');
  const shell = useTranslations('shell');
  const groups = useGroupWords();
  return ({ code, params = {}, event }: ShownError): Words => {
    const words = messages.errors?.[code];
    if (!words) return { what: shell('defect.what', { code }), means: shell('defect.means'), next: event ? shell('defect.nextEvent', { event }) : shell('defect.next') };
    const say = (part: keyof Words) => (words[part] ? errors(`${code}.${part}` as never, groups.params(params) as never) : undefined);
    return { what: say('what') ?? code, means: say('means'), next: say('next') };
  };
}

export function ErrorNotice({ error, state = 'broken', action, className }: { error: ShownError; state?: StateWord; action?: React.ReactNode; className?: string }) {
  const words = useErrorWords()(error);
  return (
    <Notice state={state} title={words.what} action={action} live className={className}>
      {words.means && <p>{words.means}</p>}
      {words.next && <p>{words.next}</p>}
    </Notice>
  );
}
