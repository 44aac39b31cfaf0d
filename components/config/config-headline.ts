import type { ConfigNow } from './config-data.ts';
import type { PlacedProblem } from './problem-places.ts';

export type ConfigHeadline = { code: 'title' | 'conflict' | 'broken' | 'odd' | 'ok'; count: number };

/**
 * The verdict on config.env. `base`: the file that is shown, `latest`: the last answer. "In order" only of a file that was just
 * read and is the one on disk: neither over a conflict with somebody else's change nor when it can't be read any more.
 */
export function configHeadline(base: Pick<ConfigNow, 'text' | 'version'> | undefined, latest: Pick<ConfigNow, 'error'> | undefined, conflict: boolean, problems: readonly Pick<PlacedProblem, 'level'>[]): ConfigHeadline {
  if (conflict) return { code: 'conflict', count: 0 };
  if (base?.text === undefined || base.version === 'absent' || latest?.error) return { code: 'title', count: 0 };
  const broken = problems.filter(({ level }) => level === 'broken').length;
  if (broken > 0) return { code: 'broken', count: broken };
  return problems.length > 0 ? { code: 'odd', count: problems.length } : { code: 'ok', count: 0 };
}
