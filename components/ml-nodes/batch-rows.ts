import type { NodeConfigEntry, NodeConfigProblem } from '../node-config/node-config-data.ts';
import { countOf } from '../node-config/problem-filter.ts';
import type { MlNodesCheck } from './ml-nodes-data.ts';

/** One node of what was pasted. `at`: its place there. */
export type BatchRow = { at: number; node: NodeConfigEntry; out: boolean; problems: NodeConfigProblem[] };
export type Batch = { rows: BatchRow[]; /** Of the text as a whole: no row can be left out for them. */ loose: NodeConfigProblem[]; kept: NodeConfigEntry[]; sendable: boolean };

/** The nodes of `whole` that aren't left out. */
export const keptNodes = (whole: MlNodesCheck, out: ReadonlySet<number>): NodeConfigEntry[] => whole.nodes.filter((_, at) => !out.has(at)).map(({ node }) => node);

/**
 * What the two answers say together: `whole` of all that was pasted, `rest` of the nodes that are kept (absent while it isn't
 * asked yet). A duplicate is none any more once its twin is left out, so the rest's word counts for what is kept.
 */
export function batchOf(whole: MlNodesCheck, out: ReadonlySet<number>, rest: MlNodesCheck | undefined): Batch {
  const places = whole.nodes.map((_, at) => at).filter((at) => !out.has(at));
  const inRest = (at: number) => places.indexOf(at);
  const loose = whole.problems.filter(({ node }) => node === undefined || node >= whole.nodes.length);
  const ofRest = out.size === 0 ? whole : rest;
  const rows = whole.nodes.map(({ node }, at): BatchRow => {
    const left = out.has(at);
    const problems = left || !ofRest ? whole.problems.filter((one) => one.node === at) : ofRest.problems.filter((one) => one.node === (ofRest === whole ? at : inRest(at)));
    return { at, node, out: left, problems };
  });
  const more = ofRest && ofRest !== whole ? ofRest.problems.filter(({ node }) => node === undefined || node >= ofRest.nodes.length) : [];
  return { rows, loose: [...loose, ...more], kept: keptNodes(whole, out), sendable: places.length > 0 && ofRest?.sendable === true && countOf([...loose, ...more]).broken === 0 };
}

/** Rows that keep the rest from being sent. */
export const badRows = (rows: readonly BatchRow[]): number[] => rows.filter(({ out, problems }) => !out && countOf(problems).broken > 0).map(({ at }) => at);
