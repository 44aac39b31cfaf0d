import { log } from '#lib/core/log.ts';
import { redact } from '#lib/core/redact.ts';
import type { Container } from './client.ts';
import { LogReader } from './log-reader.ts';
import { fromMillis } from './log-time.ts';

/** Longest wait for the engine (ms): a log driver may be slow. */
const TIMEOUT_MS = 5_000;
/** What is kept of a line (characters). */
const LINE_CAP = 4000;
const ESCAPES = /\u001b\[[0-9;?]*[A-Za-z]/g;

/** A line without colours and secrets; `at` in ms, of the engine's stamp. */
export type LastLine = { at: number; line: string };

/**
 * The last lines of a container's log, oldest first: at most `tail`, of those since `since` (ms) where that is given. Without
 * a `tail` the engine would read a log of any size from its beginning at every look. Empty where the engine can't read the
 * log (driver `none`, container gone): what a log says is a help and never a proof, so nothing is thrown.
 */
export async function lastLines(container: Pick<Container, 'id' | 'tty'>, { tail, since }: { tail: number; since?: number }): Promise<LastLine[]> {
  const lines: LastLine[] = [];
  try {
    const reader = await LogReader.open({ container: container.id, tty: container.tty ?? false, follow: false, tail, ...(since === undefined ? {} : { since: fromMillis(since) }) }, AbortSignal.timeout(TIMEOUT_MS));
    try {
      for (let more = await reader.next(); more; more = await reader.next()) for (const { line, time } of more) lines.push({ at: Date.parse(time), line: redact(line.replace(ESCAPES, '')).slice(0, LINE_CAP) });
    } finally {
      reader.close();
    }
  } catch (error) {
    log.warn({ err: error, container: container.id.slice(0, 12) }, 'last lines not read');
  }
  return lines;
}
