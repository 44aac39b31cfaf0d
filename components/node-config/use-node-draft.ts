'use client';
import { useCallback, useEffect, useRef, useState } from 'react';
import { neverSent } from '../config/never-sent.ts';
import type { ShownError } from '../ui/error-notice.tsx';
import { RequestFailed, sendPanel } from '../ui/panel-data.ts';
import { withoutTyped } from './typed-secrets.ts';
import type { FileVersion, NodeConfigAnswer, NodeConfigEntry, NodeConfigProblem, NodeConfigQuestion } from './node-config-data.ts';

const PAUSE_MS = 350;

/** `from` of the entries counts in `base`; `text` is what would be saved. `opened`: the file that the changes were made on; `by`: where they were typed. */
export type NodeDraft = { opened: File; by: 'entries' | 'text'; version: FileVersion; base: string; entries: NodeConfigEntry[]; text: string; problems: NodeConfigProblem[]; changed: boolean };
type File = { version: FileVersion; text?: string; entries: NodeConfigEntry[]; problems: NodeConfigProblem[] };

/** The unsaved file: form and text are two views of it, the server writes one from the other a moment after each change. */
export function useNodeDraft(file: File | undefined) {
  const [draft, setDraft] = useState<NodeDraft>();
  const [question, setQuestion] = useState<NodeConfigQuestion>();
  const [error, setError] = useState<ShownError>();
  const [kept, setKept] = useState<string>();
  const latest = useRef({ file, draft });
  latest.current = { file, draft };

  useEffect(() => {
    if (!question) return;
    const refused = neverSent('text' in question ? question.text : question.entries);
    if (refused) {
      setError(refused);
      setQuestion(undefined);
      return;
    }
    let current = true;
    const timer = setTimeout(() => {
      const { question: asked, restored } = withoutTyped(question);
      sendPanel<NodeConfigAnswer>('/api/config/ml-nodes/check', asked).then(
        (given) => {
          if (!current) return;
          const answer = restored(given);
          // Text was typed: the form is made anew from it. The form was edited: it stays as it is, only the text follows.
          setDraft((old) => old && ('text' in question ? { ...old, ...answer, base: answer.text } : { ...old, text: answer.text, problems: answer.problems, changed: answer.changed }));
          setError(undefined);
          setQuestion(undefined);
        },
        (failed: unknown) => {
          if (!current) return;
          setError(failed instanceof RequestFailed ? failed.shown : { code: 'panel_unreachable' });
          setQuestion(undefined);
        },
      );
    }, PAUSE_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [question]);

  const begin = useCallback((): NodeDraft | undefined => {
    const { file: now, draft: old } = latest.current;
    return old ?? (now && { opened: now, by: 'entries', version: now.version, base: now.text ?? '', entries: now.entries, text: now.text ?? '', problems: now.problems, changed: false });
  }, []);
  const setEntries = useCallback((entries: NodeConfigEntry[]) => {
    const old = begin();
    if (!old) return;
    setDraft({ ...old, entries });
    setQuestion({ version: old.version, entries, base: old.base });
  }, [begin]);
  const setText = useCallback((text: string) => {
    const old = begin();
    if (!old) return;
    setDraft({ ...old, by: 'text', text, changed: true });
    setQuestion({ version: old.version, text });
  }, [begin]);
  const discard = useCallback(() => {
    setDraft(undefined);
    setQuestion(undefined);
    setError(undefined);
  }, []);
  /** The same on the file as it is now. */
  const putOnto = useCallback((now: File, entries: NodeConfigEntry[]) => {
    setDraft({ opened: now, by: 'entries', version: now.version, base: now.text ?? '', entries, text: now.text ?? '', problems: now.problems, changed: false });
    setQuestion({ version: now.version, entries, base: now.text ?? '' });
    setError(undefined);
  }, []);
  return { draft, kept, setKept, putOnto, /** The server is still to say what was made of the last change. */ checking: question !== undefined, error, setEntries, setText, discard };
}
