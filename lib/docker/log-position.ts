import type { RawLine } from './log-lines.ts';
import { logTime, shiftTime } from './log-time.ts';

/** A place in one container's log: its `n`-th line of that time; `n` 0 = just before the first of them. */
export type Position = { time: string; n: number };

/** stdout and stderr are stored by two writers: their times may be out of order by this much (ms). */
const DISORDER = 250;
/** A read that continues starts this much earlier (ms) and drops what is known, in case the clock was set back a little. */
const OVERLAP = 2000;

export const positionOf = (line: Position): Position => ({ time: line.time, n: line.n });
export const samePosition = (a: Position | undefined, b: Position | undefined): boolean => a?.time === b?.time && a?.n === b?.n;
/** Where to let the engine start so that the line at `position` is among the first. */
export const sinceFor = (position: Position): string => shiftTime(position.time, -OVERLAP);

/** Drops the lines up to and including a known one from a stream that continues it: none twice, none lost. */
export class Skip {
  private readonly position: Position;
  private readonly limit: string;
  private sameTime = false;
  /** `passed`: the place was seen. `missed`: it is not in this stream (rotated away), what follows is all new. */
  state: 'searching' | 'passed' | 'missed' = 'searching';

  constructor(position: Position) {
    this.position = position;
    this.limit = shiftTime(position.time, DISORDER);
  }

  /** The part of `lines` behind the place. */
  rest(lines: RawLine[]): RawLine[] {
    if (this.state !== 'searching') return lines;
    for (let i = 0; i < lines.length; i++) {
      const line = lines[i] as RawLine;
      if (this.position.n === 0) {
        if (line.time < this.position.time) continue;
        this.state = 'passed';
        return lines.slice(i);
      }
      if (line.time === this.position.time) {
        this.sameTime = true;
        if (line.n === this.position.n) {
          this.state = 'passed';
          return lines.slice(i + 1);
        }
      } else if (line.time > this.position.time && (this.sameTime || line.time > this.limit)) {
        this.state = this.sameTime ? 'passed' : 'missed';
        return lines.slice(i);
      }
    }
    return [];
  }
}

/** Positions by the first twelve characters of the container's id. */
export type Positions = Map<string, Position>;
export const containerKey = (id: string): string => id.slice(0, 12);

/** The `id:` of an event: every watched container's place, so that one id resumes a merged view. */
export function encodePositions(positions: Positions): string {
  return [...positions].map(([key, { time, n }]) => `${key}@${time}@${n}`).join(',');
}

/** Back from a `Last-Event-ID`. What is malformed is left out; undefined when nothing is left. */
export function decodePositions(text: string | null): Positions | undefined {
  if (!text || text.length > 8192) return undefined;
  const positions: Positions = new Map();
  for (const part of text.split(',')) {
    const [key = '', time = '', n = ''] = part.split('@');
    const exact = logTime(time);
    if (/^[0-9a-f]{12}$/.test(key) && exact && !Number.isNaN(Date.parse(exact)) && /^\d{1,9}$/.test(n)) positions.set(key, { time: exact, n: Number(n) });
  }
  return positions.size > 0 ? positions : undefined;
}
