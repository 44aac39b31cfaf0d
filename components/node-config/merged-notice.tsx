'use client';
import { useTranslations } from 'next-intl';
import { Command } from '../ui/command.tsx';
import { Evidence } from '../ui/evidence.tsx';
import { Notice } from '../ui/notice.tsx';
import type { StateWord } from '../ui/state.tsx';
import { useList } from '../ui/use-list.ts';
import { adminCommand } from './admin-command.ts';
import type { NodeConfigEntry, NodeConfigMerged } from './node-config-data.ts';

const STATES: Record<NodeConfigMerged['state'], StateWord> = { merged: 'attention', 'not-merged': 'ok', unknown: 'unknown' };

const holdsSecret = (entry: NodeConfigEntry) => entry.models.some(({ args }) => args.some((token) => token.includes('⟪secret')));

/**
 * Whether edits of the file have an effect at all, the proof for it, and what works instead. `otherPath`: the file that the
 * API node has mounted, where it is another one; the proof speaks of that.
 */
export function MergedNotice({ merged, entries, otherPath }: { merged: NodeConfigMerged; entries: readonly NodeConfigEntry[]; otherPath: string | undefined }) {
  const t = useTranslations('config');
  const list = useList();
  const own = useTranslations('nodeConfig.merged');
  const { code, params } = merged.evidence;
  const said = t.has(`nodeConfigMerged.${code}` as never) ? t(`nodeConfigMerged.${code}` as never, params as never) : code;
  const usable = entries.filter(({ id }) => id.trim());
  return (
    <Notice state={otherPath && merged.state === 'not-merged' ? 'attention' : STATES[merged.state]} title={otherPath ? t(`nodeMergedOther.${merged.state}.what`, { path: otherPath }) : t(`nodeMergedState.${merged.state}.what`)}>
      <p>{otherPath ? t(`nodeMergedOther.${merged.state}.next`) : t(`nodeMergedState.${merged.state}.next`)}</p>
      <p className="text-sm"><Evidence source={typeof params.file === 'string' ? params.file : typeof params.path === 'string' ? params.path : undefined} raw={typeof params.flag === 'string' ? params.flag : undefined}>{said}</Evidence></p>
      {merged.state === 'merged' && !otherPath && usable.length > 0 && (
        <details className="pt-1">
          <summary className="w-fit rounded-sm font-medium">{own('instead')}</summary>
          <div className="grid gap-3 pt-2">
            <p className="text-ink-2">{own('insteadText')}</p>
            {usable.map((entry, i) => (
              <div key={`${i + 1} ${entry.id}`} className="grid gap-1">
                <p className="text-sm text-ink-2">{own('command', { node: entry.id })}{entry.extra.length > 0 && <> {own('extra', { fields: list(entry.extra) })}</>}{holdsSecret(entry) && <> {own('secret')}</>}</p>
                <Command argv={adminCommand(entry)} />
              </div>
            ))}
          </div>
        </details>
      )}
    </Notice>
  );
}
