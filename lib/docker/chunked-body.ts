/**
 * The body of an HTTP/1.1 answer with `Transfer-Encoding: chunked` (RFC 9112, 7.1). Written here because the engine sends
 * a chunk for every log line it follows, and Node's own parser makes an event of each: half of what a line costs.
 */
export class BadChunk extends Error {
  readonly name = 'BadChunk';
}

const CR = 13;
const LF = 10;
/** Digits and extension of a size line; extensions are legal and nobody sends them. */
const LONGEST_LINE = 1024;

export class ChunkedBody {
  private readonly onData: (bytes: Buffer, start: number, end: number) => void;
  private where: 'size' | 'extension' | 'data' | 'data-end' | 'trailer' | 'done' = 'size';
  /** Bytes of the current chunk still to come; while its size is read, the size so far. */
  private left = 0;
  /** Characters of the current size or trailer line. */
  private length = 0;

  /** `onData` gets the body piece by piece, as a stretch of what was pushed: no buffer is made for each line. */
  constructor(onData: (bytes: Buffer, start: number, end: number) => void) {
    this.onData = onData;
  }

  /** Whether the last chunk and the trailer have been seen: the answer is whole. */
  get complete(): boolean {
    return this.where === 'done';
  }

  /** Takes the next bytes, cut anywhere. Throws BadChunk on what is no chunked body. */
  push(bytes: Buffer): void {
    for (let at = 0; at < bytes.length; ) {
      if (this.where === 'data') {
        const end = Math.min(bytes.length, at + this.left);
        this.left -= end - at;
        if (this.left === 0) this.where = 'data-end';
        this.onData(bytes, at, end);
        at = end;
      } else this.byte(bytes[at++] as number);
    }
  }

  private byte(byte: number): void {
    if (this.where === 'done') throw new BadChunk('bytes behind the end');
    if (this.where === 'data-end') {
      if (byte === LF) this.line('size');
      else if (byte !== CR) throw new BadChunk('no line end behind a chunk');
    } else if (byte === LF) {
      if (this.where === 'trailer') this.line(this.length === 0 ? 'done' : 'trailer');
      else if (this.length === 0) throw new BadChunk('no chunk size');
      else this.where = this.left === 0 ? this.line('trailer') : 'data';
    } else if (byte !== CR) {
      if (++this.length > LONGEST_LINE) throw new BadChunk('a line without end');
      if (this.where === 'size') this.digit(byte);
    }
  }

  private digit(byte: number): void {
    const value = byte >= 48 && byte <= 57 ? byte - 48 : byte >= 97 && byte <= 102 ? byte - 87 : byte >= 65 && byte <= 70 ? byte - 55 : -1;
    if (value >= 0 && this.length <= 8) this.left = this.left * 16 + value;
    else if (value < 0 && this.length > 1 && (byte === 59 || byte === 32)) this.where = 'extension';
    else throw new BadChunk('no chunk size');
  }

  /** A new line begins. */
  private line(where: 'size' | 'trailer' | 'done'): typeof where {
    this.where = where;
    this.length = 0;
    this.left = 0;
    return where;
  }
}
