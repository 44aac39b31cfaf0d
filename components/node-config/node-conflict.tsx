'use client';
import { useMemo } from 'react';
import { ConflictView } from '../config/conflict-view.tsx';
import { useList } from '../ui/use-list.ts';
import type { NodeConfigEntry, NodeConfigNow } from './node-config-data.ts';
import { mergedNodes, nodeEdits, nodeRows } from './node-rows.ts';
import { isList } from './problem-filter.ts';
import type { NodeDraft } from './use-node-draft.ts';

type Props = {
  now: Exclude<NodeConfigNow, { noDeployment: true }>; draft: NodeDraft;
  /** On with these nodes, on top of the file as it is now. */
  onGoOn: (entries: NodeConfigEntry[]) => void;
  onKeep: (text: string) => void; onDiscard: () => void;
};

/** The file was changed while it was edited here: the same three ways as for config.env, by the fields of the nodes; by lines where the text was edited. */
export function NodeConflict({ now, draft, onGoOn, onKeep, onDiscard }: Props) {
  const { opened, entries: mine } = draft;
  const list = useList();
  const byFields = draft.by === 'entries' && isList(now.problems);
  const sides = useMemo(() => ({
    opened: { rows: nodeRows(opened.entries, opened.entries, mine, list), text: opened.text },
    now: { rows: nodeRows(now.entries, opened.entries, mine, list), text: now.text, ...(now.changedAt === undefined ? {} : { changedAt: now.changedAt }) },
  }), [opened, now, mine, list]);
  return (
    <ConflictView {...sides} edits={byFields ? { by: 'values', values: nodeEdits(opened.entries, mine, list) } : { by: 'text', text: draft.text }} onDiscard={onDiscard}
      onReplace={(edits, text) => {
        if (text !== undefined) onKeep(text);
        if (edits.by === 'values' && Object.keys(edits.values).length > 0) onGoOn(mergedNodes(now.entries, opened.entries, mine, edits.values));
        else onDiscard();
      }} />
  );
}
