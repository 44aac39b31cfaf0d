/** As GET /api/logs/stream sends lines: those in a row of one service and stream, column by column. */
export type LogRun = { service: string; stream: 'stdout' | 'stderr' | 'event'; /** RFC 3339 with nanoseconds. */ times: string[]; lines: string[]; /** Of a run of one `event` line: what happened, for words in the reader's language. */ event?: { code: string } };

/** The runs of one message. One that isn't an array of them adds nothing. */
export function readRuns(data: string): LogRun[] {
  if (data.charCodeAt(0) !== 91) return [];
  try {
    return JSON.parse(data) as LogRun[];
  } catch {
    return [];
  }
}
