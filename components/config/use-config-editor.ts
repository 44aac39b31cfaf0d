'use client';
/**
 * The file as it is, and what a person typed on top of the version they opened. Edits survive leaving the page by "back"
 * and the coming of another version of the file; only saving or discarding ends them.
 */
import { useCallback, useEffect, useState } from 'react';
import { usePanelData } from '../ui/panel-data.ts';
import type { ConfigNow, ConfigRow } from './config-data.ts';
import { type Edits, isDirty, NO_EDITS, textEdits, withEdit } from './edits.ts';

type Work = { edits: Edits; /** The file that the edits were made on. */ opened?: ConfigNow; /** A text of one's own that another version of the file has overtaken, to copy from. */ draft?: string };

/** Of this tab only, and only while the panel is not loaded anew. */
let parked: Work | undefined;

export type ConfigEditor = ReturnType<typeof useConfigEditor>;

/** `saving`: an operation writes the file now, another version of it is no conflict. */
export function useConfigEditor(saving: boolean) {
  const { data: latest, error, reload } = usePanelData<ConfigNow>('/api/config', { every: 10_000 });
  const [work, setWork] = useState<Work>(() => parked ?? { edits: NO_EDITS });
  const [restored, setRestored] = useState(() => parked !== undefined && isDirty(parked.edits));
  useEffect(() => {
    parked = isDirty(work.edits) || work.draft !== undefined ? work : undefined;
  }, [work]);

  const dirty = isDirty(work.edits);
  const other = dirty && work.opened !== undefined && latest !== undefined && latest.version !== work.opened.version;
  const base = other ? work.opened : latest;
  const make = useCallback((next: (edits: Edits, base: ConfigNow) => Edits) => {
    if (!latest) return;
    setRestored(false);
    setWork((old) => {
      const opened = isDirty(old.edits) && old.opened ? old.opened : latest;
      return { ...old, opened, edits: next(old.edits, opened) };
    });
  }, [latest]);

  return {
    latest, base, error, reload, dirty, edits: work.edits, draft: work.draft, restored,
    /** Another version of the file is there than the one that is edited. */
    conflict: other && !saving && latest.text !== undefined,
    edit: useCallback((row: ConfigRow, value: string | null | undefined) => make((edits) => withEdit(edits, row, value)), [make]),
    write: useCallback((text: string) => make((_edits, opened) => textEdits(text, opened)), [make]),
    /** Other edits on the version that was opened. */
    put: useCallback((edits: Edits) => make(() => edits), [make]),
    /** Other edits on the file as it is now; `draft` is kept to copy from. */
    replace: useCallback((edits: Edits, draft?: string) => {
      setRestored(false);
      setWork((old) => ({ edits, opened: latest, draft: draft ?? old.draft }));
    }, [latest]),
    discard: useCallback(() => {
      setRestored(false);
      setWork((old) => ({ edits: NO_EDITS, draft: old.draft }));
    }, []),
    /** Also on the way out, before the page is gone. */
    discardAll: useCallback(() => {
      parked = undefined;
      setWork({ edits: NO_EDITS });
    }, []),
    dropDraft: useCallback(() => setWork(({ draft: _gone, ...rest }) => rest), []),
  };
}
