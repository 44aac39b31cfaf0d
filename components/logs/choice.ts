/** Chosen lines, by number; `anchor` is where the choosing began. */
export type Choice = { anchor: number; from: number; to: number };

/** A click chooses a line, a click on the only chosen one lets it go; with shift the lines from the anchor on. */
export function choose(choice: Choice | undefined, seq: number, extend: boolean): Choice | undefined {
  if (extend && choice) return { anchor: choice.anchor, from: Math.min(choice.anchor, seq), to: Math.max(choice.anchor, seq) };
  if (choice && choice.from === seq && choice.to === seq) return undefined;
  return { anchor: seq, from: seq, to: seq };
}
