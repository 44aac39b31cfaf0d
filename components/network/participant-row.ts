import type { Participant } from './network-data.ts';

export type SortKey = 'rank' | 'address' | 'weight' | 'nodes' | 'models' | 'url';
/** `rank` by weight, equal ones share it; `words`: what a search looks through, in small letters. */
export type Row = Participant & { rank: number; words: string };
