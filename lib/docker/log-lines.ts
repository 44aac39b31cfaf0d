import { StringDecoder } from 'node:string_decoder';
import { redact, redactHead, safeCut } from '#lib/core/redact.ts';
import { FrameDecoder } from './frame-decoder.ts';
import { TIME_LENGTH } from './log-time.ts';

/** One line of a container, secrets masked. `n` counts the lines of one and the same time, from 1. */
export type RawLine = { time: string; n: number; stream: 'stdout' | 'stderr'; line: string };

/** A line without end is handed on in pieces of this many characters, so that memory stays bounded. */
const PIECE = 64 * 1024;
/** The engine stores a long line in pieces of this many bytes, each with a time of its own. */
const ENGINE_PIECE = 16 * 1024;
const NEWLINE = 0x0a;

type Pending = { time: string; text: string; decoder: StringDecoder };

/**
 * From the bytes of `GET /containers/ID/logs?timestamps=1` to lines: frames taken apart (a terminal's stream has
 * none), the engine's 16 KB pieces joined again, carriage returns as a terminal shows them (a progress bar's last
 * state), every line through the redactor.
 */
export class LineAssembler {
  private readonly frames: FrameDecoder | undefined;
  private readonly emit: (line: RawLine) => void;
  private readonly pending = new Map<'stdout' | 'stderr', Pending>();
  private rawRest: Buffer = Buffer.alloc(0);
  private lastTime = '';
  private lastN = 0;
  private first: boolean;

  /** `cut`: the stream begins somewhere in the log (tail, since), perhaps in the middle of a line. */
  constructor(options: { tty: boolean; cut: boolean }, emit: (line: RawLine) => void) {
    this.emit = emit;
    this.first = options.cut;
    this.frames = options.tty
      ? undefined
      : new FrameDecoder((stream, bytes, start, end) => {
          if (stream === 'system') throw new Error(bytes.toString('utf8', start, end).trim());
          this.message(stream, bytes, start, end);
        });
  }

  /** Takes the next bytes (a stretch of `chunk`, whose memory may be used again afterwards), cut anywhere. Throws BadFrame, or an Error with the engine's words in the stream. */
  push(chunk: Buffer, start = 0, end = chunk.length): void {
    if (this.frames) this.frames.push(chunk, start, end);
    else this.raw(chunk.subarray(start, end));
  }

  /** The end of the stream: a line without a line break is a line too. */
  flush(): void {
    if (this.rawRest.length > 0) this.message('stdout', this.rawRest);
    this.rawRest = Buffer.alloc(0);
    for (const [stream, pending] of this.pending) {
      pending.text += pending.decoder.end();
      if (pending.text) this.line(stream, pending.time, pending.text);
    }
    this.pending.clear();
  }

  /** The time of a line that has begun and not ended yet; the live stream will bring it whole. */
  get unfinished(): string | undefined {
    for (const pending of this.pending.values()) return pending.time;
    return undefined;
  }

  private raw(chunk: Buffer): void {
    const buffer = this.rawRest.length > 0 ? Buffer.concat([this.rawRest, chunk]) : Buffer.from(chunk);
    let at = 0;
    for (let end = buffer.indexOf(NEWLINE, at); end >= 0; end = buffer.indexOf(NEWLINE, at)) {
      this.rawLine(buffer.subarray(at, end + 1));
      at = end + 1;
    }
    this.rawRest = buffer.subarray(at);
    // A piece boundary inside a line without end; what is before it can go on.
    const step = TIME_LENGTH + 1 + ENGINE_PIECE;
    while (this.rawRest.length >= step + TIME_LENGTH + 1 && timeIn(this.rawRest, step)) {
      this.message('stdout', this.rawRest.subarray(0, step));
      this.rawRest = this.rawRest.subarray(step);
    }
    if (this.rawRest.length > 4 * PIECE) {
      this.message('stdout', this.rawRest);
      this.rawRest = Buffer.alloc(0);
    }
  }

  /** A terminal's line has no frames: where a new piece with its own time begins, only the known length tells. */
  private rawLine(line: Buffer): void {
    const step = TIME_LENGTH + 1 + ENGINE_PIECE;
    let rest = line;
    while (rest.length > step && timeIn(rest, step)) {
      this.message('stdout', rest.subarray(0, step));
      rest = rest.subarray(step);
    }
    this.message('stdout', rest);
  }

  /** One stored message: time, blank, text, and a line break unless the line goes on in the next one. */
  private message(stream: 'stdout' | 'stderr', bytes: Buffer, from = 0, to = bytes.length): void {
    const found = timeIn(bytes, from, to);
    const time = found ?? this.lastTime;
    const start = found ? from + TIME_LENGTH + 1 : from;
    const whole = bytes[to - 1] === NEWLINE;
    const end = whole ? to - 1 : to;
    const pending = this.pending.get(stream);
    if (whole && !pending) {
      this.line(stream, time, bytes.toString('utf8', start, end));
      return;
    }
    const open = pending ?? { time, text: '', decoder: new StringDecoder('utf8') };
    open.text += open.decoder.write(bytes.subarray(start, end));
    if (whole) {
      this.pending.delete(stream);
      this.line(stream, open.time, open.text + open.decoder.end());
      return;
    }
    this.pending.set(stream, open);
    this.relieve(stream, open);
  }

  /** A progress bar never ends its line, and a line may have no end at all: neither may pile up. */
  private relieve(stream: 'stdout' | 'stderr', open: Pending): void {
    const back = open.text.lastIndexOf('\r');
    if (back > 0 && back < open.text.length - 1) {
      this.line(stream, open.time, open.text.slice(0, back));
      open.text = open.text.slice(back + 1);
    }
    while (open.text.length > PIECE) {
      const cut = safeCut(open.text);
      this.line(stream, open.time, open.text.slice(0, cut));
      open.text = open.text.slice(cut);
    }
  }

  private line(stream: 'stdout' | 'stderr', time: string, text: string): void {
    this.lastN = time === this.lastTime ? this.lastN + 1 : 1;
    this.lastTime = time;
    let line = redact(shown(text));
    if (this.first) {
      this.first = false;
      line = redactHead(line);
    }
    this.emit({ time, n: this.lastN, stream, line });
  }
}

/** What a terminal would show of a line with carriage returns: what was written last. */
export function shown(text: string): string {
  if (!text.includes('\r')) return text;
  const end = /\r+$/.exec(text)?.index ?? text.length;
  return text.slice(text.lastIndexOf('\r', Math.max(0, end - 1)) + 1, end);
}

const DIGITS = [0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 17, 18];
const MARKS: readonly [number, number][] = [[10, 0x54], [29, 0x5a], [30, 0x20], [4, 0x2d], [7, 0x2d], [13, 0x3a], [16, 0x3a], [19, 0x2e]];

/** The time at the beginning of a stored message. Byte by byte: this runs for every line. */
function timeIn(buffer: Buffer, at: number, end = buffer.length): string | undefined {
  if (end - at <= TIME_LENGTH) return undefined;
  for (const [place, byte] of MARKS) if (buffer[at + place] !== byte) return undefined;
  for (const place of DIGITS) if (!isDigit(buffer[at + place] as number)) return undefined;
  for (let place = 20; place < 29; place++) if (!isDigit(buffer[at + place] as number)) return undefined;
  return buffer.toString('latin1', at, at + TIME_LENGTH);
}

const isDigit = (byte: number) => byte >= 0x30 && byte <= 0x39;
