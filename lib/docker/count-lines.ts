import { LogReader } from './log-reader.ts';

/** Logs of months can be gigabytes (ms). */
const PATIENCE_MS = 60_000;

/**
 * How many lines of a container's log match, since when the log goes back, when the last one was (RFC 3339). `whole` false:
 * there was more than could be read in a minute. Undefined when the log can't be read: no such container, another log driver.
 */
export async function countLines(container: string, pattern: RegExp, signal?: AbortSignal): Promise<{ count: number; first?: string; last?: string; whole: boolean } | undefined> {
  const deadline = AbortSignal.timeout(PATIENCE_MS);
  let reader: LogReader | undefined;
  const found: { count: number; first?: string; last?: string } = { count: 0 };
  try {
    reader = await LogReader.open({ container, tty: false, follow: false }, signal ? AbortSignal.any([signal, deadline]) : deadline);
    for (let lines = await reader.next(); lines; lines = await reader.next()) {
      for (const { time, line } of lines) {
        found.first ??= time;
        if (!pattern.test(line)) continue;
        found.count++;
        found.last = time;
      }
    }
    return { ...found, whole: !deadline.aborted };
  } catch {
    return deadline.aborted ? { ...found, whole: false } : undefined;
  } finally {
    reader?.close();
  }
}
