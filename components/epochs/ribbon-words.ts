import type { Stretch } from './ribbon-layout.ts';

export type RibbonWords = {
  stretch: (stretch: Stretch) => readonly string[];
  name: (stretch: Stretch) => string;
  explain: (stretch: Stretch) => { what: string; dont?: string };
  /** "≈ 14:05", "14:05" or undefined while the block time isn't known. */
  time: (block: number) => string | undefined;
  block: (block: number) => string;
  now: string;
  /** "Now: …", or "When last seen: …" where the height is old. */
  here: (name: string) => string;
};
