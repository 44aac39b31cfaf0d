import { clock } from '#lib/core/clock.ts';
import { log } from '#lib/core/log.ts';
import { redact } from '#lib/core/redact.ts';
import type { Words } from './schema.ts';
import { appendOutput, type OutputRow } from './store.ts';

/** Stored output of one operation; a pull that repeats its progress for hours must not fill the disk. */
const CAP_BYTES = 2 * 1024 * 1024;
const LINE_CAP = 16 * 1024;
const FLUSH_MS = 150;

/** Redacts, caps and stores an operation's output, a batch at a time. Order is kept. */
export class OutputWriter {
  private readonly operationId: string;
  private readonly capBytes: number;
  private pending: OutputRow[] = [];
  private stored = 0;
  private cut = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private writing: Promise<void> = Promise.resolve();

  constructor(operationId: string, capBytes = CAP_BYTES) {
    this.operationId = operationId;
    this.capBytes = capBytes;
  }

  /** A whole line of a command. */
  line(text: string, stream: 'stdout' | 'stderr'): void {
    if (this.cut) return;
    // Redacted before it is shortened: a secret cut in two would be found by nobody.
    const safe = redact(text);
    const line = safe.length > LINE_CAP ? `${safe.slice(0, LINE_CAP)}…` : safe;
    this.stored += Buffer.byteLength(line);
    if (this.stored > this.capBytes) {
      this.cut = true;
      this.say({ code: 'cut', params: { megabytes: Math.round((this.capBytes / 1024 / 1024) * 10) / 10 } });
      return;
    }
    this.add({ at: new Date(clock.now()), stream, line });
  }

  /** A line of the panel's own, as words in data. */
  say(words: Words): void {
    this.add({ at: new Date(clock.now()), stream: 'panel', line: redact(JSON.stringify(words)) });
  }

  private add(row: OutputRow): void {
    this.pending.push(row);
    this.timer ??= setTimeout(() => void this.flush(), FLUSH_MS);
  }

  /** Everything given so far is in the database when this resolves. Never throws: output isn't the operation. */
  flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const rows = this.pending;
    this.pending = [];
    if (rows.length) {
      this.writing = this.writing
        .then(() => appendOutput(this.operationId, rows))
        .catch((error) => log.error({ err: error, operation: this.operationId }, 'operation output not stored'));
    }
    return this.writing;
  }
}
