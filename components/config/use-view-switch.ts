'use client';
import { useState } from 'react';
import type { View } from './config-address.ts';
import { isDirty } from './edits.ts';
import type { ConfigEditor } from './use-config-editor.ts';
import { editsIntoText, textIntoEdits } from './view-switch.ts';

/** What would be lost by going to the other view; `go` does it all the same. */
export type Losing = { to: 'form' | 'raw'; names: string[]; lines: number[]; go: () => void };

/** From form to text and back with unsaved edits: what can be kept is kept, for the rest a person is asked. */
export function useViewSwitch(editor: ConfigEditor, show: (view: View) => void): { losing: Losing | undefined; stay: () => void; change: (view: View) => void } {
  const [losing, setLosing] = useState<Losing>();
  const { edits, base } = editor;
  const done = (view: View, keep: () => void) => () => {
    keep();
    setLosing(undefined);
    show(view);
  };
  const change = (view: View) => {
    if (view === 'versions' || !isDirty(edits) || !base || base.text === undefined) return show(view);
    if (view === 'raw' && edits.by === 'values') {
      const { text, lost } = editsIntoText(base.text, base.rows, edits.values);
      const go = done(view, () => editor.write(text));
      return lost.length > 0 ? setLosing({ to: view, names: lost, lines: [], go }) : go();
    }
    if (view === 'form' && edits.by === 'text') {
      const { values, lost } = textIntoEdits(edits.text, base.text, base.rows);
      const go = done(view, () => editor.put({ by: 'values', values }));
      return lost.length > 0 ? setLosing({ to: view, names: [], lines: lost, go }) : go();
    }
    show(view);
  };
  return { losing, stay: () => setLosing(undefined), change };
}
