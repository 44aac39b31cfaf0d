import type { EpochView } from '../epochs/epoch-view.ts';
import type { Mark } from '../epochs/ribbon-layout.ts';
import type { ExitView } from './leave-data.ts';

type Words = { disabled: string; out: string };

/** The block in which something happened, from the time and the pace that the clock measured; undefined without a pace. */
export function blockAt(at: number, clock: Pick<EpochView, 'height' | 'at' | 'secondsPerBlock'>): number | undefined {
  return clock.secondsPerBlock ? Math.round(clock.height - (clock.at - at) / (clock.secondsPerBlock * 1000)) : undefined;
}

/** The exit's own marks on the ribbon: when its nodes were disabled, and the block with which the host can be out. */
export function exitMarks(view: Pick<ExitView, 'nodes' | 'waits' | 'stoppedAt'>, clock: EpochView, words: Words): Mark[] {
  const marks: Mark[] = [];
  const disabled = view.nodes.map(({ disabledAt }) => disabledAt).filter((at): at is number => at !== undefined);
  const first = disabled.length > 0 ? blockAt(Math.min(...disabled), clock) : undefined;
  if (first !== undefined) marks.push({ block: first, label: words.disabled });
  if (view.stoppedAt === undefined && view.waits?.block !== undefined && view.waits.block > clock.height && ['set', 'duty', 'still_in'].includes(view.waits.code)) marks.push({ block: view.waits.block, label: words.out });
  return marks;
}
